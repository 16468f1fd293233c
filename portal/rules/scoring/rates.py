"""Money paid against money received, and against the pace of the year."""

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar, Self

from portal.rules.pace import elapsed
from portal.rules.scoring import facts
from portal.rules.scoring.working import Scored, clipped, hundredths, shown
from portal.rules.tables import Row
from portal.rules.vocabulary import Labelled, PaceMethod


class Band(Labelled):
    """How a rate inside a band earns points: along the band, or by the rate itself (S2 used both)."""

    LINEAR = "linear", "区间内按比例"
    DIRECT = "direct", "按执行率直接折算"


@dataclass(frozen=True)
class RateBand:
    """预算执行率: full at 100 %, nothing below ``floor``, between them by the band's way.

    ``rounded`` holds the rate to two decimals first, as the published sheets do.
    """

    fact: ClassVar = facts.Share
    floor: Fraction
    band: Band
    rounded: bool

    @classmethod
    def of(cls, row: Row) -> Self:
        """``floor`` in percent, ``band``, ``rounded``."""
        found = cls(Fraction(row.number("floor")), row.member("band", Band), row.flag("rounded"))
        if found.floor >= 100:
            row.wrong("floor 应小于 100")
        return found

    def score(self, full: Fraction, fact: facts.Share) -> Scored:
        """Points for the share of the money that was paid."""
        if not fact.whole:
            return Scored(full, f"没有这一年限的资金：{shown(full)}")
        rate, words = _rate(fact, self.rounded)
        start = f"{shown(fact.done)}÷{shown(fact.whole)} = {_percent(fact)}%"
        if rate < self.floor:
            return Scored(Fraction(0), f"{start} < {shown(self.floor)}%：0")
        if rate >= 100:
            return Scored(full, f"{start}，达到 100%：{shown(full)}")
        if self.band is Band.DIRECT:
            points = full * rate / 100
            return Scored(points, f"{start}：{shown(full)}×{words}÷100 = {shown(points)}")
        points = full * (rate - self.floor) / (100 - self.floor)
        expression = f"{shown(full)}×（{words}−{shown(self.floor)}）÷{shown(100 - self.floor)}"
        return Scored(points, f"{start}：{expression} = {shown(points)}")


@dataclass(frozen=True)
class RateUpTo:
    """Full from ``enough`` percent on, below it in proportion (统筹整合: 80 %)."""

    fact: ClassVar = facts.Share
    enough: Fraction

    @classmethod
    def of(cls, row: Row) -> Self:
        """``enough`` in percent."""
        found = cls(Fraction(row.number("enough")))
        if not found.enough:
            row.wrong("enough 应大于 0")
        return found

    def score(self, full: Fraction, fact: facts.Share) -> Scored:
        """Points for the share that was done."""
        if not fact.whole:
            return Scored(full, f"没有要完成的：{shown(full)}")
        rate, words = _rate(fact, rounded=True)
        start = f"{shown(fact.done)}÷{shown(fact.whole)} = {_percent(fact)}%"
        if rate >= self.enough:
            return Scored(full, f"{start} ≥ {shown(self.enough)}%：{shown(full)}")
        points = full * rate / self.enough
        expression = f"{shown(full)}×{words}÷{shown(self.enough)}"
        return Scored(points, f"{start} < {shown(self.enough)}%：{expression} = {shown(points)}")


@dataclass(frozen=True)
class AgainstPace:
    """支出进度: full at the province's average or at the pace of the year, else in proportion to the pace."""

    fact: ClassVar = facts.Progress
    pace: PaceMethod

    @classmethod
    def of(cls, row: Row) -> Self:
        """``pace``: day, half_month or month_end."""
        return cls(row.member("pace", PaceMethod))

    def score(self, full: Fraction, fact: facts.Progress) -> Scored:
        """Points for the rate on the day."""
        if not fact.total:
            return Scored(Fraction(0), "没有资金：0")
        rate, words = _rate(facts.Share(fact.paid, fact.total), rounded=True)
        pace = hundredths(elapsed(self.pace, fact.day) * 100)
        start = f"{fact.day} 支出进度 {words}%"
        if fact.average is not None and rate >= fact.average:
            return Scored(full, f"{start} ≥ 全省平均 {shown(fact.average)}%：{shown(full)}")
        held = f"序时进度 {shown(pace)}%（{self.pace.label}）"
        if rate >= pace:
            return Scored(full, f"{start} ≥ {held}：{shown(full)}")
        points = clipped(full * rate / pace, full)
        expression = f"{shown(full)}×{words}÷{shown(pace)}"
        return Scored(points, f"{start} < {held}：{expression} = {shown(points)}")


def _rate(share: facts.Share, rounded: bool) -> tuple[Fraction, str]:
    """The rate in percent and how it stands in a sum."""
    exact = share.done / share.whole * 100
    if rounded:
        return hundredths(exact), shown(hundredths(exact))
    return exact, f"{shown(share.done)}÷{shown(share.whole)}×100"


def _percent(share: facts.Share) -> str:
    return shown(hundredths(share.done / share.whole * 100))
