"""The score sheet: every line with full, computed and claimed points, and what they come to."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from portal.rules.money import round2
from portal.rules.scoring.scheme import Evidence, Indicator, Normalization, Part, Scheme
from portal.rules.scoring.working import Scored

MISSING = "缺少数据，不能计算"


@dataclass(frozen=True)
class PartLine:
    """A part of a line; ``computed`` is exact to two decimals, None where a fact is missing."""

    no: str
    title: str
    full: Decimal
    computed: Decimal | None
    working: str


@dataclass(frozen=True)
class Line:
    """One line of the sheet.

    ``computed`` is None where the line does not apply or a fact is missing. ``points`` is what counts: the
    claimed points where officials claimed some, else the computed ones.
    """

    no: str
    title: str
    group: str
    full: Decimal | None
    applies: bool
    computed: Decimal | None
    claimed: Decimal | None
    reason: str
    points: Decimal
    working: str
    parts: tuple[PartLine, ...]


@dataclass(frozen=True)
class Scorecard:
    """The whole: ``applicable`` is the sum of base points that apply, ``normalized`` is of a hundred."""

    scheme: Scheme
    lines: tuple[Line, ...]
    total: Decimal
    computed_total: Decimal
    applicable: Decimal
    normalized: Decimal | None
    grade: str | None


def score(scheme: Scheme, evidence: Evidence) -> Scorecard:
    """Score every line of a scheme; each line is rounded once, half up, and the sums are of rounded lines."""
    lines = tuple(_line(indicator, evidence) for indicator in scheme.indicators)
    base = [
        (indicator, line)
        for indicator, line in zip(scheme.indicators, lines, strict=True)
        if not indicator.is_adjustment
    ]
    applicable = sum(
        (indicator.full or Fraction(0) for indicator, line in base if line.applies), Fraction(0)
    )
    total = sum((line.points for line in lines), Decimal(0))
    earned = sum((line.points for _indicator, line in base), Decimal(0))
    normalized = _normalized(scheme, earned, total - earned, applicable)
    return Scorecard(
        scheme=scheme,
        lines=lines,
        total=total,
        computed_total=sum((line.computed or Decimal(0) for line in lines), Decimal(0)),
        applicable=round2(applicable),
        normalized=normalized,
        grade=None if normalized is None else _grade(scheme, normalized),
    )


def _line(indicator: Indicator, evidence: Evidence) -> Line:
    applies = indicator.no not in evidence.not_applicable
    counts = applies and indicator.full is not None
    scored = [(part, _score(part, evidence)) for part in indicator.parts] if counts else []
    computed = _sum([outcome for _part, outcome in scored]) if counts else None
    claim = evidence.claims.get(indicator.no) if applies else None
    claimed = round2(claim.points) if claim else None
    return Line(
        no=indicator.no,
        title=indicator.title,
        group=indicator.group,
        full=None if indicator.full is None else round2(indicator.full),
        applies=applies,
        computed=computed,
        claimed=claimed,
        reason=claim.reason if claim else "",
        points=next((value for value in (claimed, computed) if value is not None), Decimal("0.00")),
        working=_working(indicator, applies, [outcome for _part, outcome in scored]),
        parts=tuple(_part_line(part, outcome) for part, outcome in scored)
        if len(scored) > 1
        else (),
    )


def _score(part: Part, evidence: Evidence) -> Scored | None:
    fact = evidence.facts.get(part.fact)
    return None if fact is None else part.formula.score(part.full, fact)


def _sum(outcomes: list[Scored | None]) -> Decimal | None:
    known = [outcome.points for outcome in outcomes if outcome is not None]
    return round2(sum(known, Fraction(0))) if len(known) == len(outcomes) else None


def _part_line(part: Part, outcome: Scored | None) -> PartLine:
    return PartLine(
        part.no,
        part.title,
        round2(part.full),
        round2(outcome.points) if outcome else None,
        outcome.working if outcome else MISSING,
    )


def _working(indicator: Indicator, applies: bool, outcomes: list[Scored | None]) -> str:
    if not applies:
        return "不适用，不计分"
    if indicator.full is None:
        return "分值未公布，不计分"
    return "；".join(outcome.working if outcome else MISSING for outcome in outcomes)


def _normalized(
    scheme: Scheme, base: Decimal, adjustment: Decimal, applicable: Fraction
) -> Decimal | None:
    if not applicable:
        return None
    if scheme.normalization is Normalization.WITH_ADJUSTMENTS:
        exact = Fraction(base + adjustment) / applicable * 100
    else:
        exact = Fraction(base) / applicable * 100 + Fraction(adjustment)
    return round2(exact if scheme.cap is None else min(exact, scheme.cap))


def _grade(scheme: Scheme, normalized: Decimal) -> str:
    return next(
        (grade.label for grade in scheme.grades if normalized >= grade.above),
        scheme.grades[-1].label,
    )
