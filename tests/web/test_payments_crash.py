"""kill -9 while payments are saved and while the treasury's list is booked: all or nothing (R1)."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import sqlalchemy as sa

from portal.audit.queries import broken_links
from portal.db import db, unit_of_work
from portal.payments import treasury
from portal.payments.models import Payment, Posting, TreasuryList
from portal.payments.treasury import Decision
from portal.rules.vocabulary import PaymentStatus
from tests import ledger, payments
from tests.client import Client
from tests.web.test_funds_crash import CLIENTS, KILLS, Server, headers_of

LINES = 120


def ask_until_killed(server: Server, headers: dict[str, str], project_id: int, body: str) -> int:
    """How many requests were acknowledged before the server was gone."""
    saved = 0
    while True:
        status = server.post(f"/payments/new?project={project_id}", body, headers)
        if status is None:
            return saved
        assert status == 303
        saved += 1


def assert_whole() -> None:
    db.session.rollback()
    assert payments.differences() == []
    assert list(broken_links()) == []
    answer = db.session.execute(sa.text("PRAGMA integrity_check")).scalars().all()
    assert answer == ["ok"]


def test_r1_kill_9_loses_no_request_and_keeps_none_by_half(app, world):
    project = ledger.add_project(world, budget=10_000)
    document = payments.place(world, project, 10_000)
    form = {f"amount-{document.id}": "0.01", "kind": "progress", "payee": "甲", "submit": "1"}
    body = urlencode({**form, "contract": "", "without_contract": "零星"})
    headers = headers_of(Client(app).sign_in("town_reviewer"))
    project_id, saved, dice = project.id, 0, random.Random(1)
    db.session.rollback()
    for _ in range(KILLS):
        server = Server(app.config["INSTANCE"])
        with ThreadPoolExecutor(CLIENTS) as pool:
            asking = [
                pool.submit(ask_until_killed, server, headers, project_id, body)
                for _ in range(CLIENTS)
            ]
            time.sleep(dice.uniform(0.3, 1.2))
            server.kill()
        saved += sum(one.result() for one in asking)

    assert_whole()
    stored = db.session.query(Payment).all()
    assert 0 < saved <= len(stored)
    assert {(p.status, len(p.parts), len(p.checks)) for p in stored} == {
        (PaymentStatus.CHECKING, 1, 1)
    }


def upload(world, round_number: int, placement_id: int) -> int:
    """A list whose lines were all decided, ready to be booked; its id."""
    rows = [f"2023-03-20,V{round_number}-{number},农户{number},100" for number in range(LINES)]
    content = "\n".join(["支付日期,凭证号,收款人,金额(元)", *rows]).encode()
    actor = world.actor("finance_payment")
    with unit_of_work(actor, "test"):
        sheet = treasury.check_list(content, "国库.csv", county_id=actor.county_id, on=ledger.TODAY)
        kept = treasury.store_list(sheet, content, "国库.csv", actor=actor, on=ledger.TODAY)
        decision = Decision(placement_id=placement_id)
        treasury.decide(kept, {line.id: decision for line in kept.lines})
        return kept.id


def test_r1_kill_9_books_a_list_wholly_or_not_at_all(app, world):
    project = ledger.add_project(world, budget=10_000)
    payments.place(world, project, 10_000)
    placement_id = db.session.scalars(sa.select(payments.Placement.id)).one()
    headers = headers_of(Client(app).sign_in("finance_payment"))
    dice, booked = random.Random(2), 0
    for round_number in range(KILLS):
        list_id = upload(world, round_number, placement_id)
        db.session.rollback()
        server = Server(app.config["INSTANCE"])
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(server.post, f"/payments/treasury/{list_id}/book", "", headers)
            time.sleep(dice.uniform(0.05, 2.5))
            server.kill()

        assert_whole()
        done = db.session.get(TreasuryList, list_id).booked_on is not None
        booked += LINES if done else 0
        assert done or answer.result() is None
        assert db.session.query(Posting).count() == booked
