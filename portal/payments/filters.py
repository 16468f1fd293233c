"""The list of payments: its filter as an address carries it, its rows and its sums."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts.scopes import visible
from portal.db import db
from portal.funds.models import FundDocument, Placement
from portal.library.filters import number_in
from portal.payments.models import Payment, PaymentPart
from portal.rules.access import Action, Actor
from portal.rules.vocabulary import PaymentStatus

NAMES = ("status", "year", "township", "project", "document")
PAGE_SIZE = 50


@dataclass(frozen=True)
class Filter:
    """What narrows the list; None does not. ``year`` is that of the fund documents."""

    status: PaymentStatus | None = None
    year: int | None = None
    township: int | None = None
    project: int | None = None
    document: int | None = None


@dataclass(frozen=True)
class Sum:
    """How many payments, and the fen that they take of the documents asked for."""

    count: int = 0
    amount: int = 0


def chosen_filter(arguments: Mapping[str, str]) -> Filter:
    """The filter that an address names; what cannot be read does not narrow."""
    numbers = {name: number_in(arguments.get(name)) for name in NAMES[1:]}
    return Filter(PaymentStatus.named(arguments.get("status")), **numbers)


def page_of(actor: Actor, chosen: Filter, page: int) -> tuple[list[tuple[Payment, int]], bool]:
    """Payments with the fen of the filter, the latest first; whether another page follows."""
    amounts = _amounts(chosen)
    statement = (
        _narrowed(sa.select(Payment, amounts.c.amount), actor, chosen)
        .join(amounts, amounts.c.payment_id == Payment.id)
        .options(joinedload(Payment.project))
        .order_by(Payment.id.desc())
        .offset((page - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE + 1)
    )
    rows = [(payment, int(fen)) for payment, fen in db.session.execute(statement).tuples()]
    return rows[:PAGE_SIZE], len(rows) > PAGE_SIZE


def sums_of(actor: Actor, chosen: Filter) -> dict[PaymentStatus, Sum]:
    """The sums of the filter by status, whichever status it names; statuses without a payment are 0."""
    amounts = _amounts(chosen)
    counted = sa.select(Payment.status, sa.func.count(), sa.func.sum(amounts.c.amount))
    statement = (
        _narrowed(counted, actor, replace(chosen, status=None))
        .join(amounts, amounts.c.payment_id == Payment.id)
        .group_by(Payment.status)
    )
    found = {
        status: Sum(count, int(fen))
        for status, count, fen in db.session.execute(statement).tuples()
    }
    return {status: found.get(status, Sum()) for status in PaymentStatus}


def years(actor: Actor) -> list[int]:
    """The years of the county's fund documents, the latest first."""
    statement = sa.select(FundDocument.year).distinct().order_by(FundDocument.year.desc())
    return list(db.session.scalars(statement.where(FundDocument.county_id == actor.county_id)))


def _amounts(chosen: Filter) -> sa.Subquery:
    """The fen of each payment that come from the documents asked for."""
    statement = (
        sa.select(PaymentPart.payment_id, sa.func.sum(PaymentPart.amount).label("amount"))
        .join(PaymentPart.placement)
        .join(Placement.document)
        .group_by(PaymentPart.payment_id)
    )
    if chosen.year:
        statement = statement.where(FundDocument.year == chosen.year)
    if chosen.document:
        statement = statement.where(Placement.document_id == chosen.document)
    return statement.subquery()


def _narrowed(statement: sa.Select[Any], actor: Actor, chosen: Filter) -> sa.Select[Any]:
    statement = visible(statement, Payment, actor, Action.VIEW_PAYMENTS)
    if chosen.status:
        statement = statement.where(Payment.status == chosen.status)
    if chosen.township:
        statement = statement.where(Payment.township_id == chosen.township)
    if chosen.project:
        statement = statement.where(Payment.project_id == chosen.project)
    return statement
