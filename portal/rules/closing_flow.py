"""The flow of a year's closing: finance figures it, somebody of the leading group decides (P3)."""

from dataclasses import dataclass
from datetime import date

from portal.rules.access import Action
from portal.rules.vocabulary import ClosingStatus as S
from portal.rules.workflow import Move, Step, Words


@dataclass(frozen=True)
class ClosingFacts:
    """What the flow needs to know; ``difference`` names what moved since the figures were made."""

    difference: str | None


def last_day(year: int) -> date:
    """The last day on which money of the year moves."""
    return date(year, 12, 31)


def year_problem(year: int, today: date, next_year: int | None) -> str | None:
    """Say why a year cannot be closed, or None: years close in order, each when it is over.

    ``next_year`` is the first that is not closed; None where there is no money at all.
    """
    if next_year is None:
        return "还没有登记资金文件，没有可以结账的年度"
    if year < next_year:
        return f"{year} 年度已经结账，或早于第一份资金文件。下一个要结账的是 {next_year} 年度"
    if year > next_year:
        return f"要按年度顺序结账，请先办 {next_year} 年度"
    if today <= last_day(year):
        return f"{year} 年度还没有结束，请于 {year + 1}-01-01 起办理"
    return None


def unchanged(facts: ClosingFacts) -> str | None:
    """What is approved is what the books say at that moment."""
    return facts.difference


FLOW: tuple[Step[ClosingFacts], ...] = (
    Step(
        Move.APPROVE,
        (S.SUBMITTED,),
        S.CLOSED,
        by=Action.DECIDE_CLOSING,
        needs=(unchanged,),
        fresh_eyes=True,
    ),
    Step(
        Move.REJECT,
        (S.SUBMITTED,),
        S.REJECTED,
        by=Action.DECIDE_CLOSING,
        words=Words.REASON,
        fresh_eyes=True,
    ),
)
