"""Duties with a date of their own: the pace of a fund year, the month of a county, the birthdays of money.

Each source answers for all counties or for one. ``only_near`` leaves out what no reminder can be due for,
before anything is computed.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

import sqlalchemy as sa
from flask import current_app

from portal.db import db
from portal.deadlines.facts import Subject
from portal.funds.models import FundDocument, Placement
from portal.pace.curve import Moment, at, moments
from portal.payments.models import Posting
from portal.performance.overview import handed_in
from portal.rules.deadlines import Rule
from portal.rules.pace import AgeStart, Pace, counted_from, pace_of
from portal.rules.vocabulary import BulletinKind, FormKind
from portal.supervision.models import Bulletin, PaymentPlan

STILL_ASKED = timedelta(days=90)
"""How long after its last day a form of the year before is asked for. [OWN]"""

Reader = Callable[[Rule, date, int | None, bool], list[Subject]]


@dataclass(frozen=True)
class CountySubject(Subject):
    """A subject that is no row of its own: the county and the code name it."""

    @property
    def key(self) -> str:
        """Its lasting name in reminders."""
        return f"{self.kind}:{self.county_id}:{self.code}"


def fund_years(rule: Rule, day: date, county_id: int | None, only_near: bool) -> list[Subject]:
    """The money of the day's year in each county, and since when it has the pace of the rule's last day."""
    begins_on = date(day.year, 1, 1)
    due_on = rule.ends_on(begins_on, current_app.extensions["book"].holidays)
    if only_near and not _may_remind(rule, due_on, day):
        return []
    came_on = sa.func.coalesce(FundDocument.received_on, FundDocument.registered_on)
    counties = (
        sa.select(FundDocument.county_id)
        .where(FundDocument.year == day.year, came_on <= day)
        .distinct()
    )
    return [_fund_year(county, begins_on, due_on, day) for county in _counties(counties, county_id)]


def county_months(rule: Rule, day: date, county_id: int | None, _only_near: bool) -> list[Subject]:
    """This month in each county with placed money to pay: its plan, and the bulletin on last month."""
    counties = (
        sa.select(Placement.county_id)
        .where(Placement.allocated_amount > Placement.paid_amount)
        .distinct()
    )
    return [_county_month(county, day) for county in _counties(counties, county_id)]


def fund_rests(rule: Rule, day: date, county_id: int | None, only_near: bool) -> list[Subject]:
    """Fund documents that are not all paid, by the day from which the age of their money counts."""
    start = _pace().age_start
    statement = sa.select(FundDocument).order_by(FundDocument.id)
    if county_id is not None:
        statement = statement.where(FundDocument.county_id == county_id)
    if only_near:
        statement = statement.where(_begun_within(*_window(rule, day), start))
    documents = db.session.scalars(statement).all()
    spent = _spent([document.id for document in documents], day)
    return [_fund_rest(one, spent.get(one.id), start) for one in documents]


def _fund_year(county_id: int, begins_on: date, due_on: date, day: date) -> Subject:
    found = moments(county_id, begins_on.year, day)
    now, target = at(found, day), pace_of(_pace().method, begins_on.year, due_on)
    return CountySubject(
        kind="fund_year",
        id=begins_on.year,
        county_id=county_id,
        code=str(begins_on.year),
        name=f"{begins_on.year} 年资金",
        amount=now.received,
        rest=max(0, math.ceil(target * now.received) - now.paid),
        facts={"begins_on": begins_on, "paced_on": _reached(found, min(day, due_on), target)},
    )


def _reached(found: Sequence[Moment], until: date, target: Fraction) -> date | None:
    """The day from which the paid share has not been below the target again; None while it is below."""
    reached = None
    for moment in found:
        if moment.day <= until:
            enough = moment.received > 0 and moment.paid >= target * moment.received
            reached = (reached or moment.day) if enough else None
    return reached


def _county_month(county_id: int, day: date) -> Subject:
    begins_on = day.replace(day=1)
    ended_on = begins_on - timedelta(days=1)
    planned_on = db.session.scalar(
        sa.select(PaymentPlan.issued_on).filter_by(
            county_id=county_id, year=day.year, month=day.month
        )
    )
    bulletin_on = db.session.scalar(
        sa.select(sa.func.min(Bulletin.issued_on)).where(
            Bulletin.county_id == county_id,
            Bulletin.kind == BulletinKind.MONTHLY,
            Bulletin.day >= ended_on,
            Bulletin.issued_on <= day,
        )
    )
    return CountySubject(
        kind="county_month",
        id=0,
        county_id=county_id,
        code=f"{day:%Y-%m}",
        name=f"{day.year}年{day.month}月",
        amount=0,
        rest=0,
        facts={
            "begins_on": begins_on,
            "last_month_ended_on": ended_on,
            "planned_on": planned_on,
            "bulletin_on": bulletin_on,
        },
    )


def _fund_rest(document: FundDocument, spent: tuple[int, date] | None, start: AgeStart) -> Subject:
    paid, latest_on = spent or (0, None)
    return Subject(
        kind="fund_rest",
        id=document.id,
        county_id=document.county_id,
        code=document.code,
        name=document.short_name,
        amount=document.amount,
        rest=document.amount - paid,
        facts={
            "aged_from": counted_from(document.year, document.received_on, start),
            "spent_on": latest_on if paid >= document.amount else None,
        },
    )


def _spent(ids: Sequence[int], day: date) -> dict[int, tuple[int, date]]:
    """Fen paid of each document by ``day``, and the day of the latest payment."""
    statement = (
        sa.select(Posting.document_id, sa.func.sum(Posting.amount), sa.func.max(Posting.paid_on))
        .where(Posting.document_id.in_(ids), Posting.paid_on <= day)
        .group_by(Posting.document_id)
    )
    return {
        document_id: (int(amount), latest_on)
        for document_id, amount, latest_on in db.session.execute(statement).tuples()
    }


def _window(rule: Rule, day: date) -> tuple[date, date]:
    """The first and last start whose end may be reminded of on ``day``; anniversaries shift by leap days."""
    last = day - timedelta(days=rule.least_days - rule.reminder_steps[0])
    return (date.min if rule.late_every else day - timedelta(days=366 * max(rule.years, 1))), last


def _begun_within(first: date, last: date, start: AgeStart) -> sa.ColumnElement[bool]:
    years = [year for year in range(first.year, last.year + 1) if first <= date(year, 1, 1) <= last]
    by_year = FundDocument.year.in_(years)
    if start is AgeStart.FISCAL_YEAR:
        return by_year
    received = FundDocument.received_on.between(first, last)
    return sa.or_(received, sa.and_(FundDocument.received_on.is_(None), by_year))


def _may_remind(rule: Rule, due_on: date, day: date) -> bool:
    soon = day >= due_on - timedelta(days=rule.reminder_steps[0])
    return soon and (bool(rule.late_every) or day <= due_on)


def _counties(statement: sa.Select[tuple[int]], county_id: int | None) -> list[int]:
    return [one for one in sorted(db.session.scalars(statement)) if county_id in {None, one}]


def _pace() -> Pace:
    pace: Pace = current_app.extensions["book"].pace
    return pace


def county_forms(rule: Rule, day: date, county_id: int | None, only_near: bool) -> list[Subject]:
    """The year's performance forms of one kind in each county, handed in for all projects with money or not.

    A monitoring belongs to the month in which the rule ends. What the year before still owes is asked for
    on into the new one.
    """
    begins_on, due_on = _year_of(rule, day.year)
    found: list[Subject] = []
    if not only_near or _may_remind(rule, due_on, day):
        found = _forms_of_year(rule, begins_on, due_on, county_id)
    began_on, was_due_on = _year_of(rule, day.year - 1)
    if day - was_due_on <= STILL_ASKED:
        earlier = _forms_of_year(rule, began_on, was_due_on, county_id)
        found += [one for one in earlier if one.facts[rule.stop] is None]
    return found


def _year_of(rule: Rule, year: int) -> tuple[date, date]:
    begins_on = date(year, 1, 1)
    return begins_on, rule.ends_on(begins_on, current_app.extensions["book"].holidays)


def _forms_of_year(
    rule: Rule, begins_on: date, due_on: date, county_id: int | None
) -> list[Subject]:
    month = due_on.month if rule.stop == "monitored_on" else None
    placed = sa.select(Placement.document_id).where(Placement.allocated_amount > 0)
    counties = (
        sa.select(FundDocument.county_id)
        .where(FundDocument.id.in_(placed), FundDocument.year == begins_on.year)
        .distinct()
    )
    return [
        _county_forms(rule.stop, begins_on, month, county)
        for county in _counties(counties, county_id)
    ]


def _county_forms(stop: str, begins_on: date, month: int | None, county_id: int) -> Subject:
    kind, year = FORM_KINDS[stop], begins_on.year
    handed = handed_in(county_id, year, kind, month)
    months = f" 1—{month} 月" if month else ""
    return CountySubject(
        kind="county_forms",
        id=year,
        county_id=county_id,
        code=f"{year}-{kind.value}-{month or 0}",
        name=f"{year} 年{months}{kind.label}（还缺 {handed.missing} 张）",
        amount=0,
        rest=0,
        facts={"begins_on": begins_on, stop: None if handed.missing else handed.latest_on},
        units=handed.units,
    )


FORM_KINDS = {
    "declared_on": FormKind.DECLARATION,
    "monitored_on": FormKind.MONITORING,
    "evaluated_on": FormKind.SELF_EVALUATION,
}
"""By the fact that stops the clock: the form that all projects with money owe."""

READERS: Mapping[str, Reader] = {
    "fund_year": fund_years,
    "county_month": county_months,
    "fund_rest": fund_rests,
    "county_forms": county_forms,
}
"""By the ``subject`` of a rule."""
