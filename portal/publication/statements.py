"""The SQL behind the public site: published records and the ledger's figures for them, nothing else.

"Shown" at an address is the latest record of an item that still stands, approved by a second person and not
after the day. Ledger figures count approved batches and postings up to the day.
"""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, aliased

from portal.disclosure.models import FUNDS, NOTICES, PROJECTS, DisclosedRecord, DisclosureItem
from portal.files.models import StoredFile
from portal.funds.models import Allocation, AllocationBatch, FundDocument
from portal.implementation.models import ProgressPhoto, ProgressReport
from portal.library.models import Project
from portal.payments.models import Payment, Posting
from portal.rules.vocabulary import BatchStatus, DisclosureKind, DisclosureStatus
from public_site import Span

Record, Item = DisclosedRecord, DisclosureItem
ABOUT_PERFORMANCE = (DisclosureKind.TARGETS, DisclosureKind.PERFORMANCE)


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
        """Code, content, allocated fen, day on which nothing was left, paid fen of each shown document."""
        shown = self._shown(FUNDS, Span("", "~"))
        allocated = self._approved(Allocation.document_id == FundDocument.id)
        return (
            sa.select(
                Record.code,
                Record.content,
                allocated.with_only_columns(_total(Allocation.amount)).scalar_subquery(),
                self._wholly_placed_on(),
                self._paid(Posting.document_id == FundDocument.id),
            )
            .select_from(shown)
            .join(Record, Record.id == shown.c.id)
            .join(Item, Item.id == Record.item_id)
            .join(FundDocument, FundDocument.id == Record.subject_id)
            .order_by(Record.code)
        )

    def projects(self, span: Span) -> sa.Select[Any]:
        """Code, day, content, then what a ``Ledger`` holds, of each shown project."""
        shown = self._shown(PROJECTS, span)
        allocated = self._approved(Allocation.project_id == Project.id)
        return (
            sa.select(
                Record.code,
                Item.published_on,
                Record.content,
                Project.status,
                allocated.with_only_columns(_total(Allocation.amount)).scalar_subquery(),
                allocated.with_only_columns(
                    sa.func.min(AllocationBatch.approved_on)
                ).scalar_subquery(),
                self._paid(Posting.project_id == Project.id),
                self._progress(),
            )
            .select_from(shown)
            .join(Record, Record.id == shown.c.id)
            .join(Item, Item.id == Record.item_id)
            .join(Project, Project.id == Record.subject_id)
            .order_by(Record.code)
        )

    def results(self, span: Span) -> sa.Select[Any]:
        """Project code, kind and content of what notices of performance say of the shown projects."""
        return (
            sa.select(Record.code, Item.kind, Record.content)
            .join(Item, Item.id == Record.item_id)
            .where(
                *self._standing(),
                Record.folder == PROJECTS,
                _within(Record.code, span),
                Item.kind.in_(ABOUT_PERFORMANCE),
            )
            .order_by(Record.code, Record.id)
        )

    def photos(self, span: Span) -> sa.Select[Any]:
        """What a ``Shot`` holds, of each photo of the shown projects, by project and day."""
        projects = self.shown_projects(span)
        return (
            sa.select(
                projects.c.code,
                StoredFile.sha256,
                StoredFile.mime,
                ProgressPhoto.taken_on,
                ProgressReport.percent,
                ProgressReport.words,
            )
            .select_from(projects)
            .join(ProgressReport, ProgressReport.project_id == projects.c.subject_id)
            .join(ProgressPhoto, ProgressPhoto.report_id == ProgressReport.id)
            .join(StoredFile, StoredFile.id == ProgressPhoto.file_id)
            .where(ProgressReport.reported_on <= self._day, ProgressPhoto.taken_on <= self._day)
            .order_by(projects.c.code, ProgressPhoto.taken_on, ProgressPhoto.id)
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

    def payments(self, span: Span) -> sa.Select[Any]:
        """Project code, fund code (None: not shown), day, kind and fen of each posting."""
        funds = self._shown(FUNDS, Span("", "~"))
        projects = self.shown_projects(span)
        return (
            sa.select(projects.c.code, funds.c.code, Posting.paid_on, Payment.kind, Posting.amount)
            .select_from(projects)
            .join(Posting, Posting.project_id == projects.c.subject_id)
            .join(Payment, Payment.id == Posting.payment_id)
            .outerjoin(funds, funds.c.subject_id == Posting.document_id)
            .where(Posting.paid_on <= self._day)
            .order_by(projects.c.code, Posting.paid_on, Posting.id)
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

    def shown_projects(self, span: Span) -> sa.Subquery:
        """``code`` and ``subject_id`` of the shown projects of the span."""
        return self._shown(PROJECTS, span)

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

    def _wholly_placed_on(self) -> sa.ScalarSelect[Any]:
        """The first day on which the approvals up to it left no rest; a later adjustment changes nothing."""
        so_far = (
            sa.select(
                Allocation.document_id,
                AllocationBatch.approved_on,
                sa.func.sum(Allocation.amount)
                .over(partition_by=Allocation.document_id, order_by=AllocationBatch.approved_on)
                .label("amount"),
            )
            .join(AllocationBatch)
            .where(*self._counts())
            .subquery()
        )
        return (
            sa.select(sa.func.min(so_far.c.approved_on))
            .where(so_far.c.document_id == FundDocument.id, so_far.c.amount >= FundDocument.amount)
            .scalar_subquery()
        )

    def _paid(self, of: sa.ColumnElement[bool]) -> sa.ScalarSelect[Any]:
        return (
            sa.select(_total(Posting.amount)).where(of, Posting.paid_on <= self._day)
        ).scalar_subquery()

    def _progress(self) -> sa.ScalarSelect[Any]:
        return (
            sa.select(ProgressReport.percent)
            .where(ProgressReport.project_id == Project.id, ProgressReport.reported_on <= self._day)
            .order_by(ProgressReport.reported_on.desc(), ProgressReport.id.desc())
            .limit(1)
            .scalar_subquery()
        )

    def _counts(self) -> tuple[sa.ColumnElement[bool], ...]:
        return (
            Allocation.void.is_(False),
            AllocationBatch.status == BatchStatus.APPROVED,
            AllocationBatch.approved_on <= self._day,
        )


def _total(amount: InstrumentedAttribute[int]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(amount), 0)


def _within(column: InstrumentedAttribute[str], span: Span) -> sa.ColumnElement[bool]:
    return column.between(span.first, span.last)
