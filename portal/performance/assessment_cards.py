"""What is known for an assessment, where each fact comes from, and the scorecard that it makes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from portal.performance.ledger_facts import ledger_facts
from portal.performance.models import Assessment, AssessmentClaim
from portal.rules.scoring.entries import fact_of, values_of
from portal.rules.scoring.facts import Fact
from portal.rules.scoring.scheme import Claim, Evidence, Scheme, parse_scheme
from portal.rules.scoring.scorecard import Line, PartLine, Scorecard, score
from portal.rules.vocabulary import AssessmentStatus, FactOrigin


@dataclass(frozen=True)
class Gathered:
    """A scheme, and the facts that it asks for: those of the ledger, and those that people entered."""

    scheme: Scheme
    ledger: Mapping[str, Fact]
    entered: Mapping[str, Fact]
    claims: Mapping[str, Claim]
    not_applicable: frozenset[str]

    @cached_property
    def evidence(self) -> Evidence:
        """All that is known; what the ledger knows goes before what people entered."""
        return Evidence({**self.entered, **self.ledger}, self.not_applicable, self.claims)

    def origin(self, name: str) -> FactOrigin:
        """Where a fact comes from."""
        if name in self.ledger:
            return FactOrigin.LEDGER
        return FactOrigin.ENTERED if name in self.entered else FactOrigin.MISSING


def scheme_of(assessment: Assessment) -> Scheme:
    """The table by which it is scored; it was checked when it was taken in."""
    return parse_scheme("评分方案", assessment.scheme.encode())


def gather(assessment: Assessment, day: date | None = None) -> Gathered:
    """What is known on the assessment's own day, or what will be known on another one."""
    known = with_entered(assessment, scheme_of(assessment), day)
    return replace(
        known,
        claims={claim.no: _claim(claim) for claim in assessment.claims},
        not_applicable=not_applicable(assessment),
    )


def with_entered(assessment: Assessment, scheme: Scheme, day: date | None = None) -> Gathered:
    """The facts alone, for whatever scheme; claims belong to the lines of the assessment's own."""
    return replace(
        gather_year(assessment.county_id, assessment.year, day or assessment.counted_on, scheme),
        entered={
            fact.name: fact_of(scheme.parts[fact.name], values_of(fact.content))
            for fact in assessment.facts
            if fact.name in scheme.parts
        },
    )


def gather_year(county_id: int, year: int, day: date, scheme: Scheme) -> Gathered:
    """What the ledger alone knows of a year."""
    known = ledger_facts(county_id, year, day)
    found = {name: fact for name, fact in known.items() if name in scheme.parts}
    return Gathered(scheme, found, {}, {}, frozenset())


def card(assessment: Assessment) -> Scorecard:
    """The score sheet: computed while the assessment is open, as it was signed from then on."""
    if assessment.status is AssessmentStatus.OPEN:
        return score_of(gather(assessment))
    return signed_card(assessment)


def score_of(gathered: Gathered) -> Scorecard:
    """The score sheet of what is known."""
    return score(gathered.scheme, gathered.evidence)


def signed_card(assessment: Assessment) -> Scorecard:
    """The score sheet that the first signature fixed; nothing is computed again."""
    content = json.loads(assessment.content)
    return Scorecard(
        scheme=scheme_of(assessment),
        lines=tuple(_line(line) for line in content["lines"]),
        total=Decimal(content["total"]),
        computed_total=Decimal(content["computed_total"]),
        applicable=Decimal(content["applicable"]),
        normalized=_points(content["normalized"]),
        grade=content["grade"],
    )


def not_applicable(assessment: Assessment) -> frozenset[str]:
    """The lines that do not apply to this county."""
    return frozenset(assessment.not_applicable.split())


def differs(line: Line) -> bool:
    """Whether officials claim other points than the rule gives."""
    return line.claimed is not None and line.computed is not None and line.claimed != line.computed


def _claim(claim: AssessmentClaim) -> Claim:
    return Claim(Fraction(claim.points, 100), claim.reason)


def _line(values: dict[str, object]) -> Line:
    parts = values["parts"]
    assert isinstance(parts, list)
    points = {name: _points(values[name]) for name in ("full", "computed", "claimed", "points")}
    return Line(**{**values, **points, "parts": tuple(_part(part) for part in parts)})  # type: ignore[arg-type]


def _part(values: dict[str, object]) -> PartLine:
    points = {name: _points(values[name]) for name in ("full", "computed")}
    return PartLine(**{**values, **points})  # type: ignore[arg-type]


def _points(text: object) -> Decimal | None:
    return None if text is None else Decimal(str(text))
