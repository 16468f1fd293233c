"""Monthly plans, bulletins and letters: their days, their numbers, and what a plan proposes."""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from portal.rules.tables import Row
from portal.rules.vocabulary import BulletinKind

_NUMBER = re.compile(r"(?P<prefix>.+)〔(?P<year>[0-9]{4})〕(?P<count>[0-9]{1,6})号")
_PROPOSAL_STEP = 10_000
_MONTHS = 12


@dataclass(frozen=True)
class SupervisionRules:
    """A county's habits: how papers are numbered, how long an answer takes."""

    bulletin_prefix: str
    letter_prefix: str
    answer_days: int


def read_supervision(file: Row) -> SupervisionRules:
    """Read ``supervision.toml``."""
    bulletin, letter = file.row("bulletin"), file.row("letter")
    rules = SupervisionRules(
        bulletin_prefix=bulletin.text("number_prefix"),
        letter_prefix=letter.text("number_prefix"),
        answer_days=letter.whole("answer_days"),
    )
    for row in (bulletin, letter):
        row.text("basis")
        row.close()
    return rules


def proposed(open_amount: int, month: int) -> int:
    """What a plan proposes to pay in a month, in fen: the open amount spread evenly to 31 December.

    Rounded up to 0.01 万元, so that the last month is never left with crumbs, and never above what is open.
    """
    share = -(-open_amount // (_MONTHS + 1 - month))
    return min(open_amount, -(-share // _PROPOSAL_STEP) * _PROPOSAL_STEP)


def month_span(year: int, month: int) -> tuple[date, date]:
    """The first and the last day of a month."""
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def month_after(year: int, month: int) -> tuple[int, int]:
    """The next month, as year and month."""
    return (year, month + 1) if month < _MONTHS else (year + 1, 1)


def bulletin_day(kind: BulletinKind, today: date) -> date:
    """The latest day on which a bulletin of this kind is due, today included.

    Month-end, the 10th, 20th and month-end, or each Sunday (sources S3, S4, S0).
    """
    if kind is BulletinKind.WEEKLY:
        return today - timedelta(days=(today.weekday() + 1) % 7)
    last = month_span(today.year, today.month)[1].day
    days = (10, 20, last) if kind is BulletinKind.TEN_DAY else (last,)
    passed = [day for day in days if day <= today.day]
    return today.replace(day=passed[-1]) if passed else today.replace(day=1) - timedelta(days=1)


def period(kind: BulletinKind, day: date) -> str:
    """What a bulletin of that day is about: 2023年7月, 2023年7月中旬, 2023年7月10日至16日."""
    if kind is BulletinKind.WEEKLY:
        first = day - timedelta(days=6)
        return f"{first.year}年{first.month}月{first.day}日至{_same(first, day)}{day.day}日"
    if kind is BulletinKind.TEN_DAY:
        return f"{day.year}年{day.month}月{'上中下'[min((day.day - 1) // 10, 2)]}旬"
    return f"{day.year}年{day.month}月"


def _same(first: date, last: date) -> str:
    """The year and month of the last day as far as they differ from those of the first."""
    if first.year != last.year:
        return f"{last.year}年{last.month}月"
    return f"{last.month}月" if first.month != last.month else ""


def ranks(rates: Sequence[Fraction]) -> list[int]:
    """The place of each rate, 1 for the highest; equal rates share a place."""
    return [1 + sum(other > rate for other in rates) for rate in rates]


def next_number(numbers: Sequence[str], prefix: str, year: int) -> str:
    """The number that follows the latest one of ``numbers``, e.g. 阿农领办通〔2023〕7号.

    The latest number of the county's own form gives the prefix; without any, ``prefix`` does. A new year
    begins at 1.
    """
    found = [match for number in numbers if (match := _NUMBER.fullmatch(number))]
    if found:
        prefix = found[-1]["prefix"]
    counts = [
        int(match["count"])
        for match in found
        if match["prefix"] == prefix and int(match["year"]) == year
    ]
    return f"{prefix}〔{year}〕{max(counts, default=0) + 1}号"
