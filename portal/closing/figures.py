"""The figures of a closing, made from the rows: what each document and each of its projects has left.

Everything is dated: money counts from the receipt of its document, a placement from the approval of its
batch, a payment from the day it left the treasury. A line's year is whatever happened up to its last day
and is not in an earlier closing, so nothing falls between two years.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from portal.closing.models import CarryOver, YearClosing
from portal.db import db
from portal.funds.models import Allocation, AllocationBatch, FundDocument
from portal.payments.models import Posting
from portal.rules.closing_flow import last_day
from portal.rules.vocabulary import BatchStatus, ClosingStatus

Key = tuple[int, int | None]
"""Document and project; None is what is not placed on a project."""


@dataclass(frozen=True)
class Figures:
    """One line of a closing, in fen."""

    opening: int
    added: int
    paid: int

    @property
    def rest(self) -> int:
        """What is carried over."""
        return self.opening + self.added - self.paid


def figures(
    county_id: int, year: int, document_ids: Collection[int] | None = None
) -> dict[Key, Figures]:
    """The lines of a year in the order of documents and projects, lines without any movement left out.

    Documents of the year and of the years before it, or only those that are named.
    """
    end = last_day(year)
    documents = _documents(county_id, year, document_ids)
    placed, paid = _placed(documents, end), _paid(documents, end)
    before = _before(county_id, year)
    added = placed | _unplaced(documents.values(), placed, end)
    found = {
        key: _line(added.get(key, 0), paid.get(key, 0), before.get(key, (0, 0)))
        for key in sorted({*added, *paid}, key=_order)
    }
    return {key: line for key, line in found.items() if line != Figures(0, 0, 0)}


def stored(closing: YearClosing) -> dict[Key, Figures]:
    """The lines that a closing keeps."""
    return {
        (line.document_id, line.project_id): Figures(
            line.opening_amount, line.added_amount, line.paid_amount
        )
        for line in closing.lines
    }


def moved(kept: Mapping[Key, Figures], now: Mapping[Key, Figures]) -> Iterator[Key]:
    """The lines that differ, in the order of documents and projects."""
    return (key for key in sorted({*kept, *now}, key=_order) if kept.get(key) != now.get(key))


def _line(added: int, paid: int, before: tuple[int, int]) -> Figures:
    added_before, paid_before = before
    return Figures(added_before - paid_before, added - added_before, paid - paid_before)


def _order(key: Key) -> tuple[int, int]:
    return key[0], key[1] or 0


def _documents(
    county_id: int, year: int, document_ids: Collection[int] | None
) -> dict[int, FundDocument]:
    statement = sa.select(FundDocument).where(
        FundDocument.county_id == county_id, FundDocument.year <= year
    )
    if document_ids is not None:
        statement = statement.where(FundDocument.id.in_(document_ids))
    return {document.id: document for document in db.session.scalars(statement)}


def _placed(document_ids: Collection[int], end: date) -> dict[Key, int]:
    """Fen on each project by approvals up to the day, what was taken back taken off."""
    statement = (
        sa.select(Allocation.document_id, Allocation.project_id, sa.func.sum(Allocation.amount))
        .join(Allocation.batch)
        .where(
            Allocation.document_id.in_(document_ids),
            ~Allocation.void,
            AllocationBatch.status == BatchStatus.APPROVED,
            AllocationBatch.approved_on <= end,
        )
        .group_by(Allocation.document_id, Allocation.project_id)
    )
    return {(d, p): int(fen) for d, p, fen in db.session.execute(statement).tuples()}


def _unplaced(
    documents: Collection[FundDocument], placed: Mapping[Key, int], end: date
) -> dict[Key, int]:
    """What came of each document and is on no project; money that is placed has come."""
    on_projects: dict[int, int] = {}
    for (document_id, _project), fen in placed.items():
        on_projects[document_id] = on_projects.get(document_id, 0) + fen
    return {
        (document.id, None): document.amount - on_projects.get(document.id, 0)
        for document in documents
        if document.id in on_projects or (document.received_on or document.registered_on) <= end
    }


def _paid(document_ids: Collection[int], end: date) -> dict[Key, int]:
    statement = (
        sa.select(Posting.document_id, Posting.project_id, sa.func.sum(Posting.amount))
        .where(Posting.document_id.in_(document_ids), Posting.paid_on <= end)
        .group_by(Posting.document_id, Posting.project_id)
    )
    return {(d, p): int(fen) for d, p, fen in db.session.execute(statement).tuples()}


def _before(county_id: int, year: int) -> dict[Key, tuple[int, int]]:
    """(added, paid) of each line in all earlier closings."""
    statement = (
        sa.select(
            CarryOver.document_id,
            CarryOver.project_id,
            sa.func.sum(CarryOver.added_amount),
            sa.func.sum(CarryOver.paid_amount),
        )
        .join(CarryOver.closing)
        .where(
            YearClosing.county_id == county_id,
            YearClosing.status == ClosingStatus.CLOSED,
            YearClosing.year < year,
        )
        .group_by(CarryOver.document_id, CarryOver.project_id)
    )
    return {
        (d, p): (int(added), int(paid))
        for d, p, added, paid in db.session.execute(statement).tuples()
    }
