"""Duties with a date of the year: the checks of the pace, the month's papers, the birthdays of money."""

from datetime import date, timedelta

import pytest
from flask import Flask

from portal.db import db, unit_of_work
from portal.deadlines import queries
from portal.deadlines.operations import remind
from portal.funds.models import FundDocument
from portal.library.models import Project
from portal.performance.models import PerformanceForm
from portal.rules import book
from portal.rules.access import SYSTEM
from portal.rules.deadlines import DeadlineState, evaluate
from portal.rules.vocabulary import FormKind, FormStatus
from portal.scheduler import runs
from portal.supervision.models import PaymentPlan
from tests import closings, ledger
from tests.world import World

PACE = {"pace_july", "pace_october", "execution_cut_off"}


@pytest.fixture
def world(either_app: Flask) -> World:
    return World()


@pytest.fixture
def money(world: World) -> tuple[FundDocument, Project]:
    document, project = ledger.add_document(world), ledger.add_project(world)
    closings.place(world, document, project, 100)
    return document, project


def told(day: date, *rules: str) -> list[tuple[str, str, int]]:
    with unit_of_work(SYSTEM, "remind"):
        runs.claim("remind", day)
        found = remind(day)
    return [(one["rule"], one["subject"], one["step"]) for one in found if one["rule"] in rules]


@pytest.mark.usefixtures("money")
def test_the_july_check_is_reminded_weekly_from_the_first(world: World) -> None:
    days = [date(2023, 6, 28) + timedelta(days=n) for n in range(25)]
    found = {day: told(day, "pace_july") for day in days}
    assert {day: lines for day, lines in found.items() if lines} == {
        date(2023, 7, 1): [("pace_july", "2023 年资金", 14)],
        date(2023, 7, 8): [("pace_july", "2023 年资金", 7)],
        date(2023, 7, 15): [("pace_july", "2023 年资金", 0)],
    }


def test_it_stops_where_the_pace_of_the_due_day_is_reached(
    world: World, money: tuple[FundDocument, Project]
) -> None:
    closings.pay(world, *money, "53.69", date(2023, 6, 1))
    assert told(date(2023, 7, 1), "pace_july") == [("pace_july", "2023 年资金", 14)]
    closings.pay(world, *money, "0.01", date(2023, 7, 3))
    assert told(date(2023, 7, 8), "pace_july") == []
    assert told(date(2023, 10, 1), *PACE) == [("pace_october", "2023 年资金", 14)]


def test_the_rest_is_what_is_missing_to_the_pace(
    world: World, money: tuple[FundDocument, Project]
) -> None:
    closings.pay(world, *money, 50, date(2023, 6, 1))
    rules = book.load()
    [subject] = queries.near(rules.deadlines["pace_july"], date(2023, 7, 15))
    assert subject.rest == 3_698_631, "100 万元 × 196/365 − 50 万元, rounded up to a fen"
    closings.pay(world, *money, 30, date(2023, 7, 20))
    rule = rules.deadlines["pace_july"]
    [later] = [
        one.deadline
        for one in queries.clocks(world.actor("finance_agri"), date(2023, 8, 1))
        if one.deadline.rule.code == rule.code
    ]
    assert later.state is DeadlineState.OVERDUE, (
        "what was paid after the check came too late for it"
    )


def test_money_that_came_later_may_undo_the_pace(
    world: World, money: tuple[FundDocument, Project]
) -> None:
    closings.pay(world, *money, 60, date(2023, 6, 1))
    ledger.add_document(world, "财指〔2023〕9号", 100, received_on=date(2023, 3, 20))
    assert told(date(2023, 7, 1), "pace_july") == [("pace_july", "2023 年资金", 14)]


@pytest.mark.usefixtures("money")
def test_the_months_plan_until_it_is_issued(world: World) -> None:
    days = [date(2023, 4, 1) + timedelta(days=n) for n in range(20)]
    steps = [line[2] for day in days for line in told(day, "payment_plan")]
    assert steps == [3, 1, 0, -7, -14]
    with unit_of_work(SYSTEM, "test"):
        db.session.add(
            PaymentPlan(
                county_id=world.ids["county"],
                year=2023,
                month=5,
                drafted_by_id=1,
                drafted_on=date(2023, 4, 28),
                issued_on=date(2023, 5, 3),
            )
        )
    assert told(date(2023, 5, 2), "payment_plan") == [("payment_plan", "2023年5月", 3)]
    assert told(date(2023, 5, 4), "payment_plan") == []


