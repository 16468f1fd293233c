"""The surplus goes back to its documents by one adjustment, and may fund something else in it."""

from datetime import date

import pytest

from portal.closing.returning import propose_return
from portal.closing.surplus import candidates, money_of
from portal.db import db, unit_of_work
from portal.implementation.models import Contract, Execution
from portal.ledger_health import ledger_problems
from portal.rules.broken import RuleBroken
from portal.rules.vocabulary import ChangeKind
from tests import ledger, works
from tests.closings import close, lines, pay, place, placement_of
from tests.ledger import wan
from tests.world import World

MAY, JUNE = date(2023, 5, 1), date(2023, 6, 1)


@pytest.fixture
def road(either_app):
    """60 + 30 of an old and 50 of a new document on a road; 70 paid of a contract of 100, finished."""
    world = World()
    old, new = ledger.add_document(world, "1号", 200), ledger.add_document(world, "2号", 100)
    project = ledger.add_project(world, "道路", 200, code="road")
    for document, amount in ((old, 60), (old, 30), (new, 50)):
        place(world, document, project, amount)
    pay(world, old, project, 70, MAY)
    works.add_contract(project, 100)
    works.add_report(project, 100, JUNE)
    works.add(Execution, project, finished_on=JUNE, recorded_by_id=0)
    return world, old, new, project


def propose(world, choices, reason="道路完工结余"):
    actor = world.actor("finance_agri")
    with unit_of_work(actor, "test"):
        return propose_return(choices, reason=reason, actor=actor, on=date(2023, 7, 1))


def returns(project, day=JUNE):
    [row] = money_of([project.id], day)
    return {one.placement.document.number: one.amount for one in row.returns}


def drafted(batch):
    return [(line.document.number, line.project.name, line.amount) for line in batch.lines]


def test_the_newest_document_gets_its_money_first(road):
    _world, _old, _new, project = road
    [row] = money_of([project.id], JUNE)
    assert (row.contract, row.settlement, row.allocated, row.paid) == (
        wan(100), None, wan(140), wan(70),
    )  # fmt: skip
    assert (row.surplus.amount, row.surplus.reason) == (wan(40), "已完工，合同价以外的资金")
    assert returns(project) == {"2号": wan(40)}


def test_before_the_works_are_finished_there_is_no_surplus(road):
    project = road[3]
    [row] = money_of([project.id], MAY)
    assert (row.surplus.amount, row.returns) == (0, ())


def test_one_click_drafts_an_adjustment_from_the_latest_lines(road):
    world, old, new, project = road
    works.add_change(project, ChangeKind.TERMINATE, JUNE)
    with unit_of_work(world.actor("lead_office"), "test"):
        db.session.query(Contract).one().settlement_amount = wan(75)
    assert returns(project) == {"2号": wan(50), "1号": wan(15)}
    choices = {placement_of(document, project).id: None for document in (old, new)}
    batch = propose(world, choices)
    assert batch.reason == "道路完工结余"
    assert drafted(batch) == [("1号", "道路", -wan(15)), ("2号", "道路", -wan(50))]
    assert batch.lines[0].changes.amount == wan(30)
    assert returns(project) == {}
    ledger.approve(world, batch, date(2023, 7, 2))
    assert [(d.rest, placement_of(d, project).rest) for d in (old, new)] == [
        (wan(125), wan(5)), (wan(100), 0),
    ]  # fmt: skip
    assert list(ledger_problems()) == []


def test_more_than_the_latest_line_holds_comes_from_those_before_it(road):
    world, old, new, project = road
    works.add_change(project, ChangeKind.TERMINATE, JUNE)
    with unit_of_work(world.actor("lead_office"), "test"):
        db.session.query(Contract).one().void = True
    place(world, old, project, 10, JUNE)
    pay(world, new, project, 50, JUNE)
    assert returns(project) == {"1号": wan(30)}
    batch = propose(world, {placement_of(old, project).id: None})
    assert drafted(batch) == [("1号", "道路", -wan(10)), ("1号", "道路", -wan(20))]


def test_the_money_may_fund_another_project_up_to_its_gap(road):
    world, _old, new, project = road
    pump = ledger.add_project(world, "泵站", 25, code="pump")
    assert (pump, wan(25)) in candidates(world.actor("finance_agri"))
    batch = propose(world, {placement_of(new, project).id: pump})
    assert drafted(batch) == [("2号", "道路", -wan(40)), ("2号", "泵站", wan(25))]
    ledger.approve(world, batch, date(2023, 7, 2))
    assert placement_of(new, pump).allocated_amount == wan(25)
    assert new.rest == wan(65)


def test_candidates_come_by_priority(road):
    world = road[0]
    for name, priority in (("三", None), ("二", 2), ("一", 1)):
        project = ledger.add_project(world, name, 10)
        with unit_of_work(world.actor("lead_office"), "test"):
            project.priority = priority
    found = [project.name for project, _gap in candidates(world.actor("finance_agri"))]
    assert found[:2] == ["一", "二"]


@pytest.mark.parametrize(
    ("reason", "chosen", "words"),
    [("", True, "请写明收回的理由"), ("结余", False, "请至少选择 1 笔")],
)
def test_a_proposal_needs_a_reason_and_a_choice(road, reason, chosen, words):
    world, _old, new, project = road
    choices = {placement_of(new, project).id: None} if chosen else {}
    with pytest.raises(RuleBroken, match=words):
        propose(world, choices, reason)


def test_what_is_being_taken_back_is_not_offered_twice(road):
    world, _old, new, project = road
    choices = {placement_of(new, project).id: None}
    propose(world, choices)
    with pytest.raises(RuleBroken, match="所选的结余有变动"):
        propose(world, choices)


def test_a_project_without_a_gap_is_refused(road):
    world, _old, new, project = road
    full = ledger.add_project(world, "满的", 10)
    place(world, new, full, 10)
    with pytest.raises(RuleBroken, match="已经安排满"):
        propose(world, {placement_of(new, project).id: full})


def test_money_taken_back_in_the_next_year_stays_with_its_document(road):
    world, _old, new, project = road
    close(world)
    batch = propose(world, {placement_of(new, project).id: None})
    ledger.approve(world, batch, date(2024, 3, 1))
    found = lines(close(world, 2024, date(2025, 1, 5)))
    assert found[("2号", "道路")] == (wan(50), -wan(40), 0, wan(10))
    assert found[("2号", "")] == (wan(50), wan(40), 0, wan(90))
