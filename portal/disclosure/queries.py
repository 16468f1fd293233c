"""Reads on disclosure that more than one place needs."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import current_app

from portal.db import Setting, db
from portal.disclosure.models import FUNDS, NOTICES, PROJECTS, DisclosedRecord, DisclosureItem
from portal.disclosure.results import TELLING, projects_with_form
from portal.disclosure.snapshots import Snapshot, snapshot
from portal.funds.models import Allocation, AllocationBatch, FundDocument
from portal.library.models import Project
from portal.rules.access import Action, Actor, holds
from portal.rules.disclosure_flow import FREE_KINDS
from portal.rules.vocabulary import BatchStatus, DisclosureKind, DisclosureStatus, ProjectStatus

PAGE_SIZE = 30
PREVIEWED = 50
"""So many projects of a preview are shown in full; a longer list says how many more there are."""
FOLDERS = (NOTICES, FUNDS, PROJECTS)
ONCE_PUBLIC = (DisclosureStatus.PUBLISHED, DisclosureStatus.SUPERSEDED)
_READ_DRAFTS = (Action.DRAFT_DISCLOSURE, Action.APPROVE_DISCLOSURE, Action.VIEW_AUDIT)
_WITHDRAWN = sa.orm.aliased(DisclosureItem)


def site_address(county_id: int) -> str:
    """Where the public site is, by the county's own setting, else by that of the installation; or empty."""
    kept = db.session.get(Setting, f"site.{county_id}.web_address")
    return (kept.value if kept else "") or current_app.config["SITE_URL"]


def readable(actor: Actor) -> sa.ColumnElement[bool]:
    """Whether a person may read an item: drafts are for those who write, approve or audit them.

    A draft may hold what must not leave the office; the others read what the public was told.
    """
    if any(holds(actor, action) for action in _READ_DRAFTS):
        return sa.true()
    return DisclosureItem.published_on.is_not(None)


def stays_told() -> sa.ColumnElement[bool]:
    """Whether the public was told by this edition and the telling was not taken back with a later one."""
    taken_back = sa.exists().where(
        _WITHDRAWN.county_id == DisclosureItem.county_id,
        _WITHDRAWN.code == DisclosureItem.code,
        _WITHDRAWN.status == DisclosureStatus.WITHDRAWN,
    )
    return sa.and_(DisclosureItem.status.in_(ONCE_PUBLIC), ~taken_back)


@dataclass(frozen=True)
class Wanted:
    """The filters of the ledger as they stand in its address."""

    q: str = ""
    kind: str = ""
    status: str = ""
    year: str = ""

    @classmethod
    def read(cls, arguments: Mapping[str, str]) -> "tuple[Wanted, int]":
        """Filters and page number; what cannot be one is left out."""
        page = arguments.get("page", "")[:6]
        found = {name: arguments.get(name, "").strip()[:60] for name in cls.__dataclass_fields__}
        return cls(**found), max(1, int(page)) if page.isdecimal() else 1

    @property
    def arguments(self) -> dict[str, str]:
        """The filters that are set, for addresses."""
        return {name: value for name, value in asdict(self).items() if value}


@dataclass(frozen=True)
class Page:
    """One page of the ledger."""

    items: Sequence[DisclosureItem]
    number: int
    pages: int
    total: int


def page_of(statement: sa.Select[tuple[DisclosureItem]], wanted: Wanted, number: int) -> Page:
    """The filtered items, the newest first."""
    statement = statement.where(*_conditions(wanted))
    total = db.session.scalar(sa.select(sa.func.count()).select_from(statement.subquery())) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(number, pages)
    newest = statement.order_by(DisclosureItem.id.desc())
    rows = db.session.scalars(newest.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)).all()
    return Page(rows, number, pages, total)


