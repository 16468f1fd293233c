"""Frozen figures: the same bytes for ever, once per checkpoint, made up after days without a machine."""

import json
from datetime import date, datetime, time

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import clock
from portal.db import db, unit_of_work
from portal.funds.models import FundDocument
from portal.library.models import Project
from portal.pace import frozen, operations
from portal.pace.models import Snapshot
from portal.rules.broken import RuleBroken
from portal.scheduler.jobs import JOBS, run_if_due
from tests import closings, ledger
from tests.world import World

JULY = date(2023, 7, 15)
NIGHT = next(job for job in JOBS if job.name == "snapshots")


@pytest.fixture
def world(either_app: Flask) -> World:
    return World()


@pytest.fixture
def money(world: World) -> tuple[FundDocument, Project]:
    document, project = ledger.add_document(world), ledger.add_project(world)
    closings.place(world, document, project, 80)
    closings.pay(world, document, project, 30, date(2023, 6, 1))
    return document, project


def take(world: World, day: date = JULY, **more: str) -> Snapshot:
    actor = world.actor("finance_agri")
    with unit_of_work(actor, "test"):
        return operations.take_snapshot(
            actor.county_id,
            2023,
            day,
            actor=actor,
            on=date(2023, 12, 1),
            **{"reason": "报送"} | more,
        )


def night(day: date) -> str | None:
    return run_if_due(NIGHT, datetime.combine(day, time(1), clock.SHANGHAI))


def snapshots() -> list[tuple[str, date]]:
    db.session.rollback()
    rows = db.session.execute(sa.select(Snapshot.checkpoint, Snapshot.day).order_by(Snapshot.day))
    return list(rows.tuples())


def test_a_snapshot_is_byte_identical_after_edits(
    world: World, money: tuple[FundDocument, Project]
) -> None:
    snapshot = take(world)
    before, number = snapshot.content, snapshot.id
    closings.pay(world, *money, 20, date(2023, 7, 10))
    closings.pay(world, *money, 5, date(2023, 7, 11), back=True)
    db.session.rollback()
    kept = db.session.get_one(Snapshot, number, populate_existing=True)
    assert kept.content.encode() == before.encode()
    now = frozen.figures(kept.county_id, 2023, JULY)
    assert now["paid"] - json.loads(before)["paid"] == ledger.wan(15)
    assert [posting.amount for posting in frozen.posted_since(kept)] == [
        ledger.wan(20),
        -ledger.wan(5),
    ]


@pytest.mark.usefixtures("money")
def test_the_same_figures_give_the_same_bytes(world: World) -> None:
    first, second = take(world), take(world)
    assert first.content == second.content
    assert first.sha256 == second.sha256


@pytest.mark.usefixtures("money")
@pytest.mark.parametrize("verb", [sa.update(Snapshot).values(content="{}"), sa.delete(Snapshot)])
def test_nobody_changes_or_removes_a_snapshot(world: World, verb: sa.Executable) -> None:
    take(world)
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), db.engine.begin() as connection:
        connection.execution_options(portal_read_only=False).execute(verb)


@pytest.mark.usefixtures("money")
@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"reason": ""}, "请写明"),
        ({"day": date(2023, 12, 2)}, "还没有到"),
        ({"day": date(2023, 1, 1)}, "还没有到位"),
    ],
)
def test_what_cannot_be_frozen_is_refused(world: World, more: dict, words: str) -> None:
    with pytest.raises(RuleBroken, match=words):
        take(world, **more)


@pytest.mark.usefixtures("money")
def test_the_night_after_a_checkpoint_freezes_it_once(world: World) -> None:
    assert night(date(2023, 7, 15)) == "固定 0 份进度数"
    assert snapshots() == []
    assert night(date(2023, 7, 16)) == "固定 1 份进度数"
    assert night(date(2023, 7, 16)) is None
    assert night(date(2023, 7, 17)) == "固定 0 份进度数"
    assert snapshots() == [("july", JULY)]


@pytest.mark.usefixtures("money")
def test_lost_nights_are_made_up_as_of_the_checkpoint(
    world: World, money: tuple[FundDocument, Project]
) -> None:
    closings.pay(world, *money, 50, date(2023, 9, 1))
    assert night(date(2024, 1, 20)) == "固定 3 份进度数"
    assert snapshots() == [
        ("july", JULY),
        ("october", date(2023, 10, 15)),
        ("year_end", date(2023, 12, 31)),
    ]
    first = db.session.scalars(sa.select(Snapshot).filter_by(checkpoint="july")).one()
    assert json.loads(first.content)["paid"] == ledger.wan(30)


def test_a_county_without_money_has_no_checkpoints(world: World) -> None:
    assert night(date(2023, 7, 16)) == "固定 0 份进度数"


def test_differences_name_the_row_and_the_figure(
    world: World, money: tuple[FundDocument, Project]
) -> None:
    county_id = world.ids["county"]
    before = frozen.figures(county_id, 2023, date(2023, 5, 31))
    after = frozen.figures(county_id, 2023, JULY)
    assert [
        (one.part, one.name, one.amount, one.change) for one in frozen.differences(before, after)
    ] == [
        ("全年", "", "已付", ledger.wan(30)),
        ("资金文件", "财指〔2023〕1号", "已付", ledger.wan(30)),
        ("资金级次", "中央", "已付", ledger.wan(30)),
        ("责任单位", "甲镇", "已付", ledger.wan(30)),
        ("项目", "东村道路", "已付", ledger.wan(30)),
    ]
