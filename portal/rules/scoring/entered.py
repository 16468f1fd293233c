"""What people answer, enter or find."""

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from portal.rules.scoring import facts
from portal.rules.scoring.working import Plain, Scored, clipped, shown


@dataclass(frozen=True)
class YesNo(Plain):
    """Full for yes, nothing for no."""

    fact: ClassVar = facts.Answer

    def score(self, full: Fraction, fact: facts.Answer) -> Scored:
        """All or nothing."""
        return Scored(full, f"是：{shown(full)}") if fact.yes else Scored(Fraction(0), "否：0")


@dataclass(frozen=True)
class Manual(Plain):
    """Points that people give, with a reason and evidence, never above the full ones."""

    fact: ClassVar = facts.Entered

    def score(self, full: Fraction, fact: facts.Entered) -> Scored:
        """As entered, up to the full points."""
        points = clipped(fact.points, full)
        above = f"（最高 {shown(full)}）" if fact.points > full else ""
        return Scored(points, f"{fact.reason}{above}：{shown(points)}")


@dataclass(frozen=True)
class CappedBonus(Manual):
    """加分: entered with evidence, up to the cap that the full points name."""


@dataclass(frozen=True)
class FlatDeduction(Plain):
    """直接扣减: the full points are taken off when it happened."""

    fact: ClassVar = facts.Answer

    def score(self, full: Fraction, fact: facts.Answer) -> Scored:
        """Nothing or all."""
        return (
            Scored(-full, f"存在：−{shown(full)}") if fact.yes else Scored(Fraction(0), "不存在：0")
        )


@dataclass(frozen=True)
class CappedDeductions(Plain):
    """最高扣: what was found adds up, down to the cap that the full points name."""

    fact: ClassVar = facts.Incidents

    def score(self, full: Fraction, fact: facts.Incidents) -> Scored:
        """The sum, never beyond the cap."""
        if not fact.items:
            return Scored(Fraction(0), "没有发现：0")
        points = clipped(sum((item.points for item in fact.items), Fraction(0)), full)
        words = "，".join(f"{item.name} 扣 {shown(item.points)}" for item in fact.items)
        return Scored(-points, f"{words}，最高扣 {shown(full)}：−{shown(points)}")