def _conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if kind := DisclosureKind.named(wanted.kind):
        conditions.append(DisclosureItem.kind.in_((kind,)))
    if status := DisclosureStatus.named(wanted.status):
        conditions.append(DisclosureItem.status.in_((status,)))
    if wanted.year.isdecimal() and len(wanted.year) == 4:
        conditions.append(DisclosureItem.year.in_((int(wanted.year),)))
    if wanted.q:
        conditions.append(DisclosureItem.title.contains(wanted.q, autoescape=True))
    return conditions


@dataclass(frozen=True)
class Preview:
    """What the public will see: the notice, its fund documents, the first of its projects."""

    notice: dict[str, Any]
    funds: list[dict[str, Any]]
    projects: list[dict[str, Any]]
    more: int


def preview(snapshots: Sequence[Snapshot]) -> Preview:
    """The same snapshot that approving would store, by kind."""
    of = {folder: [one.content for one in snapshots if one.folder == folder] for folder in FOLDERS}
    return Preview(
        of[NOTICES][0],
        of[FUNDS],
        of[PROJECTS][:PREVIEWED],
        max(0, len(of[PROJECTS]) - PREVIEWED),
    )


def snapshots_of(item: DisclosureItem) -> list[Snapshot]:
    """What was approved, or what would be approved now while the item is on its way."""
    if item.decided_by_id is None:
        return snapshot(item)
    statement = (
        sa.select(DisclosedRecord)
        .where(DisclosedRecord.item_id == item.id)
        .order_by(DisclosedRecord.id)
    )
    return [
        Snapshot(one.folder, one.code, one.subject_id, json.loads(one.content))
        for one in db.session.scalars(statement)
    ]


def editions(item: DisclosureItem) -> list[DisclosureItem]:
    """All editions at the same address, the newest first."""
    statement = sa.select(DisclosureItem).where(
        DisclosureItem.county_id == item.county_id, DisclosureItem.code == item.code
    )
    return list(db.session.scalars(statement.order_by(DisclosureItem.edition.desc())))


def may_cover(item: DisclosureItem) -> tuple[list[FundDocument], list[Project]]:
    """What the item can be made to cover: documents, projects of its year, or what it was drafted for."""
    kind, county_id = item.kind, item.county_id
    if kind is DisclosureKind.FUND_ALLOCATION:
        return documents_with_allocations(county_id), []
    if kind is DisclosureKind.FUND_RECEIPT:
        return documents_of(county_id), []
    if kind is DisclosureKind.ADJUSTMENT:
        return list(item.documents), list(item.projects)
    if kind in FREE_KINDS:
        return [], []
    if kind in TELLING:
        return [], projects_told(kind, county_id, item.year)
    plan = kind is not DisclosureKind.LIBRARY
    return [], library_projects(county_id, item.year, with_money=plan)


def disclosed_on(
    document_ids: Collection[int], kind: DisclosureKind = DisclosureKind.FUND_ALLOCATION
) -> dict[int, date]:
    """Fund document id -> first day on which such a notice of it was public, unless withdrawn."""
    statement = (
        sa.select(DisclosedRecord.subject_id, sa.func.min(DisclosureItem.published_on))
        .join(DisclosureItem, DisclosureItem.id == DisclosedRecord.item_id)
        .where(
            DisclosedRecord.folder == FUNDS,
            DisclosedRecord.subject_id.in_(document_ids),
            DisclosureItem.kind == kind,
            DisclosureItem.status.in_(ONCE_PUBLIC),
        )
        .group_by(DisclosedRecord.subject_id)
    )
    return {document: on for document, on in db.session.execute(statement) if on}


def documents_of(county_id: int) -> list[FundDocument]:
    """Every fund document, newest year first."""
    statement = sa.select(FundDocument).where(FundDocument.county_id == county_id)
    newest = statement.order_by(FundDocument.year.desc(), FundDocument.id)
    return list(db.session.scalars(newest))


def projects_told(kind: DisclosureKind, county_id: int, year: int) -> list[Project]:
    """Projects whose approved form of the year a notice of the kind tells of."""
    ids = projects_with_form(kind, county_id, year)
    statement = sa.select(Project).where(Project.id.in_(ids)).order_by(Project.id)
    return list(db.session.scalars(statement))


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
