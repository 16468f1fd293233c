"""The points of a self-evaluation in hundredths: 10 for execution, the rest by group of indicators (F6).

The weights are the ministry's: execution of the budget 10, output 50, benefit 30, satisfaction 10.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from portal.rules.indicators import Indicator
from portal.rules.money import round2
from portal.rules.vocabulary import TargetGroup

EXECUTION_WEIGHT = 1_000
WEIGHTS: Mapping[TargetGroup, int] = {
    TargetGroup.OUTPUT: 5_000,
    TargetGroup.BENEFIT: 3_000,
    TargetGroup.SATISFACTION: 1_000,
}

GRADES = ((9_000, "优"), (8_000, "良"), (6_000, "中"), (0, "差"))


def group_weights(lines: Iterable[Indicator]) -> dict[TargetGroup, int]:
    """The weights of a form by group; every group is there."""
    sums = dict.fromkeys(TargetGroup, 0)
    for line in lines:
        sums[line.group] += line.weight or 0
    return sums


def even_weights(lines: Sequence[Indicator]) -> list[int]:
    """A first proposal: each group's weight shared evenly; the rest goes to its first row."""
    counts = {
        group: sum(line.group is group for line in lines) for group in {one.group for one in lines}
    }
    rests = {group: WEIGHTS[group] % count for group, count in counts.items()}
    return [WEIGHTS[line.group] // counts[line.group] + rests.pop(line.group, 0) for line in lines]


def execution_score(budget: int, executed: int) -> int:
    """10 × B ÷ A, no more than 10 and no less than 0; a budget of nothing earns nothing."""
    if budget <= 0 or executed <= 0:
        return 0
    return min(EXECUTION_WEIGHT, int(round2(Fraction(10 * executed, budget)) * 100))


def total_score(lines: Iterable[Indicator], budget: int, executed: int) -> int:
    """The points of the form: the execution of the budget and every indicator."""
    return execution_score(budget, executed) + sum(line.score or 0 for line in lines)


def grade(score: int) -> str:
    """优, 良, 中 or 差 of points in hundredths (项目支出绩效评价管理办法, 财预〔2020〕10号)."""
    return next(label for least, label in GRADES if score >= least)


def points(hundredths: int | None) -> str:
    """Points without needless zeros: ``"7.5"``; nothing for None."""
    if hundredths is None:
        return ""
    return f"{Decimal(hundredths).scaleb(-2):.2f}".rstrip("0").rstrip(".")
