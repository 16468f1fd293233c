"""``verify`` names what is broken: each counter and limit is broken once behind the portal's back."""

import hashlib
from datetime import date

import pytest
import sqlalchemy as sa

from portal.clock import real_now
from portal.db import db, unit_of_work
from portal.implementation.models import Contract
from portal.ledger_health import ledger_problems
from portal.pace.models import Snapshot
from portal.rules.access import SYSTEM
from portal.rules.vocabulary import ContractKind, TenderMethod
from tests import closings, ledger
from tests.world import World


@pytest.fixture
def books(either_app):
    """One document, one project, one closed year; everything in order."""
    world = World()
    document = ledger.add_document(world, "1号", 100)
    road = ledger.add_project(world, "道路", 60, code="road")
    closings.place(world, document, road, 60)
    closings.pay(world, document, road, 25, date(2023, 6, 1))
    closings.close(world)
    add_snapshot(world, "{}")
    db.session.rollback()
    return world, document, road


def add_snapshot(world: World, content: str, hashed: str | None = None) -> None:
    with unit_of_work(SYSTEM, "test"):
        db.session.add(
            Snapshot(
                county_id=world.ids["county"],
                fund_year=2023,
                day=date(2023, 7, 15),
                content=content,
                sha256=hashlib.sha256((hashed or content).encode()).hexdigest(),
                taken_by_id=0,
                taken_by="系统",
                taken_at=real_now(),
            )
        )


def test_books_in_order_have_no_problem(books):
    assert list(ledger_problems()) == []


BREAKS = {
    "UPDATE fund_document SET arranged_amount = 1": "fund document county-2023-f01: counter 0.01 yuan",
    "UPDATE placement SET allocated_amount = 90000000": "allocated: counter 900000.00 yuan",
    "UPDATE placement SET requested_amount = 1": "requested: counter 0.01 yuan, its rows add up to 0.00",
    "UPDATE placement SET paid_amount = 0": "paid: counter 0.00 yuan, its rows add up to 250000.00",
    "DELETE FROM payment_part": "payment test-1: 0.00 yuan due, its postings add up to 250000.00",
    "UPDATE payment SET status = 'voided'": "payment test-1: 0.00 yuan due",
    "UPDATE project SET central_amount = 1": "600000.00 arranged, its budget is 0.01",
    "UPDATE fund_document SET amount = 59000000, arranged_amount = 0": (
        "central money of 2023, county 2: 250000.00 yuan paid, 600000.00 allocated, 590000.00 received"
    ),
    "UPDATE allocation SET amount = 1": "fund document county-2023-f01: 250000.00 yuan paid, 0.01 allocated",
    "UPDATE carry_over SET opening_amount = 1, rest_amount = rest_amount + 1": (
        "closing of 2023: fund document county-2023-f01 on project road does not open with the rest"
    ),
    "UPDATE carry_over SET added_amount = added_amount + 1, rest_amount = rest_amount + 1": (
        "closing of 2023: fund document county-2023-f01, not placed is not what its rows say"
    ),
    "UPDATE allocation_batch SET approved_on = '2024-02-01'": "on project road is not what its rows say",
}


@pytest.mark.parametrize("statement", BREAKS)
def test_what_is_broken_is_named(books, statement):
    with db.engine.connect().execution_options(portal_read_only=False) as connection:
        connection.execute(sa.text(statement))
        connection.commit()
    problems = list(ledger_problems())
    assert any(BREAKS[statement] in problem for problem in problems), problems


def test_a_payment_above_its_contract_is_named(books):
    world, document, road = books
    payment = closings.pay(world, document, road, 20, date(2024, 2, 1))
    with unit_of_work(SYSTEM, "test"):
        payment.contract = Contract(
            county_id=road.county_id,
            project_id=road.id,
            kind=ContractKind.WORKS,
            name="道路合同",
            contractor="某施工队",
            method=TenderMethod.PUBLIC,
            signed_on=date(2023, 5, 1),
            amount=ledger.wan(19),
            recorded_by_id=0,
        )
    assert list(ledger_problems()) == [
        "contract 1 道路合同: 200000.00 yuan paid, its limit is 190000.00"
    ]


def test_a_snapshot_that_does_not_fit_its_hash_is_named(books):
    add_snapshot(books[0], "{}", hashed="something else")
    assert list(ledger_problems()) == ["snapshot 2: its content does not fit its hash"]
