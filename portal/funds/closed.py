"""What a closed year forbids; the closings stand to the right of the funds, so by their tables' names."""

from datetime import date

import sqlalchemy as sa

from portal.db import db
from portal.funds.models import FundDocument
from portal.rules.broken import RuleBroken
from portal.rules.closing_flow import last_day
from portal.rules.vocabulary import ClosingStatus

_closing = sa.table(
    "year_closing", sa.column("id"), sa.column("county_id"), sa.column("year"), sa.column("status")
)
_line = sa.table("carry_over", sa.column("closing_id"), sa.column("document_id"))
_CLOSED = _closing.c.status == ClosingStatus.CLOSED.value


def closed_until(county_id: int) -> date | None:
    """The last day into which nothing may be booked any more; None while no year is closed."""
    statement = sa.select(sa.func.max(_closing.c.year)).where(
        _closing.c.county_id == county_id, _CLOSED
    )
    year = db.session.scalar(statement)
    return last_day(year) if year else None


def refuse_closed_day(county_id: int, day: date, *, word: str, field: str | None = None) -> None:
    """Refuse a day of a closed year; ask under the lock of the rows that the closing locks too.

    Raises:
        RuleBroken: naming the ``word`` of the day and the first day that is open.
    """
    until = closed_until(county_id)
    if until and day <= until:
        raise RuleBroken(
            f"{until.year} 年度已经结账，{word}不能是 {day}。请用 {until.year + 1}-01-01 或以后的日期",
            field=field,
        )


def closed_in(document: FundDocument) -> int | None:
    """The last closed year whose figures hold this document; None while there is none."""
    year: int | None = db.session.scalar(
        sa.select(sa.func.max(_closing.c.year))
        .join_from(_closing, _line, _line.c.closing_id == _closing.c.id)
        .where(_line.c.document_id == document.id, _CLOSED)
    )
    return year
