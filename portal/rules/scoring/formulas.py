"""The formulas of assessment schemes, by name: each returns points and the working in words.

A formula is a frozen row of parameters. ``score(full, fact)`` gives exact points between 0 and ``full``
(deductions between −``full`` and 0) and the working, whose last sum recomputes to the points.
Sources and ambiguities: the text of the scoring table (S2) and how the published sheets used it.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, ClassVar, Protocol, Self

from portal.rules.scoring.days import WithinDays
from portal.rules.scoring.entered import (
    CappedBonus,
    CappedDeductions,
    FlatDeduction,
    Manual,
    YesNo,
)
from portal.rules.scoring.rates import AgainstPace, RateBand, RateUpTo
from portal.rules.scoring.shares import (
    Decrease,
    LevelOrGrowth,
    MeanShare,
    NotBelow,
    SampledShare,
    ShareDone,
)
from portal.rules.scoring.working import Scored
from portal.rules.tables import Row


class Formula(Protocol):
    """What every formula answers to."""

    fact: ClassVar[Any]

    @classmethod
    def of(cls, row: Row) -> Self:
        """Read the parameters of a scheme's row."""

    def score(self, full: Fraction, fact: Any) -> Scored:  # noqa: ANN401 - its own kind of fact
        """Points and working for the fact, of ``full`` points."""


FORMULAS: Mapping[str, type[Formula]] = {
    "within_days": WithinDays,
    "rate_band": RateBand,
    "rate_up_to": RateUpTo,
    "against_pace": AgainstPace,
    "not_below": NotBelow,
    "decrease": Decrease,
    "share_done": ShareDone,
    "sampled_share": SampledShare,
    "mean_share": MeanShare,
    "yes_no": YesNo,
    "level_or_growth": LevelOrGrowth,
    "manual": Manual,
    "capped_bonus": CappedBonus,
    "flat_deduction": FlatDeduction,
    "capped_deductions": CappedDeductions,
}
"""By the word that a scheme's row uses."""

ADJUSTMENTS = (CappedBonus, FlatDeduction, CappedDeductions)
"""Formulas outside the base points: they add or take off and have no part in the denominator."""
