"""支出进度: what came, what is placed on projects and what is paid of a fund year, as it stood on a day.

The figures of a day are the counters of the placements less what was approved or paid after that day: today
costs a walk over the placements alone, a recent day little more, whatever the ledger has grown to.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts.models import Organization
from portal.db import db
from portal.funds.models import Allocation, AllocationBatch, FundDocument, OpeningFigure, Placement
from portal.funds.queries import opening_paid, opening_total
from portal.library.models import Project
from portal.payments.models import Posting
from portal.rules.money import percent
from portal.rules.vocabulary import BatchStatus, FundingTier

PAGE_SIZE = 50
UNIT_ID = sa.func.coalesce(Project.township_id, Project.department_id, Project.organization_id)
"""The unit that answers for a project: its township, else its department, else the applicant."""


@dataclass(frozen=True)
class Figures:
    """到位、安排、已付 in fen; ``rate`` is the paid share of what came, in percent."""

    received: int = 0
    allocated: int = 0
    paid: int = 0

    @property
    def rate(self) -> Decimal | None:
        """Percent of the received money that is paid; None where nothing came."""
        return percent(self.paid, self.received)

    @property
    def unpaid(self) -> int:
        """What is received and not paid."""
        return self.received - self.paid


@dataclass(frozen=True)
class DocumentFigures(Figures):
    """The figures of one fund document."""

    document_id: int = 0
    code: str = ""
    name: str = ""
    tier: FundingTier = FundingTier.CENTRAL
    received_on: date | None = None


@dataclass(frozen=True)
class Spending:
    """What is placed on projects and what of it is paid, in fen; ``rate`` in percent of what is placed."""

    allocated: int
    paid: int

    @property
    def rate(self) -> Decimal | None:
        """Percent of the placed money that is paid; None where nothing is placed."""
        return percent(self.paid, self.allocated)


@dataclass(frozen=True)
class UnitFigures(Spending):
    """The money of the projects that one township or department answers for."""

    unit_id: int
    code: str
    name: str


@dataclass(frozen=True)
class ProjectFigures(Spending):
    """The money of one project."""

    project_id: int
    code: str
    name: str
    unit: str


def fund_years(county_id: int) -> list[int]:
    """The years with money of this county, the latest first; years before the portal among them."""
    years = sa.union(
        sa.select(FundDocument.year).where(FundDocument.county_id == county_id),
        sa.select(OpeningFigure.year).where(OpeningFigure.county_id == county_id),
    )
    return sorted(db.session.scalars(years), reverse=True)


def year_figures(county_id: int, fund_year: int, day: date) -> Figures:
    """The whole year; a year before the portal answers with its opening figures."""
    documents = document_figures(county_id, fund_year, day)
    if documents:
        return _sum(documents)
    total = opening_total(county_id, fund_year)
    if total is None:
        return Figures()
    return Figures(total, total, opening_paid(county_id, fund_year, day) or 0)


def document_figures(county_id: int, fund_year: int, day: date) -> list[DocumentFigures]:
    """Each document that had come by ``day``, in the order of coming."""
    cells = _cells(county_id, fund_year, day).subquery()
    came_on = sa.func.coalesce(FundDocument.received_on, FundDocument.registered_on)
    statement = (
        sa.select(FundDocument, *_sums(cells))
        .outerjoin(cells, cells.c.document_id == FundDocument.id)
        .where(FundDocument.county_id == county_id, FundDocument.year == fund_year, came_on <= day)
        .group_by(FundDocument.id)
        .order_by(came_on, FundDocument.id)
    )
    return [
        DocumentFigures(
            received=document.amount,
            allocated=int(allocated),
            paid=int(paid),
            document_id=document.id,
            code=document.code,
            name=document.short_name,
            tier=document.tier,
            received_on=document.received_on,
        )
        for document, allocated, paid in db.session.execute(statement).tuples()
    ]


def tier_figures(county_id: int, fund_year: int, day: date) -> dict[FundingTier, Figures]:
    """The sums by tier, in the order of the tiers; a tier without a document is missing."""
    return tiers_of(document_figures(county_id, fund_year, day))


def tiers_of(documents: list[DocumentFigures]) -> dict[FundingTier, Figures]:
    """These documents by tier, in the order of the tiers."""
    return {
        tier: _sum(of_tier)
        for tier in FundingTier
        if (of_tier := [document for document in documents if document.tier is tier])
    }


def unit_figures(county_id: int, fund_year: int, day: date) -> list[UnitFigures]:
    """Each unit whose projects have money, by id."""
    cells = _cells(county_id, fund_year, day).subquery()
    statement = (
        sa.select(Organization.id, Organization.code, Organization.name, *_sums(cells))
        .select_from(cells)
        .join(Project, Project.id == cells.c.project_id)
        .join(Organization, Organization.id == UNIT_ID)
        .group_by(Organization.id, Organization.code, Organization.name)
        .having(_has_money(cells))
        .order_by(Organization.id)
    )
    return [
        UnitFigures(int(allocated), int(paid), unit_id, code, name)
        for unit_id, code, name, allocated, paid in db.session.execute(statement).tuples()
    ]


def project_figures(
    county_id: int, fund_year: int, day: date, unit_id: int | None = None
) -> list[ProjectFigures]:
    """Each project that has money, of one unit or of all, by code."""
    cells = _cells(county_id, fund_year, day).subquery()
    statement = (
        sa.select(Project.id, Project.code, Project.name, Organization.name, *_sums(cells))
        .select_from(cells)
        .join(Project, Project.id == cells.c.project_id)
        .join(Organization, Organization.id == UNIT_ID)
        .group_by(Project.id, Project.code, Project.name, Organization.name)
        .having(_has_money(cells))
        .order_by(Project.code)
    )
    if unit_id is not None:
        statement = statement.where(UNIT_ID == unit_id)  # noqa: SIM300
    return [
        ProjectFigures(int(allocated), int(paid), project_id, code, name, unit)
        for project_id, code, name, unit, allocated, paid in db.session.execute(statement).tuples()
    ]


@dataclass(frozen=True)
class PostingFilter:
    """Which postings of a fund year are shown; None does not narrow."""

    document_id: int | None = None
    tier: FundingTier | None = None
    unit_id: int | None = None
    project_id: int | None = None

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """The filter as conditions on postings joined to their projects and documents."""
        wanted = (
            (Posting.document_id, self.document_id),
            (Posting.project_id, self.project_id),
            (FundDocument.tier, self.tier),
            (UNIT_ID, self.unit_id),
        )
        return [column == value for column, value in wanted if value is not None]


def postings(
    county_id: int, fund_year: int, day: date, narrowed: PostingFilter, page: int
) -> tuple[list[Posting], int, int]:
    """One page of postings by ``day``, the latest first; how many there are, and their sum in fen."""
    of_year = sa.select(Posting).where(
        Posting.county_id == county_id, Posting.fund_year == fund_year, Posting.paid_on <= day
    )
    conditions = narrowed.conditions()
    if conditions:
        of_year = of_year.join(Posting.project).join(Posting.document).where(*conditions)
    count, amount = db.session.execute(
        of_year.with_only_columns(sa.func.count(), sa.func.sum(Posting.amount))
    ).one()
    statement = (
        of_year.options(
            joinedload(Posting.project), joinedload(Posting.document), joinedload(Posting.payment)
        )
        .order_by(Posting.paid_on.desc(), Posting.id.desc())
        .offset((page - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE)
    )
    return list(db.session.scalars(statement)), count, int(amount or 0)


def words_of(county_id: int, narrowed: PostingFilter) -> list[str]:
    """What the filter names, for the heading of the list; nothing of another county."""
    named: tuple[tuple[Any, int | None], ...] = (
        (FundDocument, narrowed.document_id),
        (Organization, narrowed.unit_id),
        (Project, narrowed.project_id),
    )
    rows = [db.session.get(model, row_id) for model, row_id in named if row_id is not None]
    mine = [row for row in rows if row is not None and row.county_id == county_id]
    tier = [narrowed.tier.label] if narrowed.tier else []
    return tier + [row.short_name if isinstance(row, FundDocument) else row.name for row in mine]


def _cells(county_id: int, fund_year: int, day: date) -> sa.CompoundSelect[Any]:
    """(document, project, allocated, paid): the counters, and what has to be taken off them again."""
    of_year = (FundDocument.county_id == county_id, FundDocument.year == fund_year)
    counters = (
        sa.select(
            Placement.document_id,
            Placement.project_id,
            Placement.allocated_amount.label("allocated"),
            Placement.paid_amount.label("paid"),
        )
        .join(Placement.document)
        .where(*of_year)
    )
    approved_later = (
        sa.select(Allocation.document_id, Allocation.project_id, -Allocation.amount, sa.literal(0))
        .join(Allocation.batch)
        .join(Allocation.document)
        .where(
            *of_year,
            ~Allocation.void,
            AllocationBatch.status == BatchStatus.APPROVED,
            AllocationBatch.approved_on > day,
        )
    )
    paid_later = (
        sa.select(
            Posting.document_id, Posting.project_id, sa.literal(0), -sa.func.sum(Posting.amount)
        )
        .where(
            Posting.county_id == county_id, Posting.fund_year == fund_year, Posting.paid_on > day
        )
        .group_by(Posting.document_id, Posting.project_id)
    )
    return sa.union_all(counters, approved_later, paid_later)


def _sums(cells: sa.Subquery) -> tuple[sa.ColumnElement[int], sa.ColumnElement[int]]:
    allocated, paid = (
        sa.func.coalesce(sa.func.sum(column), 0) for column in (cells.c.allocated, cells.c.paid)
    )
    return allocated, paid


def _has_money(cells: sa.Subquery) -> sa.ColumnElement[bool]:
    allocated, paid = _sums(cells)
    return sa.or_(allocated != 0, paid != 0)


def _sum(parts: Iterable[Figures]) -> Figures:
    return Figures(
        sum(part.received for part in parts),
        sum(part.allocated for part in parts),
        sum(part.paid for part in parts),
    )
