"""Registering and correcting fund documents: what is refused, and in what words."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portal.db import db, unit_of_work
from portal.funds import operations
from portal.funds.models import FundDocument
from portal.rules.broken import RuleBroken
from portal.rules.vocabulary import FundingTier
from portal.rules.workflow import Move
from tests import ledger
from tests.ledger import TODAY, paper, wan
from tests.world import World


def refused(world, written) -> RuleBroken:
    with (
        pytest.raises(RuleBroken) as broken,
        unit_of_work(world.actor("finance_agri"), "test"),
    ):
        operations.register_document(written, actor=world.actor("finance_agri"), on=TODAY)
    return broken.value


def correct(world, document, written) -> None:
    with unit_of_work(world.actor("finance_agri"), "test"):
        operations.correct_document(document, written, on=TODAY)


def test_codes_count_up_within_county_and_year(world):
    codes = [ledger.add_document(world, number=f"{n}号").code for n in (1, 2)]
    of_next_year = ledger.add_document(world, number="3号", year=2024)

    assert codes == ["county-2023-f01", "county-2023-f02"]
    assert of_next_year.code == "county-2024-f01"


@pytest.mark.parametrize(
    "typed", ["财指〔2023〕8号", "财指[2023]8号", "财指【2023】８号", " 财指〔2023〕 8 号 "]
)
def test_a_number_is_registered_once_however_it_is_written(world, typed):
    ledger.add_document(world, "财指〔2023〕8号", 118, title="第一份")

    broken = refused(world, paper(typed, 5))

    assert broken.field == "number"
    assert "财指〔2023〕8号" in broken.message
    assert "第一份，118.00 万元，2023-03-20 登记" in broken.message


def test_documents_without_a_number_do_not_collide(world):
    assert [ledger.add_document(world, number=None).number for _ in (1, 2)] == [None, None]


def test_the_neighbour_county_may_have_the_same_number(world):
    ledger.add_document(world)
    foreigner = world.actor("foreigner")
    with unit_of_work(foreigner, "test"):
        theirs = operations.register_document(paper(), actor=foreigner, on=TODAY)

    assert theirs.county_id == world.ids["other"]


@pytest.mark.parametrize(
    ("facts", "field", "words"),
    [
        ({"amount": 0}, "amount", "大于 0"),
        (
            {"issued_on": date(2023, 2, 3), "received_on": date(2023, 2, 2)},
            "received_on",
            "收文日期 2023-02-02 早于发文日期 2023-02-03",
        ),
        ({"received_on": TODAY + timedelta(days=1)}, "received_on", "今天是 2023-03-20"),
        ({"issued_on": TODAY + timedelta(days=1), "received_on": None}, "issued_on", "还没有到"),
        ({"year": 2032}, "year", "年度 2032 与收文年份 2023"),
    ],
)
def test_what_cannot_be_right_is_refused_with_figures(world, facts, field, words):
    broken = refused(world, paper(**facts))

    assert broken.field == field
    assert words in broken.message
    assert db.session.query(FundDocument).count() == 0


def test_money_issued_in_advance_is_taken_and_marked(world):
    document = ledger.add_document(world, received_on=date(2022, 12, 15))

    assert (document.year, document.advance_issue) == (2023, True)


def test_a_report_lies_between_receipt_and_today(world):
    document = ledger.add_document(world, received_on=date(2023, 3, 10))
    for wrong in (date(2023, 3, 9), TODAY + timedelta(days=1)):
        with (
            pytest.raises(RuleBroken, match="收文日期 2023-03-10 到今天 2023-03-20"),
            unit_of_work(world.actor("finance_agri"), "test"),
        ):
            operations.record_report(document, reported_on=wrong, on=TODAY)
    with unit_of_work(world.actor("finance_agri"), "test"):
        operations.record_report(document, reported_on=date(2023, 3, 12), on=TODAY)

    assert document.reported_on == date(2023, 3, 12)


def test_a_correction_never_goes_below_what_is_arranged(world):
    document = ledger.add_document(world, amount=100)
    ledger.allocate(world, ledger.add_batch(world), document, ledger.add_project(world), 60)

    with pytest.raises(RuleBroken, match=r"已安排 60.00 万元，金额不能改成 59.99 万元"):
        correct(world, document, paper(amount="59.99"))
    with pytest.raises(RuleBroken, match="不能改级次"):
        correct(world, document, paper(tier=FundingTier.PROVINCIAL))
    correct(world, document, paper(amount=60, remark="更正金额"))

    assert (document.amount, document.rest, document.remark) == (wan(60), 0, "更正金额")


def test_a_receipt_cannot_move_past_the_approval(world):
    document = ledger.add_document(world)
    batch = ledger.add_batch(world)
    ledger.allocate(world, batch, document, ledger.add_project(world), 60)
    ledger.approve(world, batch, date(2023, 2, 10))

    with pytest.raises(RuleBroken, match=r"收文日期 2023-02-11 晚于.*2023-02-10"):
        correct(world, document, paper(received_on=date(2023, 2, 11)))
    with pytest.raises(RuleBroken, match="不能清空"):
        correct(world, document, paper(received_on=None))


def test_r14_raw_sql_cannot_spend_more_than_the_document_has(either_app):
    document = ledger.add_document(World(), amount=100)
    for attempt in ("amount + 1", "-1"):
        statement = sa.text(f"UPDATE fund_document SET arranged_amount = {attempt} WHERE id = :id")
        with pytest.raises(IntegrityError), db.engine.begin() as connection:
            connection.execute(statement, {"id": document.id})


def test_b5_raw_sql_cannot_let_the_drafter_approve(either_app):
    world = World()
    batch = ledger.add_batch(world)
    statement = sa.text("UPDATE allocation_batch SET decided_by_id = drafted_by_id WHERE id = :id")
    with pytest.raises(IntegrityError), db.engine.begin() as connection:
        connection.execute(statement, {"id": batch.id})


def test_a_voided_batch_gives_the_money_back(world):
    document, batch = ledger.add_document(world), ledger.add_batch(world)
    ledger.allocate(world, batch, document, ledger.add_project(world), 60)

    ledger.take(world, batch, Move.VOID, "finance_agri", words="填错了文件")

    assert (document.rest, batch.lines, len(batch.allocations)) == (wan(100), [], 1)
    assert ledger.differences() == []
