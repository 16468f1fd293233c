"""The grid of a batch: projects of a year by priority, documents with money, what stands in each cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.accounts.scopes import visible
from portal.db import db
from portal.funds.counting import held_statement
from portal.funds.models import Allocation, AllocationBatch, FundDocument
from portal.funds.queries import rests_for
from portal.library.models import Project
from portal.rules.access import Action, Actor
from portal.rules.vocabulary import BatchStatus, ProjectStatus, ReportClass

Key = tuple[int, int]
"""A cell: the id of the project and the id of the document."""


@dataclass(frozen=True)
class Grid:
    """What the page shows, in fen; ``projects`` are rows of id, code, name, report_class, gap.

    ``own``: what this batch places; ``taken``: what it takes back (negative); ``approved``: what other
    batches placed. ``rests`` by document id: what this batch may still place.
    """

    documents: Sequence[FundDocument]
    projects: Sequence[Any]
    own: Mapping[Key, int]
    taken: Mapping[Key, int]
    approved: Mapping[Key, int]
    rests: Mapping[int, int]


@dataclass(frozen=True)
class Running:
    """What is left while amounts are typed, in fen: by document id, by id of each project touched."""

    rests: Mapping[int, int]
    gaps: Mapping[int, int]
    typed: Mapping[int, tuple[int, int]]
    """By year of the money: what is typed beyond what is saved, for industry and in all."""


def grid_of(batch: AllocationBatch, year: int, actor: Actor) -> Grid:
    """Read the grid: one query each for columns, rows and cells, however many there are."""
    documents = _documents(batch, actor)
    projects = db.session.execute(_projects(batch, year, actor)).all()
    ids = [document.id for document in documents]
    own, taken, approved = _cells(batch, year, ids)
    return Grid(documents, projects, own, taken, approved, rests_for(batch, documents))


def latest_year(batch: AllocationBatch) -> int | None:
    """The latest year of the batch's projects; None while it has none."""
    statement = sa.select(sa.func.max(Project.year)).where(
        Project.id.in_(
            sa.select(Allocation.project_id).where(
                Allocation.batch_id == batch.id, ~Allocation.void
            )
        )
    )
    return db.session.scalar(statement)


def running(grid: Grid, amounts: Mapping[Key, int], at: int = 0) -> Running:
    """What would be left with these amounts in the cells; ``at`` is a row to tell about in any case."""
    rests, typed = dict(grid.rests), dict[int, tuple[int, int]]()
    years = {document.id: document.year for document in grid.documents}
    rows = {project.id: project for project in grid.projects}
    gaps = {at: rows[at].gap} if at in rows else {}
    for (project_id, document_id), amount in amounts.items():
        if project_id not in rows or document_id not in rests:
            continue
        more = amount - grid.own.get((project_id, document_id), 0)
        rests[document_id] -= more
        gaps[project_id] = gaps.get(project_id, rows[project_id].gap) - more
        industry, total = typed.get(years[document_id], (0, 0))
        is_industry = rows[project_id].report_class is ReportClass.INDUSTRY
        typed[years[document_id]] = (industry + more * is_industry, total + more)
    return Running(rests, gaps, typed)


def _documents(batch: AllocationBatch, actor: Actor) -> Sequence[FundDocument]:
    """Documents with money left, and those that the batch uses, the first to fall due first."""
    used = sa.select(Allocation.document_id).where(
        Allocation.batch_id == batch.id, ~Allocation.void
    )
    statement = (
        visible(sa.select(FundDocument), FundDocument, actor, Action.DRAFT_BATCH)
        .where(
            sa.or_(FundDocument.arranged_amount < FundDocument.amount, FundDocument.id.in_(used))
        )
        .order_by(FundDocument.received_on.asc().nulls_last(), FundDocument.id)
    )
    return db.session.scalars(statement).all()


def _projects(batch: AllocationBatch, year: int, actor: Actor) -> sa.Select[Any]:
    """The library's projects that lack money, and those of the batch, by priority."""
    of_county = Allocation.county_id == batch.county_id
    arranged = held_statement([Allocation.project_id], of_county, own=batch.id).subquery()
    gap = Project.budget - sa.cast(sa.func.coalesce(arranged.c.held, 0), sa.BigInteger)
    used = sa.select(Allocation.project_id).where(Allocation.batch_id == batch.id, ~Allocation.void)
    columns = (Project.id, Project.code, Project.name, Project.report_class, gap.label("gap"))
    return (
        visible(sa.select(*columns), Project, actor, Action.VIEW_PROJECTS)
        .outerjoin(arranged, arranged.c.project_id == Project.id)
        .where(
            Project.year == year,
            sa.or_(
                sa.and_(Project.status == ProjectStatus.ADMITTED, gap > 0), Project.id.in_(used)
            ),
        )
        .order_by(Project.priority.asc().nulls_last(), Project.code)
    )


def _cells(
    batch: AllocationBatch, year: int, document_ids: Sequence[int]
) -> tuple[dict[Key, int], dict[Key, int], dict[Key, int]]:
    """What this batch places, what it takes back, what other approved batches placed."""
    of_batch = Allocation.batch_id == batch.id
    negative = Allocation.amount < sa.literal_column("0")  # one text in both places, for PostgreSQL
    statement = (
        sa.select(
            Allocation.project_id,
            Allocation.document_id,
            of_batch.label("of_batch"),
            negative.label("negative"),
            sa.func.sum(Allocation.amount),
        )
        .join(Allocation.batch)
        .join(Allocation.project)
        .where(
            Allocation.document_id.in_(document_ids),
            Project.year == year,
            ~Allocation.void,
            sa.or_(of_batch, AllocationBatch.status == BatchStatus.APPROVED),
        )
        .group_by(Allocation.project_id, Allocation.document_id, Allocation.batch_id, negative)
    )
    own, taken, approved = dict[Key, int](), dict[Key, int](), dict[Key, int]()
    for project_id, document_id, is_own, takes_back, amount in db.session.execute(
        statement
    ).tuples():
        place = (taken if takes_back else own) if is_own else approved
        key = (project_id, document_id)
        place[key] = place.get(key, 0) + int(amount)
    return own, taken, approved
