"""The list of works: each project with money, how far it is, what it cost and what is late."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.accounts.models import Organization
from portal.accounts.scopes import visible
from portal.db import db
from portal.funds.models import Placement
from portal.implementation import queries
from portal.implementation.facts import needs_contract
from portal.implementation.models import Acceptance
from portal.library.models import Project
from portal.rules.access import Action, Actor
from portal.rules.milestones import Milestone
from portal.rules.phases import AHEAD
from portal.rules.vocabulary import AcceptanceLevel, Phase
from portal.rules.works import ACCEPTS, REPORT_EVERY

_township = aliased(Organization)


@dataclass(frozen=True)
class Chosen:
    """What the list is narrowed to; None and False do not narrow."""

    year: int | None = None
    township_id: int | None = None
    phase: Phase | None = None
    late: bool = False


@dataclass(frozen=True)
class WorksLine:
    """One project; amounts in fen. ``percent`` and its day are None where nobody reported yet."""

    id: int
    code: str
    name: str
    township: str | None
    project_type: str
    allocated: int
    paid: int
    contracts: int
    phase: Phase
    percent: int | None
    reported_on: date | None
    late: tuple[Milestone, ...]


def years_with_money(actor: Actor) -> list[int]:
    """The years of the projects in reach that money is placed on, the latest first."""
    statement = sa.select(Project.year).join(Placement, Placement.project_id == Project.id)
    reach = visible(statement.distinct(), Project, actor, Action.VIEW_PROJECTS)
    return list(db.session.scalars(reach.order_by(Project.year.desc())))


def works_lines(actor: Actor, chosen: Chosen, today: date) -> list[WorksLine]:
    """The projects with placed money that the choice leaves, by code; seven queries for all of them."""
    rows = db.session.execute(_statement(actor, chosen)).mappings().all()
    ids = [row["id"] for row in rows]
    phases, reports = queries.phases(ids, today), queries.latest_reports(ids, today)
    contracts, milestones = queries.contracts_of(ids), queries.milestones_of(ids, today)
    lines = [
        WorksLine(
            **row,
            contracts=sum(contract.amount for contract in contracts.get(row["id"], [])),
            phase=phases[row["id"]],
            percent=reports[row["id"]].percent if row["id"] in reports else None,
            reported_on=reports[row["id"]].reported_on if row["id"] in reports else None,
            late=tuple(one for one in milestones[row["id"]] if one.is_late),
        )
        for row in rows
    ]
    return [line for line in lines if _fits(line, chosen)]


def to_report(actor: Actor, today: date) -> list[WorksLine]:
    """The works still ahead of which nobody reported for a month, by code; subsidies have no site."""
    return [
        line
        for line in works_lines(actor, Chosen(), today)
        if line.phase in AHEAD and needs_contract(line.project_type)
        if line.reported_on is None or (today - line.reported_on).days >= REPORT_EVERY
    ]


def to_accept(actor: Actor) -> list[tuple[Project, AcceptanceLevel]]:
    """The works that passed the level below and wait for this person's own look, by level and code."""
    found = []
    for below, level in pairwise(AcceptanceLevel):
        reach = visible(sa.select(Project), Project, actor, ACCEPTS[level])
        waiting = reach.where(Project.id.in_(_passed(below)), Project.id.not_in(_passed(level)))
        found += [
            (project, level) for project in db.session.scalars(waiting.order_by(Project.code))
        ]
    return found


def sums_of(lines: list[WorksLine]) -> Mapping[str, int]:
    """The sums of the lines' amounts, in fen."""
    return {
        name: sum(getattr(line, name) for line in lines)
        for name in ("allocated", "contracts", "paid")
    }


def _statement(actor: Actor, chosen: Chosen) -> sa.Select[tuple[object, ...]]:
    allocated = sa.func.sum(Placement.allocated_amount)
    statement = (
        sa.select(
            Project.id,
            Project.code,
            Project.name,
            Project.project_type,
            _township.name.label("township"),
            sa.cast(allocated, sa.BigInteger).label("allocated"),
            sa.cast(sa.func.sum(Placement.paid_amount), sa.BigInteger).label("paid"),
        )
        .join(Placement, Placement.project_id == Project.id)
        .outerjoin(_township, _township.id == Project.township_id)
        .group_by(Project.id, _township.name)
        .having(allocated > 0)
        .order_by(Project.code)
    )
    if chosen.year is not None:
        statement = statement.where(Project.year == chosen.year)
    if chosen.township_id is not None:
        statement = statement.where(Project.township_id == chosen.township_id)
    return visible(statement, Project, actor, Action.VIEW_PROJECTS)


def _passed(level: AcceptanceLevel) -> sa.Select[tuple[int]]:
    return sa.select(Acceptance.project_id).where(Acceptance.level == level, Acceptance.passed)


def _fits(line: WorksLine, chosen: Chosen) -> bool:
    return chosen.phase in {None, line.phase} and (bool(line.late) or not chosen.late)
