"""Freezing the figures of a fund year: at the dated checkpoints, and whenever somebody has a reason."""

import hashlib
from datetime import date

import sqlalchemy as sa

from portal import clock
from portal.db import db
from portal.funds.models import FundDocument
from portal.pace import frozen
from portal.pace.models import Snapshot
from portal.rules.access import SYSTEM, Actor
from portal.rules.broken import RuleBroken
from portal.rules.pace import Checkpoint, Pace


def take_snapshot(
    county_id: int,
    fund_year: int,
    day: date,
    *,
    actor: Actor,
    on: date,
    reason: str = "",
    checkpoint: str = "",
) -> Snapshot:
    """Keep what had come, was placed and was paid of a fund year at the end of ``day``, for good.

    Raises:
        RuleBroken: the day is not there yet, no money had come by then, or nobody says what it is for.
    """
    if not (reason or checkpoint):
        raise RuleBroken("请写明为什么要固定这一天的数，例如“报送三季度进度”。", field="reason")
    if day > on:
        raise RuleBroken(f"日期 {day} 还没有到，请选今天 {on} 或以前的日期。", field="day")
    figures = frozen.figures(county_id, fund_year, day)
    if not figures["received"]:
        raise RuleBroken(
            f"{fund_year} 年的资金到 {day} 还没有到位，没有可以固定的数。请换一个年度或日期。",
            field="day",
        )
    content = frozen.written(figures | {"last_posting": frozen.last_posting(county_id, fund_year)})
    snapshot = Snapshot(
        county_id=county_id,
        fund_year=fund_year,
        day=day,
        checkpoint=checkpoint,
        reason=reason,
        content=content,
        sha256=hashlib.sha256(content.encode()).hexdigest(),
        taken_by_id=actor.user_id,
        taken_by=actor.name,
        taken_at=clock.now(),
    )
    db.session.add(snapshot)
    db.session.flush()
    return snapshot


def take_due_snapshots(pace: Pace, today: date) -> list[Snapshot]:
    """Take the checkpoint of each county that is over and not frozen yet, however late the machine comes."""
    return [
        take_snapshot(
            county_id,
            on.year,
            on,
            actor=SYSTEM,
            on=today,
            reason=f"{on.year} 年{checkpoint.label}考核时点",
            checkpoint=checkpoint.code,
        )
        for checkpoint in pace.checkpoints
        for on in [_latest(checkpoint, today)]
        for county_id in _counties_without(checkpoint, on)
    ]


def _latest(checkpoint: Checkpoint, today: date) -> date:
    """The last time that the day of a checkpoint was over."""
    this_year = checkpoint.on(today.year)
    return this_year if this_year < today else checkpoint.on(today.year - 1)


def _counties_without(checkpoint: Checkpoint, on: date) -> list[int]:
    """The counties that had money of the year by the checkpoint and have no snapshot of it."""
    taken = sa.select(Snapshot.county_id).where(
        Snapshot.fund_year == on.year, Snapshot.checkpoint == checkpoint.code
    )
    came_on = sa.func.coalesce(FundDocument.received_on, FundDocument.registered_on)
    statement = (
        sa.select(FundDocument.county_id)
        .where(
            FundDocument.year == on.year,
            came_on <= on,
            FundDocument.county_id.not_in(taken),
        )
        .distinct()
        .order_by(FundDocument.county_id)
    )
    return list(db.session.scalars(statement))
