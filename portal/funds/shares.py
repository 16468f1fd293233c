"""产业占比: the industry's part of a year's money beside last year's, and what a batch makes of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

import sqlalchemy as sa
from flask import current_app

from portal.db import db
from portal.funds.models import Allocation, AllocationBatch, FundDocument, OpeningFigure
from portal.library.models import Project
from portal.rules.limits import industry_share_warning
from portal.rules.money import percent
from portal.rules.vocabulary import ReportClass

Sums = tuple[int, int]
"""Fen for industry, and in all."""


@dataclass(frozen=True)
class IndustryShare:
    """The industry's part of a year's arranged money (fen) and a warning where it is too small."""

    year: int
    industry: int
    total: int
    last_year: Sums | None
    warning: str | None

    @property
    def percent(self) -> Decimal | None:
        """The share of this year."""
        return percent(self.industry, self.total)

    @property
    def last_percent(self) -> Decimal | None:
        """The share of last year, where it is known."""
        return percent(*self.last_year) if self.last_year else None


@dataclass(frozen=True)
class ShareChange:
    """A year's share without a batch (None before anything else is arranged) and with it."""

    before: IndustryShare | None
    after: IndustryShare


def industry_share(county_id: int, year: int) -> IndustryShare | None:
    """The industry's share of a year beside last year's; None before anything is arranged."""
    return _share(year, _sums(county_id, year), _last_year(county_id, year - 1))


def share_changes(
    batch: AllocationBatch,
    years: Collection[int],
    typed: Mapping[int, Sums] = MappingProxyType({}),
) -> list[ShareChange]:
    """What a batch makes of the shares of these years; ``typed`` comes on top and is not saved yet."""
    changes = []
    for year in sorted(years):
        last_year = _last_year(batch.county_id, year - 1)
        saved, more = _sums(batch.county_id, year), typed.get(year, (0, 0))
        others = _sums(batch.county_id, year, Allocation.batch_id != batch.id)
        after = _share(year, (saved[0] + more[0], saved[1] + more[1]), last_year)
        if after:
            changes.append(ShareChange(_share(year, others, last_year), after))
    return changes


def years_of(batch: AllocationBatch) -> set[int]:
    """The years whose money the batch moves."""
    return {line.document.year for line in batch.lines}


def _share(year: int, sums: Sums, last_year: Sums | None) -> IndustryShare | None:
    if sums[1] <= 0:
        return None
    limit = current_app.extensions["book"].limits.industry_share
    warning = industry_share_warning(limit, *sums, last_year)
    return IndustryShare(year, *sums, last_year, warning)


def _sums(county_id: int, year: int, *conditions: sa.ColumnElement[bool]) -> Sums:
    """What the ledger holds, drafts included."""
    industry = sa.case((Project.report_class == ReportClass.INDUSTRY, Allocation.amount), else_=0)
    statement = (
        sa.select(sa.func.sum(industry), sa.func.sum(Allocation.amount))
        .join(Allocation.project)
        .join(Allocation.document)
        .where(
            Allocation.county_id == county_id,
            FundDocument.year == year,
            ~Allocation.void,
            *conditions,
        )
    )
    found = db.session.execute(statement).one()
    return int(found[0] or 0), int(found[1] or 0)


def _last_year(county_id: int, year: int) -> Sums | None:
    """The ledger's figures, or those that were entered for a year before the portal."""
    figures = _sums(county_id, year)
    if figures[1]:
        return figures
    opening = db.session.scalar(sa.select(OpeningFigure).filter_by(county_id=county_id, year=year))
    return (opening.industry_amount, opening.total_amount) if opening else None
