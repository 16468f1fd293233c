"""绩效指标: one row of a form, and how what was reached compares with what was declared."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from portal.rules.money import round2
from portal.rules.vocabulary import (
    Comparison,
    DeviationCause,
    Likelihood,
    TargetGroup,
    TargetLevel,
)

MONTHS = 12
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")


@dataclass(frozen=True)
class Indicator:
    """One row of a form; ``weight`` and ``score`` are hundredths of a point, None before they are given."""

    level: TargetLevel
    name: str
    comparison: Comparison = Comparison.AT_LEAST
    value: str = ""
    unit: str = ""
    core: bool = False
    achieved: str = ""
    expected: str = ""
    cause: DeviationCause | None = None
    explanation: str = ""
    remedy: str = ""
    likelihood: Likelihood | None = None
    weight: int | None = None
    score: int | None = None

    @property
    def group(self) -> TargetGroup:
        """一级指标 of the row."""
        return self.level.group


def tidy(text: str) -> str:
    """A number in plain digits, however it was typed; words as they are."""
    found = number(text)
    return text if found is None else unicodedata.normalize("NFKC", text).strip()


def number(text: str) -> Fraction | None:
    """The number that a value is, full-width digits and thousands commas read; None for words."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "").strip()
    return Fraction(plain) if _NUMBER.fullmatch(plain) else None


def meets(line: Indicator, text: str) -> bool | None:
    """Whether a value reaches the target of its row; None where words cannot be compared."""
    target, found = number(line.value), number(text)
    if target is None or found is None:
        return True if text.strip() == line.value.strip() else None
    if line.comparison is Comparison.AT_LEAST:
        return found >= target
    return found <= target if line.comparison is Comparison.AT_MOST else found == target


def deviates(line: Indicator, month: int, far_below: int) -> bool:
    """Whether a monitored indicator is behind: far below its share of the year, or unlikely to be met."""
    if line.likelihood is not Likelihood.CERTAIN or meets(line, line.expected) is False:
        return True
    target, done = number(line.value), number(line.achieved)
    if line.comparison is not Comparison.AT_LEAST or not target or done is None:
        return False
    return 100 * done * MONTHS < target * month * far_below


def falls_short(line: Indicator) -> bool:
    """Whether an evaluated indicator missed its target; words are judged by their points."""
    met = meets(line, line.achieved)
    return met is False or (met is None and (line.score or 0) < (line.weight or 0))


def summed(forms: Iterable[Iterable[Indicator]]) -> list[Indicator]:
    """The indicators of several forms as one table: counts are added, rates are averaged, words left out."""
    together: dict[tuple[TargetLevel, str, Comparison, str], list[Indicator]] = {}
    for lines in forms:
        for line in lines:
            if number(line.value) is not None:
                key = (line.level, line.name, line.comparison, line.unit)
                together.setdefault(key, []).append(line)
    order = list(TargetLevel)
    found = sorted(together.items(), key=lambda item: order.index(item[0][0]))
    return [_sum(key, lines) for key, lines in found]


def _sum(key: tuple[TargetLevel, str, Comparison, str], lines: Sequence[Indicator]) -> Indicator:
    level, name, comparison, unit = key
    share = len(lines) if unit in {"%", "％"} else 1
    value, achieved = (
        _plain(sum((number(text) or Fraction() for text in texts), Fraction()) / share)
        for texts in ([line.value for line in lines], [line.achieved for line in lines])
    )
    return Indicator(level, name, comparison, value, unit, achieved=achieved)


def _plain(value: Fraction) -> str:
    return f"{round2(value):f}".rstrip("0").rstrip(".")
