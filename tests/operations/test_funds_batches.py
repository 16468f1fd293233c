"""The life of a batch: lines, approval by another person, overtaken decisions, limits."""

from datetime import date, timedelta

import pytest

from portal.accounts import operations as accounts
from portal.db import unit_of_work
from portal.funds import allocating, operations
from portal.rules.broken import RuleBroken
from portal.rules.vocabulary import BatchStatus, FundingTier, ProjectStatus, Role
from portal.rules.workflow import Move
from tests import ledger
from tests.ledger import TODAY, wan


@pytest.fixture
def batch(world):
    return ledger.add_batch(world)


@pytest.fixture
def ready(world, batch):
    """A submitted batch with one line of 60 万元."""
    ledger.allocate(world, batch, ledger.add_document(world), ledger.add_project(world), 60)
    ledger.fill_approval(world, batch)
    ledger.take(world, batch, Move.SUBMIT, "finance_agri")
    return batch


def test_r14_the_document_has_no_more_than_its_rest(world, batch):
    document = ledger.add_document(world, amount="72.3")
    ledger.allocate(world, batch, document, ledger.add_project(world), 60)

    with pytest.raises(RuleBroken) as broken:
        ledger.allocate(world, batch, document, ledger.add_project(world, "乙"), 15)

    assert "该文件剩余 12.30 万元，申请 15.00 万元。请减少 2.70 万元" in broken.value.message
    assert (document.arranged_amount, ledger.differences()) == (wan(60), [])


def test_the_project_gets_no_more_than_its_budget_from_all_documents(world, batch):
    first, second = ledger.add_document(world, "1号"), ledger.add_document(world, "2号")
    project = ledger.add_project(world, budget=50)
    ledger.allocate(world, batch, first, project, 30)

    with pytest.raises(RuleBroken, match=r"资金规模 50.00 万元，还差 20.00 万元，申请 20.01 万元"):
        ledger.allocate(world, batch, second, project, "20.01")
    ledger.allocate(world, batch, second, project, 20)

    assert ledger.differences() == []


@pytest.mark.parametrize(
    "status", [status for status in ProjectStatus if status is not ProjectStatus.ADMITTED]
)
def test_only_the_library_is_paid_for(world, batch, status):
    project = ledger.add_project(world, status=status)
    with pytest.raises(RuleBroken, match=status.label):
        ledger.allocate(world, batch, ledger.add_document(world), project, 1)


@pytest.mark.parametrize("amount", [0, -1])
def test_d1_an_amount_is_above_nothing(world, batch, amount):
    document, project = ledger.add_document(world), ledger.add_project(world)
    actor = world.actor("finance_agri")
    with pytest.raises(RuleBroken, match="大于 0"), unit_of_work(actor, "test"):
        allocating.allocate(batch, document, project, amount=amount, actor=actor)


def test_the_negative_list_is_refused_by_its_word(world, batch):
    with pytest.raises(RuleBroken, match="“办公楼”属于负面清单“修建楼堂馆所”"):
        ledger.allocate(
            world, batch, ledger.add_document(world), ledger.add_project(world), 1, purpose="办公楼"
        )


def test_management_fees_stay_below_the_cap_of_their_tier_and_year(world, batch):
    central = ledger.add_document(world, "1号", 1000)
    ledger.add_document(world, "2号", 1000)
    fees = ledger.add_project(world, "项目管理费", project_type="management_fee")
    others = ledger.add_project(world, "项目管理费二", project_type="management_fee")
    ledger.allocate(world, batch, central, fees, 15)

    with pytest.raises(RuleBroken, match=r"即 20.00 万元，还可安排 5.00 万元，申请 5.01 万元"):
        ledger.allocate(world, batch, central, others, "5.01")
    ledger.allocate(world, batch, central, others, 5)
    provincial = ledger.add_document(world, "3号", 1000, tier=FundingTier.PROVINCIAL)
    ledger.allocate(world, batch, provincial, fees, 30)

    assert ledger.differences() == []


def test_a_changed_line_counts_itself_out_first(world, batch):
    document, project = ledger.add_document(world, amount=100), ledger.add_project(world, budget=90)
    line = ledger.allocate(world, batch, document, project, 60)
    actor = world.actor("finance_agri2")

    with unit_of_work(actor, "test"):
        allocating.change_line(line, amount=wan(90), purpose="全部", actor=actor)
    assert (document.arranged_amount, line.entered_by_id) == (wan(90), actor.user_id)

    with pytest.raises(RuleBroken, match=r"还差 90.00 万元"), unit_of_work(actor, "test"):
        allocating.change_line(line, amount=wan(91), actor=actor)
    with unit_of_work(actor, "test"):
        allocating.void_line(line)
    with pytest.raises(RuleBroken, match="已经去掉"), unit_of_work(actor, "test"):
        allocating.void_line(line)

    assert (document.rest, line.amount, line.void) == (wan(100), wan(90), True)


