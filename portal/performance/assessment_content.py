"""What both departments sign: everything in one fixed form of JSON, and what changed since.

Sorted keys and no idle space: the same assessment gives the same bytes, and the same hash.
"""

import json
from dataclasses import asdict
from decimal import Decimal
from fractions import Fraction
from typing import Any

from portal.performance.assessment_cards import Gathered, score_of
from portal.performance.models import Assessment
from portal.rules.scoring.working import shown

Content = dict[str, Any]


def content_of(assessment: Assessment, gathered: Gathered) -> Content:
    """The figures of an assessment without its signatures: inputs, scheme, lines and the files' hashes."""
    card = score_of(gathered)
    return {
        "year": assessment.year,
        "counted_on": assessment.counted_on.isoformat(),
        "scheme": assessment.scheme,
        "not_applicable": sorted(gathered.not_applicable),
        "facts": {
            name: {"origin": gathered.origin(name), "value": asdict(fact)}
            for name, fact in gathered.evidence.facts.items()
        },
        "claims": {no: asdict(claim) for no, claim in gathered.claims.items()},
        "lines": [asdict(line) for line in card.lines],
        "total": card.total,
        "computed_total": card.computed_total,
        "applicable": card.applicable,
        "normalized": card.normalized,
        "grade": card.grade,
        "evidence": [
            {"no": one.no, "title": one.title, "name": one.file.name, "sha256": one.file.sha256}
            for one in assessment.evidence
            if one.removed_on is None
        ],
    }


def signatures_of(assessment: Assessment) -> Content:
    """Who signed for whom on which day."""
    return {
        "finance": [assessment.finance_signed_by, str(assessment.finance_signed_on)],
        "agriculture": [assessment.agriculture_signed_by, str(assessment.agriculture_signed_on)],
    }


def written(content: Content) -> str:
    """The content in its one fixed form."""
    return json.dumps(
        content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain
    )


def changes(before: str, after: str) -> tuple[str, ...]:
    """In words, what differs between two contents: lines with their points, else that something does."""
    if before == after:
        return ()
    old, new = (
        {line["no"]: line for line in json.loads(text)["lines"]} for text in (before, after)
    )
    lines = tuple(
        f"第 {no} 行 {old[no]['computed']} → {new[no]['computed']}"
        for no in old
        if old[no]["computed"] != new[no]["computed"]
    )
    return lines or ("得分没有变，依据的数据变了",)


def _plain(value: object) -> str:
    if isinstance(value, Fraction):
        return shown(value)
    return str(value) if isinstance(value, Decimal) else value.isoformat()  # type: ignore[attr-defined]
