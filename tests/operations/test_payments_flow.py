"""A payment from the request through the gates to the treasury, and back by a counter-entry."""

from datetime import date

import pytest
import sqlalchemy as sa

from portal.db import db, unit_of_work
from portal.deadlines.facts import near
from portal.implementation.models import ProjectChange
from portal.library.queries import book
from portal.mail.models import InboxMessage
from portal.pace.queries import year_figures
from portal.payments import operations, queries
from portal.payments.gates import assign_keepers, gate_named
from portal.payments.models import Payment, Posting
from portal.rules.broken import RuleBroken
from portal.rules.vocabulary import ChangeKind, ChangeStatus, PaymentOrigin, PaymentStatus
from portal.rules.workflow import Move
from tests import ledger, payments
from tests.ledger import TODAY, wan
from tests.world import World


@pytest.fixture
def world(either_app):
    return World()


@pytest.fixture
def project(world):
    return ledger.add_project(world)


@pytest.fixture
def document(world, project):
    return payments.place(world, project, 60)


@pytest.fixture
def draft(world, project, document):
    return payments.request(world, project, {document: 20})


def rest(payment: Payment) -> int:
    db.session.expire_all()
    return payment.parts[0].placement.rest


def test_the_whole_way_ends_in_postings(world, project, document, draft):
    payments.approve(world, draft)
    assert (draft.status, draft.gate, draft.approved_on) == (PaymentStatus.APPROVED, "", TODAY)
    assert (rest(draft), queries.paid_of_projects([project.id], TODAY)) == (wan(40), {})

    payments.pay(world, draft, "1 001")

    assert (draft.status, draft.voucher_number) == (PaymentStatus.PAID, "1001")
    assert queries.paid_of_projects([project.id], TODAY) == {project.id: wan(20)}
    assert queries.paid_of_projects([project.id], date(2023, 3, 19)) == {}
    assert year_figures(project.county_id, 2023, TODAY).paid == wan(20)
    assert payments.differences() == []
    assert [check.gate for check in draft.checks][:3] == ["", "poverty_office", "follow_up"]


def test_a_return_at_a_gate_begins_a_new_round_for_everybody(world, draft):
    payments.take(world, draft, Move.SUBMIT, "town_reviewer")
    payments.take(world, draft, Move.PASS, "finance_agri")
    with pytest.raises(RuleBroken, match="要写明理由"):
        payments.take(world, draft, Move.RETURN, "finance_payment")
    payments.take(world, draft, Move.RETURN, "finance_payment", words="缺发票")

    assert (draft.status, draft.gate, rest(draft)) == (PaymentStatus.DRAFT, "", wan(60))
    news = db.session.scalars(sa.select(InboxMessage)).all()
    assert [m.user_id for m in news] == [world.user("town_reviewer").id]
    assert "缺发票" in news[0].body
    payments.approve(world, draft)
    assert draft.status is PaymentStatus.APPROVED


def test_a_withdrawn_or_voided_request_gives_its_money_back(world, draft):
    payments.take(world, draft, Move.SUBMIT, "town_reviewer")
    assert rest(draft) == wan(40)
    payments.take(world, draft, Move.WITHDRAW, "town_reviewer")
    payments.take(world, draft, Move.VOID, "town_reviewer", words="重报")
    assert (draft.status, rest(draft)) == (PaymentStatus.VOIDED, wan(60))
    with pytest.raises(RuleBroken, match="已作废"):
        payments.take(world, draft, Move.SUBMIT, "town_reviewer")


def test_an_approved_payment_that_cannot_be_paid_goes_back(world, draft):
    payments.approve(world, draft)
    payments.take(world, draft, Move.RETURN, "finance_payment", words="账号有误")
    assert (draft.status, draft.approved_on, rest(draft)) == (PaymentStatus.DRAFT, None, wan(60))
    assert payments.differences() == []


