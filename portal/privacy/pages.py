"""Reads pages, data files and feeds of the public site: HTML, JSON, CSV, XML and scripts, line by line.

Most lines of a site stand on thousands of its pages. A line that was found harmless once is known by heart.
"""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from html import unescape
from typing import NamedTuple
from urllib.parse import unquote

from portal.privacy.found import Found, in_rows
from portal.rules.privacy import Finding, listed_in_text, private_data
from portal.rules.privacy.households import people_told_of
from portal.rules.privacy.numbers import worth_a_look
from portal.rules.privacy.people import names_in_cells, surely_person, tells_of_person

HTML, XML, JSON, CSV = ".html", ".xml", ".json", ".csv"
KNOWN = 50_000
"""So many lines are kept in mind, some MB."""
_LISTS_FROM, _SURE_FROM = 2, 3
HEADS = (
    *(
        "姓名",
        "户主",
        "户名",
        "领款人",
        "收款人",
        "持卡人",
        "持证人",
        "身份证",
        "证件号",
        "联系电话",
    ),
    *("手机", "账号", "帐号", "卡号", "开户", "一卡通"),
)
_HEADED = re.compile(
    f"{'|'.join(HEADS)}"
    "|^(?:电话|(?:农|种植|养殖|脱贫|监测|贫困|受益)户(?:名称)?|(?:监测|帮扶|补助)对象|(?:项目)?受益人|家庭成员"
    "|领取人|申请人|残疾人|脱贫人口|(?:务工)?村民|(?:企业|公司)?务工人员)$"
)
_LONGEST_HEAD = 16
_MARKED = frozenset({HTML, XML, ".svg"})

_COMMENT = re.compile("<!--|-->")
_CELL = re.compile(r"</t[dh]\s*>", re.I)
_BREAK = re.compile(r"<br\s*/?>|<wbr\s*/?>", re.I)
_BLOCK = re.compile(
    r"</?(?:tr|p|div|li|dt|dd|dl|ul|ol|h[1-6]|section|caption|thead|tbody|option|summary|entry|title)\b[^>]*>",
    re.I,
)
_TAG = re.compile(r"<[^>]*>")
_VALUE = re.compile(r"""=\s*(?:"([^"]*)"|'([^']*)')""")
_DIGITS = re.compile(r"\d|@|%[0-9A-Fa-f]{2}|&#")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")


class Told(NamedTuple):
    """What a line tells: private numbers, what may be names, whether it heads a list of people."""

    findings: tuple[Finding, ...]
    names: tuple[str, ...]
    headed: bool


class PageReader:
    """Reads many files of one site and remembers what each line tells, most of them nothing."""

    def __init__(self) -> None:
        self._harmless: set[str] = set()
        self._telling: dict[str, Told] = {}

    def read(self, text: str, suffix: str) -> Iterator[Found]:
        """What is private in a file of the site, with its line."""
        if suffix not in _MARKED and not _suspect(text):
            return
        known, suspects, headed = self._harmless, list[str](), suffix not in _MARKED
        lines = [(n, one) for n, one in enumerate(text.split("\n"), 1) if one not in known]
        for number, line in lines:
            told = self._telling.get(line) or self._read_line(line, suffix)
            suspects += told.names
            headed |= told.headed
            yield from (Found(finding, f"第{number}行") for finding in told.findings)
        if _may_list(suspects, headed):
            yield from _lists(text, suffix)

    def _read_line(self, line: str, suffix: str) -> Told:
        shown, hidden = _seen(line, suffix)
        names = (*names_in_cells(shown), *people_told_of(_plain(shown, suffix)))
        told = Told((*private_data(shown), *private_data(hidden)), names, _heads_list(shown))
        if len(self._harmless) + len(self._telling) >= KNOWN:
            self._harmless.clear()
            self._telling.clear()
        if any(told):
            self._telling[line] = told
        else:
            self._harmless.add(line)
        return told


def _seen(line: str, suffix: str) -> tuple[str, str]:
    """What people read in a line, a cell from the next by a tab, and what its attributes hold."""
    if suffix in _MARKED:
        return _visible(line), _attributes(line)
    if suffix == JSON:
        if "\\u" in line:
            line = _ESCAPE.sub(lambda code: chr(int(code[1], 16)), line)
        return line, ""
    return line, ""


def _may_list(names: list[str], headed: bool) -> bool:
    """Whether the whole file is worth reading again: it holds sure names, or some below a telling head."""
    return sum(map(surely_person, names)) >= _SURE_FROM or (headed and len(names) >= _LISTS_FROM)


def _heads_list(shown: str) -> bool:
    cells = (cell.strip() for cell in re.split(r'[\t\n,"]', shown))
    return any(len(cell) <= _LONGEST_HEAD and _HEADED.search(cell) for cell in cells if cell)


def _suspect(text: str) -> bool:
    """Whether a data file, most of them large, has to be read line by line."""
    if worth_a_look(text) or tells_of_person(text) or any(head in text for head in HEADS):
        return True
    return any(map(surely_person, set(names_in_cells(text))))


def _plain(shown: str, suffix: str) -> str:
    """Text without the marks of its form: each quoted value of a data file on a line of its own."""
    return shown if suffix in _MARKED else shown.replace('"', "\n").replace("\\n", "\n")


def _visible(line: str) -> str:
    text = _COMMENT.sub(" ", line)
    text = _BLOCK.sub("\n", _CELL.sub("\t", _BREAK.sub(" ", text)))
    text = _TAG.sub("", text)
    return unescape(text) if "&" in text else text


def _attributes(line: str) -> str:
    if "=" not in line:
        return ""
    values = (double or single for double, single in _VALUE.findall(line))
    written = "\n".join(value for value in values if _DIGITS.search(value))
    return unquote(unescape(written)) if "&" in written or "%" in written else written


def _lists(text: str, suffix: str) -> Iterator[Found]:
    """Lists of people: all rows of the file together, and its text item by item."""
    rows = list(_rows(text, suffix))
    yield from in_rows(rows, "表格")
    shown = _visible(_BREAK.sub("<p>", text)) if suffix in _MARKED else _plain(text, suffix)
    if finding := listed_in_text(shown):
        yield Found(finding, "正文")


def _rows(text: str, suffix: str) -> Iterable[Sequence[str]]:
    if suffix == CSV:
        return csv.reader(text.lstrip("\ufeff").splitlines())
    if suffix == JSON:
        return _objects(text)
    return [re.split(r"\t", row) for row in _visible(text.replace("\n", " ")).split("\n")]


def _objects(text: str) -> Iterator[Sequence[str]]:
    """A row for each object that stands on a line of its own, below the row of its names."""
    head: list[str] = []
    for line in text.split("\n"):
        try:
            one = json.loads(line.strip().rstrip(","))
        except ValueError:
            continue
        if isinstance(one, dict):
            if head != [*one]:
                head = [*one]
                yield head
            yield [value if isinstance(value, str) else "" for value in one.values()]
