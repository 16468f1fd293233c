"""Two clerks, one grid: real requests in parallel on SQLite and on PostgreSQL."""

from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from portal.db import db
from portal.funds.models import Allocation, AllocationBatch, FundDocument
from tests import ledger
from tests.client import Client
from tests.ledger import wan
from tests.web.test_funds_races import ROUNDS, at_once
from tests.world import World


@pytest.fixture
def clerks(either_app) -> list[Client]:
    return [Client(either_app).sign_in(name) for name in ("finance_agri", "finance_agri2")]


def save(
    client: Client, batch: AllocationBatch, name: str, typed: str
) -> Callable[[], TestResponse]:
    path = f"/funds/batches/{batch.id}/matrix"
    return lambda: client.post(path, {name: typed})


def amounts() -> list[int]:
    db.session.rollback()
    return [line.amount for line in db.session.query(Allocation).filter_by(void=False)]


def test_one_cell_of_one_draft_is_written_by_the_first_and_refused_to_the_second(clerks):
    world = World()
    document = ledger.add_document(world, amount=1000)
    for number in range(max(2, ROUNDS // 10)):
        batch = ledger.add_batch(world, f"批次{number}")
        project = ledger.add_project(world, f"项目{number}", 10)
        name = f"cell-{project.id}-{document.id}"

        answers = at_once(
            [save(one, batch, name, typed) for one, typed in zip(clerks, "34", strict=True)]
        )

        assert sorted(answer.status_code for answer in answers) == [303, 409]
        assert len(amounts()) == number + 1


def test_the_last_money_of_a_document_goes_to_one_draft(clerks):
    world = World()
    for number in range(max(2, ROUNDS // 10)):
        document = ledger.add_document(world, f"{number}号", 10)
        project = ledger.add_project(world, f"项目{number}", 100)
        batches = [ledger.add_batch(world, f"批次{number}-{n}") for n in (1, 2)]
        name = f"cell-{project.id}-{document.id}"

        answers = at_once(
            [save(one, batch, name, "7") for one, batch in zip(clerks, batches, strict=True)]
        )

        assert sorted(answer.status_code for answer in answers) == [303, 422]
        db.session.rollback()
        assert db.session.get_one(FundDocument, document.id).arranged_amount == wan(7)
