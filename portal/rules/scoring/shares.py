"""This year beside last year, what was done beside what was due."""

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar, Self

from portal.rules.scoring import facts
from portal.rules.scoring.working import Plain, Scored, clipped, divided, hundredths, shown, sum_of
from portal.rules.tables import Row


@dataclass(frozen=True)
class NotBelow(Plain):
    """Full where this year's figure is not below last year's, else nothing (用于产业的比例)."""

    fact: ClassVar = facts.Change

    def score(self, full: Fraction, fact: facts.Change) -> Scored:
        """All or nothing."""
        if fact.now >= fact.before:
            return Scored(full, f"{shown(fact.now)} ≥ 上年 {shown(fact.before)}：{shown(full)}")
        return Scored(Fraction(0), f"{shown(fact.now)} < 上年 {shown(fact.before)}：0")


@dataclass(frozen=True)
class Decrease:
    """履行支出责任: ``per_point`` goes off for each percent of decrease.

    [I] S2's text is damaged; the reading gives the published points.
    """

    fact: ClassVar = facts.Change
    per_point: Fraction

    @classmethod
    def of(cls, row: Row) -> Self:
        """``per_point``: points for one percent."""
        return cls(Fraction(row.number("per_point")))

    def score(self, full: Fraction, fact: facts.Change) -> Scored:
        """Full without a decrease."""
        start = f"本年 {shown(fact.now)}，上年 {shown(fact.before)}"
        if fact.now >= fact.before:
            return Scored(full, f"{start}，没有减少：{shown(full)}")
        fall = (fact.before - fact.now) / fact.before * 100
        points = clipped(full - self.per_point * fall, full)
        if not points:
            return Scored(points, f"{start}，减少 {shown(hundredths(fall))}%，扣完为止：0")
        part = f"（{shown(fact.before)}−{shown(fact.now)}）÷{shown(fact.before)}×100"
        expression = f"{shown(full)}−{shown(self.per_point)}×{part}"
        return Scored(points, f"{start}：{expression} = {shown(points)}")


@dataclass(frozen=True)
class ShareDone(Plain):
    """Points in proportion to what was done of what was due; with nothing due, all of them."""

    fact: ClassVar = facts.Share

    def score(self, full: Fraction, fact: facts.Share) -> Scored:
        """Done ÷ due."""
        if not fact.whole:
            return Scored(full, f"没有要办的：{shown(full)}")
        points = full * fact.done / fact.whole
        expression = f"{shown(full)}×{shown(fact.done)}÷{shown(fact.whole)}"
        start = f"应办 {shown(fact.whole)}，已办 {shown(fact.done)}"
        return Scored(points, f"{start}：{expression} = {shown(points)}")


@dataclass(frozen=True)
class SampledShare(Plain):
    """Points in proportion to the samples that passed (抽查赋分); without samples nobody can give points."""

    fact: ClassVar = facts.Share

    def score(self, full: Fraction, fact: facts.Share) -> Scored:
        """Passed ÷ sampled."""
        if not fact.whole:
            return Scored(Fraction(0), "还没有抽查：0")
        points = full * fact.done / fact.whole
        expression = f"{shown(full)}×{shown(fact.done)}÷{shown(fact.whole)}"
        start = f"抽查 {shown(fact.whole)}，合格 {shown(fact.done)}"
        return Scored(points, f"{start}：{expression} = {shown(points)}")


@dataclass(frozen=True)
class MeanShare(Plain):
    """Points by the mean of several shares (项目绩效管理: targets, monitoring, self-evaluation)."""

    fact: ClassVar = facts.Shares

    def score(self, full: Fraction, fact: facts.Shares) -> Scored:
        """Full × the mean."""
        due = [item for item in fact.items if item.share.whole]
        if not due:
            return Scored(full, f"没有要办的：{shown(full)}")
        mean = sum((item.share.done / item.share.whole for item in due), Fraction(0)) / len(due)
        words = "，".join(
            f"{item.name} {shown(item.share.done)}/{shown(item.share.whole)}" for item in due
        )
        terms = [f"{shown(item.share.done)}÷{shown(item.share.whole)}" for item in due]
        expression = f"{shown(full)}×{divided(sum_of(terms), Fraction(len(due)))}"
        points = full * mean
        return Scored(points, f"{words}：{expression} = {shown(points)}")


@dataclass(frozen=True)
class LevelOrGrowth(Plain):
    """人均收入: full at the average level or above the average growth, else by the better proportion."""

    fact: ClassVar = facts.Income

    def score(self, full: Fraction, fact: facts.Income) -> Scored:
        """Level first, growth second."""
        level = f"水平 {shown(fact.level)}，平均 {shown(fact.average_level)}"
        if fact.level >= fact.average_level:
            return Scored(full, f"{level}，达到平均：{shown(full)}")
        growth = f"增速 {shown(fact.growth)}%，平均 {shown(fact.average_growth)}%"
        if fact.growth > fact.average_growth:
            return Scored(full, f"{growth}，高于平均：{shown(full)}")
        pairs = [(fact.level, fact.average_level), (fact.growth, fact.average_growth)]
        part, whole = max((pair for pair in pairs if pair[1]), key=lambda pair: pair[0] / pair[1])
        points = clipped(full * part / whole, full)
        expression = f"{shown(full)}×{shown(part)}÷{shown(whole)}"
        return Scored(points, f"{level}；{growth}：{expression} = {shown(points)}")
