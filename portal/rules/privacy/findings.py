"""What can be found, how a message may name it, and which finding two people may let through."""

import re
from collections.abc import Collection
from typing import NamedTuple

from portal.rules.privacy.people import masked_name
from portal.rules.vocabulary import Labelled

_SHOWN = 3
_NAMED = 2
_BETWEEN = "、"


class Private(Labelled):
    """What was found."""

    IDENTITY = "identity", "身份证号"
    OLD_IDENTITY = "old_identity", "15位身份证号"
    MOBILE = "mobile", "手机号"
    LANDLINE = "landline", "电话号码"
    ACCOUNT = "account", "银行账号"
    MAIL = "mail", "电子邮箱"
    HOUSEHOLDS = "households", "人员名单"
    PERSON = "person", "文件属性里的人名"
    TRACES = "traces", "图片里的拍摄信息"
    UNREADABLE = "unreadable", "没有文字层，不能核对"


TELEPHONES = frozenset({Private.MOBILE, Private.LANDLINE})
NEVER = {
    Private.IDENTITY: "有效的身份证号不能放行，请删去，或者遮盖出生日期和后四位",
    Private.TRACES: "图片里的拍摄信息不能放行，请重新上传这张图片，系统会去掉拍摄信息",
}
"""Kinds that nobody can let through, each with what to do instead."""


class Finding(NamedTuple):
    """A kind of private data and the data itself: digits, an address, names, or what cannot be read."""

    kind: Private
    text: str

    @property
    def masked(self) -> str:
        """How a message may name it; the data itself never stands in a message, a log or a table."""
        if self.kind is Private.HOUSEHOLDS:
            names = self.text.split(_BETWEEN)
            shown = _BETWEEN.join(map(masked_name, names[:_NAMED]))
            return f"{self.kind.label}（{shown}等{len(names)}人）"
        if self.kind is Private.PERSON:
            return f"{self.kind.label}{masked_name(self.text)}"
        if self.kind is Private.TRACES:
            return self.kind.label
        if self.kind is Private.UNREADABLE:
            return f"{self.text.partition(' ')[2]}{self.kind.label}"
        if self.kind is Private.MAIL:
            return f"{self.kind.label}{self.text[:1]}***@{self.text.partition('@')[2]}"
        return f"{self.kind.label}{self.text[:_SHOWN]}{'*' * (len(self.text) - _SHOWN)}"


def households(names: Collection[str]) -> Finding:
    """The finding of a list of people."""
    return Finding(Private.HOUSEHOLDS, _BETWEEN.join(dict.fromkeys(names)))


def is_allowed(finding: Finding, duty_phones: Collection[str]) -> bool:
    """Whether it is a duty telephone; ``duty_phones`` holds digits only (:func:`digits_of`)."""
    if finding.kind not in TELEPHONES:
        return False
    local = finding.kind is Private.LANDLINE and not finding.text.startswith("0")
    return finding.text in duty_phones or (
        local and any(phone.endswith(finding.text) for phone in duty_phones if phone[:1] == "0")
    )


def digits_of(phone: str) -> str:
    """A telephone as findings hold it: digits only, without the country's code."""
    digits = re.sub("[^0-9]", "", phone)
    return re.sub("^(?:00)?86(?=1[3-9][0-9]{9}$)", "", digits)
