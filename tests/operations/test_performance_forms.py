"""The forms of a project's performance chain: begun, written, handed in, looked at, locked."""

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.accounts.models import Organization
from portal.db import db
from portal.mail.models import InboxMessage
from portal.performance import beginning, operations
from portal.performance.amounts import amounts_of
from portal.performance.facts import indicators_of
from portal.performance.operations import FormContent
from portal.rules.broken import RuleBroken
from portal.rules.indicators import Indicator
from portal.rules.vocabulary import (
    DeviationCause,
    FormStatus,
    ManagementAspect,
    ProjectStatus,
    TargetLevel,
)
from portal.rules.workflow import Move
from tests import ledger, performance, spending
from tests.ledger import wan
from tests.works import act
from tests.world import World

APRIL, JULY, DECEMBER = date(2023, 4, 3), date(2023, 7, 28), date(2023, 12, 20)


@pytest.fixture
def world(either_app: Flask) -> World:
    return World()


@pytest.fixture
def project(world):
    return performance.with_targets(world)


def begin(world, operation, *facts, on, person="town_reviewer"):
    return act(world, person, operation, *facts, on=on)


def by_source(form) -> dict[str, tuple[int | None, ...]]:
    """What the form keeps of each source: plan, budget and executed, in fen."""
    return {
        one.source.label: (one.initial_amount, one.budget_amount, one.executed_amount)
        for one in form.amounts
    }


def test_a_declaration_takes_the_targets_of_the_library_and_asks_for_the_core(world):
    first, *_core, last = performance.TARGETS
    project = performance.with_targets(world, targets=(first, last))
    form = begin(world, beginning.declare, project, 2023, on=APRIL)
    assert [(line.name, line.value, line.core) for line in form.lines] == [
        ("受益脱贫（监测）人口数", "", True),
        ("项目（工程）验收合格率", "", True),
        ("硬化道路", "3.2", False),
        ("受益群众满意度", "95", False),
    ]
    assert form.goal == project.goal
    with pytest.raises(
        RuleBroken, match="核心指标：受益脱贫（监测）人口数、项目（工程）验收合格率"
    ):
        performance.step(world, form, Move.SUBMIT, "town_reviewer", APRIL)


def test_the_chain_from_the_declaration_to_the_evaluation(world, project):
    """Amounts are those of the ledger on the day the form is handed in, and stay."""
    spending.pay(world, project, 40, date(2023, 6, 30))
    declaration = performance.declared(world, project, APRIL)
    assert (declaration.budget_amount, declaration.executed_amount) == (wan(100), 0)
    monitoring = begin(world, beginning.monitor, project, 2023, 7, on=date(2023, 8, 4))
    spending.pay(world, project, 30, date(2023, 8, 2))
    performance.fill(
        world, monitoring, performance.measured(monitoring), JULY, expected_amount=wan(100)
    )
    performance.approve(world, monitoring, date(2023, 8, 5))
    assert monitoring.executed_amount == wan(40)
    evaluation = performance.evaluated(world, project, DECEMBER)
    assert (evaluation.budget_amount, evaluation.executed_amount) == (wan(100), wan(70))
    assert by_source(evaluation) == {
        "本年财政拨款": (wan(100), wan(100), wan(70)),
        "上年结转资金": (None, None, None),
        "其他资金": (0, None, None),
    }
    spending.pay(world, project, 10, date(2023, 12, 21))
    assert amounts_of(evaluation, date(2023, 12, 25)).executed == wan(70)
    assert evaluation.status is FormStatus.APPROVED


def test_a_draft_shows_the_ledger_of_today(world, project):
    form = begin(world, beginning.declare, project, 2023, on=APRIL)
    spending.pay(world, project, 12, date(2023, 4, 10))
    assert [amounts_of(form, day).executed for day in (APRIL, date(2023, 4, 10))] == [0, wan(12)]


@pytest.mark.parametrize("operation", [beginning.evaluate, beginning.monitor])
def test_nothing_follows_before_the_declaration_is_approved(world, project, operation):
    facts = (2023, 4) if operation is beginning.monitor else (2023,)
    with pytest.raises(RuleBroken, match="还没有申报，请先申报"):
        begin(world, operation, project, *facts, on=APRIL)
    form = begin(world, beginning.declare, project, 2023, on=APRIL)
    performance.step(world, form, Move.SUBMIT, "town_reviewer", APRIL)
    with pytest.raises(RuleBroken, match="现在是“待审核”，财政审核通过后"):
        begin(world, operation, project, *facts, on=APRIL)


