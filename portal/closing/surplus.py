"""结余收回: which projects have money they do not need, to which document it goes, what it could fund."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts.scopes import visible
from portal.db import db
from portal.funds.counting import held_statement
from portal.funds.models import Allocation, AllocationBatch, FundDocument, Placement
from portal.implementation.facts import needs_contract
from portal.implementation.models import Contract
from portal.implementation.queries import contracts_of, phases
from portal.library.models import Project
from portal.rules.access import Action, Actor
from portal.rules.surplus import Surplus, SurplusFacts, spread, surplus
from portal.rules.vocabulary import BatchStatus, Phase, ProjectStatus

MOST_CANDIDATES = 30


@dataclass(frozen=True)
class Return:
    """Fen that may go back from a project to one document."""

    placement: Placement
    amount: int


@dataclass(frozen=True)
class ProjectMoney:
    """A project's money from the plan to the surplus, in fen; None where there is no such figure yet.

    ``promised`` is what adjustments that are not approved take back already.
    """

    project: Project
    phase: Phase
    contract: int | None
    settlement: int | None
    allocated: int
    requested: int
    paid: int
    promised: int
    surplus: Surplus
    returns: tuple[Return, ...]

    @property
    def returnable(self) -> int:
        """What may still be taken back."""
        return sum(one.amount for one in self.returns)


def money_of(project_ids: Collection[int], day: date) -> list[ProjectMoney]:
    """The projects that have money placed, the largest surplus first.

    A surplus goes to the newer documents first, so that the older money is spent first.
    """
    placements = _placements(project_ids)
    works, contracts = phases(placements, day), contracts_of(placements)
    promised = _promised(placements)
    found = [
        _money(places, works[key], contracts.get(key, []), promised)
        for key, places in placements.items()
    ]
    return sorted(found, key=lambda row: (-row.surplus.amount, row.project.code))


def projects_of(actor: Actor, year: int) -> list[int]:
    """The projects of a year whose money the person may see."""
    statement = sa.select(Project.id).where(Project.year == year)
    return list(db.session.scalars(visible(statement, Project, actor, Action.VIEW_PROJECTS)))


def years(actor: Actor) -> list[int]:
    """The years of projects that have money placed, the latest first."""
    statement = sa.select(Project.year).where(Project.id.in_(sa.select(Placement.project_id)))
    statement = visible(statement, Project, actor, Action.VIEW_PROJECTS).distinct()
    return list(db.session.scalars(statement.order_by(Project.year.desc())))


def candidates(actor: Actor) -> list[tuple[Project, int]]:
    """Admitted projects with the fen that their budgets still lack, by priority."""
    of_county = Allocation.county_id == actor.county_id
    arranged = held_statement([Allocation.project_id], of_county).subquery()
    gap = Project.budget - sa.func.coalesce(arranged.c.held, 0)
    statement = (
        visible(sa.select(Project, gap), Project, actor, Action.VIEW_PROJECTS)
        .outerjoin(arranged, arranged.c.project_id == Project.id)
        .where(Project.status == ProjectStatus.ADMITTED, gap > 0)
        .order_by(Project.year.desc(), Project.priority.asc().nulls_last(), Project.code)
        .limit(MOST_CANDIDATES)
    )
    return [(project, int(fen)) for project, fen in db.session.execute(statement).tuples()]


def _placements(project_ids: Collection[int]) -> dict[int, list[Placement]]:
    """The sources of each project, the newest document first."""
    statement = (
        sa.select(Placement)
        .where(Placement.project_id.in_(project_ids), Placement.allocated_amount > 0)
        .join(Placement.document)
        .options(joinedload(Placement.document), joinedload(Placement.project))
        .order_by(FundDocument.year.desc(), FundDocument.id.desc())
    )
    found: dict[int, list[Placement]] = defaultdict(list)
    for placement in db.session.scalars(statement):
        found[placement.project_id].append(placement)
    return found


def _promised(project_ids: Collection[int]) -> dict[tuple[int, int], int]:
    """(document, project) -> fen that adjustments which are not approved are to take back."""
    statement = (
        sa.select(Allocation.document_id, Allocation.project_id, sa.func.sum(-Allocation.amount))
        .join(Allocation.batch)
        .where(
            Allocation.project_id.in_(project_ids),
            Allocation.amount < 0,
            ~Allocation.void,
            AllocationBatch.status != BatchStatus.APPROVED,
        )
        .group_by(Allocation.document_id, Allocation.project_id)
    )
    return {(d, p): int(fen) for d, p, fen in db.session.execute(statement).tuples()}


def _money(
    places: list[Placement],
    phase: Phase,
    contracts: list[Contract],
    promised_of: dict[tuple[int, int], int],
) -> ProjectMoney:
    project = places[0].project
    settled = [c.settlement_amount for c in contracts if c.settlement_amount is not None]
    allocated, requested, paid = (
        sum(getattr(place, name) for place in places)
        for name in ("allocated_amount", "requested_amount", "paid_amount")
    )
    found = surplus(
        SurplusFacts(
            phase=phase,
            needs_contract=needs_contract(project.project_type),
            allocated=allocated,
            used=requested + paid,
            owed=sum(contract.limit for contract in contracts) if contracts else None,
        )
    )
    promised = [promised_of.get((place.document_id, place.project_id), 0) for place in places]
    rests = [place.rest - fen for place, fen in zip(places, promised, strict=True)]
    shares = spread(max(0, found.amount - sum(promised)), rests)
    return ProjectMoney(
        project=project,
        phase=phase,
        contract=sum(contract.amount for contract in contracts) if contracts else None,
        settlement=sum(settled) if settled else None,
        allocated=allocated,
        requested=requested,
        paid=paid,
        promised=sum(promised),
        surplus=found,
        returns=tuple(Return(place, fen) for place, fen in zip(places, shares, strict=True) if fen),
    )
