"""Which forms a year's projects owe: those with money, what each has handed in, and what is missing."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.accounts.models import Organization
from portal.accounts.scopes import visible
from portal.db import db
from portal.funds.models import FundDocument, Placement
from portal.library.models import Project
from portal.library.queries import book
from portal.performance.models import PerformanceForm
from portal.rules.access import Action, Actor
from portal.rules.performance_tables import FormDuty
from portal.rules.vocabulary import DutyState, FormKind, FormStatus, ProjectStatus

_township = aliased(Organization)
_Key = tuple[FormKind, int | None]


@dataclass(frozen=True)
class Chosen:
    """What the list is narrowed to; None does not narrow."""

    year: int
    township_id: int | None = None
    state: DutyState | None = None


@dataclass(frozen=True)
class Owed:
    """One form that a project owes, as it stands; ``form_id`` None where nobody began it."""

    duty: FormDuty
    state: DutyState
    form_id: int | None


@dataclass(frozen=True)
class ProjectLine:
    """One project with placed money, in fen, and the forms of its year."""

    id: int
    code: str
    name: str
    township: str | None
    allocated: int
    forms: tuple[Owed, ...]


def project_lines(
    actor: Actor, chosen: Chosen, today: date, action: Action = Action.VIEW_PERFORMANCE
) -> list[ProjectLine]:
    """The admitted projects with money of the year that the choice leaves, by code; two queries."""
    rows = db.session.execute(_statement(actor, chosen, action)).mappings().all()
    forms = _forms([row["id"] for row in rows], chosen.year)
    lines = [ProjectLine(**row, forms=owed(chosen.year, forms[row["id"]], today)) for row in rows]
    return [line for line in lines if _fits(line, chosen.state)]


def owed(year: int, begun: Mapping[_Key, tuple[int, FormStatus]], today: date) -> tuple[Owed, ...]:
    """The forms of a project and year; a monitoring of another month stands with those of the book."""
    first, *monitorings, last = book().monitoring.duties(year)
    known = {duty.month for duty in monitorings}
    monitorings += [
        FormDuty(FormKind.MONITORING, f"1—{month}月监控", month)
        for kind, month in begun
        if kind is FormKind.MONITORING and month not in known
    ]
    duties = [first, *sorted(monitorings, key=lambda duty: duty.month or 0), last]
    found = []
    for duty in duties:
        form_id, status = begun.get((duty.kind, duty.month), (None, None))
        found.append(Owed(duty, duty.state(status, today), form_id))
    return tuple(found)


def forms_of_project(project_id: int, today: date) -> dict[int, tuple[Owed, ...]]:
    """Year -> the forms of a project, for each year with money or with a form, the latest first."""
    begun: dict[int, dict[_Key, tuple[int, FormStatus]]] = defaultdict(dict)
    forms = db.session.scalars(sa.select(PerformanceForm).filter_by(project_id=project_id))
    for form in forms:
        begun[form.year][form.kind, form.month] = (form.id, form.status)
    funded = db.session.scalars(
        sa.select(FundDocument.year)
        .join(Placement, Placement.document_id == FundDocument.id)
        .where(Placement.project_id == project_id, Placement.allocated_amount > 0)
    )
    years = sorted({*funded, *begun}, reverse=True)
    return {year: owed(year, begun[year], today) for year in years}


def free_months(year: int, forms: Sequence[Owed], today: date) -> list[int]:
    """The months that have begun and are neither monitored yet nor due by the book, the latest first."""
    taken = {one.duty.month for one in forms}
    begun = [month for month in range(1, 13) if date(year, month, 1) <= today]
    return [month for month in reversed(begun) if month not in taken]


def counts_of(lines: Sequence[ProjectLine]) -> Mapping[DutyState, int]:
    """How many forms stand where."""
    return Counter(one.state for line in lines for one in line.forms)


def regional_form(county_id: int, year: int) -> PerformanceForm | None:
    """转移支付区域绩效自评表 of a county and year."""
    return db.session.scalar(
        sa.select(PerformanceForm).filter_by(county_id=county_id, kind=FormKind.REGIONAL, year=year)
    )


@dataclass(frozen=True)
class HandedIn:
    """Of one form: how many projects lack it, the units that answer for these, and the latest day of one."""

    missing: int
    units: tuple[int | None, ...]
    latest_on: date | None


def handed_in(county_id: int, year: int, kind: FormKind, month: int | None) -> HandedIn:
    """Who of the projects with money of the year handed a form in, and who did not."""
    with_money = (
        sa.select(Placement.project_id)
        .join(Placement.document)
        .where(
            FundDocument.county_id == county_id,
            FundDocument.year == year,
            Placement.allocated_amount > 0,
        )
        .distinct()
    )
    given = sa.select(PerformanceForm.project_id).where(
        PerformanceForm.project_id.in_(with_money),
        PerformanceForm.kind == kind,
        PerformanceForm.year == year,
        PerformanceForm.month.is_not_distinct_from(month),
        PerformanceForm.status != FormStatus.DRAFT,
    )
    lacking = db.session.execute(
        sa.select(Project.organization_id, Project.township_id, Project.department_id).where(
            Project.id.in_(with_money), Project.id.not_in(given)
        )
    ).all()
    latest_on = db.session.scalar(
        given.with_only_columns(sa.func.max(PerformanceForm.submitted_on))
    )
    return HandedIn(len(lacking), tuple({unit for row in lacking for unit in row}), latest_on)


def _forms(
    project_ids: Collection[int], year: int
) -> defaultdict[int, dict[_Key, tuple[int, FormStatus]]]:
    statement = sa.select(
        PerformanceForm.project_id,
        PerformanceForm.kind,
        PerformanceForm.month,
        PerformanceForm.id,
        PerformanceForm.status,
    ).where(PerformanceForm.project_id.in_(project_ids), PerformanceForm.year == year)
    found: defaultdict[int, dict[_Key, tuple[int, FormStatus]]] = defaultdict(dict)
    for project_id, kind, month, form_id, status in db.session.execute(statement):
        found[project_id][kind, month] = (form_id, status)
    return found


def _statement(
    actor: Actor, chosen: Chosen, action: Action
) -> sa.Select[tuple[int, str, str, str, int]]:
    allocated = sa.func.sum(Placement.allocated_amount)
    statement = (
        sa.select(
            Project.id,
            Project.code,
            Project.name,
            _township.name.label("township"),
            sa.cast(allocated, sa.BigInteger).label("allocated"),
        )
        .join(Placement, Placement.project_id == Project.id)
        .join(Placement.document)
        .outerjoin(_township, _township.id == Project.township_id)
        .where(FundDocument.year == chosen.year, Project.status == ProjectStatus.ADMITTED)
        .group_by(Project.id, _township.name)
        .having(allocated > 0)
        .order_by(Project.code)
    )
    if chosen.township_id is not None:
        statement = statement.where(Project.township_id == chosen.township_id)
    return visible(statement, Project, actor, action)


def _fits(line: ProjectLine, state: DutyState | None) -> bool:
    return state is None or any(one.state is state for one in line.forms)
