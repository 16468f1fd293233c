"""Lets the duties follow the facts: before each commit, what changed is settled in the same unit of work.

The changes that the audit trail collects say which rows were touched; a bulk insert names only its table,
and then the subjects of that county which have no duty yet are looked at.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from portal import clock
from portal.db import Change, Unit, db
from portal.disclosure.models import (
    DisclosureDuty,
    DisclosureItem,
    disclosure_document,
    disclosure_project,
)
from portal.duties.facts import SOURCES, in_parts
from portal.duties.operations import rules, settle
from portal.funds.models import Allocation, AllocationBatch, FundDocument
from portal.implementation.models import Execution
from portal.library.models import Project, PublicNotice
from portal.performance.models import Assessment, PerformanceForm
from portal.rules.vocabulary import DisclosureEvent as Event
from portal.rules.vocabulary import DisclosureKind, DisclosureLevel

Subjects = Iterator[tuple[Event, Collection[int]]]

PROJECT_EVENTS = (Event.ADMITTED, Event.PLANNED, Event.STARTED, Event.COMPLETED)
FORM_EVENTS = (Event.TARGETS_APPROVED, Event.EVALUATED)
_ANY: frozenset[str] = frozenset()


def install() -> None:
    """Listen before the audit trail does, so that the duties' own changes enter it as well."""
    if not event.contains(Session, "before_commit", _follow):
        event.listen(Session, "before_commit", _follow, insert=True)


def _follow(session: Session) -> None:
    unit: Unit | None = session.info.get("unit")
    if unit is None or unit.read_only:
        return
    session.flush()
    touched, added = _touched(unit.changes)
    wanted: dict[Event, set[int]] = defaultdict(set)
    for table, ids in touched.items():
        for kind, subjects in WATCHED[table].subjects(ids):
            wanted[kind].update(subjects)
    for kind, source in SOURCES.items():
        for county_id in added.get(source.kind, ()):
            wanted[kind].update(_without_duty(kind, county_id))
    if wanted:
        settle(wanted, clock.today())


def _touched(
    changes: Collection[Change],
) -> tuple[dict[str, set[int]], dict[str, set[int | None]]]:
    """The ids of changed rows by table, and for bulk inserts the counties by table."""
    touched: dict[str, set[int]] = defaultdict(set)
    added: dict[str, set[int | None]] = defaultdict(set)
    for change in changes:
        watch = WATCHED.get(change.table)
        if watch is None:
            continue
        if change.verb == "bulk_insert":
            added[change.table].add(change.county_id)
        elif change.verb == "insert" or not watch.columns or watch.columns & change.diff.keys():
            touched[change.table].add(int(change.row_id))
    return touched, added


def _without_duty(kind: Event, county_id: int | None) -> list[int]:
    source = SOURCES[kind]
    codes = [rule.code for rule in rules().values() if rule.event is kind]
    key = sa.inspect(source.model).primary_key[0]
    statement = source.statement().with_only_columns(key, maintain_column_froms=True)
    statement = statement.where(
        ~sa.exists().where(
            DisclosureDuty.rule.in_(codes),
            DisclosureDuty.subject_kind == source.kind,
            DisclosureDuty.subject_id == key,
        )
    )
    if county_id is not None:
        statement = statement.where(key.table.c.county_id == county_id)
    return list(db.session.scalars(statement))


class Watch:
    """A table that duties depend on: which subjects a changed row speaks of.

    An update counts only where it touches one of ``columns``; empty: any update counts.
    """

    def __init__(
        self, subjects: Callable[[Collection[int]], Subjects], columns: frozenset[str] = _ANY
    ) -> None:
        self.subjects = subjects
        self.columns = columns


def _documents(ids: Collection[int]) -> Subjects:
    yield Event.RECEIVED, ids
    yield Event.ALLOCATED, ids


def _batches(ids: Collection[int]) -> Subjects:
    yield Event.ADJUSTED, ids
    yield Event.ALLOCATED, _linked(Allocation.document_id, Allocation.batch_id, ids)
    yield Event.PLANNED, _linked(Allocation.project_id, Allocation.batch_id, ids)