@pytest.mark.usefixtures("money")
def test_last_months_bulletin(world: World) -> None:
    assert told(date(2023, 4, 2), "monthly_bulletin") == [("monthly_bulletin", "2023年4月", 1)]


def test_the_rest_of_a_document_ninety_days_before_its_birthday(
    world: World, money: tuple[FundDocument, Project]
) -> None:
    spent = ledger.add_document(world, "财指〔2023〕2号", 10)
    project = ledger.add_project(world, "水渠", 10)
    closings.place(world, spent, project, 10)
    closings.pay(world, spent, project, 10, date(2023, 5, 1))
    line = ("rest_one_year", "财指〔2023〕1号", 90)
    assert told(date(2023, 10, 2), "rest_one_year") == []
    assert told(date(2023, 10, 3), "rest_one_year", "rest_two_years") == [line]
    assert told(date(2023, 10, 4), "rest_one_year") == []
    closings.pay(world, *money, 100, date(2023, 11, 1))
    assert told(date(2024, 1, 1), "rest_one_year", "rest_two_years") == []


def test_a_county_without_money_has_none_of_these_duties(world: World) -> None:
    rules = book.load()
    for day in (date(2023, 7, 15), date(2023, 10, 3), date(2023, 12, 31), date(2023, 4, 5)):
        dated = [rule for rule in rules.deadlines.values() if rule.due]
        assert [queries.near(rule, day) for rule in dated] == [[] for _rule in dated]
        assert told(day, *rules.deadlines) == []


def test_a_received_document_without_placements_asks_for_no_plan(world: World) -> None:
    ledger.add_document(world)
    assert told(date(2023, 4, 5), "payment_plan", "monthly_bulletin") == []


def test_evaluate_is_pure_on_a_calendar_day() -> None:
    rules = book.load()
    facts = {"begins_on": date(2023, 1, 1), "paced_on": None}
    found = evaluate(rules.deadlines["pace_july"], facts, date(2023, 7, 5), rules.holidays)
    assert found
    assert (found.due_on, found.days_left, found.state) == (
        date(2023, 7, 15),
        10,
        DeadlineState.DUE_SOON,
    )


@pytest.mark.usefixtures("money")
def test_missing_monitoring_forms_are_reminded_until_the_last_one_is_handed_in(
    world: World, money: tuple[FundDocument, Project]
) -> None:
    missing = "2023 年 1—7 月绩效运行监控表（还缺 1 张）"
    assert told(date(2023, 7, 24), "monitoring_july") == [("monitoring_july", missing, 7)]
    _document, project = money
    with unit_of_work(SYSTEM, "test"):
        form = PerformanceForm(
            county_id=project.county_id,
            project_id=project.id,
            kind=FormKind.MONITORING,
            year=2023,
            month=7,
            status=FormStatus.DRAFT,
            written_by_id=1,
            written_on=date(2023, 7, 25),
        )
        db.session.add(form)
        db.session.flush()
        form_id = form.id
    assert told(date(2023, 7, 28), "monitoring_july") == [("monitoring_july", missing, 3)]
    with unit_of_work(SYSTEM, "test"):
        form = db.session.get_one(PerformanceForm, form_id)
        form.status, form.submitted_on = FormStatus.SUBMITTED, date(2023, 7, 30)
    assert told(date(2023, 7, 31), "monitoring_july") == []


@pytest.mark.usefixtures("money")
def test_what_a_year_still_owes_is_asked_for_in_the_next_one_and_only_of_whom_it_is_missing(
    world: World, money: tuple[FundDocument, Project]
) -> None:
    rule = book.load().deadlines["self_evaluation"]
    name = "2023 年项目支出绩效自评表（还缺 1 张）"
    assert told(date(2024, 1, 7), "self_evaluation") == [("self_evaluation", name, -7)]
    (subject,) = queries.near(rule, date(2024, 1, 7))
    assert set(subject.units or ()) >= {world.ids["jia"], world.ids["rural"]}
    assert world.ids["yi"] not in (subject.units or ())
    assert queries.near(rule, date(2024, 4, 30)) == []
    form = PerformanceForm(
        county_id=money[1].county_id,
        project_id=money[1].id,
        kind=FormKind.SELF_EVALUATION,
        year=2023,
        status=FormStatus.SUBMITTED,
        submitted_on=date(2024, 1, 8),
        written_by_id=1,
        written_on=date(2024, 1, 8),
    )
    with unit_of_work(SYSTEM, "test"):
        db.session.add(form)
    assert told(date(2024, 1, 14), "self_evaluation") == []
