"""The monthly payment plan: proposed, issued, held against what was paid, explained."""

from datetime import date

import pytest

from portal.db import db, unit_of_work
from portal.funds.entering import Entry, LinesRefused
from portal.funds.models import Placement
from portal.mail.models import InboxMessage
from portal.rules.broken import RuleBroken
from portal.supervision import planning, queries
from portal.supervision.models import PaymentPlan, PlanLine
from tests import spending
from tests.ledger import TODAY, wan
from tests.world import World

MARCH_31 = date(2023, 3, 31)


@pytest.fixture
def world(either_app):
    return World()


@pytest.fixture
def road(world):
    """100 万元 for a project of 甲镇, none paid."""
    return spending.place(world, 100)


def draft(world, month=3, on=TODAY) -> PaymentPlan:
    actor = world.actor("finance_agri")
    with unit_of_work(actor, "test"):
        return planning.draft_plan(2023, month, county_id=world.ids["county"], actor=actor, on=on)


def write(world, plan, amounts, **more) -> None:
    with unit_of_work(world.actor("finance_agri"), "test"):
        entries = [
            Entry(number, project.name, str(amount), project, wan(amount))
            for number, (project, amount) in enumerate(amounts, start=1)
        ]
        planning.write_lines(plan, entries, on=TODAY, **more)


def issue(world, plan, on=TODAY) -> None:
    with unit_of_work(world.actor("finance_agri"), "test"):
        planning.issue_plan(plan, actor=world.actor("finance_agri"), on=on)


def explain(world, line, words="招标推迟，下月支付", on=MARCH_31) -> None:
    with unit_of_work(world.actor("town_reviewer"), "test"):
        planning.explain(line, words, actor=world.actor("town_reviewer"), on=on)


def amounts(plan) -> dict[str, int]:
    return {line.project.name: line.amount for line in plan.lines}


def test_the_draft_spreads_what_is_not_paid_to_december(world, road):
    spending.pay(world, road, 10, TODAY)
    spending.place(world, 7, "水务项目", township=None)

    plan = draft(world)

    assert amounts(plan) == {"东村道路": wan(9), "水务项目": wan("0.7")}
    assert {line.unit.name for line in plan.lines} == {"甲镇", "县农业农村局"}


def test_a_month_has_one_plan_and_only_this_month_or_the_next(world, road):
    draft(world)

    with pytest.raises(RuleBroken, match="2023年3月的用款计划已经有了"):
        draft(world)
    with pytest.raises(RuleBroken, match="只能编制本月和下月"):
        draft(world, month=5)
    assert amounts(draft(world, month=4)) == {"东村道路": wan("11.12")}


def test_without_unpaid_money_there_is_nothing_to_plan(world):
    with pytest.raises(RuleBroken, match="没有可以编入计划的项目"):
        draft(world)


def test_a_plan_is_never_above_what_the_project_still_has(world, road):
    spending.pay(world, road, 30, TODAY)
    plan = draft(world)

    with pytest.raises(LinesRefused) as broken:
        write(world, plan, [(road, "70.01")])

    words = "“东村道路”还有 70.00 万元没有支付，计划 70.01 万元。请减少 0.01 万元"
    assert broken.value.reasons == {1: words}
    write(world, plan, [(road, 70)])
    assert amounts(plan) == {"东村道路": wan(70)}


def test_one_refused_line_keeps_all_others_out(world, road):
    bridge = spending.place(world, 20, "桥")
    plan = draft(world)
    before = amounts(plan)

    with pytest.raises(LinesRefused):
        write(world, plan, [(road, 5), (bridge, 21)])

    db.session.expire_all()
    assert amounts(plan) == before


def test_zero_takes_a_project_out_and_an_amount_brings_it_back(world, road):
    plan = draft(world)

    write(world, plan, [(road, 0)])
    assert amounts(plan) == {}
    with pytest.raises(RuleBroken, match="计划里还没有项目"):
        issue(world, plan)
    write(world, plan, [(road, 8)])
    assert amounts(plan) == {"东村道路": wan(8)}


def test_who_looked_at_an_older_plan_overwrites_nobody(world, road):
    plan = draft(world)
    seen = plan.version
    write(world, plan, [(road, 8)], seen=seen)

    with pytest.raises(RuleBroken, match="别人刚刚改过"):
        write(world, plan, [(road, 9)], seen=seen)


def test_an_issued_plan_is_frozen_and_the_units_hear_of_it(world, road):
    plan = draft(world)
    issue(world, plan)

    assert (plan.issued_on, plan.issued_by) == (TODAY, world.user("finance_agri").name)
    with pytest.raises(RuleBroken, match="已于 2023-03-20 下达，不能再改"):
        write(world, plan, [(road, 1)])
    with pytest.raises(RuleBroken, match="不能再改"):
        issue(world, plan)
    told = db.session.query(InboxMessage).filter_by(user_id=world.user("town_reviewer").id)
    assert "计划支付 1 个项目，共 10.00 万元" in told.one().body


def test_what_was_paid_meanwhile_stops_the_issue(world, road):
    plan = draft(world)
    write(world, plan, [(road, 100)])
    spending.pay(world, road, 60, TODAY)

    with pytest.raises(RuleBroken, match=r"还有 40.00 万元没有支付，计划 100.00 万元"):
        issue(world, plan)


def test_the_plan_stands_beside_the_payments_of_its_month(world, road):
    plan = draft(world)
    issue(world, plan)
    spending.pay(world, road, 4, date(2023, 3, 25))
    spending.pay(world, road, 50, date(2023, 4, 1))

    (unit,) = queries.unit_plans(plan, date(2023, 4, 30))

    assert (unit.planned, unit.paid, unit.missing) == (wan(10), wan(4), wan(6))
    assert str(unit.share) == "40.00"


def test_the_unit_says_why_less_was_paid(world, road):
    plan = draft(world)
    (line,) = plan.lines
    with pytest.raises(RuleBroken, match="还没有下达"):
        explain(world, line)
    issue(world, plan)
    town = world.actor("town_reviewer")
    assert queries.unexplained(town, date(2023, 3, 30)) == []
    assert [row.line for row in queries.unexplained(town, MARCH_31)] == [line]
    assert queries.unexplained(world.actor("town_reviewer2"), MARCH_31) == []

    with pytest.raises(RuleBroken, match="请写明"):
        explain(world, line, "")
    explain(world, line)

    assert (line.explanation, line.explained_by) == ("招标推迟，下月支付", town.name)
    assert queries.unexplained(town, MARCH_31) == []


def test_a_plan_that_was_kept_needs_no_words(world, road):
    plan = draft(world)
    issue(world, plan)
    spending.pay(world, road, 10, TODAY)

    assert queries.unexplained(world.actor("town_reviewer"), MARCH_31) == []
    with pytest.raises(RuleBroken, match=r"计划 10.00 万元，已支付 10.00 万元"):
        explain(world, db.session.query(PlanLine).one())


def test_money_that_is_asked_for_is_planned_as_well(world, road):
    with unit_of_work(world.actor("finance_payment"), "test"):
        db.session.query(Placement).one().requested_amount = wan(40)

    (one,) = queries.payable(world.ids["county"], TODAY)

    assert (one.open_amount, one.requested_amount) == (wan(100), wan(40))
