"""The closing of a year: opening + added - paid = rest, and the next opening is this rest."""

from datetime import date

import pytest

from portal.closing.models import CarryOver
from portal.db import db, unit_of_work
from portal.funds import operations as funds
from portal.rules.broken import RuleBroken
from portal.rules.vocabulary import ClosingStatus
from portal.rules.workflow import Move
from tests import closings, ledger
from tests.closings import NEW_YEAR, close, decide, lines, pay, place, propose
from tests.ledger import wan
from tests.world import World

JUNE = date(2023, 6, 1)
NEXT_JUNE = date(2024, 6, 1)
NEXT_NEW_YEAR = date(2025, 1, 5)


@pytest.fixture
def books(either_app):
    """100 came, 60 are placed on a road, 25 are paid."""
    world = World()
    document = ledger.add_document(world, "1号", 100)
    road = ledger.add_project(world, "道路", 200)
    place(world, document, road, 60)
    pay(world, document, road, 25, JUNE)
    return world, document, road


def amounts(*figures):
    return tuple(wan(figure) if figure >= 0 else -wan(-figure) for figure in figures)


def test_the_first_closing_counts_what_came_was_placed_and_paid(books):
    world, _document, _road = books
    assert lines(propose(world)) == {
        ("1号", ""): amounts(0, 40, 0, 40),
        ("1号", "道路"): amounts(0, 60, 25, 35),
    }


def test_the_next_opening_is_this_rest(books):
    world, document, road = books
    close(world)
    place(world, document, road, 10, NEXT_JUNE)
    pay(world, document, road, 30, NEXT_JUNE)
    assert lines(close(world, 2024, NEXT_NEW_YEAR)) == {
        ("1号", ""): amounts(40, -10, 0, 30),
        ("1号", "道路"): amounts(35, 10, 30, 15),
    }


def test_what_was_used_up_needs_no_line_any_more(books):
    world, document, road = books
    place(world, document, road, 40)
    pay(world, document, road, 75, JUNE)
    assert lines(close(world)) == {("1号", "道路"): amounts(0, 100, 100, 0)}
    assert lines(close(world, 2024, NEXT_NEW_YEAR)) == {}


def test_what_happens_after_the_last_day_is_of_the_next_year(books):
    world, document, road = books
    place(world, document, road, 40, date(2024, 1, 2))
    pay(world, document, road, 5, date(2024, 1, 3))
    ledger.add_document(world, "2号", 7, received_on=date(2023, 3, 1))
    found = lines(propose(world))
    assert found[("1号", "道路")] == amounts(0, 60, 25, 35)
    assert found[("2号", "")] == amounts(0, 7, 0, 7)


def test_money_of_the_next_year_that_came_early_waits_for_its_own_closing(books):
    world, _document, road = books
    early = ledger.add_document(world, "提前", 9, year=2024)
    place(world, early, road, 9)
    assert ("提前", "") not in lines(close(world))
    assert lines(close(world, 2024, NEXT_NEW_YEAR))[("提前", "道路")] == amounts(0, 9, 0, 9)


@pytest.mark.parametrize(
    ("year", "on", "words"),
    [
        (2023, date(2023, 12, 31), "2023 年度还没有结束，请于 2024-01-01 起办理"),
        (2024, NEXT_NEW_YEAR, "要按年度顺序结账，请先办 2023 年度"),
        (2022, NEW_YEAR, "下一个要结账的是 2023 年度"),
    ],
)
def test_years_close_in_order_when_they_are_over(books, year, on, words):
    with pytest.raises(RuleBroken, match=words):
        propose(books[0], year, on)


def test_a_county_without_money_has_no_year_to_close(app, world):
    with pytest.raises(RuleBroken, match="还没有登记资金文件"):
        propose(world)


def test_one_proposal_at_a_time(books):
    propose(books[0])
    with pytest.raises(RuleBroken, match="正等待审批"):
        propose(books[0])


