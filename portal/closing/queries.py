"""Reads on closings: which year comes next, and the proof that opening and closing agree."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.closing.models import CarryOver, YearClosing
from portal.db import db
from portal.funds.models import FundDocument
from portal.rules.vocabulary import ClosingStatus, FundingTier


@dataclass(frozen=True)
class Sums:
    """Sums of lines, in fen."""

    opening: int
    added: int
    paid: int
    rest: int


@dataclass(frozen=True)
class DocumentProof:
    """A document with its lines, the unplaced part first, and their sums."""

    document: FundDocument
    lines: tuple[CarryOver, ...]
    sums: Sums


def next_year(county_id: int) -> int | None:
    """The first year that is not closed; None while no document is registered."""
    closed = db.session.scalar(
        sa.select(sa.func.max(YearClosing.year)).filter_by(
            county_id=county_id, status=ClosingStatus.CLOSED
        )
    )
    if closed is not None:
        return closed + 1
    return db.session.scalar(
        sa.select(sa.func.min(FundDocument.year)).where(FundDocument.county_id == county_id)
    )


def waiting(county_id: int) -> YearClosing | None:
    """The proposal that waits for its decision."""
    return db.session.scalar(
        sa.select(YearClosing).filter_by(county_id=county_id, status=ClosingStatus.SUBMITTED)
    )


def rests_of(closings: Sequence[YearClosing]) -> dict[int, int]:
    """Fen that each closing carries over, by its id."""
    statement = (
        sa.select(CarryOver.closing_id, sa.func.sum(CarryOver.rest_amount))
        .where(CarryOver.closing_id.in_([closing.id for closing in closings]))
        .group_by(CarryOver.closing_id)
    )
    return {key: int(fen) for key, fen in db.session.execute(statement).tuples()}


def closing_before(closing: YearClosing) -> YearClosing | None:
    """The closed year before this one, whose rests are the openings here."""
    return db.session.scalar(
        sa.select(YearClosing).filter_by(
            county_id=closing.county_id, year=closing.year - 1, status=ClosingStatus.CLOSED
        )
    )


def lines_of(closing: YearClosing) -> list[CarryOver]:
    """The lines with documents and projects, by tier, year and document."""
    statement = (
        sa.select(CarryOver)
        .where(CarryOver.closing_id == closing.id)
        .join(CarryOver.document)
        .options(joinedload(CarryOver.document), joinedload(CarryOver.project))
        .order_by(FundDocument.year, FundDocument.id, CarryOver.id)
    )
    return list(db.session.scalars(statement))


def sums_of(lines: Iterable[CarryOver]) -> Sums:
    """The sum of these lines."""
    kept = list(lines)
    return Sums(
        sum(line.opening_amount for line in kept),
        sum(line.added_amount for line in kept),
        sum(line.paid_amount for line in kept),
        sum(line.rest_amount for line in kept),
    )


def by_document(lines: Iterable[CarryOver]) -> list[DocumentProof]:
    """The lines document by document, in the order in which they come."""
    grouped: dict[FundDocument, list[CarryOver]] = {}
    for line in lines:
        grouped.setdefault(line.document, []).append(line)
    return [
        DocumentProof(document, tuple(of_it), sums_of(of_it)) for document, of_it in grouped.items()
    ]


def by_tier_and_year(lines: Iterable[CarryOver]) -> dict[tuple[FundingTier, int], Sums]:
    """The sums by tier and fund year, tiers in their order, older years first."""
    grouped: dict[tuple[FundingTier, int], list[CarryOver]] = {}
    for line in lines:
        grouped.setdefault((line.document.tier, line.document.year), []).append(line)
    tiers = list(FundingTier)
    ordered = sorted(grouped, key=lambda key: (tiers.index(key[0]), key[1]))
    return {key: sums_of(grouped[key]) for key in ordered}