def _projects(ids: Collection[int]) -> Subjects:
    for kind in PROJECT_EVENTS:
        yield kind, ids


def _works(ids: Collection[int]) -> Subjects:
    projects = _linked(Execution.project_id, Execution.id, ids)
    yield Event.STARTED, projects
    yield Event.COMPLETED, projects


def _notices(ids: Collection[int]) -> Subjects:
    projects = _linked(PublicNotice.project_id, PublicNotice.id, ids)
    yield from _told_of(projects, _local_events())


def _items(ids: Collection[int]) -> Subjects:
    """Only the events that an item of its kind can meet are looked at."""
    kinds = set(_linked(DisclosureItem.kind, DisclosureItem.id, ids))
    events = {rule.event for rule in rules().values() if kinds & set(rule.kinds)}
    documents = _linked(disclosure_document.c.document_id, disclosure_document.c.item_id, ids)
    for kind in events & {Event.RECEIVED, Event.ALLOCATED}:
        yield kind, documents
    projects = _linked(disclosure_project.c.project_id, disclosure_project.c.item_id, ids)
    yield from _told_of(projects, events)
    if Event.ASSESSED in events:
        years = sa.select(DisclosureItem.county_id, DisclosureItem.year)
        mine = sa.tuple_(Assessment.county_id, Assessment.year)
        of_years = mine.in_(years.where(DisclosureItem.id.in_(ids)))
        yield Event.ASSESSED, db.session.scalars(sa.select(Assessment.id).where(of_years)).all()


def _told_of(projects: Collection[int], events: Collection[Event]) -> Subjects:
    """The subjects of these events behind which the projects are."""
    if not projects:
        return
    for kind in PROJECT_EVENTS:
        if kind in events:
            yield kind, projects
    if any(kind in events for kind in FORM_EVENTS):
        forms = _linked(PerformanceForm.id, PerformanceForm.project_id, projects)
        for kind in FORM_EVENTS:
            yield kind, forms
    if Event.ADJUSTED in events:
        yield Event.ADJUSTED, _linked(Allocation.batch_id, Allocation.project_id, projects)


def _local_events() -> set[Event]:
    return {rule.event for rule in rules().values() if rule.level is not DisclosureLevel.COUNTY}


def _forms(ids: Collection[int]) -> Subjects:
    for kind in FORM_EVENTS:
        yield kind, ids


def _assessments(ids: Collection[int]) -> Subjects:
    yield Event.ASSESSED, ids


def _linked(
    wanted: sa.ColumnElement[int] | sa.ColumnElement[DisclosureKind] | object,
    by: object,
    ids: Collection[int],
) -> list[int]:
    """What some rows name in one column, for the ids in another."""
    found: set[int] = set()
    for some in in_parts(ids):
        found.update(db.session.scalars(sa.select(wanted).where(by.in_(some))))  # type: ignore[arg-type, attr-defined]
    return list(found)


WATCHED: Mapping[str, Watch] = {
    FundDocument.__tablename__: Watch(
        _documents, frozenset({"received_on", "number", "title", "year", "amount"})
    ),
    AllocationBatch.__tablename__: Watch(
        _batches, frozenset({"status", "approved_on", "title", "reason"})
    ),
    Project.__tablename__: Watch(
        _projects,
        frozenset(
            {
                *("status", "admitted_on", "name", "year", "organization_id"),
                *("township_id", "department_id", "villages"),
            }
        ),
    ),
    Execution.__tablename__: Watch(_works, frozenset({"started_on", "finished_on"})),
    PublicNotice.__tablename__: Watch(
        _notices, frozenset({"from_on", "to_on", "stage", "level", "place", "photo_id"})
    ),
    DisclosureItem.__tablename__: Watch(_items, frozenset({"status", "published_on", "to_on"})),
    PerformanceForm.__tablename__: Watch(_forms, frozenset({"status", "approved_on"})),
    Assessment.__tablename__: Watch(_assessments, frozenset({"status"})),
}
"""By table; duties never look at a row of any other."""