def test_nobody_passes_two_gates_and_the_refusal_names_who_may(world, draft):
    payments.take(world, draft, Move.SUBMIT, "town_reviewer")
    with pytest.raises(RuleBroken, match=r"“扶贫股”不由您审核。请交给测试11、测试12"):
        payments.take(world, draft, Move.PASS, "finance_payment")
    for person in payments.CHAIN[:3]:
        payments.take(world, draft, Move.PASS, person)
    with pytest.raises(RuleBroken, match=r"“乡财股”要由另一人审核。请交给测试12。"):
        payments.take(world, draft, Move.PASS, "finance_agri")
    with pytest.raises(RuleBroken, match=r"要由.*财政农业股"):
        payments.take(world, draft, Move.PASS, "lead_office")


def test_whoever_asked_for_the_money_passes_no_gate(world, project, document):
    payment = payments.request(world, project, {document: 1})
    with unit_of_work(world.actor("finance_agri"), "test"):
        payment.requested_by_id = world.user("finance_agri").id
    payments.take(world, payment, Move.SUBMIT, "town_reviewer")
    with pytest.raises(RuleBroken, match=r"您申请过这笔支付.*请交给测试12"):
        payments.take(world, payment, Move.PASS, "finance_agri")


def test_a_gate_is_open_to_its_keepers_alone(world, draft):
    actor = world.actor("sysadmin")
    keeper = world.user("finance_agri2").id
    with unit_of_work(actor, "test"):
        assign_keepers(gate_named("poverty_office"), [keeper], actor=actor)
    payments.take(world, draft, Move.SUBMIT, "town_reviewer")
    with pytest.raises(RuleBroken, match="“扶贫股”不由您审核。请交给测试12。"):
        payments.take(world, draft, Move.PASS, "finance_agri")
    payments.take(world, draft, Move.PASS, "finance_agri2")
    assert draft.gate == "follow_up"


def test_a_keeper_holds_the_role_of_the_gate(world):
    actor = world.actor("sysadmin")
    with pytest.raises(RuleBroken, match="财政农业股"), unit_of_work(actor, "test"):
        assign_keepers(gate_named("poverty_office"), [world.user("finance_perf").id], actor=actor)


def test_a_decision_on_an_old_version_is_refused(world, draft):
    payments.take(world, draft, Move.SUBMIT, "town_reviewer", seen=draft.version)
    with pytest.raises(RuleBroken, match=r"刚刚有变动.*测试3已于 2023-03-20 办理“提交”"):
        payments.take(world, draft, Move.PASS, "finance_agri", seen=1)


def test_a_draft_alone_is_edited(world, project, document, draft):
    second = payments.place(world, project, 5, "2号")
    actor = world.actor("lead_office")
    change = {"kind": draft.kind, "payee": "乙公司", "actor": actor, "without_contract": "零星"}
    with unit_of_work(actor, "test"):
        operations.edit_payment(draft, parts={second.id: wan(3), document.id: wan(4)}, **change)
    assert {part.placement.document_id: part.amount for part in draft.parts} == {
        document.id: wan(4),
        second.id: wan(3),
    }
    with unit_of_work(actor, "test"):
        operations.edit_payment(draft, parts={second.id: wan(3), document.id: 0}, **change)
    assert draft.amount == wan(3)
    payments.take(world, draft, Move.SUBMIT, "lead_office")
    with pytest.raises(RuleBroken, match="现在是“审核中”"), unit_of_work(actor, "test"):
        operations.edit_payment(draft, parts={second.id: wan(1)}, **change)


def test_money_of_another_project_is_not_asked_for(world, project, draft):
    other = payments.place(world, ledger.add_project(world, "乙项目"), 5, "2号")
    with pytest.raises(RuleBroken, match="只能从已批复安排给该项目的资金文件申请"):
        payments.request(world, project, {other: 1})


