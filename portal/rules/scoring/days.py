"""How fast money reached projects."""

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar, Self

from portal.rules.scoring import facts
from portal.rules.scoring.working import Scored, divided, product, shown, sum_of
from portal.rules.tables import Row
from portal.rules.vocabulary import FundingTier, Labelled


class Aggregation(Labelled):
    """How several documents make one figure; the source does not say which."""

    WORST = "worst", "取最差"
    MEAN = "mean", "简单平均"
    WEIGHTED = "weighted", "按金额加权"


@dataclass(frozen=True)
class WithinDays:
    """资金落实到项目时间: full up to ``full_days``, nothing beyond ``zero_days``, a line between them."""

    fact: ClassVar = facts.PlacedDays
    full_days: int
    zero_days: int
    aggregation: Aggregation
    tiers: tuple[FundingTier, ...]

    @classmethod
    def of(cls, row: Row) -> Self:
        """``full_days``, ``zero_days``, ``aggregation``; ``tiers`` says whose money counts."""
        found = cls(
            row.whole("full_days"),
            row.whole("zero_days"),
            row.member("aggregation", Aggregation),
            row.members("tiers", FundingTier),
        )
        if found.zero_days <= found.full_days:
            row.wrong("zero_days 应大于 full_days")
        return found

    def score(self, full: Fraction, fact: facts.PlacedDays) -> Scored:
        """Points of each document, put together by the aggregation."""
        items = [item for item in fact.items if item.tier in self.tiers]
        if not items:
            return Scored(full, f"没有要落实的资金：{shown(full)}")
        each = [(item, self._one(full, item.days)) for item in items]
        words = "；".join(
            f"{item.name} {self._words(item.days)}：{shown(points)}"
            for item, (points, _sum) in each
        )
        points, expression = self._together(each)
        return Scored(points, f"{words}。{self.aggregation.label}：{expression} = {shown(points)}")

    def _one(self, full: Fraction, days: int) -> tuple[Fraction, str]:
        if days <= self.full_days:
            return full, shown(full)
        if days > self.zero_days:
            return Fraction(0), "0"
        span = self.zero_days - self.full_days
        points = full * (self.zero_days - days) / span
        return points, f"{shown(full)}×（{self.zero_days}−{days}）÷{span}"

    def _words(self, days: int) -> str:
        if days <= self.full_days:
            return f"{days} 天 ≤ {self.full_days} 天"
        limit = self.full_days if days <= self.zero_days else self.zero_days
        return f"{days} 天 > {limit} 天"

    def _together(
        self, each: list[tuple[facts.Placed, tuple[Fraction, str]]]
    ) -> tuple[Fraction, str]:
        if self.aggregation is Aggregation.WORST:
            return min((outcome for _item, outcome in each), key=lambda outcome: outcome[0])
        weights = [
            item.amount if self.aggregation is Aggregation.WEIGHTED else Fraction(1)
            for item, _outcome in each
        ]
        if not sum(weights):
            weights = [Fraction(1)] * len(each)
        total = sum(weights, Fraction(0))
        points = sum(
            (weight * outcome[0] for weight, (_item, outcome) in zip(weights, each, strict=True)),
            Fraction(0),
        )
        terms = [
            outcome[1] if self.aggregation is Aggregation.MEAN else product(outcome[1], weight)
            for weight, (_item, outcome) in zip(weights, each, strict=True)
        ]
        return points / total, divided(sum_of(terms), total)
