"""要是再支付一笔: what paying more by a day would change, line by line."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from portal.rules.broken import RuleBroken
from portal.rules.scoring.facts import Fact, Progress, Share
from portal.rules.scoring.scheme import Evidence, Scheme
from portal.rules.scoring.scorecard import Line, score
from portal.rules.scoring.working import shown

YOUNG_MONEY = "execution_within_1_year"
"""The fact that holds the money of up to one year, which a payment of this year's money changes."""


@dataclass(frozen=True)
class Change:
    """A line as it would be without and with the payment; points are the computed ones."""

    before: Line
    after: Line

    @property
    def difference(self) -> Decimal:
        """How many points the payment is worth."""
        return (self.after.computed or Decimal("0.00")) - (self.before.computed or Decimal("0.00"))


@dataclass(frozen=True)
class WhatIf:
    """Every line, and what all of them come to."""

    changes: tuple[Change, ...]
    difference: Decimal


def what_if(scheme: Scheme, evidence: Evidence, extra: Fraction, by: date) -> WhatIf:
    """Score a scheme without and with ``extra`` 万元 more paid by a day.

    ``evidence`` is what will be known on that day if nothing more is paid.

    Raises:
        RuleBroken: there is not so much left to pay.
    """
    more = replace(evidence, facts=with_more_paid(evidence.facts, extra, by))
    before, after = score(scheme, evidence), score(scheme, more)
    changes = tuple(Change(*pair) for pair in zip(before.lines, after.lines, strict=True))
    return WhatIf(changes, sum((one.difference for one in changes), Decimal("0.00")))


def with_more_paid(facts: Mapping[str, Fact], extra: Fraction, by: date) -> dict[str, Fact]:
    """The facts with ``extra`` more paid: of the young money, and at every checkpoint from ``by`` on."""
    young = facts.get(YOUNG_MONEY)
    rest = young.whole - young.done if isinstance(young, Share) else Fraction(0)
    if extra > rest:
        raise RuleBroken(
            f"1 年以内的资金还有 {shown(rest)} 万元没有支付，{shown(extra)} 万元多出"
            f" {shown(extra - rest)} 万元。请减少金额",
            field="amount",
        )
    return {name: _with(name, fact, extra, by) for name, fact in facts.items()}


def _with(name: str, fact: Fact, extra: Fraction, by: date) -> Fact:
    if name == YOUNG_MONEY and isinstance(fact, Share):
        return replace(fact, done=fact.done + extra)
    if isinstance(fact, Progress) and by <= fact.day:
        return replace(fact, paid=fact.paid + extra)
    return fact
