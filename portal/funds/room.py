"""What is still free for one batch: of documents, for projects, under the cap of management fees."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from portal.db import db
from portal.funds.counting import held
from portal.funds.models import Allocation, AllocationBatch, FundDocument
from portal.library.models import Project
from portal.rules.limits import AllocationFacts
from portal.rules.vocabulary import FundingTier

Purse = tuple[FundingTier, int]
"""The money of one tier in one year: it shares one cap of management fees."""


@dataclass
class Room:
    """Fen free for one batch; what the batch itself takes back it may place anew.

    ``rests`` by document id, ``gaps`` by project id; ``received`` and ``fees`` (what pays for projects of
    ``fee_type``) by tier and year. :meth:`take` keeps them in step with what is being placed.
    """

    fee_type: str
    rests: dict[int, int]
    gaps: dict[int, int]
    received: dict[Purse, int]
    fees: dict[Purse, int]

    def facts(
        self, document: FundDocument, project: Project, *, amount: int, purpose: str
    ) -> AllocationFacts:
        """The facts before one allocation."""
        purse = (document.tier, document.year)
        return AllocationFacts(
            amount=amount,
            purpose=purpose,
            project_name=project.name,
            project_status=project.status,
            project_type=project.project_type,
            project_budget=project.budget,
            project_gap=self.gaps[project.id],
            document_rest=self.rests[document.id],
            tier=document.tier,
            tier_received=self.received.get(purse, 0),
            tier_fee=self.fees.get(purse, 0),
        )

    def take(self, document: FundDocument, project: Project, amount: int) -> None:
        """Place an amount, or give it back where it is negative."""
        self.rests[document.id] -= amount
        self.gaps[project.id] -= amount
        if project.project_type == self.fee_type:
            purse = (document.tier, document.year)
            self.fees[purse] = self.fees.get(purse, 0) + amount


def room_for(
    batch: AllocationBatch,
    documents: Collection[FundDocument],
    projects: Collection[Project],
    fee_type: str,
) -> Room:
    """Read what is free of these documents and for these projects, in few queries for however many."""
    of_documents = held(
        [Allocation.document_id],
        Allocation.document_id.in_({document.id for document in documents}),
        own=batch.id,
    )
    of_projects = held(
        [Allocation.project_id],
        Allocation.project_id.in_({project.id for project in projects}),
        own=batch.id,
    )
    capped = any(project.project_type == fee_type for project in projects)
    purses = {(document.tier, document.year) for document in documents} if capped else set()
    return Room(
        fee_type,
        rests={d.id: d.amount - of_documents.get((d.id,), 0) for d in documents},
        gaps={p.id: p.budget - of_projects.get((p.id,), 0) for p in projects},
        received=_received(batch.county_id, purses),
        fees=_fees(batch, purses, fee_type),
    )


def fellow_documents(county_id: int, documents: Sequence[FundDocument]) -> list[int]:
    """The ids of all documents of the tiers and years of these: they share their caps."""
    purses = {(document.tier, document.year) for document in documents}
    statement = sa.select(FundDocument.id).where(_of(county_id, purses))
    return list(db.session.scalars(statement))


def _received(county_id: int, purses: Collection[Purse]) -> dict[Purse, int]:
    statement = (
        sa.select(FundDocument.tier, FundDocument.year, sa.func.sum(FundDocument.amount))
        .where(_of(county_id, purses))
        .group_by(FundDocument.tier, FundDocument.year)
    )
    return {(tier, year): int(fen) for tier, year, fen in db.session.execute(statement).tuples()}


def _fees(batch: AllocationBatch, purses: Collection[Purse], fee_type: str) -> dict[Purse, int]:
    if not purses:
        return {}
    return held(
        [FundDocument.tier, FundDocument.year],
        _of(batch.county_id, purses),
        Project.project_type == fee_type,
        own=batch.id,
    )


def _of(county_id: int, purses: Collection[Purse]) -> sa.ColumnElement[bool]:
    chosen = [
        sa.and_(FundDocument.tier == tier, FundDocument.year == year) for tier, year in purses
    ]
    return sa.and_(FundDocument.county_id == county_id, sa.or_(sa.false(), *chosen))
