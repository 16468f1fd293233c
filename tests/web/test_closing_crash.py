"""kill -9 while a year is rolled over: a closing is there with all of its lines, or not at all."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest

from portal.audit.queries import broken_links
from portal.closing.models import YearClosing
from portal.db import db
from portal.ledger_health import ledger_problems
from portal.rules.vocabulary import ClosingStatus
from tests import closings, ledger
from tests.client import Client
from tests.web.test_funds_crash import KILLS, Server, headers_of

PROJECTS = 60


@pytest.fixture
def books(app, world, monkeypatch):
    """Two documents on sixty projects, and the server's day after the year's end."""
    documents = [ledger.add_document(world, f"{n}号", 10_000) for n in (1, 2)]
    projects = [ledger.add_project(world, f"项目{n}", 1000) for n in range(PROJECTS)]
    batch = ledger.add_batch(world)
    for document in documents:
        for project in projects:
            ledger.allocate(world, batch, document, project, 1)
    ledger.approve(world, batch)
    monkeypatch.setattr(ledger, "TODAY", closings.NEW_YEAR)
    headers = [headers_of(Client(app).sign_in(who)) for who in ("finance_agri", "approver")]
    db.session.rollback()
    return headers


def roll_over(server: Server, headers) -> None:
    """Figure the year, send it back, figure it again, until the server is gone."""
    finance, leader = headers
    proposal, refusal = urlencode({"year": 2023}), urlencode({"words": "再核对"})
    for number in range(1, 10_000):
        if server.post("/closing/", proposal, finance) is None:
            return
        if server.post(f"/closing/{number}/reject", refusal, leader) is None:
            return


def test_a_killed_roll_over_leaves_all_or_nothing(app, books):
    dice = random.Random(1)
    for _ in range(KILLS):
        server = Server(app.config["INSTANCE"])
        with ThreadPoolExecutor(1) as pool:
            rolling = pool.submit(roll_over, server, books)
            time.sleep(dice.uniform(0.3, 1.2))
            server.kill()
        rolling.result()

    kept = db.session.query(YearClosing).all()
    assert kept, "nothing was figured before the kills"
    assert {len(closing.lines) for closing in kept} == {2 * (PROJECTS + 1)}
    for closing in kept:
        decided = closing.status is not ClosingStatus.SUBMITTED
        assert decided is bool(closing.decided_on and closing.decided_by_id)
    assert list(ledger_problems()) == []
    assert list(broken_links()) == []
