"""Reads of the library that more than one view needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import aliased

from portal.accounts.models import Organization
from portal.accounts.scopes import may, visible
from portal.db import LabelledColumn, db
from portal.library.models import Project, project_village
from portal.rules.access import Action, Actor
from portal.rules.book import Book
from portal.rules.project_flow import FLOW, ProjectFacts
from portal.rules.vocabulary import BatchStatus, OrganizationKind, ProjectStatus, ReportClass
from portal.rules.workflow import Step, steps_from

PAGE_SIZE = 50

# The ledger stands to the right of the library, which may not import it; its table's name is enough
# to ask whether money was arranged.
_allocation = sa.table(
    "allocation",
    sa.column("id"),
    sa.column("document_id"),
    sa.column("project_id"),
    sa.column("batch_id"),
    sa.column("amount"),
    sa.column("void", sa.Boolean),
)
_batch = sa.table(
    "allocation_batch",
    sa.column("id"),
    sa.column("status", LabelledColumn(BatchStatus)),
    sa.column("title"),
    sa.column("approved_on", sa.Date),
)
_document = sa.table("fund_document", sa.column("id"), sa.column("number"), sa.column("title"))
_township = aliased(Organization)
_applicant = aliased(Organization)


@dataclass(frozen=True)
class Filter:
    """What a list of projects is narrowed to; empty values do not narrow."""

    q: str = ""
    year: int | None = None
    township_id: int | None = None
    report_class: ReportClass | None = None
    status: ProjectStatus | None = None

    def applied(self, statement: sa.Select[Any]) -> sa.Select[Any]:
        """The statement with these conditions."""
        for column, value in (
            (Project.year, self.year),
            (Project.township_id, self.township_id),
            (Project.report_class, self.report_class),
            (Project.status, self.status),
        ):
            if value is not None:
                statement = statement.where(column == value)
        return statement.where(_mentions(self.q)) if self.q else statement


def _mentions(q: str) -> sa.ColumnElement[bool]:
    """Name, code, site or a village's name contains the words; ``%`` and ``_`` mean themselves (D9)."""
    villages = (
        sa.select(project_village.c.project_id)
        .join(Organization, Organization.id == project_village.c.village_id)
        .where(Organization.name.contains(q, autoescape=True))
    )
    return sa.or_(
        Project.name.contains(q, autoescape=True),
        Project.code.contains(q, autoescape=True),
        Project.site.contains(q, autoescape=True),
        Project.id.in_(villages),
    )


_NEWEST_FIRST = (Project.year.desc(), Project.id)
_IDS = sa.select(Project.id).order_by(*_NEWEST_FIRST).limit(PAGE_SIZE + 1)
_PAGE = (
    sa.select(
        Project.id,
        Project.code,
        Project.name,
        Project.report_class,
        Project.status,
        Project.budget.label("budget"),
        _township.name.label("township"),
        _applicant.name.label("applicant"),
        Project.priority,
    )
    .outerjoin(_township, _township.id == Project.township_id)
    .join(_applicant, _applicant.id == Project.organization_id)
    .order_by(*_NEWEST_FIRST)
)


_TOWNSHIPS = (
    sa.select(Organization.id, Organization.name)
    .where(
        Organization.county_id == sa.bindparam("county_id"),
        Organization.kind == OrganizationKind.TOWNSHIP,
    )
    .order_by(Organization.id)
)


def project_page(actor: Actor, chosen: Filter, page: int) -> tuple[Sequence[Any], bool]:
    """The rows of one page of the list, newest year first, and whether another page follows.

    Their ids come first, so that only these rows are read whole and joined before they are sorted.
    """
    ids = _in_reach(_IDS.offset((page - 1) * PAGE_SIZE), actor, chosen)
    rows = db.session.execute(_PAGE.where(Project.id.in_(ids))).all()
    return rows[:PAGE_SIZE], len(rows) > PAGE_SIZE


def project_count(actor: Actor, chosen: Filter) -> int:
    """How many projects the filter leaves."""
    counted = sa.select(sa.func.count()).select_from(Project)
    statement = _in_reach(counted, actor, chosen)
    return db.session.scalar(statement) or 0


