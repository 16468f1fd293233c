"""The figures of the home page: each a sum of rows that a click shows."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from portal.accounts.scopes import visible
from portal.db import db
from portal.funds.models import FundDocument, Placement
from portal.funds.queries import DocumentLine, Totals, document_lines, totals_by_tier, totals_of
from portal.rules import money
from portal.rules.access import Action, Actor
from portal.rules.vocabulary import FundingTier


@dataclass(frozen=True)
class FundOverview:
    """A year's money: received, arranged, paid, by tier, and each document with its clock."""

    year: int
    totals: Totals
    paid: int
    by_tier: dict[FundingTier, Totals]
    lines: list[DocumentLine]

    @property
    def arranged_percent(self) -> str:
        """Share of the received money that is placed on projects."""
        share = money.percent(self.totals.arranged, self.totals.amount)
        return "—" if share is None else f"{share}"

    @property
    def paid_percent(self) -> str:
        """Share of the received money that is paid."""
        share = money.percent(self.paid, self.totals.amount)
        return "—" if share is None else f"{share}"


def fund_overview(actor: Actor, today: date) -> FundOverview:
    """The documents of the latest fund year within the actor's reach."""
    statement = visible(sa.select(FundDocument), FundDocument, actor, Action.VIEW_FUNDS)
    documents = db.session.scalars(
        statement.order_by(
            FundDocument.received_on.is_(None), FundDocument.received_on, FundDocument.id
        )
    )
    rows = list(documents)
    year = max((d.year for d in rows), default=today.year)
    of_year = [d for d in rows if d.year == year]
    return FundOverview(
        year=year,
        totals=totals_of(of_year),
        paid=_paid([d.id for d in of_year]),
        by_tier=totals_by_tier(of_year),
        lines=document_lines(of_year, today),
    )


def _paid(document_ids: Collection[int]) -> int:
    """Fen that left the treasury of these documents, by the counters of their placements."""
    statement = sa.select(sa.func.sum(Placement.paid_amount)).where(
        Placement.document_id.in_(document_ids)
    )
    return int(db.session.scalar(statement) or 0)
