"""What the self-evaluation report says in numbers: read from the ledger as of the assessment's day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from portal.accounts.models import Organization, RoleAssignment, User
from portal.db import db
from portal.funds.models import FundDocument
from portal.funds.queries import DocumentLine, document_lines
from portal.funds.shares import IndustryShare, industry_share
from portal.library.models import Project
from portal.library.queries import book
from portal.pace.queries import (
    Figures,
    ProjectFigures,
    project_figures,
    tier_figures,
    year_figures,
)
from portal.performance.models import Assessment, PerformanceForm
from portal.rules.access import Action, roles_with
from portal.rules.vocabulary import FormKind, FundingTier, ReportClass


@dataclass(frozen=True)
class ClassFigures:
    """The projects of one reporting class that have money, by code; amounts in fen."""

    report_class: ReportClass
    projects: Sequence[ProjectFigures]

    @property
    def allocated(self) -> int:
        """What is placed on them."""
        return sum(project.allocated for project in self.projects)


@dataclass(frozen=True)
class ReportFacts:
    """Everything that the report takes from the ledger.

    ``progress`` holds the checkpoints of the pace that have come, by their code.
    """

    county: str
    fund_name: str
    year: int
    counted_on: date
    begun_on: date
    signed_on: date | None
    finance: str
    agriculture: str
    goal: str
    figures: Figures
    last_year: Figures
    tiers: dict[FundingTier, Figures]
    classes: Sequence[ClassFigures]
    documents: Sequence[DocumentLine]
    progress: dict[str, tuple[date, Figures]]
    industry: IndustryShare | None


def read_facts(assessment: Assessment) -> ReportFacts:
    """The facts of an assessment as of the day on which it is counted."""
    county_id, year, day = assessment.county_id, assessment.year, assessment.counted_on
    checkpoints = {one.code: one.on(year) for one in book().pace.checkpoints}
    return ReportFacts(
        county=db.session.get_one(Organization, county_id).name,
        fund_name=book().fund_name,
        year=year,
        counted_on=day,
        begun_on=assessment.begun_on,
        signed_on=_signed_on(assessment),
        finance=_office(county_id, assessment.finance_signed_by_id, Action.SIGN_AS_FINANCE),
        agriculture=_office(
            county_id, assessment.agriculture_signed_by_id, Action.SIGN_AS_AGRICULTURE
        ),
        goal=_goal(county_id, year),
        figures=year_figures(county_id, year, day),
        last_year=year_figures(county_id, year - 1, day),
        tiers=tier_figures(county_id, year, day),
        classes=_classes(county_id, year, day),
        documents=_documents(county_id, year, day),
        progress={
            code: (on, year_figures(county_id, year, on))
            for code, on in checkpoints.items()
            if on <= day
        },
        industry=industry_share(county_id, year),
    )


def days_to_place(line: DocumentLine) -> int | None:
    """Days from the receipt of a document to the approval that placed it whole; None while it is open."""
    received_on = line.document.received_on
    if received_on is None or line.allocated_on is None:
        return None
    return (line.allocated_on - received_on).days


def late_documents(facts: ReportFacts) -> list[DocumentLine]:
    """The documents whose money took longer to reach projects than the clock allows."""
    return [
        line
        for line in facts.documents
        if line.clock is not None and line.clock.used > line.clock.rule.days
    ]


def _signed_on(assessment: Assessment) -> date | None:
    """The day of the later signature; None before both are there."""
    days = (assessment.finance_signed_on, assessment.agriculture_signed_on)
    return max(day for day in days if day) if all(days) else None


def _office(county_id: int, signer_id: int | None, action: Action) -> str:
    """The office of the person who signed, or of whoever may sign."""
    if signer_id is not None:
        return db.session.get_one(User, signer_id).organization.name
    statement = (
        sa.select(Organization.name)
        .join(RoleAssignment, RoleAssignment.organization_id == Organization.id)
        .where(Organization.county_id == county_id, RoleAssignment.role.in_(roles_with(action)))
        .order_by(Organization.id)
        .limit(1)
    )
    return db.session.scalar(statement) or ""


def _goal(county_id: int, year: int) -> str:
    """The goal of the county's own form of the year, where it is written."""
    kind = PerformanceForm.kind == FormKind.REGIONAL
    statement = sa.select(PerformanceForm.goal).filter_by(county_id=county_id, year=year)
    return db.session.scalar(statement.where(kind)) or ""


def _classes(county_id: int, year: int, day: date) -> list[ClassFigures]:
    """In the order of the classes; one without money is missing."""
    funded = [one for one in project_figures(county_id, year, day) if one.allocated]
    ids = [one.project_id for one in funded]
    statement = sa.select(Project.id, Project.report_class).where(Project.id.in_(ids))
    class_of = dict(db.session.execute(statement).tuples().all())
    found = [
        ClassFigures(kind, [one for one in funded if class_of[one.project_id] is kind])
        for kind in ReportClass
    ]
    return [one for one in found if one.projects]


def _documents(county_id: int, year: int, day: date) -> list[DocumentLine]:
    came_on = sa.func.coalesce(FundDocument.received_on, FundDocument.registered_on)
    statement = (
        sa.select(FundDocument)
        .where(FundDocument.county_id == county_id, FundDocument.year == year, came_on <= day)
        .order_by(came_on, FundDocument.id)
    )
    return document_lines(db.session.scalars(statement).all(), day)
