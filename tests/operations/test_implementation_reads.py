"""Reads on works: what is on record on a day, for many projects at once."""

from dataclasses import replace
from datetime import date

import pytest

from portal.db import db, unit_of_work
from portal.implementation import queries
from portal.implementation.facts import completion_notice_problem, needs_contract
from portal.implementation.models import Acceptance, Execution
from portal.rules.access import SYSTEM
from portal.rules.vocabulary import AcceptanceLevel, ChangeKind, NoticeLevel, Phase
from tests import ledger, works
from tests.world import World


@pytest.fixture
def world(either_app):
    return World()


def phase_on(project, *ymd) -> Phase:
    return queries.phases([project.id], date(*ymd))[project.id]


def test_a_phase_is_that_of_the_day(world):
    project, idle = ledger.add_project(world), ledger.add_project(world, "乙")
    works.add(
        Execution,
        project,
        tendered_on=date(2023, 3, 1),
        started_on=date(2023, 4, 10),
        finished_on=date(2023, 9, 1),
        recorded_by_id=9_000,
    )
    works.add_contract(project, settlement_amount=1, settled_on=date(2023, 10, 9))
    works.add_contract(project, void=True)
    works.add(
        Acceptance,
        project,
        level=AcceptanceLevel.COUNTY,
        accepted_on=date(2023, 9, 20),
        passed=True,
        actor_id=9_000,
        actor_name="某人",
    )
    works.add_change(project, ChangeKind.SUSPEND, date(2023, 5, 1))
    works.add_change(project, ChangeKind.RESUME, date(2023, 6, 1))

    seen = [phase_on(project, 2023, month, 15) for month in (2, 3, 4, 5, 7, 9, 10)]
    assert seen == [
        Phase.NOT_STARTED,
        Phase.TENDERING,
        Phase.UNDER_WAY,
        Phase.SUSPENDED,
        Phase.UNDER_WAY,
        Phase.FINISHED,
        Phase.SETTLED,
    ]
    assert queries.phases([project.id, idle.id], date(2023, 10, 1)) == {
        project.id: Phase.ACCEPTED,
        idle.id: Phase.NOT_STARTED,
    }


def test_the_latest_report_counts_and_the_later_of_one_day(world):
    project, silent = ledger.add_project(world), ledger.add_project(world, "乙")
    for percent, day in ((60, 5), (30, 2), (55, 5)):
        works.add_report(project, percent, date(2023, 6, day))
    ids = [project.id, silent.id]
    assert queries.progress_percents(ids, date(2023, 6, 30)) == {project.id: 55}
    assert queries.progress_percents(ids, date(2023, 6, 4)) == {project.id: 30}
    assert queries.progress_percents(ids, date(2023, 6, 1)) == {}


def test_a_project_is_held_until_it_is_resumed(world):
    project = ledger.add_project(world)
    works.add_change(project, ChangeKind.SUSPEND, date(2023, 5, 1))
    works.add_change(project, ChangeKind.CHANGE, date(2023, 5, 2))
    assert queries.on_hold([project.id], date(2023, 4, 30)) == {}
    held = queries.on_hold([project.id], date(2023, 5, 3))
    assert held[project.id].kind is ChangeKind.SUSPEND
    works.add_change(project, ChangeKind.RESUME, date(2023, 5, 4))
    assert queries.on_hold([project.id], date(2023, 5, 4)) == {}


def test_the_last_money_waits_for_the_completion_notice(world):
    project = ledger.add_project(world)

    def problem(day: int) -> str | None:
        db.session.expire_all()
        return completion_notice_problem(project, None, date(2023, 10, day))

    assert problem(20).startswith("还没有登记竣工公示")
    works.add_completion_notice(project, date(2023, 10, 1), date(2023, 10, 11))
    assert "公示到 2023-10-11 才结束" in problem(11)
    assert problem(12) is None
    township = works.add_completion_notice(
        project, date(2023, 10, 2), date(2023, 10, 30), NoticeLevel.TOWNSHIP
    )
    objections = [works.add_objection(township) for _ in range(2)]
    assert problem(12).startswith("竣工公示（乡镇公示）有 2 条异议没有办结，请先答复")
    for objection in objections:
        with unit_of_work(SYSTEM, "test"):
            db.session.merge(objection).closed_on = date(2023, 10, 12)
    assert problem(12) is None


def test_a_notice_hung_anew_does_not_hide_an_open_objection(world):
    project = ledger.add_project(world)
    first = works.add_completion_notice(project, date(2023, 9, 1), date(2023, 9, 11))
    works.add_objection(first)
    works.add_completion_notice(project, date(2023, 9, 20), date(2023, 9, 30))
    assert "有 1 条异议没有办结" in completion_notice_problem(project, None, date(2023, 10, 12))


def test_a_notice_older_than_the_settlement_told_no_settled_price(world):
    project, today = ledger.add_project(world), date(2023, 10, 12)
    works.add_completion_notice(project, date(2023, 9, 1), date(2023, 9, 11))
    problem = completion_notice_problem(project, date(2023, 9, 2), today)
    assert problem.startswith("竣工公示 2023-09-01 张贴，2023-09-02 才结算")
    works.add_completion_notice(project, date(2023, 9, 2), date(2023, 9, 12))
    assert completion_notice_problem(project, date(2023, 9, 2), today) is None


@pytest.mark.parametrize(("wanted", "stops"), [(False, False), (True, True)])
def test_the_county_may_want_both_photos(world, either_app, wanted, stops):
    rules = either_app.extensions["book"]
    either_app.extensions["book"] = replace(rules, notice_photos=wanted)
    project = ledger.add_project(world)
    works.add_completion_notice(project, date(2023, 9, 1), date(2023, 9, 11))
    problem = completion_notice_problem(project, None, date(2023, 10, 12))
    assert bool(problem) is stops
    assert not stops or "最后一天的照片" in problem


def test_a_notice_without_its_first_photo_does_not_count(world):
    project = ledger.add_project(world)
    works.add_completion_notice(project, date(2023, 9, 1), date(2023, 9, 11), photo_id=None)
    assert "还没有第一天的照片" in completion_notice_problem(project, None, date(2023, 10, 12))


def test_what_needs_a_contract_is_data(app):
    assert (needs_contract("road"), needs_contract("education"), needs_contract("")) == (
        True,
        False,
        True,
    )
