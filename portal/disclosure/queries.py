"""Reads on disclosure that more than one place needs."""

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa

from portal.db import db
from portal.disclosure.models import FUNDS, DisclosedRecord, DisclosureItem
from portal.funds.models import Allocation, AllocationBatch, FundDocument
from portal.library.models import Project
from portal.rules.vocabulary import BatchStatus, DisclosureKind, DisclosureStatus, ProjectStatus

ONCE_PUBLIC = (DisclosureStatus.PUBLISHED, DisclosureStatus.SUPERSEDED)


def disclosed_on(document_ids: Collection[int]) -> dict[int, date]:
    """Fund document id -> first day on which its allocation result was public, unless withdrawn."""
    statement = (
        sa.select(DisclosedRecord.subject_id, sa.func.min(DisclosureItem.published_on))
        .join(DisclosureItem, DisclosureItem.id == DisclosedRecord.item_id)
        .where(
            DisclosedRecord.folder == FUNDS,
            DisclosedRecord.subject_id.in_(document_ids),
            DisclosureItem.kind == DisclosureKind.FUND_ALLOCATION,
            DisclosureItem.status.in_(ONCE_PUBLIC),
        )
        .group_by(DisclosedRecord.subject_id)
    )
    return {document: on for document, on in db.session.execute(statement) if on}


def documents_with_allocations(county_id: int) -> list[FundDocument]:
    """Fund documents of which an approved batch has placed money, newest year first."""
    statement = (
        sa.select(FundDocument)
        .where(FundDocument.county_id == county_id, FundDocument.id.in_(_approved("document_id")))
        .order_by(FundDocument.year.desc(), FundDocument.id)
    )
    return list(db.session.scalars(statement))


def projects_of(documents: Collection[FundDocument]) -> list[Project]:
    """Projects on which approved batches placed money of the documents."""
    approved = _approved("project_id").where(
        Allocation.document_id.in_([document.id for document in documents])
    )
    return list(
        db.session.scalars(sa.select(Project).where(Project.id.in_(approved)).order_by(Project.id))
    )


def library_projects(county_id: int, year: int, *, with_money: bool = False) -> list[Project]:
    """Admitted projects of a year; only those with approved money, where asked."""
    statement = (
        sa.select(Project)
        .where(
            Project.county_id == county_id,
            Project.year == year,
            Project.status == ProjectStatus.ADMITTED,
        )
        .order_by(Project.id)
    )
    if with_money:
        statement = statement.where(Project.id.in_(_approved("project_id")))
    return list(db.session.scalars(statement))


def _approved(column: str) -> sa.Select[tuple[int]]:
    return (
        sa.select(getattr(Allocation, column))
        .join(AllocationBatch)
        .where(Allocation.void.is_(False), AllocationBatch.status == BatchStatus.APPROVED)
    )