def test_the_parts_stay_within_the_rest(world, project, document, draft):
    payments.take(world, draft, Move.SUBMIT, "town_reviewer")
    second = payments.request(world, project, {document: "40.01"})
    with pytest.raises(RuleBroken, match=r"还可申请 40.00 万元.*请减少 0.01 万元"):
        payments.take(world, second, Move.SUBMIT, "town_reviewer")
    assert payments.differences() == []


@pytest.mark.parametrize("day", [date(2023, 3, 19), date(2023, 3, 21)])
def test_the_day_of_payment_lies_between_approval_and_today(world, draft, day):
    payments.approve(world, draft)
    actor = world.actor("finance_payment")
    with pytest.raises(RuleBroken, match="支付日期要在"), unit_of_work(actor, "test"):
        operations.record_paid(draft, paid_on=day, voucher_number="1", actor=actor, on=TODAY)


def test_one_voucher_is_recorded_once(world, project, document, draft):
    payments.approve(world, draft)
    payments.pay(world, draft, "V1")
    second = payments.request(world, project, {document: 5})
    payments.approve(world, second)
    with pytest.raises(RuleBroken, match=f"“V1”已经登记在 {draft.code}"):
        payments.pay(world, second, "Ｖ1")


def test_a_reversal_is_a_counter_entry_by_another_person(world, project, draft):
    payments.approve(world, draft)
    payments.pay(world, draft)
    with pytest.raises(RuleBroken, match="是您登记的，冲销要由另一人"):
        payments.reverse(world, draft, "finance_payment")
    with pytest.raises(RuleBroken, match="写明冲销的理由"):
        payments.reverse(world, draft, reason=" ")

    entry = payments.reverse(world, draft)

    assert (entry.origin, entry.amount) == (PaymentOrigin.REVERSAL, -wan(20))
    assert [p.amount for p in db.session.query(Posting).order_by(Posting.id)] == [
        wan(20),
        -wan(20),
    ]
    assert (draft.status, rest(draft)) == (PaymentStatus.PAID, wan(60))
    assert queries.paid_of_projects([project.id], TODAY) == {project.id: 0}
    with pytest.raises(RuleBroken, match="已于 2023-03-20 冲销"):
        payments.reverse(world, draft)
    with pytest.raises(RuleBroken, match="只有已支付的款项才能冲销"):
        payments.reverse(world, entry)
    assert payments.differences() == []


def test_an_approved_payment_has_five_days_and_is_reminded_of(world, draft):
    payments.approve(world, draft)
    rule = book().deadlines[queries.CLOCK_RULE]
    assert near(rule, date(2023, 3, 22)) == []
    (subject,) = near(rule, date(2023, 3, 23))
    assert (subject.key, subject.rest) == (f"payment:{draft.id}:2023-03-20", wan(20))
    assert queries.payment_clock(draft, TODAY).due_on == date(2023, 3, 25)
    payments.pay(world, draft, paid_on=date(2023, 3, 24))
    assert near(rule, date(2023, 3, 24)) == []
    assert [one.id for one in near(rule, date(2023, 3, 23))] == [draft.id]


def test_nothing_is_paid_while_the_project_is_on_hold(world, project, draft):
    payments.approve(world, draft)
    leader = world.actor("approver")
    with unit_of_work(leader, "test"):
        db.session.add(
            ProjectChange(
                county_id=project.county_id,
                project_id=project.id,
                kind=ChangeKind.SUSPEND,
                status=ChangeStatus.APPROVED,
                reason="用地未批",
                proposed_by_id=1,
                proposed_by="某人",
                proposed_on=TODAY,
                decided_by_id=2,
                decided_on=TODAY,
            )
        )
    with pytest.raises(RuleBroken, match="已于 2023-03-20 批准暂缓实施，不能申请和支付"):
        payments.pay(world, draft)
    payments.take(world, draft, Move.RETURN, "finance_payment", words="项目暂缓")
    assert payments.differences() == []
