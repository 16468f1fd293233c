"""What has happened that the public has to hear of: one statement per event, read from the ledger as it is.

An event has a subject (the row that it happened to) and is told of where the projects behind it are.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Organization
from portal.db import Base, db
from portal.funds.facts import placed_whole
from portal.funds.models import Allocation, AllocationBatch, FundDocument
from portal.implementation.models import Execution
from portal.library.models import Project
from portal.performance.models import Assessment, PerformanceForm
from portal.rules.vocabulary import (
    AssessmentStatus,
    BatchStatus,
    DisclosureEvent,
    FormKind,
    FormStatus,
    OrganizationKind,
    ProjectStatus,
)

MOST_IDS = 5_000
"""So many ids go into one statement."""


@dataclass(frozen=True)
class Site:
    """A project behind an event, and who answers for it on the spot."""

    project_id: int
    organization_id: int
    is_village: bool
    township_id: int | None


@dataclass(frozen=True)
class Happening:
    """An event: what happened to which row on which day; ``sites`` is empty where no project is behind it."""

    event: DisclosureEvent
    subject_id: int
    county_id: int
    year: int
    title: str
    on: date
    department_id: int | None
    sites: tuple[Site, ...]


@dataclass(frozen=True)
class Source:
    """How one event is read: the table of its subject, and a statement of its rows.

    The rows are ``subject_id, county_id, year, title, on``, then the project's columns where there is one.
    """

    model: type[Base]
    statement: Callable[[], sa.Select[Any]]

    @property
    def kind(self) -> str:
        """What a duty calls the kind of its subject."""
        return str(self.model.__tablename__)


def happenings(event: DisclosureEvent, subject_ids: Collection[int]) -> list[Happening]:
    """The events of this kind that stand for these subjects, by subject."""
    source = SOURCES[event]
    key = sa.inspect(source.model).primary_key[0]
    found: list[Happening] = []
    for ids in in_parts(subject_ids):
        rows = db.session.execute(source.statement().where(key.in_(ids)).order_by(key)).all()
        found += [_together(event, list(own)) for _id, own in groupby(rows, lambda row: row[0])]
    return found


def in_parts(ids: Iterable[int]) -> Iterator[list[int]]:
    """The ids in order, in parts that fit into one statement."""
    ordered = sorted(set(ids))
    for start in range(0, len(ordered), MOST_IDS):
        yield ordered[start : start + MOST_IDS]


def _together(event: DisclosureEvent, rows: list[Any]) -> Happening:
    """The rows of one subject, a project each; the subject's own facts are the same in all of them."""
    sites = tuple(_site(row) for row in rows if len(row) > PLAIN)
    subject_id, county_id, year, title, on = rows[0][:PLAIN]
    department_id = rows[0].department_id if sites else None
    return Happening(event, subject_id, county_id, year, title[:200], on, department_id, sites)


def _site(row: Any) -> Site:  # noqa: ANN401 - a row of whatever statement
    is_village = row.kind is OrganizationKind.VILLAGE
    return Site(row.project_id, row.organization_id, is_village, row.township_id)


PLAIN = 5
_PROJECT = (
    Project.id.label("project_id"),
    Project.organization_id,
    Organization.kind,
    Project.township_id,
    Project.department_id,
)


def _of_project(day: sa.ColumnElement[Any]) -> sa.Select[Any]:
    return (
        sa.select(Project.id, Project.county_id, Project.year, Project.name, day, *_PROJECT)
        .join(Organization, Organization.id == Project.organization_id)
        .where(Project.status == ProjectStatus.ADMITTED, day.is_not(None))
    )


def _received() -> sa.Select[Any]:
    return _document(FundDocument.received_on.expression)


def _allocated() -> sa.Select[Any]:
    return _document(placed_whole())


def _document(day: sa.ColumnElement[Any]) -> sa.Select[Any]:
    title = sa.func.coalesce(FundDocument.number, FundDocument.title)
    return sa.select(
        FundDocument.id, FundDocument.county_id, FundDocument.year, title, day.label("day")
    ).where(day.is_not(None))


