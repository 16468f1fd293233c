"""Reads on money: what came, what is arranged, since when, and for whom."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import joinedload

from portal.accounts.models import User
from portal.accounts.scopes import may, visible
from portal.db import db
from portal.funds.counting import held, held_statement
from portal.funds.facts import batch_facts, placed_whole
from portal.funds.models import (
    Allocation,
    AllocationBatch,
    FundDocument,
    OpeningFigure,
    OpeningPayment,
)
from portal.library.models import Project
from portal.rules.access import Action, Actor
from portal.rules.batch_flow import FLOW, BatchFacts
from portal.rules.deadlines import Deadline, evaluate
from portal.rules.vocabulary import BatchStatus, FundingTier, ProjectStatus
from portal.rules.workflow import Step, steps_from

PAGE_SIZE = 50
PAGE = re.compile(r"[0-9]{1,9}")
ALLOCATION_RULE = "fund_allocation"
REPORT_RULE = "report_to_group"


@dataclass(frozen=True)
class Approved:
    """What approved batches place of one document (fen); the day on which it was all placed first."""

    amount: int = 0
    whole_on: date | None = None


@dataclass(frozen=True)
class DocumentLine:
    """A document as the register shows it; ``allocated_on`` is None until all of it is approved."""

    document: FundDocument
    approved_amount: int
    allocated_on: date | None
    clock: Deadline | None


@dataclass(frozen=True)
class Totals:
    """Sums of documents in fen."""

    amount: int
    arranged: int

    @property
    def rest(self) -> int:
        """What is not yet arranged."""
        return self.amount - self.arranged


def document_lines(documents: Sequence[FundDocument], today: date) -> list[DocumentLine]:
    """The documents with their clocks as they stand on ``today``; one query for all."""
    approved = approved_of([document.id for document in documents])
    return [_line(document, approved.get(document.id, Approved()), today) for document in documents]


def approved_of(document_ids: Collection[int]) -> dict[int, Approved]:
    """What approved batches place, by document; documents without any are missing."""
    statement = (
        sa.select(FundDocument.id, sa.func.sum(Allocation.amount), placed_whole())
        .join(FundDocument.allocations)
        .join(Allocation.batch)
        .where(
            FundDocument.id.in_(document_ids),
            ~Allocation.void,
            AllocationBatch.status == BatchStatus.APPROVED,
        )
        .group_by(FundDocument.id)
    )
    return {
        document_id: Approved(int(amount), whole_on)
        for document_id, amount, whole_on in db.session.execute(statement).tuples()
    }


def clock_facts(document: FundDocument, approved: Approved) -> dict[str, date | None]:
    """The dates that deadline rules ask for, by the fact names of ``deadlines.toml``."""
    return {
        "issued_on": document.issued_on,
        "received_on": document.received_on,
        "registered_on": document.registered_on,
        "reported_on": document.reported_on,
        "allocated_on": approved.whole_on,
    }


def clock_of(
    document: FundDocument, facts: Mapping[str, date | None], today: date, rule: str
) -> Deadline | None:
    """One rule of the book held against a document; None without a start or without such a rule."""
    book = current_app.extensions["book"]
    found = book.deadlines.get(rule)
    return found and evaluate(found, facts, today, book.holidays)


def totals_of(documents: Sequence[FundDocument]) -> Totals:
    """The sum of these documents."""
    return Totals(
        sum(document.amount for document in documents),
        sum(document.arranged_amount for document in documents),
    )


def totals_by_tier(documents: Sequence[FundDocument]) -> dict[FundingTier, Totals]:
    """The sums by tier, in the order of the tiers; a tier without a document is missing."""
    return {
        tier: totals_of(of_tier)
        for tier in FundingTier
        if (of_tier := [document for document in documents if document.tier is tier])
    }


def arrangeable(
    batch: AllocationBatch, actor: Actor, q: str, page: int
) -> tuple[list[tuple[Project, int]], bool]:
    """Projects of the library with the fen a batch may still give them; whether another page follows."""
    of_county = Allocation.county_id == batch.county_id
    of_others = held_statement([Allocation.project_id], of_county, own=batch.id).subquery()
    arranged = sa.func.coalesce(of_others.c.held, 0)
    statement = (
        visible(sa.select(Project, Project.budget - arranged), Project, actor, Action.VIEW_PROJECTS)
        .outerjoin(of_others, of_others.c.project_id == Project.id)
        .where(Project.status == ProjectStatus.ADMITTED, Project.budget > arranged)
        .order_by(Project.year.desc(), Project.code)
        .offset((page - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE + 1)
    )
    if q:
        statement = statement.where(
            sa.or_(
                Project.name.contains(q, autoescape=True), Project.code.contains(q, autoescape=True)
            )
        )
    rows = [(project, int(gap)) for project, gap in db.session.execute(statement).tuples()]
    return rows[:PAGE_SIZE], len(rows) > PAGE_SIZE


def open_documents(batch: AllocationBatch, actor: Actor) -> dict[FundDocument, int]:
    """The documents of which a batch may still place money, with the fen; the first to fall due first.

    What the batch itself takes back it may place anew.
    """
    used = {line.document_id for line in batch.lines}
    statement = (
        sa.select(FundDocument)
        .where(
            sa.or_(FundDocument.arranged_amount < FundDocument.amount, FundDocument.id.in_(used))
        )
        .order_by(FundDocument.received_on.asc().nulls_last(), FundDocument.id)
    )
    found = db.session.scalars(visible(statement, FundDocument, actor, Action.VIEW_FUNDS)).all()
    rests = rests_for(batch, found)
    return {document: rests[document.id] for document in found if rests[document.id] > 0}


def rests_for(batch: AllocationBatch, documents: Collection[FundDocument]) -> dict[int, int]:
    """Fen of these documents that a batch may still place, by document id."""
    ids = [document.id for document in documents]
    counted = held([Allocation.document_id], Allocation.document_id.in_(ids), own=batch.id)
    return {one.id: one.amount - counted.get((one.id,), 0) for one in documents}


def drafts(actor: Actor) -> list[AllocationBatch]:
    """The batches that the person may still fill, the oldest first."""
    statement = sa.select(AllocationBatch).where(AllocationBatch.status == BatchStatus.DRAFT)
    mine = visible(statement, AllocationBatch, actor, Action.DRAFT_BATCH)
    return list(db.session.scalars(mine.order_by(AllocationBatch.id)))


def page_number(arguments: Mapping[str, str]) -> int:
    """The page that an address asks for, the first where it asks for none."""
    typed = arguments.get("page", "")
    return min(max(int(typed), 1), 100_000) if PAGE.fullmatch(typed) else 1


def lines_of(document: FundDocument) -> list[Allocation]:
    """The lines of a document that count, with project and batch, in the order they were entered."""
    statement = (
        sa.select(Allocation)
        .where(Allocation.document_id == document.id, ~Allocation.void)
        .options(joinedload(Allocation.project), joinedload(Allocation.batch))
        .order_by(Allocation.id)
    )
    return list(db.session.scalars(statement))


def open_steps(batch: AllocationBatch, actor: Actor) -> list[Step[BatchFacts]]:
    """The steps that this person may take now, in the order of the flow: one button each."""
    steps = steps_from(FLOW, batch.status, batch_facts(batch))
    return [step for step in steps if may(actor, step.by, batch)]


def names_of(user_ids: Collection[int]) -> dict[int, str]:
    """The names of people by id."""
    statement = sa.select(User.id, User.name).where(User.id.in_(user_ids))
    return dict(db.session.execute(statement).tuples().all())


def opening_total(county_id: int, year: int) -> int | None:
    """Fen that a year before the portal arranged in all; None where it was not entered."""
    statement = sa.select(OpeningFigure.total_amount).filter_by(county_id=county_id, year=year)
    return db.session.scalar(statement)


def opening_paid(county_id: int, year: int, day: date) -> int | None:
    """Fen paid of a year before the portal, as last counted by ``day``; None before the first count."""
    statement = (
        sa.select(OpeningPayment.paid_amount)
        .filter_by(county_id=county_id, year=year)
        .where(OpeningPayment.counted_on <= day)
        .order_by(OpeningPayment.counted_on.desc())
        .limit(1)
    )
    return db.session.scalar(statement)


def opening_figures(actor: Actor) -> list[OpeningFigure]:
    """The years before the portal, the latest first."""
    statement = sa.select(OpeningFigure).order_by(OpeningFigure.year.desc())
    return list(db.session.scalars(visible(statement, OpeningFigure, actor, Action.VIEW_FUNDS)))


def opening_payments(actor: Actor) -> list[OpeningPayment]:
    """Everything that was counted of years before the portal, the latest first."""
    statement = sa.select(OpeningPayment).order_by(
        OpeningPayment.year.desc(), OpeningPayment.counted_on.desc()
    )
    return list(db.session.scalars(visible(statement, OpeningPayment, actor, Action.VIEW_FUNDS)))


def _line(document: FundDocument, approved: Approved, today: date) -> DocumentLine:
    facts = clock_facts(document, approved)
    return DocumentLine(
        document=document,
        approved_amount=approved.amount,
        allocated_on=facts["allocated_on"],
        clock=clock_of(document, facts, today, ALLOCATION_RULE),
    )
