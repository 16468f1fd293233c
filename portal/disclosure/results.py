"""What approved forms say of projects' performance: the targets declared, and what was reached.

The forms stand to the right of disclosure, which may not import them; the names of their tables are enough
to ask (decision 007). An approved form is locked: what is told of it stays true.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from portal.db import db
from portal.rules.indicators import number
from portal.rules.money import yuan
from portal.rules.performance_points import execution_score, grade
from portal.rules.vocabulary import Comparison, DisclosureKind, FormKind, FormStatus, TargetLevel

TELLING = {
    DisclosureKind.TARGETS: FormKind.DECLARATION,
    DisclosureKind.PERFORMANCE: FormKind.SELF_EVALUATION,
}
"""Which approved form each kind of notice tells of."""
_form = sa.table(
    "performance_form",
    *map(sa.column, ("id", "county_id", "project_id", "kind", "status", "year")),
    *map(sa.column, ("budget_amount", "executed_amount")),
)
_line = sa.table(
    "indicator_line",
    *map(sa.column, ("form_id", "position", "level", "name", "comparison", "value", "unit")),
    *map(sa.column, ("achieved", "score")),
)
Told = dict[str, Any]


def told_by_forms(kind: DisclosureKind, year: int, project_ids: Collection[int]) -> dict[int, Told]:
    """Project id -> what a notice of the kind adds to the project; nothing without an approved form."""
    if kind not in TELLING:
        return {}
    of_year = _approved(TELLING[kind], *_form.c).where(
        _form.c.year == year, _form.c.project_id.in_(project_ids)
    )
    forms = db.session.execute(of_year).all()
    lines = _lines([form.id for form in forms])
    tell = _targets if kind is DisclosureKind.TARGETS else _evaluation
    return {form.project_id: tell(form, lines[form.id]) for form in forms}


def projects_with_form(kind: DisclosureKind, county_id: int, year: int) -> sa.Select[Any]:
    """Ids of the year's projects of which a notice of the kind has something to tell."""
    return _approved(TELLING[kind], _form.c.project_id).where(
        _form.c.county_id == county_id, _form.c.year == year
    )


def _approved(kind: FormKind, *columns: Any) -> sa.Select[Any]:  # noqa: ANN401 - columns as given
    return (
        sa.select(*columns)
        .select_from(_form)
        .where(_form.c.kind == kind.value, _form.c.status == FormStatus.APPROVED.value)
    )


def _lines(form_ids: Collection[int]) -> dict[int, list[Any]]:
    statement = (
        sa.select(_line)
        .where(_line.c.form_id.in_(form_ids))
        .order_by(_line.c.form_id, _line.c.position)
    )
    found: dict[int, list[Any]] = defaultdict(list)
    for line in db.session.execute(statement):
        found[line.form_id].append(line)
    return found


def _targets(_: Any, lines: Sequence[Any]) -> Told:  # noqa: ANN401 - a row
    return {"targets": [_declared(line) for line in lines]}


def _evaluation(form: Any, lines: Sequence[Any]) -> Told:  # noqa: ANN401 - a row
    """Points, grade and what was reached; who wrote or approved it is not told."""
    score = execution_score(int(form.budget_amount), int(form.executed_amount))
    score += sum(line.score or 0 for line in lines)
    results = [(*_declared(line), _reached(line)) for line in lines]
    told = {"year": form.year, "score": yuan(score), "grade": grade(score), "results": results}
    return {"evaluation": told}


def _declared(line: Any) -> tuple[str, str, str]:  # noqa: ANN401 - a row
    """Group, name and target, as :func:`portal.disclosure.snapshots` tells those of an application."""
    comparison = Comparison(line.comparison).label
    return TargetLevel(line.level).label, line.name, f"{comparison}{line.value}{line.unit}"


def _reached(line: Any) -> str:  # noqa: ANN401 - a row
    unit = line.unit if number(line.achieved) is not None else ""
    return f"{line.achieved}{unit}"
