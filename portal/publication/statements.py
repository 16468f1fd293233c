"""The SQL behind the public site: published records and the ledger's figures for them, nothing else.

"Shown" at an address is the latest record of an item that still stands, approved by a second person and not
after the day. Ledger figures count approved batches up to the day.
"""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, aliased

from portal.disclosure.models import FUNDS, NOTICES, PROJECTS, DisclosedRecord, DisclosureItem
from portal.funds.models import Allocation, AllocationBatch, FundDocument
from portal.library.models import Project
from portal.rules.vocabulary import BatchStatus, DisclosureStatus
from public_site import Span

Record, Item = DisclosedRecord, DisclosureItem


class Statements:
    """Selects for one county on one day."""

    def __init__(self, county_id: int, day: date) -> None:
        self._county_id = county_id
        self._day = day

    def codes(self, folder: str) -> sa.Select[Any]:
        """Every shown code of a folder, in order."""
        shown = self._shown(folder, Span("", "~"))
        return sa.select(shown.c.code).order_by(shown.c.code)

    def funds(self) -> sa.Select[Any]:
        """Code, first day, content, allocated fen and day of the last approval of each shown document."""
        shown = self._shown(FUNDS, Span("", "~"))
        allocated = self._approved(Allocation.document_id == FundDocument.id)
        return (
            sa.select(
                Record.code,
                Item.published_on,
                Record.content,
                allocated.with_only_columns(_total()).scalar_subquery(),
                allocated.with_only_columns(
                    sa.func.max(AllocationBatch.approved_on)
                ).scalar_subquery(),
            )
            .select_from(shown)
            .join(Record, Record.id == shown.c.id)
            .join(Item, Item.id == Record.item_id)
            .join(FundDocument, FundDocument.id == Record.subject_id)
            .order_by(Record.code)
        )

    def projects(self, span: Span) -> sa.Select[Any]:
        """Code, day, content, status, allocated fen and day of the first approval of each shown project."""
        shown = self._shown(PROJECTS, span)
        allocated = self._approved(Allocation.project_id == Project.id)
        return (
            sa.select(
                Record.code,
                Item.published_on,
                Record.content,
                Project.status,
                allocated.with_only_columns(_total()).scalar_subquery(),
                allocated.with_only_columns(
                    sa.func.min(AllocationBatch.approved_on)
                ).scalar_subquery(),
            )
            .select_from(shown)
            .join(Record, Record.id == shown.c.id)
            .join(Item, Item.id == Record.item_id)
            .join(Project, Project.id == Record.subject_id)
            .order_by(Record.code)
        )

    def allocations(self, span: Span) -> sa.Select[Any]:
        """Fund code, project code, fen, approval's day, number and note: between shown ends only."""
        funds = self._shown(FUNDS, Span("", "~"))
        projects = self._shown(PROJECTS, span)
        return (
            sa.select(
                funds.c.code,
                projects.c.code,
                Allocation.amount,
                AllocationBatch.approved_on,
                AllocationBatch.approval_number,
                AllocationBatch.illustrative,
            )
            .select_from(projects)
            .join(Allocation, Allocation.project_id == projects.c.subject_id)
            .join(AllocationBatch)
            .join(funds, funds.c.subject_id == Allocation.document_id)
            .where(*self._counts())
            .order_by(projects.c.code, funds.c.code, AllocationBatch.approved_on, Allocation.id)
        )

    def notices(self, span: Span) -> sa.Select[Any]:
        """Code, day and content of each shown notice."""
        return (
            sa.select(Record.code, Item.published_on, Record.content)
            .join(Item, Item.id == Record.item_id)
            .where(*self._standing(), Record.folder == NOTICES, _within(Record.code, span))
            .order_by(Record.code)
        )

    def covered(self, span: Span) -> sa.Select[Any]:
        """Notice code, folder and code of what each shown notice covers."""
        return (
            sa.select(Item.code, Record.folder, Record.code)
            .join(Item, Item.id == Record.item_id)
            .where(*self._standing(), Record.folder != NOTICES, _within(Item.code, span))
            .order_by(Item.code, Record.folder, Record.code)
        )

    def mentions(self, span: Span) -> sa.Select[Any]:
        """Project code, notice code, content and day of the shown notices that cover the projects."""
        notice = aliased(Record)
        return (
            sa.select(Record.code, Item.code, notice.content, Item.published_on)
            .join(Item, Item.id == Record.item_id)
            .join(notice, sa.and_(notice.item_id == Item.id, notice.folder == NOTICES))
            .where(*self._standing(), Record.folder == PROJECTS, _within(Record.code, span))
            .order_by(Record.code, Item.code)
        )

    def withdrawn(self) -> sa.Select[Any]:
        """Folder, code, day and reason of each address that was public and is shown no more."""
        other, standing = aliased(Record), aliased(Item)
        still_shown = (
            sa.select(other.id)
            .join(standing, standing.id == other.item_id)
            .where(
                other.county_id == Record.county_id,
                other.folder == Record.folder,
                other.code == Record.code,
                standing.status == DisclosureStatus.PUBLISHED,
            )
            .exists()
        )
        last = (
            sa.select(sa.func.max(Record.id).label("id"))
            .where(Record.county_id == self._county_id, ~still_shown)
            .group_by(Record.folder, Record.code)
            .subquery()
        )
        return (
            sa.select(Record.folder, Record.code, Item.closed_on, Item.closing_reason)
            .select_from(last)
            .join(Record, Record.id == last.c.id)
            .join(Item, Item.id == Record.item_id)
            .order_by(Record.folder, Record.code)
        )

    def _shown(self, folder: str, span: Span) -> sa.Subquery:
        return (
            sa.select(
                Record.code,
                sa.func.max(Record.subject_id).label("subject_id"),
                sa.func.max(Record.id).label("id"),
            )
            .join(Item, Item.id == Record.item_id)
            .where(*self._standing(), Record.folder == folder, _within(Record.code, span))
            .group_by(Record.code)
            .subquery()
        )

    def _standing(self) -> tuple[sa.ColumnElement[bool], ...]:
        return (
            Record.county_id == self._county_id,
            Item.status == DisclosureStatus.PUBLISHED,
            Item.decided_by_id.is_not(None),
            Item.published_on <= self._day,
        )

    def _approved(self, of: sa.ColumnElement[bool]) -> sa.Select[Any]:
        return sa.select(Allocation.amount).join(AllocationBatch).where(of, *self._counts())

    def _counts(self) -> tuple[sa.ColumnElement[bool], ...]:
        return (
            Allocation.void.is_(False),
            AllocationBatch.status == BatchStatus.APPROVED,
            AllocationBatch.approved_on <= self._day,
        )


def _total() -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(Allocation.amount), 0)


def _within(column: InstrumentedAttribute[str], span: Span) -> sa.ColumnElement[bool]:
    return column.between(span.first, span.last)
