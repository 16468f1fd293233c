"""What the clocks need to know, read from the ledger: one source per kind of subject.

A source answers two questions: the facts of some subjects as they stood on a day, and, for one rule, only
those subjects whose clock is near its end or past it. The second one is narrowed by an index before
anything is computed, so that a hundred thousand running clocks cost no more than the few that matter.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from portal.complaints.models import Complaint
from portal.db import db
from portal.disclosure.models import DisclosureItem, disclosure_document
from portal.disclosure.queries import stays_told
from portal.funds.facts import placed_whole
from portal.funds.models import Allocation, AllocationBatch, FundDocument
from portal.library.models import Project
from portal.payments.models import Payment, PaymentPart
from portal.rules.deadlines import Rule
from portal.rules.vocabulary import (
    BatchStatus,
    ComplaintStatus,
    DisclosureKind,
)

COMPUTED = frozenset({"allocated_on", "disclosed_on"})


@dataclass(frozen=True)
class Subject:
    """A thing with a clock; ``name`` is what people call it, ``rest`` the fen still missing to its stop.

    ``units``: of local people only those of these organizations are concerned; None: all of the county.
    """

    kind: str
    id: int
    county_id: int
    code: str
    name: str
    amount: int
    rest: int
    facts: Mapping[str, date | None]
    units: tuple[int | None, ...] | None = None

    @property
    def key(self) -> str:
        """Its lasting name in reminders."""
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True)
class PaymentSubject(Subject):
    """A payment that is to leave the treasury; returned from there and approved again it begins anew."""

    @property
    def key(self) -> str:
        """Its lasting name in reminders."""
        return f"{self.kind}:{self.id}:{self.facts['approved_on']}"


@dataclass(frozen=True)
class Source:
    """How the subjects of one kind are read.

    ``narrow`` says what indexes can tell of clocks begun by one day and open on another: it may let too many
    through, never too few.
    """

    facts: Callable[[date], Mapping[str, sa.ColumnElement[Any]]]
    narrow: Callable[[Rule, date, date], sa.ColumnElement[bool]]
    read: Callable[[date, Iterable[sa.ColumnElement[bool]]], list[Subject]]


def near(rule: Rule, day: date) -> list[Subject]:
    """The subjects whose clock under this rule is open on ``day`` and near its end or past it.

    A working-day limit ends no earlier than the same number of natural days, so none is missed.
    """
    source = SOURCES[rule.subject]
    facts = source.facts(day)
    start, stop = facts[rule.start], facts[rule.stop]
    horizon = day - timedelta(days=rule.least_days - rule.reminder_steps[0])
    begun_by = min(day, horizon)
    return source.read(
        day,
        [
            source.narrow(rule, begun_by, day),
            start <= begun_by,
            sa.or_(stop.is_(None), stop > day),
        ],
    )


def documents(day: date, conditions: Iterable[sa.ColumnElement[bool]]) -> list[Subject]:
    """Fund documents with their facts as they stood on ``day``, by id."""
    facts = _document_facts(day)
    statement = sa.select(
        FundDocument.id,
        FundDocument.county_id,
        FundDocument.code,
        FundDocument.number,
        FundDocument.title,
        FundDocument.amount,
        _placed(day).label("placed"),
        *(column.label(name) for name, column in facts.items()),
    ).where(*conditions)
    # Sorted here: an ORDER BY would make the database walk all rows by id instead of using an index.
    rows = sorted(db.session.execute(statement), key=lambda row: row.id)
    return [
        Subject(
            kind="fund_document",
            id=row.id,
            county_id=row.county_id,
            code=row.code,
            name=row.number or f"《{row.title}》",
            amount=row.amount,
            rest=row.amount - int(row.placed),
            facts={name: getattr(row, name) for name in facts},
        )
        for row in rows
    ]


def payments(day: date, conditions: Iterable[sa.ColumnElement[bool]]) -> list[Subject]:
    """Payments with their facts as they stood on ``day``, by id."""
    amount = (
        sa.select(sa.func.sum(PaymentPart.amount))
        .where(PaymentPart.payment_id == Payment.id)
        .correlate(Payment)
        .scalar_subquery()
    )
    facts = _payment_facts(day)
    statement = (
        sa.select(
            Payment.id,
            Payment.county_id,
            Payment.code,
            Project.name,
            amount.label("amount"),
            *(column.label(name) for name, column in facts.items()),
        )
        .join(Payment.project)
        .where(*conditions)
    )
    return [
        PaymentSubject(
            kind="payment",
            id=row.id,
            county_id=row.county_id,
            code=row.code,
            name=f"{row.name}的支付（{row.code}）",
            amount=int(row.amount),
            rest=int(row.amount),
            facts={name: getattr(row, name) for name in facts},
        )
        for row in sorted(db.session.execute(statement), key=lambda row: row.id)
    ]


def _payment_facts(_day: date) -> dict[str, sa.ColumnElement[Any]]:
    return {"approved_on": Payment.approved_on.expression, "paid_on": Payment.paid_on.expression}


def _narrow_payments(_rule: Rule, begun_by: date, _day: date) -> sa.ColumnElement[bool]:
    """By the index on the day of the last gate."""
    return Payment.approved_on <= begun_by


def complaints(day: date, conditions: Iterable[sa.ColumnElement[bool]]) -> list[Subject]:
    """Complaints that nobody has closed, by id; of what is said in them nothing leaves the register."""
    facts = _complaint_facts(day)
    statement = sa.select(
        Complaint.id,
        Complaint.county_id,
        Complaint.code,
        Complaint.organization_id,
        *(column.label(name) for name, column in facts.items()),
    ).where(Complaint.status != ComplaintStatus.CLOSED, *conditions)
    return [
        Subject(
            kind="complaint",
            id=row.id,
            county_id=row.county_id,
            code=row.code,
            name=f"投诉举报 {row.code}",
            amount=0,
            rest=0,
            facts={name: getattr(row, name) for name in facts},
            units=(row.organization_id,),
        )
        for row in sorted(db.session.execute(statement), key=lambda row: row.id)
    ]


def _complaint_facts(_day: date) -> dict[str, sa.ColumnElement[Any]]:
    return {
        "complained_on": Complaint.received_on.expression,
        "answered_on": Complaint.answered_on.expression,
    }


def _narrow_complaints(_rule: Rule, begun_by: date, _day: date) -> sa.ColumnElement[bool]:
    return Complaint.received_on <= begun_by


def _document_facts(day: date) -> dict[str, sa.ColumnElement[Any]]:
    """``allocated_on`` is the day of the approval that placed the last fen; None before that."""
    return {
        "issued_on": FundDocument.issued_on.expression,
        "received_on": FundDocument.received_on.expression,
        "registered_on": FundDocument.registered_on.expression,
        "reported_on": FundDocument.reported_on.expression,
        "allocated_on": placed_whole(day),
        "disclosed_on": _disclosed(day),
    }


def _placed(day: date) -> sa.ColumnElement[int]:
    return sa.func.coalesce(_approved(day, sa.func.sum(Allocation.amount)), 0)


def _approved(day: date, what: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return (
        sa.select(what)
        .select_from(Allocation)
        .join(AllocationBatch, AllocationBatch.id == Allocation.batch_id)
        .where(
            Allocation.document_id == FundDocument.id,
            ~Allocation.void,
            AllocationBatch.status == BatchStatus.APPROVED,
            AllocationBatch.approved_on <= day,
        )
        .correlate(FundDocument)
        .scalar_subquery()
    )


def _disclosed(day: date) -> sa.ColumnElement[Any]:
    """The first publication that tells the whole allocation and was not withdrawn."""
    return (
        sa.select(sa.func.min(DisclosureItem.published_on))
        .select_from(DisclosureItem)
        .join(disclosure_document, disclosure_document.c.item_id == DisclosureItem.id)
        .where(
            disclosure_document.c.document_id == FundDocument.id,
            DisclosureItem.kind == DisclosureKind.FUND_ALLOCATION,
            stays_told(),
            DisclosureItem.published_on.between(placed_whole(day), day),
        )
        .correlate(FundDocument)
        .scalar_subquery()
    )


def _narrow_documents(rule: Rule, begun_by: date, day: date) -> sa.ColumnElement[bool]:
    """By the start, and where the stop is a column of the document by that as well."""
    started = _started_by(rule.start, begun_by)
    if rule.stop in COMPUTED:
        return started
    stop: sa.ColumnElement[Any] = getattr(FundDocument, rule.stop)
    begun = sa.select(FundDocument.id).where(started).correlate(None)
    # Two questions instead of one OR, for which SQLite would not use the index on the stop.
    return FundDocument.id.in_(sa.union_all(begun.where(stop.is_(None)), begun.where(stop > day)))


def _started_by(start: str, day: date) -> sa.ColumnElement[bool]:
    """A computed fact is never there without a row of its own dated by then."""
    if start == "allocated_on":
        batches = sa.select(Allocation.document_id).join(AllocationBatch)
        return FundDocument.id.in_(batches.where(AllocationBatch.approved_on <= day))
    if start == "disclosed_on":
        items = sa.select(disclosure_document.c.document_id).join(DisclosureItem)
        return FundDocument.id.in_(items.where(DisclosureItem.published_on <= day))
    column: sa.ColumnElement[Any] = getattr(FundDocument, start)
    return column <= day


SOURCES: Mapping[str, Source] = {
    "fund_document": Source(_document_facts, _narrow_documents, documents),
    "payment": Source(_payment_facts, _narrow_payments, payments),
    "complaint": Source(_complaint_facts, _narrow_complaints, complaints),
}
"""By the ``subject`` of a rule; a new kind of subject is one more line."""
