"""The curve of a fund year: what was paid by each day of its year, drawn against the pace."""

from calendar import isleap, monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate

import sqlalchemy as sa

from portal.db import db
from portal.funds.models import FundDocument, OpeningPayment
from portal.funds.queries import opening_total
from portal.payments.models import Posting
from portal.rules.money import percent, round2
from portal.rules.pace import Checkpoint, pace_of
from portal.rules.vocabulary import PaceMethod

SIDE = 1000
"""The drawing is a square of so many units, stretched to whatever width the page has."""


@dataclass(frozen=True)
class Moment:
    """What had come and what was paid (fen) at the end of a day."""

    day: date
    received: int
    paid: int

    @property
    def rate(self) -> Decimal:
        """Percent of the received money that was paid; 0 before anything came."""
        return percent(self.paid, self.received) or Decimal("0.00")


@dataclass(frozen=True)
class Row:
    """One line of the table beside the chart; ``ahead`` is in percentage points, negative when behind."""

    moment: Moment
    label: str
    pace: Decimal

    @property
    def ahead(self) -> Decimal:
        """By how much the rate is above the pace."""
        return self.moment.rate - self.pace


@dataclass(frozen=True)
class Chart:
    """Two lines in drawing units, and where the labels go in percent of the width."""

    actual: str
    pace: str
    now_x: Decimal
    now_rate: Decimal
    months: tuple[tuple[str, Decimal], ...]
    checkpoints: tuple[tuple[str, Decimal], ...]


def moments(county_id: int, fund_year: int, day: date) -> list[Moment]:
    """The curve by ``day``: one moment for each day on which money came or went."""
    paid = dict(db.session.execute(_paid_by_day(county_id, fund_year, day)).tuples().all())
    came = dict(db.session.execute(_came_by_day(county_id, fund_year, day)).tuples().all())
    if not came:
        return _opening_moments(county_id, fund_year, day)
    days = sorted(paid.keys() | came.keys())
    received = accumulate(int(came.get(one, 0)) for one in days)
    spent = accumulate(int(paid.get(one, 0)) for one in days)
    return [Moment(*parts) for parts in zip(days, received, spent, strict=True)]


def at(found: Iterable[Moment], day: date) -> Moment:
    """How the curve stood at the end of a day."""
    last = Moment(day, 0, 0)
    for moment in found:
        if moment.day <= day:
            last = moment
    return Moment(day, last.received, last.paid)


def rows(
    found: list[Moment],
    fund_year: int,
    day: date,
    method: PaceMethod,
    checkpoints: Iterable[Checkpoint],
) -> list[Row]:
    """The ends of the months, the checkpoints and the asked day, as far as they are past."""
    labels = {date(fund_year, month, monthrange(fund_year, month)[1]): "" for month in range(1, 13)}
    labels |= {checkpoint.on(fund_year): checkpoint.label for checkpoint in checkpoints}
    labels.setdefault(day, "")
    return [
        Row(at(found, one), labels[one], round2(100 * pace_of(method, fund_year, one)))
        for one in sorted(labels)
        if one <= day
    ]


def chart(
    found: list[Moment],
    fund_year: int,
    day: date,
    method: PaceMethod,
    checkpoints: Iterable[Checkpoint],
) -> Chart:
    """Draw the year; what was paid before it began stands at its left edge."""
    shown_until = min(day, date(fund_year, 12, 31))
    now = at(found, shown_until)
    return Chart(
        actual=_steps([*(one for one in found if one.day <= shown_until), now], fund_year),
        pace=_pace_line(fund_year, method),
        now_x=_width(shown_until),
        now_rate=now.rate,
        months=tuple(
            (f"{month}月", round2(Fraction(100 * (2 * month - 1), 24))) for month in range(1, 13)
        ),
        checkpoints=tuple(
            (f"{one.month}-{one.day}", _width(one.on(fund_year))) for one in checkpoints
        ),
    )


def _steps(found: list[Moment], fund_year: int) -> str:
    """A line that stays level between two days and rises on the day itself."""
    points, before = [], Decimal(0)
    for moment in found:
        x = _across(moment.day, fund_year)
        points += [(x, before), (x, moment.rate)]
        before = moment.rate
    return _drawn(points)


def _pace_line(fund_year: int, method: PaceMethod) -> str:
    first = date(fund_year, 1, 1)
    days = (first + timedelta(days=n) for n in range(365 + isleap(fund_year)))
    points = [
        (_across(day, fund_year), round2(100 * pace_of(method, fund_year, day))) for day in days
    ]
    return _drawn([(Decimal(0), Decimal(0)), *points])


def _drawn(points: list[tuple[Decimal, Decimal]]) -> str:
    return " ".join(f"{x * SIDE / 100:.1f},{SIDE - y * SIDE / 100:.1f}" for x, y in points)


def _across(day: date, fund_year: int) -> Decimal:
    return Decimal(0) if day.year < fund_year else _width(day)


def _width(day: date) -> Decimal:
    """The end of a day in percent of its year."""
    return round2(Fraction(100 * day.timetuple().tm_yday, 365 + isleap(day.year)))


def _paid_by_day(county_id: int, fund_year: int, day: date) -> sa.Select[tuple[date, int]]:
    """Answered by one index alone, whatever the number of postings."""
    return (
        sa.select(Posting.paid_on, sa.func.sum(Posting.amount))
        .where(
            Posting.county_id == county_id, Posting.fund_year == fund_year, Posting.paid_on <= day
        )
        .group_by(Posting.paid_on)
    )


def _came_by_day(county_id: int, fund_year: int, day: date) -> sa.Select[tuple[date, int]]:
    came_on = sa.func.coalesce(FundDocument.received_on, FundDocument.registered_on)
    return (
        sa.select(came_on, sa.func.sum(FundDocument.amount))
        .where(FundDocument.county_id == county_id, FundDocument.year == fund_year, came_on <= day)
        .group_by(came_on)
    )


def _opening_moments(county_id: int, fund_year: int, day: date) -> list[Moment]:
    total = opening_total(county_id, fund_year)
    if total is None:
        return []
    counted = sa.select(OpeningPayment.counted_on, OpeningPayment.paid_amount).filter_by(
        county_id=county_id, year=fund_year
    )
    statement = counted.where(OpeningPayment.counted_on <= day).order_by(OpeningPayment.counted_on)
    found = [Moment(on, total, paid) for on, paid in db.session.execute(statement).tuples()]
    return [Moment(date(fund_year, 1, 1), total, 0), *found]