def _admitted() -> sa.Select[Any]:
    return _of_project(Project.admitted_on.expression)


def _planned() -> sa.Select[Any]:
    """The first approval that placed money on the project."""
    first = (
        sa.select(sa.func.min(AllocationBatch.approved_on))
        .join(Allocation, Allocation.batch_id == AllocationBatch.id)
        .where(
            Allocation.project_id == Project.id,
            ~Allocation.void,
            Allocation.amount > 0,
            AllocationBatch.status == BatchStatus.APPROVED,
        )
        .correlate(Project)
        .scalar_subquery()
    )
    return _of_project(first)


def _adjusted() -> sa.Select[Any]:
    """An approved batch that takes money back; its projects are those of its lines, each once."""
    lines = (
        sa.select(
            Allocation.batch_id,
            Allocation.project_id,
            sa.func.min(FundDocument.year).label("year"),
        )
        .join(Allocation.document)
        .where(~Allocation.void)
        .group_by(Allocation.batch_id, Allocation.project_id)
        .subquery()
    )
    return (
        sa.select(
            AllocationBatch.id,
            AllocationBatch.county_id,
            lines.c.year,
            AllocationBatch.title,
            AllocationBatch.approved_on,
            *_PROJECT,
        )
        .join(lines, lines.c.batch_id == AllocationBatch.id)
        .join(Project, Project.id == lines.c.project_id)
        .join(Organization, Organization.id == Project.organization_id)
        .where(
            AllocationBatch.reason != "",
            AllocationBatch.status == BatchStatus.APPROVED,
            AllocationBatch.approved_on.is_not(None),
        )
    )


def _works(day: sa.ColumnElement[Any]) -> sa.Select[Any]:
    return _of_project(day).join(Execution, Execution.project_id == Project.id)


def _form(kind: FormKind) -> sa.Select[Any]:
    form = PerformanceForm
    return (
        sa.select(form.id, form.county_id, form.year, Project.name, form.approved_on, *_PROJECT)
        .join(Project, Project.id == form.project_id)
        .join(Organization, Organization.id == Project.organization_id)
        .where(form.kind == kind, form.status == FormStatus.APPROVED, form.approved_on.is_not(None))
    )


def _assessed() -> sa.Select[Any]:
    """The day of the second signature."""
    finance, agriculture = Assessment.finance_signed_on, Assessment.agriculture_signed_on
    later = sa.case((finance > agriculture, finance), else_=agriculture)
    title = sa.cast(Assessment.year, sa.String) + "年度绩效评价"
    return sa.select(
        Assessment.id, Assessment.county_id, Assessment.year, title, later.label("day")
    ).where(Assessment.status == AssessmentStatus.SUBMITTED, later.is_not(None))


SOURCES: Mapping[DisclosureEvent, Source] = {
    DisclosureEvent.RECEIVED: Source(FundDocument, _received),
    DisclosureEvent.ALLOCATED: Source(FundDocument, _allocated),
    DisclosureEvent.ADMITTED: Source(Project, _admitted),
    DisclosureEvent.PLANNED: Source(Project, _planned),
    DisclosureEvent.ADJUSTED: Source(AllocationBatch, _adjusted),
    DisclosureEvent.STARTED: Source(Project, lambda: _works(Execution.started_on.expression)),
    DisclosureEvent.COMPLETED: Source(Project, lambda: _works(Execution.finished_on.expression)),
    DisclosureEvent.TARGETS_APPROVED: Source(PerformanceForm, lambda: _form(FormKind.DECLARATION)),
    DisclosureEvent.EVALUATED: Source(PerformanceForm, lambda: _form(FormKind.SELF_EVALUATION)),
    DisclosureEvent.ASSESSED: Source(Assessment, _assessed),
}
"""By event; a new kind of event is one more line."""
