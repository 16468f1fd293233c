"""What the public can see differently since an earlier build, read from the audit trail.

The trail is the one list that every write is in, numbered in the order of the commits: nothing that was
approved while a build was running can fall between two builds.
"""

from collections.abc import Collection

import sqlalchemy as sa

from portal.audit.models import AuditEntry, AuditHead
from portal.db import db
from portal.disclosure.models import FUNDS, NOTICES, PROJECTS, DisclosedRecord
from portal.funds.models import Allocation, AllocationBatch
from portal.implementation.models import (
    Acceptance,
    Contract,
    Execution,
    ProgressPhoto,
    ProgressReport,
    ProjectChange,
)
from portal.payments.models import Posting
from portal.privacy.queries import changed_since
from portal.rules.vocabulary import BatchStatus
from public_site import Changed

SHARED = frozenset({"setting", "organization"})
OF_PROJECTS = {
    model.__tablename__: model
    for model in (Posting, Execution, Contract, Acceptance, ProjectChange, ProgressReport)
}
"""Tables whose rows belong to a project and show on its page."""
PHOTOS, POSTINGS = ProgressPhoto.__tablename__, Posting.__tablename__
STEERING = frozenset({"disclosure_item", "allocation_batch", "project", PHOTOS, *OF_PROJECTS})
MANY = 2000
"""More changed rows than this are not looked at one by one."""

Addresses = set[tuple[str, str]]


def latest_seq() -> int:
    """How far the trail has come."""
    return db.session.scalar(sa.select(AuditHead.seq)) or 0


def touched_since(seq: int, county_id: int) -> Addresses | None:
    """(folder, code) of what may look different; None: anything may.

    A permission that was given or taken back may concern any page.
    """
    if changed_since(seq, county_id):
        return None
    statement = (
        sa.select(AuditEntry.table_name, AuditEntry.row_id)
        .where(AuditEntry.seq > seq, AuditEntry.table_name.in_(SHARED | STEERING))
        .distinct()
        .limit(MANY + 1)
    )
    rows: dict[str, set[str]] = {}
    for table, row_id in (found := db.session.execute(statement).all()):
        rows.setdefault(table, set()).add(row_id)
    if len(found) > MANY or rows.keys() & SHARED or any("" in ids for ids in rows.values()):
        return None
    ids = {table: {int(row_id) for row_id in rows.get(table, ())} for table in STEERING}
    return {
        *_item_addresses(county_id, ids["disclosure_item"]),
        *_addresses(county_id, _about(PROJECTS, ids["project"] | _projects(ids))),
        *_addresses(county_id, _about(FUNDS, _paying_funds(ids[POSTINGS]))),
        *_batch_addresses(county_id, ids["allocation_batch"]),
    }


def as_changed(addresses: Addresses | None) -> Changed | None:
    """The same as the generator takes it; fund documents are compared by it anyway."""
    if addresses is None:
        return None
    return Changed(
        frozenset(code for folder, code in addresses if folder == PROJECTS),
        frozenset(code for folder, code in addresses if folder == NOTICES),
    )


def _projects(ids: dict[str, set[int]]) -> set[int]:
    """The projects of rows of :data:`OF_PROJECTS` and of photos, given by table."""
    selects = [
        sa.select(model.project_id).where(model.id.in_(ids[table]))
        for table, model in OF_PROJECTS.items()
        if ids[table]
    ]
    shown = sa.select(ProgressReport.project_id).join(ProgressReport.photos)
    selects.append(shown.where(ProgressPhoto.id.in_(ids[PHOTOS])))
    return {found for select in selects for found in db.session.scalars(select)}


def _paying_funds(posting_ids: Collection[int]) -> set[int]:
    """The documents of the postings: their sums count what was paid for hidden projects too."""
    documents = sa.select(Posting.document_id).where(Posting.id.in_(posting_ids))
    return {*db.session.scalars(documents)}


def _item_addresses(county_id: int, item_ids: Collection[int]) -> Addresses:
    """What the items are about, and the projects that name the money of their fund documents."""
    records = DisclosedRecord.item_id.in_(item_ids)
    funds = sa.select(DisclosedRecord.subject_id).where(records, DisclosedRecord.folder == FUNDS)
    documents = {*db.session.scalars(funds)}
    projects = {
        project
        for model in (Allocation, Posting)
        for project in db.session.scalars(
            sa.select(model.project_id).where(model.document_id.in_(documents)).distinct()
        )
    }
    return _addresses(county_id, records) | _addresses(county_id, _about(PROJECTS, projects))


def _batch_addresses(county_id: int, batch_ids: Collection[int]) -> Addresses:
    lines = db.session.execute(
        sa.select(Allocation.document_id, Allocation.project_id)
        .join(AllocationBatch)
        .where(AllocationBatch.id.in_(batch_ids), AllocationBatch.status == BatchStatus.APPROVED)
    ).all()
    about = sa.or_(
        _about(FUNDS, {document for document, _project in lines}),
        _about(PROJECTS, {project for _document, project in lines}),
    )
    return _addresses(county_id, about)


def _about(folder: str, subject_ids: Collection[int]) -> sa.ColumnElement[bool]:
    return sa.and_(DisclosedRecord.folder == folder, DisclosedRecord.subject_id.in_(subject_ids))


def _addresses(county_id: int, condition: sa.ColumnElement[bool]) -> Addresses:
    statement = sa.select(DisclosedRecord.folder, DisclosedRecord.code).where(
        DisclosedRecord.county_id == county_id, condition
    )
    return {(folder, code) for folder, code in db.session.execute(statement)}
