"""Writes on works: days, contracts, acceptance, changes and progress, on both databases."""

from dataclasses import replace
from datetime import date

import pytest

from portal.db import db
from portal.implementation import changing, contracting, operations, queries
from portal.implementation.contracting import ContractPaper
from portal.implementation.models import Execution
from portal.payments.models import Payment, PaymentPart
from portal.rules.broken import RuleBroken
from portal.rules.vocabulary import (
    AcceptanceLevel,
    ChangeKind,
    ChangeStatus,
    ContractKind,
    PaymentKind,
    PaymentStatus,
    Phase,
    ProjectStatus,
    TenderMethod,
)
from portal.rules.workflow import Move
from tests import ledger, works
from tests.ledger import wan
from tests.works import act
from tests.world import World

TODAY = date(2023, 10, 20)
PAPER = ContractPaper(
    kind=ContractKind.WORKS,
    name="道路硬化施工合同",
    contractor="某建筑公司",
    method=TenderMethod.PUBLIC,
    signed_on=date(2023, 4, 1),
    amount=wan(90),
    number="HT-1",
)


@pytest.fixture
def world(either_app):
    return World()


@pytest.fixture
def project(world):
    return ledger.add_project(world)


@pytest.fixture
def contract(world, project):
    return act(world, "town_reviewer", contracting.add_contract, project, PAPER, on=TODAY)


def record_dates(world, project, person="town_reviewer", **dates):
    return act(world, person, operations.record_dates, project, dates, on=TODAY)


def ask(world, contract, amount, status=PaymentStatus.PAID):
    """A payment on the contract, as its rows stand in the ledger."""
    document = ledger.add_document(world, f"{db.session.query(Payment).count()}号")
    placement = works.add_placement(contract.project, document, 100)
    payment = works.add(
        Payment,
        contract.project,
        organization_id=contract.project.organization_id,
        code=f"z-{document.id}",
        contract_id=contract.id,
        kind=PaymentKind.PROGRESS,
        status=status,
        payee="某建筑公司",
        requested_by_id=9_000,
        requested_on=TODAY,
        parts=[
            PaymentPart(county_id=contract.county_id, placement_id=placement.id, amount=wan(amount))
        ],
    )
    assert queries.contract_money([contract.id])
    return payment


def settle(world, contract, amount, **facts):
    usual = {
        "settled_on": date(2023, 10, 9),
        "settled_by": "某会计师事务所",
        "retention_amount": 0,
        "retention_due_on": None,
    }
    act(
        world,
        "town_reviewer",
        contracting.settle_contract,
        contract,
        amount=wan(amount),
        on=TODAY,
        **usual | facts,
    )


def test_the_days_of_the_works_are_one_row(world, project):
    record_dates(world, project, tendered_on=date(2023, 3, 1))
    record_dates(world, project, tendered_on=date(2023, 3, 2), started_on=date(2023, 4, 2))
    row = db.session.query(Execution).one()
    assert (row.tendered_on, row.started_on) == (date(2023, 3, 2), date(2023, 4, 2))
    with pytest.raises(RuleBroken, match="还没有到"):
        record_dates(world, project, finished_on=date(2023, 10, 21))


def test_works_outside_the_library_and_of_others_are_not_recorded(world, project):
    draft = ledger.add_project(world, "草稿", status=ProjectStatus.DRAFT)
    with pytest.raises(RuleBroken, match="草稿"):
        record_dates(world, draft)
    with pytest.raises(RuleBroken, match="登记合同和实施情况"):
        record_dates(world, project, person="town_reviewer2")


def test_a_contract_bears_its_number_once(world, project, contract):
    with pytest.raises(RuleBroken, match="合同编号“HT-1”已经登记过"):
        act(world, "town_reviewer", contracting.add_contract, project, PAPER, on=TODAY)
    act(world, "town_reviewer", contracting.void_contract, contract)
    act(world, "town_reviewer", contracting.add_contract, project, PAPER, on=TODAY)
    assert len(queries.contracts_of([project.id])[project.id]) == 1
    with pytest.raises(RuleBroken, match="已作废"):
        settle(world, contract, 80)


def test_a_correction_stays_above_what_was_paid_and_asked(world, contract):
    def correct(amount):
        paper = replace(PAPER, amount=wan(amount))
        act(world, "town_reviewer", contracting.correct_contract, contract, paper, on=TODAY)

    ask(world, contract, 40)
    ask(world, contract, 20, PaymentStatus.CHECKING)
    ask(world, contract, 30, PaymentStatus.VOIDED)
    with pytest.raises(RuleBroken, match=r"低于已付和在途的 60.00 万元，差 0.01 万元"):
        correct("59.99")
    correct(60)
    assert contract.amount == wan(60)


def test_a_contract_that_payments_name_is_not_made_void(world, contract):
    ask(world, contract, 40, PaymentStatus.DRAFT)
    with pytest.raises(RuleBroken, match="有 1 笔支付用到这份合同"):
        act(world, "town_reviewer", contracting.void_contract, contract)


def test_the_settlement_is_the_limit_from_then_on(world, contract):
    ask(world, contract, 40)
    with pytest.raises(RuleBroken, match=r"低于已付和在途的 40.00 万元"):
        settle(world, contract, 39)
    with pytest.raises(RuleBroken, match="先办理变更审批"):
        settle(world, contract, 91)
    settle(world, contract, 85, retention_amount=wan(3), retention_due_on=date(2024, 10, 9))
    assert (contract.limit, contract.retention_amount) == (wan(85), wan(3))
    with pytest.raises(RuleBroken, match="不能再更正"):
        act(world, "town_reviewer", contracting.correct_contract, contract, PAPER, on=TODAY)
    works.add_change(contract.project, ChangeKind.CHANGE, date(2023, 6, 1))
    settle(world, contract, 95)
    assert contract.limit == wan(95)