def _in_reach(statement: sa.Select[Any], actor: Actor, chosen: Filter) -> sa.Select[Any]:
    return chosen.applied(visible(statement, Project, actor, Action.VIEW_PROJECTS))


def allocated_amount(project_id: int) -> int:
    """The money that is arranged for a project in batches that are not void, in fen."""
    return allocated_amounts([project_id]).get(project_id, 0)


def allocated_amounts(project_ids: Sequence[int]) -> dict[int, int]:
    """Project id -> arranged money in fen; projects without any are left out.

    What an adjustment takes back stays with the project until it is approved.
    """
    statement = (
        sa.select(_allocation.c.project_id, _batch.c.status, sa.func.sum(_allocation.c.amount))
        .join_from(_allocation, _batch, _batch.c.id == _allocation.c.batch_id)
        .where(_allocation.c.project_id.in_(project_ids), sa.not_(_allocation.c.void))
        .group_by(_allocation.c.project_id, _batch.c.id, _batch.c.status)
    )
    arranged: dict[int, int] = {}
    for project_id, status, amount in db.session.execute(statement):
        fen = int(amount) if status is BatchStatus.APPROVED else max(0, int(amount))
        arranged[project_id] = arranged.get(project_id, 0) + fen
    return arranged


def money_lines(project_id: int) -> Sequence[Any]:
    """Every line that arranges money for a project or takes it back, with batch and document, in order."""
    statement = (
        sa.select(
            _allocation.c.id,
            _allocation.c.document_id,
            _allocation.c.batch_id,
            _allocation.c.amount,
            _batch.c.title.label("batch"),
            _batch.c.status,
            _batch.c.approved_on,
            sa.func.coalesce(_document.c.number, _document.c.title).label("document"),
        )
        .join_from(_allocation, _batch, _batch.c.id == _allocation.c.batch_id)
        .join(_document, _document.c.id == _allocation.c.document_id)
        .where(_allocation.c.project_id == project_id, sa.not_(_allocation.c.void))
        .order_by(_allocation.c.id)
    )
    return db.session.execute(statement).all()


def open_steps(project: Project, facts: ProjectFacts, actor: Actor) -> list[Step[ProjectFacts]]:
    """The steps that this person may take now, in the order of the flow: one button each."""
    return [
        step for step in steps_from(FLOW, project.status, facts) if may(actor, step.by, project)
    ]


def organizations(county_id: int | None, *kinds: OrganizationKind) -> list[Organization]:
    """The active organizations of these kinds in a county, in the order of their ids."""
    return list(
        db.session.scalars(
            sa.select(Organization)
            .where(
                Organization.county_id == county_id,
                Organization.kind.in_(kinds),
                Organization.active,
            )
            .order_by(Organization.id)
        )
    )


def applicants(actor: Actor) -> list[Organization]:
    """The organizations for which the person may apply."""
    statement = visible(sa.select(Organization), Organization, actor, Action.APPLY)
    return list(db.session.scalars(statement.order_by(Organization.id)))


def townships(actor: Actor) -> Sequence[Any]:
    """Id and name of each township of the person's county."""
    return db.session.execute(_TOWNSHIPS, {"county_id": actor.county_id}).all()


def years(actor: Actor) -> list[int]:
    """The years from the first to the last project that the person sees, the latest first."""
    reach = visible(sa.select(Project.year), Project, actor, Action.VIEW_PROJECTS).limit(1)
    first, last = reach.order_by(Project.year), reach.order_by(Project.year.desc())
    ends = db.session.execute(sa.select(first.scalar_subquery(), last.scalar_subquery())).one()
    return [] if ends[0] is None else list(range(ends[1], ends[0] - 1, -1))


def book() -> Book:
    """The county's rule book, as it was read at the start."""
    loaded: Book = current_app.extensions["book"]
    return loaded


def report_class_of(project_type: str) -> ReportClass:
    """The class in which a project type is reported; 其他类 while none is chosen."""
    known = book().project_types.get(project_type)
    return known.report_class if known else ReportClass.OTHER


def type_label(project_type: str) -> str:
    """The whole path of a project type; the code itself where the book no longer knows it."""
    known = book().project_types.get(project_type)
    return known.full_label if known else project_type