def test_what_moved_since_the_proposal_is_named_and_refused(books):
    world, document, road = books
    closing = propose(world)
    pay(world, document, road, 5, date(2023, 12, 30))
    with pytest.raises(RuleBroken) as refused:
        decide(world, closing)
    assert (
        "文件“1号”安排给“道路”的资金编制时结转 35.00 万元，现在 30.00 万元" in refused.value.message
    )
    decide(world, closing, Move.REJECT, words="账已变动")
    assert closing.status is ClosingStatus.REJECTED
    assert lines(close(world))[("1号", "道路")] == amounts(0, 60, 30, 30)


def test_whoever_proposed_does_not_decide(books):
    world = books[0]
    closing = propose(world)
    with pytest.raises(RuleBroken, match="要由本县（区）的领导小组审定人办理"):
        decide(world, closing, person="finance_agri")
    with unit_of_work(world.actor("approver"), "test"):
        closing.proposed_by_id = world.actor("approver").user_id
    with pytest.raises(RuleBroken, match="须由另一人办理"):
        decide(world, closing)


def test_a_decision_is_taken_once_and_a_refusal_says_why(books):
    closing = propose(books[0])
    with pytest.raises(RuleBroken, match="要写明理由"):
        decide(books[0], closing, Move.REJECT)
    decide(books[0], closing)
    with pytest.raises(RuleBroken, match="现在的状态是“已结账”"):
        decide(books[0], closing, person="approver2")
    with pytest.raises(RuleBroken, match="已经结账"):
        propose(books[0])


def test_no_approval_may_be_dated_into_a_closed_year(books):
    world, document, road = books
    waiting = ledger.add_batch(world, "第二批")
    ledger.allocate(world, waiting, document, road, 1)
    ledger.fill_approval(world, waiting, date(2023, 12, 20))
    ledger.take(world, waiting, Move.SUBMIT, "finance_agri", on=NEW_YEAR)
    close(world)
    words = "2023 年度已经结账，批复日期不能是 2023-12-20。请用 2024-01-01 或以后的日期"
    with pytest.raises(RuleBroken, match=words):
        ledger.take(world, waiting, Move.APPROVE, "approver", on=NEW_YEAR)
    draft = ledger.add_batch(world, "第三批")
    with pytest.raises(RuleBroken, match=words):
        ledger.fill_approval(world, draft, date(2023, 12, 20))
    ledger.fill_approval(world, draft, date(2024, 1, 2))


def test_no_payment_may_be_dated_into_a_closed_year(books):
    world, document, road = books
    close(world)
    words = "2023 年度已经结账，支付日期不能是 2023-12-31"
    with pytest.raises(RuleBroken, match=words):
        pay(world, document, road, 1, date(2023, 12, 31))
    pay(world, document, road, 1, date(2024, 1, 1))


def test_what_a_closing_was_figured_from_stays(books):
    world, document, _road = books
    close(world)

    def correct(**facts):
        with unit_of_work(world.actor("finance_agri"), "test"):
            paper = ledger.paper("1号", **{"amount": 100, "title": document.title} | facts)
            funds.correct_document(document, paper, on=NEW_YEAR)

    with pytest.raises(RuleBroken, match="已列入 2023 年度结账，不能改金额"):
        correct(amount=120)
    with pytest.raises(RuleBroken, match="不能改收文日期"):
        correct(received_on=date(2023, 1, 2))
    correct(title="更正后的标题")


def test_a_payment_older_than_its_allocation_is_named(books):
    world, document, road = books
    place(world, document, road, 40, date(2024, 1, 2))
    pay(world, document, road, 70, date(2023, 12, 1))
    with pytest.raises(RuleBroken) as refused:
        propose(world)
    words = "文件“1号”安排给“道路”的资金到 2023-12-31 付出的比安排的多 35.00 万元"
    assert words in refused.value.message
    assert db.session.query(CarryOver).count() == 0


def test_carried_over_money_keeps_its_document_tier_and_year(books):
    world, document, _road = books
    closing = close(world)
    assert {
        (line.document_id, line.document.tier, line.document.year) for line in closing.lines
    } == {(document.id, document.tier, 2023)}
    assert closings.placement_of(document, books[2]).rest == wan(35)
