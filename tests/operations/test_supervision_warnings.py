"""Early warnings gathered from the ledger and the works: whom they name, who sees and hears of them."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.accounts.models import User
from portal.db import db, unit_of_work
from portal.deadlines.operations import remind
from portal.library.models import Project
from portal.mail.models import OutboxMail
from portal.rules.access import SYSTEM
from portal.rules.vocabulary import ChangeKind
from portal.scheduler import runs
from portal.supervision.warnings import warnings_for, warnings_of
from tests import closings, ledger, works
from tests.world import World

HELD = date(2023, 6, 1)
DAY = date(2023, 6, 7)
WARNINGS = {"paid_on_hold", "paid_without_contract", "paid_ahead", "parked", "retention_due"}


@pytest.fixture
def world(either_app: Flask) -> World:
    return World()


@pytest.fixture
def cattle(world: World) -> Project:
    """S0: 1400 placed, 1000 paid, put on hold, no contract, no progress."""
    document = ledger.add_document(world, amount=1400)
    project = ledger.add_project(world, "靖宇县赤松镇和牛项目", 1400)
    with unit_of_work(SYSTEM, "test"):
        project.responsible_unit, project.responsible_person = "赤松镇政府", "王某"
    closings.place(world, document, project, 1400)
    closings.pay(world, document, project, 1000, date(2023, 5, 4))
    works.add_change(project, ChangeKind.SUSPEND, HELD)
    return project


def codes(world: World, day: date = DAY) -> list[str]:
    return [one.rule.code for one in warnings_of(world.ids["county"], day)]


def run(day: date) -> list[dict]:
    with unit_of_work(SYSTEM, "remind"):
        runs.claim("remind", day)
        return [line for line in remind(day) if line["rule"] in WARNINGS]


def test_the_alarm_of_the_cattle_project_names_figures_and_person(
    world: World, cattle: Project
) -> None:
    first = warnings_of(cattle.county_id, DAY)[0]
    assert first.words == (
        "靖宇县赤松镇和牛项目：已付 1000.00 万元（安排 1400.00 万元的 71.43%），"
        "项目已于 2023-06-01 暂缓实施，责任人 赤松镇政府 王某。请核实资金去向，办理退回或恢复实施。"
    )
    assert codes(world) == ["paid_on_hold", "paid_without_contract", "paid_ahead"]


def test_it_ends_with_its_cause(world: World, cattle: Project) -> None:
    works.add_contract(cattle, 1400)
    works.add_report(cattle, 60, date(2023, 6, 5))
    works.add_change(cattle, ChangeKind.RESUME, date(2023, 6, 6))
    assert codes(world) == []
    assert codes(world, date(2023, 6, 4))[0] == "paid_on_hold", "as it stood before"


def test_money_that_lies_idle(world: World) -> None:
    document, project = ledger.add_document(world), ledger.add_project(world)
    closings.place(world, document, project, 60)
    after = ledger.TODAY + timedelta(days=90)
    assert codes(world, after) == []
    assert "parked" in codes(world, after + timedelta(days=1))


def test_the_retention_is_open_as_far_as_the_price_is(world: World) -> None:
    document, project = ledger.add_document(world), ledger.add_project(world)
    closings.place(world, document, project, 100)
    contract = works.add_contract(
        project, 100, retention_amount=ledger.wan(3), retention_due_on=date(2023, 7, 1)
    )
    works.add_report(project, 100, date(2023, 5, 30))
    payment = closings.pay(world, document, project, 97, date(2023, 6, 1))
    with unit_of_work(SYSTEM, "test"):
        payment.contract_id = contract.id
    [found] = [w for w in warnings_of(project.county_id, DAY) if w.rule.code == "retention_due"]
    assert "质保金 3.00 万元将于 2023-07-01 到期" in found.finding.words
    rest = closings.pay(world, document, project, 3, date(2023, 6, 2))
    with unit_of_work(SYSTEM, "test"):
        rest.contract_id = contract.id
    assert "retention_due" not in codes(world)


@pytest.mark.usefixtures("cattle")
@pytest.mark.parametrize(
    ("person", "sees"),
    [
        ("town_reviewer", True),
        ("town_reviewer2", False),
        ("dept_reviewer", True),
        ("dept_reviewer2", False),
        ("village_clerk", True),
        ("village_clerk2", False),
        ("auditor", True),
        ("foreigner", False),
        ("sysadmin", False),
    ],
)
def test_everybody_sees_the_warnings_of_their_own_projects(
    world: World, person: str, sees: bool
) -> None:
    assert bool(warnings_for(world.actor(person), DAY)) is sees


@pytest.mark.usefixtures("cattle")
def test_the_digest_brings_it_once_a_week_to_those_it_concerns(world: World) -> None:
    monday = date(2023, 6, 5)
    first = run(monday)
    held = first[0]
    assert (held["rule"], held["subject"], held["days_left"]) == (
        "paid_on_hold",
        "靖宇县赤松镇和牛项目",
        0,
    )
    assert set(held["recipients"]) == {
        "town_reviewer",
        "town_leader",
        "dept_reviewer",
        "finance_agri",
        "finance_agri2",
        "lead_office",
        "approver",
        "approver2",
    }
    assert [line["rule"] for line in first] == [
        "paid_on_hold",
        "paid_without_contract",
        "paid_ahead",
    ]
    assert run(monday) == []
    assert [run(monday + timedelta(days=n)) for n in range(1, 7)] == [[]] * 6
    assert len(run(monday + timedelta(days=7))) == 3


@pytest.mark.usefixtures("cattle")
def test_the_mail_leads_to_the_project_and_to_the_list(world: World) -> None:
    run(date(2023, 6, 6))
    person = sa.select(User.id).filter_by(username="town_leader").scalar_subquery()
    mail = db.session.scalars(sa.select(OutboxMail).where(OutboxMail.user_id == person)).one()
    assert mail.subject == "今天有1件事已逾期，1条预警：甲镇的公开任务等"
    assert "\n\n预警：靖宇县赤松镇和牛项目：已付 1000.00 万元" in mail.body
    assert "全部预警 /supervision/warnings" in mail.body


def test_a_county_without_placed_money_hears_nothing(world: World) -> None:
    ledger.add_document(world)
    ledger.add_project(world)
    assert run(DAY) == []