def accept(world, project, person, level, day, *, passed=True, opinion=""):
    return act(
        world,
        person,
        operations.record_acceptance,
        project,
        level,
        accepted_on=date(2023, 9, day),
        passed=passed,
        opinion=opinion,
        people="验收组",
        on=TODAY,
    )


def test_three_people_accept_from_below(world, project):
    record_dates(world, project, finished_on=date(2023, 9, 1))
    with pytest.raises(RuleBroken, match="乡镇验收"):
        accept(world, project, "town_reviewer", AcceptanceLevel.TOWNSHIP, 2)
    with pytest.raises(RuleBroken, match="哪里要整改"):
        accept(world, project, "dept_reviewer", AcceptanceLevel.SELF, 2, passed=False)
    accept(
        world, project, "dept_reviewer", AcceptanceLevel.SELF, 2, passed=False, opinion="路肩塌陷"
    )
    with pytest.raises(RuleBroken, match="自检还没有通过"):
        accept(world, project, "town_leader", AcceptanceLevel.TOWNSHIP, 3)
    accept(world, project, "dept_reviewer", AcceptanceLevel.SELF, 4)
    accept(world, project, "town_leader", AcceptanceLevel.TOWNSHIP, 5)
    with pytest.raises(RuleBroken, match="您登记过本项目的自检"):
        accept(world, project, "dept_reviewer", AcceptanceLevel.COUNTY, 6)
    with pytest.raises(RuleBroken, match="完工日期不能清空"):
        record_dates(world, project)
    assert queries.phases([project.id], TODAY)[project.id] is Phase.FINISHED


def propose(world, project, kind, person="town_reviewer", details=""):
    return act(
        world,
        person,
        changing.propose_change,
        project,
        kind,
        reason="征地未完成",
        details=details,
        finish_on=None,
        on=TODAY,
    )


def take(world, change, move, person="approver", **facts):
    act(world, person, changing.take_step, change, move, on=TODAY, **facts)


def test_a_suspension_stands_from_the_decision_of_another(world, project):
    change = propose(world, project, ChangeKind.SUSPEND)
    with pytest.raises(RuleBroken, match="还没有审批"):
        propose(world, project, ChangeKind.TERMINATE)
    with pytest.raises(RuleBroken, match="会议纪要"):
        take(world, change, Move.APPROVE)
    with pytest.raises(RuleBroken, match="领导小组审定人"):
        take(world, change, Move.APPROVE, "town_reviewer", minutes_number="纪要1号")
    take(world, change, Move.APPROVE, minutes_number="纪要1号", words="同意")
    assert queries.phases([project.id], TODAY)[project.id] is Phase.SUSPENDED
    with pytest.raises(RuleBroken, match="已批准"):
        take(world, change, Move.REJECT, words="不")
    with pytest.raises(RuleBroken, match="不用再次暂缓"):
        propose(world, project, ChangeKind.SUSPEND)
    take(world, propose(world, project, ChangeKind.RESUME), Move.APPROVE, minutes_number="2号")
    assert queries.on_hold([project.id], TODAY) == {}


def test_a_rejected_or_withdrawn_change_changes_nothing(world, project):
    change = propose(world, project, ChangeKind.TERMINATE)
    with pytest.raises(RuleBroken, match="理由"):
        take(world, change, Move.REJECT)
    take(world, change, Move.REJECT, words="继续实施")
    take(world, propose(world, project, ChangeKind.SUSPEND), Move.WITHDRAW, "town_reviewer")
    assert change.status is ChangeStatus.REJECTED
    assert queries.on_hold([project.id], TODAY) == {}


def test_after_the_end_nothing_is_asked(world, project):
    change = propose(world, project, ChangeKind.TERMINATE)
    take(world, change, Move.APPROVE, minutes_number="纪要1号")
    with pytest.raises(RuleBroken, match="已于 2023-10-20 终止"):
        propose(world, project, ChangeKind.RESUME)


def report(world, project, percent, words="", photos=(), on=TODAY):
    return act(
        world,
        "village_clerk",
        operations.report_progress,
        project,
        percent,
        words=words,
        photos=photos,
        on=on,
    )


def test_progress_is_a_line_of_reports(world, project):
    report(world, project, 60, on=date(2023, 9, 1))
    with pytest.raises(RuleBroken, match="上次报的是 60%，这次是 30%"):
        report(world, project, 30)
    report(world, project, 30, "塌方，重做路基")
    assert queries.progress_percents([project.id], TODAY) == {project.id: 30}


def test_photos_have_a_day_and_a_number(world, project):
    photo = works.add_photo(world)
    found = report(world, project, 30, photos=[(photo, date(2023, 10, 19))])
    assert [(one.file_id, one.taken_on) for one in found.photos] == [(photo.id, date(2023, 10, 19))]
    with pytest.raises(RuleBroken, match="拍摄日期 2023-10-21 还没有到"):
        report(world, project, 60, photos=[(photo, date(2023, 10, 21))])
    with pytest.raises(RuleBroken, match="最多 9 张"):
        report(world, project, 60, photos=[(photo, TODAY)] * 10)


def test_milestones_rest_while_the_project_is_held(world, project):
    idle = ledger.add_project(world, "雨露计划", project_type="education")
    late = queries.milestones_of([project.id, idle.id], TODAY)
    assert [m.rule.code for m in late[project.id] if m.is_late] == ["design", "review", "start"]
    assert late[idle.id] == ()
    works.add_change(project, ChangeKind.SUSPEND, date(2023, 5, 1))
    assert queries.milestones_of([project.id], TODAY) == {project.id: ()}
