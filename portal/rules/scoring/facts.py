"""What a formula is told: one small shape per kind of evidence. Amounts in 万元, rates in percent.

Values are exact fractions, so that nothing is rounded before a criterion is summed up.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Self, TypeVar

from portal.rules.tables import Row
from portal.rules.vocabulary import FundingTier

Item = TypeVar("Item")


@dataclass(frozen=True)
class Share:
    """``done`` of ``whole``: items, samples or money."""

    done: Fraction
    whole: Fraction

    @classmethod
    def of(cls, row: Row) -> Self:
        """Read ``{ done = 39, whole = 39 }``."""
        share = cls(Fraction(row.number("done")), Fraction(row.number("whole")))
        if share.done > share.whole:
            row.wrong("done 不能大于 whole")
        return share


@dataclass(frozen=True)
class NamedShare:
    """A share among others, with the word that names it."""

    name: str
    share: Share


@dataclass(frozen=True)
class Shares:
    """Several shares whose mean counts."""

    items: tuple[NamedShare, ...]

    @classmethod
    def of(cls, row: Row) -> Self:
        """Read ``items = [{ name = "…", done = 1, whole = 1 }, …]``."""
        return cls(_each(row, "items", lambda item: NamedShare(item.text("name"), Share.of(item))))


@dataclass(frozen=True)
class Placed:
    """One document's money: after how many days it was on projects."""

    name: str
    days: int
    amount: Fraction
    tier: FundingTier


@dataclass(frozen=True)
class PlacedDays:
    """All documents of a year."""

    items: tuple[Placed, ...]

    @classmethod
    def of(cls, row: Row) -> Self:
        """Read ``items = [{ name = "…", days = 53, amount = 1976, tier = "central" }, …]``."""
        return cls(_each(row, "items", _placed))


@dataclass(frozen=True)
class Change:
    """A quantity of this year beside last year's."""

    now: Fraction
    before: Fraction

    @classmethod
    def of(cls, row: Row) -> Self:
        """Read ``{ now = 62.27, before = 59.64 }``."""
        return cls(Fraction(row.number("now")), Fraction(row.number("before")))


@dataclass(frozen=True)
class Progress:
    """Money paid by a day, of the year's money; ``average`` is the province's rate, where it is known."""

    paid: Fraction
    total: Fraction
    day: date
    average: Fraction | None = None

    @classmethod
    def of(cls, row: Row) -> Self:
        """Read ``{ paid = 2713.55, total = 4950.68, day = 2023-07-15 }``."""
        average = Fraction(row.number("average")) if row.has("average") else None
        paid, total = Fraction(row.number("paid")), Fraction(row.number("total"))
        return cls(paid, total, row.day("day"), average)


@dataclass(frozen=True)
class Answer:
    """Yes or no."""

    yes: bool

    @classmethod
    def of(cls, row: Row) -> Self:
        """Read ``{ yes = true }``."""
        return cls(row.flag("yes"))


@dataclass(frozen=True)
class Entered:
    """Points that people gave, with the reason they gave."""

    points: Fraction
    reason: str

    @classmethod
    def of(cls, row: Row) -> Self:
        """Read ``{ points = 4, reason = "…" }``."""
        return cls(Fraction(row.number("points")), row.text("reason"))


@dataclass(frozen=True)
class Incident:
    """Something found, and what it costs."""

    name: str
    points: Fraction


@dataclass(frozen=True)
class Incidents:
    """All that was found; empty is good."""

    items: tuple[Incident, ...]

    @classmethod
    def of(cls, row: Row) -> Self:
        """Read ``items = [{ name = "…", points = 5 }]`` or ``items = []``."""
        return cls(_each(row, "items", _incident))


@dataclass(frozen=True)
class Income:
    """A level and its growth (percent), each beside the average they are held against."""

    level: Fraction
    average_level: Fraction
    growth: Fraction
    average_growth: Fraction

    @classmethod
    def of(cls, row: Row) -> Self:
        """Read the four numbers by their names."""
        return cls(
            *(
                Fraction(row.number(key))
                for key in ("level", "average_level", "growth", "average_growth")
            )
        )


Fact = Share | Shares | PlacedDays | Change | Progress | Answer | Entered | Incidents | Income


def _placed(row: Row) -> Placed:
    return Placed(
        row.text("name"),
        int(row.number("days")),
        Fraction(row.number("amount")),
        row.member("tier", FundingTier),
    )


def _incident(row: Row) -> Incident:
    return Incident(row.text("name"), Fraction(row.number("points")))


def _each(row: Row, key: str, read: Callable[[Row], Item]) -> tuple[Item, ...]:
    """Read a list of tables, each with nothing left over."""
    found = []
    for item in row.rows(key):
        found.append(read(item))
        item.close()
    return tuple(found)
