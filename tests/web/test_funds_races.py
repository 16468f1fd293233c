"""Two people, one sum: real requests in parallel on SQLite and on PostgreSQL."""

import os
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from werkzeug.test import TestResponse

from portal.db import db
from portal.funds.models import Allocation
from portal.rules.vocabulary import BatchStatus
from portal.rules.workflow import Move
from tests import ledger
from tests.client import Client
from tests.ledger import wan
from tests.world import World

ROUNDS = int(os.environ.get("PORTAL_FAULT_ROUNDS", "50"))


def at_once(calls: Sequence[Callable[[], TestResponse]]) -> list[TestResponse]:
    """Start all calls at the same moment, each in its own thread with its own connection."""
    barrier = Barrier(len(calls))

    def start(call: Callable[[], TestResponse]) -> TestResponse:
        barrier.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        answers = list(pool.map(start, calls))
    db.session.rollback()  # what this thread read before is old now
    return answers


def words_of(response: TestResponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.get_data(as_text=True)))


@pytest.fixture
def rivals(either_app):
    """Two finance clerks with a draft each."""
    world = World()
    people = ("finance_agri", "finance_agri2")
    clients = [Client(either_app).sign_in(person) for person in people]
    return clients, [ledger.add_batch(world, f"批次{n}") for n in (1, 2)]


def enter(client: Client, batch, document, project, amount: str) -> Callable[[], TestResponse]:
    path = f"/funds/batches/{batch.id}/arrange/{document.id}/cells"
    form = {f"amount-{project.id}": amount}
    return lambda: client.post(path, form)


def race(rivals, documents, projects, amount: str) -> list[TestResponse]:
    lines = zip(*rivals, documents, projects, strict=True)
    return at_once([enter(*line, amount) for line in lines])


def assert_one_won(answers: list[TestResponse], refusal: str) -> None:
    assert sorted(answer.status_code for answer in answers) == [303, 422]
    loser = next(answer for answer in answers if answer.status_code == 422)
    assert refusal in words_of(loser)


def test_r14_the_last_money_of_a_document_goes_to_one(rivals):
    world = World()
    projects = [ledger.add_project(world, f"项目{n}", 10_000) for n in (1, 2)]
    for number in range(ROUNDS):
        document = ledger.add_document(world, f"{number}号", 1)
        answers = race(rivals, [document, document], projects, "0.75")
        assert_one_won(answers, "该文件剩余 0.25 万元，申请 0.75 万元。请减少 0.50 万元")
    answers = race((rivals[0], rivals[1][::-1]), [document] * 2, projects, "0.250001")
    assert [answer.status_code for answer in answers] == [422, 422]
    assert ledger.differences() == []


def test_r14_a_project_is_not_paid_twice_from_two_documents(rivals):
    world = World()
    documents = [ledger.add_document(world, f"{n}号", 10_000) for n in (1, 2)]
    for number in range(max(ROUNDS // 5, 1)):
        project = ledger.add_project(world, f"项目{number}", 1)
        answers = race(rivals, documents, [project, project], "0.75")
        assert_one_won(answers, "还差 0.25 万元，申请 0.75 万元")
    assert ledger.differences() == []


def test_r14_the_fee_cap_of_a_tier_holds_across_documents_and_projects(rivals):
    world = World()
    documents = [ledger.add_document(world, f"{n}号", 1000) for n in (1, 2)]
    projects = [
        ledger.add_project(world, f"管理费{n}", 20, project_type="management_fee") for n in (1, 2)
    ]
    answers = race(rivals, documents, projects, "15")
    assert_one_won(answers, "还可安排 5.00 万元，申请 15.00 万元")


def test_r2_ten_clicks_on_one_form_save_one_row(either_app):
    world = World()
    batch, document = ledger.add_batch(world), ledger.add_document(world)
    project = ledger.add_project(world)
    clients = [Client(either_app).sign_in("finance_agri") for _ in range(10)]
    form = {f"amount-{project.id}": "5", "submission": "one-form-one-row"}
    address = f"/funds/batches/{batch.id}/arrange/{document.id}/cells"

    answers = at_once([lambda client=client: client.post(address, form) for client in clients])

    assert {answer.status_code for answer in answers} == {303}
    assert {answer.location for answer in answers} == {f"/funds/batches/{batch.id}"}
    assert [line.amount for line in db.session.query(Allocation)] == [wan(5)]
    assert ledger.differences() == []


def test_r2_ten_clicks_register_one_document(either_app):
    clients = [Client(either_app).sign_in("finance_agri") for _ in range(10)]
    form = {
        "title": "没有文号的通知",
        "amount": "81.68",
        "tier": "county",
        "task": "",
        "year": "2023",
        "submission": "one-form-one-document",
    }

    answers = at_once([lambda client=client: client.post("/funds/new", form) for client in clients])

    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.location for answer in answers}) == 1
    assert db.session.query(ledger.FundDocument).count() == 1


def decide(client: Client, batch_id: int, move: str, seen: int) -> Callable[[], TestResponse]:
    form = {"seen": seen, "words": "核对过"}
    return lambda: client.post(f"/funds/batches/{batch_id}/{move}", form)


def test_r13_of_two_decisions_one_counts(either_app):
    world = World()
    document = ledger.add_document(world, amount=10_000)
    project = ledger.add_project(world, budget=10_000)
    deciders = [Client(either_app).sign_in(person) for person in ("approver", "approver2")]
    for number in range(max(ROUNDS // 5, 1)):
        batch = ledger.add_batch(world, f"批次{number}")
        ledger.allocate(world, batch, document, project, 1)
        ledger.fill_approval(world, batch)
        ledger.take(world, batch, Move.SUBMIT, "finance_agri")

        answers = at_once(
            [
                decide(client, batch.id, move, batch.version)
                for client, move in zip(deciders, ("approve", "return"), strict=True)
            ]
        )

        assert sorted(answer.status_code for answer in answers) == [303, 409]
        loser = next(answer for answer in answers if answer.status_code == 409)
        assert "已于 2023-03-20 办理" in words_of(loser)
        db.session.refresh(batch)
        assert batch.status in {BatchStatus.APPROVED, BatchStatus.DRAFT}
        assert len(batch.steps) == 2
