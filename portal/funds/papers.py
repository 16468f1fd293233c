"""What a fund document says (form F3), and what cannot be right about it."""

import unicodedata
from dataclasses import dataclass
from datetime import date

from portal.rules.broken import RuleBroken
from portal.rules.vocabulary import FundingTier, FundTask

_BRACKETS = str.maketrans("[]【】〈〉《》", "〔〕〔〕〔〕〔〕")


@dataclass(frozen=True)
class Paper:
    """The fields of a fund document as its paper bears them; ``amount`` in fen.

    ``number`` and ``received_on`` are None where the paper has none: such a document has no clock.
    """

    title: str
    tier: FundingTier
    year: int
    amount: int
    number: str | None = None
    parent_number: str = ""
    issuer: str = ""
    issued_on: date | None = None
    received_on: date | None = None
    fund_name: str = ""
    task: FundTask | None = None
    earmark: str = ""
    direct: bool = False
    reissued: bool = False
    revenue_code: str = ""
    functional_code: str = ""
    government_code: str = ""
    department_code: str = ""
    remark: str = ""

    @property
    def advance_issue(self) -> bool:
        """提前下达: the money of a year that had not begun when the paper came."""
        return self.received_on is not None and self.received_on.year < self.year


def tidy_number(typed: str | None) -> str | None:
    """A document number in one form, so that 财指[2023]8号 and 财指〔2023〕 8 号 are the same paper."""
    plain = unicodedata.normalize("NFKC", typed or "")
    return "".join(plain.split()).translate(_BRACKETS) or None


def check_paper(paper: Paper, today: date) -> None:
    """Refuse an amount of nothing, a day that has not come, and dates in the wrong order."""
    if paper.amount <= 0:
        raise RuleBroken("金额要大于 0，请填写文件下达的金额。", field="amount")
    _check_days(paper, today)
    _check_year(paper, today)


def _check_days(paper: Paper, today: date) -> None:
    for field, word, day in (
        ("issued_on", "发文日期", paper.issued_on),
        ("received_on", "收文日期", paper.received_on),
    ):
        if day and day > today:
            raise RuleBroken(f"{word} {day} 还没有到，今天是 {today}。请核对文件。", field=field)
    if paper.issued_on and paper.received_on and paper.received_on < paper.issued_on:
        raise RuleBroken(
            f"收文日期 {paper.received_on} 早于发文日期 {paper.issued_on}。请核对这两个日期。",
            field="received_on",
        )


def _check_year(paper: Paper, today: date) -> None:
    near = (paper.received_on or today).year
    if abs(paper.year - near) > 1:
        raise RuleBroken(
            f"年度 {paper.year} 与收文年份 {near} 相差太多，只能相差 1 年以内。请核对年度。",
            field="year",
        )
