"""Two people, one sum: real payment requests in parallel on SQLite and on PostgreSQL."""

import os

import pytest
import sqlalchemy as sa

from portal.db import db
from portal.payments.models import Payment, Posting
from portal.rules.vocabulary import PaymentStatus
from portal.rules.workflow import Move
from tests import ledger, payments
from tests.client import Client
from tests.ledger import wan
from tests.web.test_funds_races import at_once, words_of
from tests.world import World

ROUNDS = max(int(os.environ.get("PORTAL_FAULT_ROUNDS", "50")) // 5, 1)


@pytest.fixture
def world(either_app):
    return World()


@pytest.fixture
def rivals(either_app):
    return [Client(either_app).sign_in(person) for person in ("town_reviewer", "lead_office")]


def ask(client: Client, project_id: int, document_id: int, amount: str, **more):
    form = {f"amount-{document_id}": amount, "kind": "progress", "payee": "甲公司"}
    form |= {"contract": "", "without_contract": "零星", "submit": "1", **more}
    return lambda: client.post(f"/payments/new?project={project_id}", form)


def post(client: Client, address: str, **form):
    return lambda: client.post(address, form)


def test_r14_the_last_money_of_a_project_is_asked_for_once(world, rivals):
    for number in range(ROUNDS):
        project = ledger.add_project(world, f"项目{number}")
        document = payments.place(world, project, 1, f"{number}号")
        answers = at_once([ask(one, project.id, document.id, "0.75") for one in rivals])

        assert sorted(answer.status_code for answer in answers) == [303, 422]
        loser = next(answer for answer in answers if answer.status_code == 422)
        assert "还可申请 0.25 万元，本次 0.75 万元。请减少 0.50 万元" in words_of(loser)
    assert payments.differences() == []


def test_r14_the_last_money_of_a_contract_is_asked_for_once(world, rivals):
    for number in range(ROUNDS):
        project = ledger.add_project(world, f"项目{number}")
        documents = [payments.place(world, project, 1, f"{number}-{n}号") for n in (1, 2)]
        contract = str(payments.sign(world, project, 1).id)
        answers = at_once(
            [
                ask(one, project.id, document.id, "0.75", contract=contract)
                for one, document in zip(rivals, documents, strict=True)
            ]
        )
        assert sorted(answer.status_code for answer in answers) == [303, 422]
        loser = next(answer for answer in answers if answer.status_code == 422)
        assert "合同价 1.00 万元，已付和在途 0.75 万元" in words_of(loser)


def test_r2_ten_clicks_on_one_form_ask_once(either_app, world):
    project = ledger.add_project(world)
    document = payments.place(world, project, 60)
    clients = [Client(either_app).sign_in("town_reviewer") for _ in range(10)]
    form = {"submission": "one-form-one-payment"}
    answers = at_once([ask(one, project.id, document.id, "5", **form) for one in clients])

    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.location for answer in answers}) == 1
    assert [payment.amount for payment in db.session.query(Payment)] == [wan(5)]
    assert payments.differences() == []


def test_r13_of_two_at_one_gate_one_counts(either_app, world):
    project = ledger.add_project(world)
    document = payments.place(world, project, 60)
    keepers = [Client(either_app).sign_in(one) for one in ("finance_agri", "finance_agri2")]
    for _number in range(ROUNDS):
        asked = payments.request(world, project, {document: 1})
        payments.take(world, asked, Move.SUBMIT, "town_reviewer")
        seen = str(asked.version)
        moves = ("pass", "return")
        answers = at_once(
            [
                post(one, f"/payments/{asked.id}/{move}", seen=seen, words="看过")
                for one, move in zip(keepers, moves, strict=True)
            ]
        )
        assert sorted(answer.status_code for answer in answers) == [303, 409]
        db.session.refresh(asked)
        assert len(asked.checks) == 2
    assert payments.differences() == []


def test_r14_a_payment_is_recorded_and_reversed_once(either_app, world):
    project = ledger.add_project(world)
    document = payments.place(world, project, 60)
    payers = [Client(either_app).sign_in(one) for one in ("finance_payment", "finance_payment2")]
    reversers = [
        Client(either_app).sign_in(one) for one in ("finance_payment3", "finance_payment4")
    ]
    for number in range(ROUNDS):
        asked = payments.request(world, project, {document: 1})
        payments.approve(world, asked)
        paid = at_once(
            [
                post(
                    one, f"/payments/{asked.id}/paid", paid_on="2023-03-20", voucher_number=voucher
                )
                for one, voucher in zip(payers, (f"A{number}", f"B{number}"), strict=True)
            ]
        )
        assert sorted(answer.status_code for answer in paid) == [303, 422]
        back = {"paid_on": "2023-03-20", "reason": "退票"}
        undone = at_once([post(one, f"/payments/{asked.id}/reverse", **back) for one in reversers])
        assert sorted(answer.status_code for answer in undone) == [303, 422]
    assert db.session.scalar(sa.select(sa.func.sum(Posting.amount))) == 0
    assert db.session.query(Payment).filter_by(status=PaymentStatus.PAID).count() == 2 * ROUNDS
    assert payments.differences() == []


def test_one_voucher_is_recorded_for_one_payment(either_app, world):
    payers = [Client(either_app).sign_in(one) for one in ("finance_payment", "finance_payment2")]
    for number in range(ROUNDS):
        asked = []
        for side in (1, 2):
            project = ledger.add_project(world, f"项目{number}-{side}")
            document = payments.place(world, project, 1, f"{number}-{side}号")
            one = payments.request(world, project, {document: 1})
            payments.approve(world, one)
            asked.append(one.id)
        facts = {"paid_on": "2023-03-20", "voucher_number": f"V{number}"}
        answers = at_once(
            [
                post(one, f"/payments/{payment_id}/paid", **facts)
                for one, payment_id in zip(payers, asked, strict=True)
            ]
        )
        assert sorted(answer.status_code for answer in answers) == [303, 422]
