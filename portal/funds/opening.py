"""Years before the portal was in use: what they arranged, and what was paid of it by which day."""

from datetime import date

import sqlalchemy as sa

from portal.db import db, lock
from portal.funds.models import OpeningFigure, OpeningPayment
from portal.rules.access import Actor
from portal.rules.broken import RuleBroken
from portal.rules.money import wan_exact


def record_opening_figure(
    year: int, *, industry_amount: int, total_amount: int, actor: Actor
) -> OpeningFigure:
    """Keep what a year before the portal arranged for industry and in all (fen).

    Raises:
        RuleBroken: the industry's part is above the total, the total is nothing, or more was paid.
    """
    if not 0 <= industry_amount <= total_amount or not total_amount:
        raise RuleBroken(
            "产业类金额要在 0 到资金总额之间。请核对两个金额。", field="industry_amount"
        )
    figure = _figure(actor.county_id, year)
    if figure:
        _check_paid_within(figure, total_amount)
    figure = figure or OpeningFigure(county_id=actor.county_id, year=year)
    figure.industry_amount, figure.total_amount = industry_amount, total_amount
    db.session.add(figure)
    db.session.flush()
    return figure


def record_opening_payment(
    year: int, *, counted_on: date, paid_amount: int, actor: Actor, on: date
) -> OpeningPayment:
    """Keep what was paid by ``counted_on``, in all (fen), of a year before the portal.

    A second entry for the same day replaces the first.

    Raises:
        RuleBroken: the year has no total yet, more than it was paid, or the day cannot be right.
    """
    figure = _figure(actor.county_id, year)
    if figure is None:
        raise RuleBroken(f"{year} 年还没有资金总额。请先在本页填写 {year} 年的资金总额。", "year")
    if not date(year, 1, 1) <= counted_on <= on:
        raise RuleBroken(
            f"截止日期要在 {year}-01-01 到今天 {on} 之间，您填的是 {counted_on}。", "counted_on"
        )
    if paid_amount > figure.total_amount:
        raise RuleBroken(
            f"{year} 年资金总额 {wan_exact(figure.total_amount)} 万元，"
            f"已支出 {wan_exact(paid_amount)} 万元。"
            f"请减少 {wan_exact(paid_amount - figure.total_amount)} 万元，或先改正资金总额。",
            "paid_amount",
        )
    payment = db.session.scalar(
        sa.select(OpeningPayment).filter_by(
            county_id=actor.county_id, year=year, counted_on=counted_on
        )
    ) or OpeningPayment(county_id=actor.county_id, year=year, counted_on=counted_on)
    payment.paid_amount = paid_amount
    db.session.add(payment)
    db.session.flush()
    return payment


def _figure(county_id: int, year: int) -> OpeningFigure | None:
    """The year's figure, locked: total and payments are checked against each other."""
    statement = sa.select(OpeningFigure.id).filter_by(county_id=county_id, year=year)
    found = lock(OpeningFigure, list(db.session.scalars(statement)))
    return found[0] if found else None


def _check_paid_within(figure: OpeningFigure, total_amount: int) -> None:
    most = db.session.scalar(
        sa.select(sa.func.max(OpeningPayment.paid_amount)).filter_by(
            county_id=figure.county_id, year=figure.year
        )
    )
    if most and most > total_amount:
        raise RuleBroken(
            f"{figure.year} 年已支出 {wan_exact(most)} 万元，资金总额不能改成 "
            f"{wan_exact(total_amount)} 万元。请先改正已支出金额。",
            field="total_amount",
        )