def test_a_form_is_begun_once(world, project):
    begin(world, beginning.declare, project, 2023, on=APRIL)
    with pytest.raises(RuleBroken, match="2023 年的绩效目标申报表已经有了，现在是“草稿”"):
        begin(world, beginning.declare, project, 2023, on=APRIL)


def test_what_is_ahead_is_not_begun(world, project):
    performance.declared(world, project, APRIL)
    with pytest.raises(RuleBroken, match="2023 年 7 月还没有到"):
        begin(world, beginning.monitor, project, 2023, 7, on=date(2023, 6, 30))
    with pytest.raises(RuleBroken, match="2024 年还没有到"):
        begin(world, beginning.evaluate, project, 2024, on=DECEMBER)


def test_only_a_project_of_the_library_declares(world):
    project = ledger.add_project(world, status=ProjectStatus.TOWN_REVIEW)
    with pytest.raises(RuleBroken, match="入库以后才能申报"):
        begin(world, beginning.declare, project, 2023, on=APRIL)


def test_another_township_may_not_write(world, project):
    with pytest.raises(RuleBroken, match="由项目所在乡镇"):
        begin(world, beginning.declare, project, 2023, on=APRIL, person="town_reviewer2")
    form = begin(world, beginning.declare, project, 2023, on=APRIL)
    with pytest.raises(RuleBroken, match="填写"):
        performance.fill(world, form, indicators_of(form), APRIL, person="town_reviewer2")
    performance.step(world, form, Move.SUBMIT, "town_reviewer", APRIL)
    with pytest.raises(RuleBroken, match="要由财政绩效股办理"):
        performance.step(world, form, Move.APPROVE, "lead_office", APRIL)


def test_a_returned_form_is_a_draft_again_and_its_writer_hears_why(world, project):
    form = begin(world, beginning.declare, project, 2023, on=APRIL)
    performance.step(world, form, Move.SUBMIT, "town_reviewer", APRIL)
    with pytest.raises(RuleBroken, match="要写明理由"):
        performance.step(world, form, Move.RETURN, "finance_perf", APRIL)
    performance.step(world, form, Move.RETURN, "finance_perf", APRIL, words="满意度偏低")
    assert (form.status, form.submitted_on) == (FormStatus.DRAFT, None)
    told = db.session.scalars(sa.select(InboxMessage.subject)).all()
    assert told == ["东村道路：2023年度绩效目标申报表被退回，请修改后再提交"]


def test_an_approved_form_never_changes(world, project):
    form = performance.declared(world, project, APRIL)
    refusal = "已于 2023-04-03 审核通过并锁定，不能再改。目标要调整的，请在 2024 年度重新申报"
    for person, move in (("finance_perf", Move.RETURN), ("town_reviewer", Move.WITHDRAW)):
        with pytest.raises(RuleBroken, match=refusal):
            performance.step(world, form, move, person, APRIL, words="改")
    with pytest.raises(RuleBroken, match=refusal):
        performance.fill(world, form, [], APRIL)


def test_a_submitted_form_is_not_written(world, project):
    form = begin(world, beginning.declare, project, 2023, on=APRIL)
    performance.step(world, form, Move.SUBMIT, "town_reviewer", APRIL)
    with pytest.raises(RuleBroken, match="现在是“待审核”，要改，请先撤回"):
        performance.fill(world, form, [], APRIL)
    performance.step(world, form, Move.WITHDRAW, "town_reviewer", APRIL)
    assert form.status is FormStatus.DRAFT


def test_who_was_overtaken_looks_again(world, project):
    form = begin(world, beginning.declare, project, 2023, on=APRIL)
    seen = form.version
    performance.fill(world, form, indicators_of(form), APRIL)
    with pytest.raises(RuleBroken, match="别人已改过"):
        act(
            world,
            "town_reviewer",
            operations.save,
            form,
            FormContent(indicators_of(form)),
            on=APRIL,
            seen=seen,
        )


def test_the_rows_of_a_draft_come_and_go(world, project):
    form = begin(world, beginning.declare, project, 2023, on=APRIL)
    lines = indicators_of(form)
    added = Indicator(TargetLevel.COST, "每公里成本", value="30", unit="万元")
    performance.fill(world, form, [lines[0], added], APRIL, goal="新的目标")
    db.session.expire_all()
    assert [(line.position, line.name) for line in form.lines] == [
        (1, "硬化道路"),
        (2, "每公里成本"),
    ]
    assert form.goal == "新的目标"


