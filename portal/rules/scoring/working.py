"""Points with their working: how numbers and sums are written so that anybody can follow and recompute."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Self

from portal.rules.money import round2
from portal.rules.tables import Row


@dataclass(frozen=True)
class Scored:
    """Exact points and the working in words."""

    points: Fraction
    working: str


class Plain:
    """A formula without parameters."""

    @classmethod
    def of(cls, _row: Row) -> Self:
        """Nothing to read."""
        return cls()


def shown(value: Fraction | int) -> str:
    """A number without idle zeros; one that never ends is rounded to two decimals: ``"3.33"``."""
    exact = Fraction(value)
    decimals = _decimals(exact)
    if decimals is None:
        return f"{round2(exact)}"
    scaled = abs(exact) * 10**decimals
    digits = f"{int(scaled):0{decimals + 1}d}"
    whole, part = (digits[:-decimals], digits[-decimals:]) if decimals else (digits, "")
    return f"{'−' if exact < 0 else ''}{whole}{'.' + part if part else ''}"


def hundredths(value: Fraction) -> Fraction:
    """Two decimals, half up, as published rates are held."""
    return Fraction(round2(value))


def clipped(points: Fraction, full: Fraction) -> Fraction:
    """Points kept between 0 and the full ones."""
    return max(Fraction(0), min(points, full))


def product(expression: str, factor: Fraction) -> str:
    """``5×118``."""
    return f"{expression}×{shown(factor)}"


def sum_of(terms: Sequence[str]) -> str:
    """``（5＋2.33）``; one term stands alone."""
    return terms[0] if len(terms) == 1 else f"（{'＋'.join(terms)}）"


def divided(expression: str, by: Fraction) -> str:
    """``（5＋3）÷2``."""
    return expression if by == 1 else f"{expression}÷{shown(by)}"


def _decimals(value: Fraction) -> int | None:
    """How many decimals write the value exactly, up to six; None where none do."""
    return next((n for n in range(7) if (value * 10**n).denominator == 1), None)
