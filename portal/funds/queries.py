"""Reads on money: what came, what is arranged, since when, and for whom."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import joinedload

from portal.accounts.models import User
from portal.accounts.scopes import may, visible
from portal.db import db
from portal.funds.facts import batch_facts
from portal.funds.models import Allocation, AllocationBatch, FundDocument, OpeningFigure
from portal.library.models import Project
from portal.rules.access import Action, Actor
from portal.rules.batch_flow import FLOW, BatchFacts
from portal.rules.deadlines import Deadline, evaluate
from portal.rules.limits import industry_share_warning
from portal.rules.money import percent
from portal.rules.vocabulary import BatchStatus, FundingTier, ProjectStatus, ReportClass
from portal.rules.workflow import Step, steps_from

PAGE_SIZE = 50
ALLOCATION_RULE = "fund_allocation"
REPORT_RULE = "report_to_group"
_APPROVED = (~Allocation.void, AllocationBatch.status == BatchStatus.APPROVED)


@dataclass(frozen=True)
class Approved:
    """What approved batches place of one document (fen), and the day of the latest of them."""

    amount: int = 0
    latest_on: date | None = None


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


@dataclass(frozen=True)
class IndustryShare:
    """产业: the industry's part of a year's arranged money (fen) and a warning where it is too small."""

    year: int
    industry: int
    total: int
    last_year: tuple[int, int] | None
    warning: str | None

    @property
    def percent(self) -> Decimal | None:
        """The share of this year."""
        return percent(self.industry, self.total)

    @property
    def last_percent(self) -> Decimal | None:
        """The share of last year, where it is known."""
        return percent(*self.last_year) if self.last_year else None


def document_lines(documents: Sequence[FundDocument], today: date) -> list[DocumentLine]:
    """The documents with their clocks as they stand on ``today``; one query for all."""
    approved = approved_of([document.id for document in documents])
    return [_line(document, approved.get(document.id, Approved()), today) for document in documents]


def approved_of(document_ids: Collection[int]) -> dict[int, Approved]:
    """What approved batches place, by document; documents without any are missing."""
    statement = (
        sa.select(
            Allocation.document_id,
            sa.func.sum(Allocation.amount),
            sa.func.max(AllocationBatch.approved_on),
        )
        .join(Allocation.batch)
        .where(
            Allocation.document_id.in_(document_ids),
            *_APPROVED,
        )
        .group_by(Allocation.document_id)
    )
    return {
        document_id: Approved(int(amount), latest_on)
        for document_id, amount, latest_on in db.session.execute(statement).tuples()
    }


def clock_facts(document: FundDocument, approved: Approved) -> dict[str, date | None]:
    """The dates that deadline rules ask for, by the fact names of ``deadlines.toml``."""
    whole = approved.amount == document.amount
    return {
        "issued_on": document.issued_on,
        "received_on": document.received_on,
        "registered_on": document.registered_on,
        "reported_on": document.reported_on,
        "allocated_on": approved.latest_on if whole else None,
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


def arrangeable(actor: Actor, q: str, page: int) -> tuple[list[tuple[Project, int]], bool]:
    """Projects of the library with the fen that their budgets still lack; whether another page follows."""
    arranged = (
        sa.select(sa.func.coalesce(sa.func.sum(Allocation.amount), 0))
        .where(Allocation.project_id == Project.id, ~Allocation.void)
        .scalar_subquery()
    )
    statement = (
        visible(sa.select(Project, Project.budget - arranged), Project, actor, Action.VIEW_PROJECTS)
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


def open_documents(actor: Actor) -> list[FundDocument]:
    """The documents whose money is not all arranged, the first to fall due first."""
    statement = (
        sa.select(FundDocument)
        .where(FundDocument.arranged_amount < FundDocument.amount)
        .order_by(FundDocument.received_on.asc().nulls_last(), FundDocument.id)
    )
    return list(db.session.scalars(visible(statement, FundDocument, actor, Action.VIEW_FUNDS)))


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


def industry_share(county_id: int, year: int) -> IndustryShare | None:
    """The industry's share of a year beside last year's; None before anything is arranged."""
    this_year, last_year = _industry(county_id, year), _last_year(county_id, year - 1)
    if not this_year[1]:
        return None
    limit = current_app.extensions["book"].limits.industry_share
    warning = industry_share_warning(limit, *this_year, last_year)
    return IndustryShare(year, *this_year, last_year, warning)


def _line(document: FundDocument, approved: Approved, today: date) -> DocumentLine:
    facts = clock_facts(document, approved)
    return DocumentLine(
        document=document,
        approved_amount=approved.amount,
        allocated_on=facts["allocated_on"],
        clock=clock_of(document, facts, today, ALLOCATION_RULE),
    )


def _industry(county_id: int, year: int) -> tuple[int, int]:
    """(industry, total) of the ledger, in fen."""
    industry = sa.case((Project.report_class == ReportClass.INDUSTRY, Allocation.amount), else_=0)
    statement = (
        sa.select(sa.func.sum(industry), sa.func.sum(Allocation.amount))
        .join(Allocation.project)
        .join(Allocation.document)
        .where(
            Allocation.county_id == county_id,
            FundDocument.year == year,
            ~Allocation.void,
        )
    )
    found = db.session.execute(statement).one()
    return int(found[0] or 0), int(found[1] or 0)


def _last_year(county_id: int, year: int) -> tuple[int, int] | None:
    """The ledger's figures, or those that were entered for a year before the portal."""
    figures = _industry(county_id, year)
    if figures[1]:
        return figures
    opening = db.session.scalar(sa.select(OpeningFigure).filter_by(county_id=county_id, year=year))
    return (opening.industry_amount, opening.total_amount) if opening else None