def test_what_follows_keeps_the_declared_indicators(world, project):
    performance.declared(world, project, APRIL)
    form = begin(world, beginning.evaluate, project, 2023, on=APRIL)
    with pytest.raises(RuleBroken, match="不能增减"):
        performance.fill(world, form, indicators_of(form)[1:], APRIL)
    renamed = [Indicator(TargetLevel.COST, "别的", value="1") for _ in form.lines]
    performance.fill(world, form, renamed, APRIL, goal="别的目标")
    assert [line.name for line in form.lines] == [name for _level, name, *_ in performance.TARGETS]
    assert form.goal == project.goal


def test_a_score_above_its_weight_is_not_even_kept_as_a_draft(world, project):
    performance.declared(world, project, APRIL)
    form = begin(world, beginning.evaluate, project, 2023, on=APRIL)
    with pytest.raises(RuleBroken, match="“硬化道路”得 30 分，分值只有 25 分"):
        performance.fill(world, form, performance.measured(form, score=3_000), APRIL)


def test_a_deviation_waits_for_its_cause(world, project):
    performance.declared(world, project, APRIL)
    form = begin(world, beginning.monitor, project, 2023, 4, on=APRIL)
    performance.fill(world, form, performance.measured(form, achieved="0"), APRIL)
    with pytest.raises(RuleBroken, match="请选偏差原因并写明情况：硬化道路、"):
        performance.step(world, form, Move.SUBMIT, "town_reviewer", APRIL)
    told = {"cause": DeviationCause.OTHER, "explanation": "5 月才开工"}
    performance.fill(world, form, performance.measured(form, achieved="0", **told), APRIL)
    performance.step(world, form, Move.SUBMIT, "town_reviewer", APRIL)
    assert form.status is FormStatus.SUBMITTED


def test_what_the_last_year_left_over_stands_beside_the_money_of_the_year(world, project):
    """The form of 2024 counts what 2023 placed and did not pay, and what was paid of it since."""
    spending.pay(world, project, 40, DECEMBER)
    spending.pay(world, project, 25, date(2024, 3, 1))
    form = begin(world, beginning.declare, project, 2024, on=date(2024, 4, 1))
    performance.approve(world, form, date(2024, 4, 1))
    later = date(2024, 12, 20)
    form = begin(world, beginning.evaluate, project, 2024, on=later)
    performance.fill(world, form, performance.measured(form), later, achieved="道路通车")
    performance.approve(world, form, later)
    assert by_source(form) == {
        "本年财政拨款": (0, 0, 0),
        "上年结转资金": (wan(60), wan(60), wan(25)),
        "其他资金": (0, None, None),
    }
    assert (form.initial_amount, form.budget_amount, form.executed_amount) == (
        wan(60),
        wan(60),
        wan(25),
    )


def test_the_county_sums_up_its_projects(world, project):
    second = performance.with_targets(world, 50, "西村道路")
    for one in (project, second):
        performance.declared(world, one, APRIL)
        performance.evaluated(world, one, DECEMBER)
    county = db.session.get_one(Organization, world.ids["county"])
    form = begin(world, beginning.evaluate_region, county, 2023, on=DECEMBER, person="lead_office")
    assert [(line.name, line.value, line.achieved) for line in form.lines] == [
        ("硬化道路", "6.4", "6.4"),
        ("项目（工程）验收合格率", "100", "100"),
        ("受益脱贫（监测）人口数", "54", "54"),
        ("受益群众满意度", "95", "95"),
    ]
    assert form.fund_user == county.name
    lines = performance.measured(form)
    content = {"goal": "巩固成果", "achieved": "全面完成", "fund_user": county.name}
    performance.fill(world, form, lines, DECEMBER, "lead_office", **content)
    with pytest.raises(
        RuleBroken, match="请填写中央主管部门、地方主管部门；请写明资金管理情况：分配科学性"
    ):
        performance.step(world, form, Move.SUBMIT, "lead_office", DECEMBER)
    content |= {"central_department": "财政部", "local_department": "省财政厅"}
    notes = dict.fromkeys(ManagementAspect, ("按规定办理", ""))
    performance.fill(world, form, lines, DECEMBER, "lead_office", notes=notes, **content)
    performance.approve(world, form, DECEMBER, "lead_office")
    assert (form.budget_amount, form.status) == (wan(150), FormStatus.APPROVED)
    assert by_source(form) == {
        "中央财政资金": (wan(150), wan(150), 0),
        "地方资金": (None, None, None),
        "其他资金": (None, None, None),
    }
    following = begin(
        world, beginning.evaluate_region, county, 2024, on=date(2024, 12, 20), person="lead_office"
    )
    assert (following.central_department, following.local_department) == ("财政部", "省财政厅")
    with pytest.raises(RuleBroken, match="已经有了"):
        begin(world, beginning.evaluate_region, county, 2023, on=DECEMBER, person="lead_office")