def test_a_line_is_written_once_per_document_and_project(world, batch):
    document, project = ledger.add_document(world), ledger.add_project(world)
    ledger.allocate(world, batch, document, project, 10)
    with pytest.raises(RuleBroken, match=r"已从这份文件给该项目安排 10.00 万元"):
        ledger.allocate(world, batch, document, project, 10)


def test_counties_do_not_mix(world, batch):
    foreigner = world.actor("foreigner")
    with unit_of_work(foreigner, "test"):
        theirs = operations.register_document(ledger.paper(), actor=foreigner, on=TODAY)
    with pytest.raises(RuleBroken, match="同一个县"):
        ledger.allocate(world, batch, theirs, ledger.add_project(world), 1)


def test_a_batch_needs_lines_approval_and_minutes(world, batch):
    with pytest.raises(RuleBroken) as broken:
        ledger.take(world, batch, Move.SUBMIT, "finance_agri")
    for words in ("还没有项目", "批复文号、批复日期、会议纪要文号"):
        assert words in broken.value.message


def test_an_approval_is_not_older_than_the_money(world, batch):
    document = ledger.add_document(world, received_on=date(2023, 2, 10))
    ledger.allocate(world, batch, document, ledger.add_project(world), 60)
    ledger.fill_approval(world, batch, date(2023, 2, 9))
    with pytest.raises(RuleBroken, match=r"批复日期 2023-02-09 早于文件.*收文日期 2023-02-10"):
        ledger.take(world, batch, Move.SUBMIT, "finance_agri")


def test_an_approval_of_tomorrow_is_refused(world, batch):
    with (
        pytest.raises(RuleBroken, match="还没有到"),
        unit_of_work(world.actor("finance_agri"), "test"),
    ):
        operations.edit_batch(
            batch,
            title="一",
            approval_number="",
            approved_on=TODAY + timedelta(days=1),
            approved_by="",
            minutes_number="",
            on=TODAY,
        )


def test_approved_lines_are_final(world, ready):
    line = ready.lines[0]
    ledger.take(world, ready, Move.APPROVE, "approver")
    actor = world.actor("finance_agri")

    for write in (
        lambda: allocating.change_line(line, amount=wan(1), actor=actor),
        lambda: allocating.void_line(line),
        lambda: operations.take_step(ready, Move.VOID, actor=actor, on=TODAY, words="反悔"),
    ):
        with pytest.raises(RuleBroken, match="已批复"), unit_of_work(actor, "test"):
            write()
    assert (ready.status, ready.lines) == (BatchStatus.APPROVED, [line])


@pytest.fixture
def drafter_of_both_duties(world):
    """The finance clerk who is also made an approver."""
    with unit_of_work(world.actor("sysadmin"), "test"):
        accounts.set_roles(
            world.user("finance_agri"),
            [
                (Role.FINANCE_AGRI, world.user("finance_agri").organization),
                (Role.APPROVER, world.user("approver").organization),
            ],
        )


def test_b5_whoever_drafted_or_submitted_cannot_approve(world, ready, drafter_of_both_duties):
    with pytest.raises(RuleBroken, match="须由另一人办理"):
        ledger.take(world, ready, Move.APPROVE, "finance_agri")
    ledger.take(world, ready, Move.APPROVE, "approver")
    assert ready.decided_by_id == world.user("approver").id


def test_b5_whoever_entered_a_line_cannot_approve(world, drafter_of_both_duties):
    batch = ledger.add_batch(world, person="finance_agri2")
    ledger.allocate(world, batch, ledger.add_document(world), ledger.add_project(world), 60)
    ledger.fill_approval(world, batch)
    ledger.take(world, batch, Move.SUBMIT, "finance_agri2")
    with pytest.raises(RuleBroken, match="须由另一人办理"):
        ledger.take(world, batch, Move.APPROVE, "finance_agri")


@pytest.mark.parametrize("person", ["finance_agri", "lead_office", "auditor", "foreigner"])
def test_b5_only_the_leading_group_approves(world, ready, person):
    with pytest.raises(RuleBroken, match="领导小组审定人办理"):
        ledger.take(world, ready, Move.APPROVE, person)


def test_a_return_says_why_and_opens_the_draft(world, ready):
    with pytest.raises(RuleBroken, match="理由"):
        ledger.take(world, ready, Move.RETURN, "approver")
    ledger.take(world, ready, Move.RETURN, "approver", words="金额与纪要不符")

    assert (ready.status, ready.steps[-1].words) == (BatchStatus.DRAFT, "金额与纪要不符")
    ledger.take(world, ready, Move.SUBMIT, "finance_agri")
    ledger.take(world, ready, Move.APPROVE, "approver")


def test_r13_the_second_decision_hears_who_was_first(world, ready):
    seen = ready.version
    ledger.take(world, ready, Move.APPROVE, "approver", seen=seen)

    with pytest.raises(RuleBroken) as broken:
        ledger.take(world, ready, Move.RETURN, "approver2", seen=seen, words="不同意")

    who = world.user("approver").name
    assert f"{who}已于 2023-03-20 办理“{Move.APPROVE.label}”" in broken.value.message
    assert "已批复" in broken.value.message
