"""Adjustments: money comes back by negative lines, and is free for others only with the approval."""

from dataclasses import dataclass
from datetime import date

import pytest
import sqlalchemy as sa

from portal.db import db, unit_of_work
from portal.deadlines import facts as deadline_facts
from portal.funds import allocating, operations, queries
from portal.funds.models import Allocation, AllocationBatch, FundDocument, Placement
from portal.ledger_health import ledger_problems
from portal.library.models import Project
from portal.library.queries import allocated_amount
from portal.payments import posting
from portal.payments.models import Payment, PaymentPart
from portal.rules.broken import RuleBroken
from portal.rules.vocabulary import FundingTier, PaymentKind, PaymentStatus, ProjectStatus
from portal.rules.workflow import Move
from tests import ledger
from tests.ledger import TODAY, wan
from tests.world import World


@dataclass
class County:
    """A document of 100 万元, wholly placed on the road; the canal still lacks 100."""

    world: World
    document: FundDocument
    road: Project
    canal: Project
    line: Allocation

    def adjust(self, amount: str | int = 40) -> AllocationBatch:
        """A draft that takes this much back from the road."""
        batch = ledger.add_adjustment(self.world)
        ledger.take_back(self.world, batch, self.line, amount)
        return batch

    def rest(self) -> int:
        db.session.rollback()
        return db.session.get_one(FundDocument, self.document.id).rest

    def placed(self, project: Project) -> int:
        db.session.rollback()
        statement = sa.select(Placement.allocated_amount).filter_by(project_id=project.id)
        return db.session.scalar(statement) or 0


@pytest.fixture
def county(either_app) -> County:
    world = World()
    document = ledger.add_document(world)
    road, canal = ledger.add_project(world, "道路"), ledger.add_project(world, "水渠")
    batch = ledger.add_batch(world)
    line = ledger.allocate(world, batch, document, road, 100)
    ledger.approve(world, batch, date(2023, 2, 20))
    return County(world, document, road, canal, line)


def payment(county: County, amount: str | int) -> Payment:
    """A payment request of this much of the road's money, not reserved yet."""
    placement = db.session.scalars(sa.select(Placement)).one()
    made = Payment(
        county_id=county.document.county_id,
        organization_id=county.road.organization_id,
        code=f"pay-{amount}",
        project_id=county.road.id,
        kind=PaymentKind.ADVANCE,
        status=PaymentStatus.CHECKING,
        payee="施工单位",
        requested_by_id=0,
        requested_on=TODAY,
        parts=[
            PaymentPart(
                county_id=county.document.county_id, placement=placement, amount=wan(amount)
            )
        ],
    )
    db.session.add(made)
    db.session.flush()
    return made


def reserve(county: County, amount: str | int) -> None:
    with unit_of_work(county.world.actor("town_reviewer"), "test"):
        posting.reserve(payment(county, amount))


def test_money_is_free_for_others_only_with_the_approval(county):
    adjustment = county.adjust(40)
    other = ledger.add_batch(county.world, "别的批次")
    assert (county.rest(), allocated_amount(county.road.id)) == (0, wan(100))
    with pytest.raises(RuleBroken, match=r"剩余 0.00 万元"):
        ledger.allocate(county.world, other, county.document, county.canal, 1)

    ledger.approve(county.world, adjustment)

    assert (county.rest(), county.placed(county.road)) == (wan(40), wan(60))
    assert allocated_amount(county.road.id) == wan(60)
    ledger.allocate(county.world, other, county.document, county.canal, 40)
    assert list(ledger_problems()) == []


def test_an_adjustment_places_anew_what_it_takes_back_and_no_more(county):
    adjustment = county.adjust(40)
    with pytest.raises(RuleBroken, match=r"剩余 40.00 万元，申请 40.01 万元"):
        ledger.allocate(county.world, adjustment, county.document, county.canal, "40.01")
    ledger.allocate(county.world, adjustment, county.document, county.canal, 30)

    ledger.approve(county.world, adjustment)

    assert (county.placed(county.road), county.placed(county.canal)) == (wan(60), wan(30))
    assert county.rest() == wan(10)
    assert list(ledger_problems()) == []


@pytest.mark.parametrize("end", [Move.VOID, Move.RETURN, Move.WITHDRAW])
def test_an_adjustment_that_is_given_up_or_sent_back_frees_nothing(county, end):
    adjustment = county.adjust(40)
    ledger.allocate(county.world, adjustment, county.document, county.canal, 30)
    if end is not Move.VOID:
        ledger.fill_approval(county.world, adjustment)
        ledger.take(county.world, adjustment, Move.SUBMIT, "finance_agri")
    person = "approver" if end is Move.RETURN else "finance_agri"

    ledger.take(county.world, adjustment, end, person, words="请重新研究")

    assert (county.rest(), county.placed(county.road)) == (0, wan(100))
    assert allocated_amount(county.canal.id) == (0 if end is Move.VOID else wan(30))
    assert list(ledger_problems()) == []


def test_a_line_gives_back_no_more_than_it_still_holds(county):
    ledger.approve(county.world, county.adjust(40))
    again = ledger.add_adjustment(county.world)

    with pytest.raises(RuleBroken) as broken:
        ledger.take_back(county.world, again, county.line, "60.01")

    assert broken.value.message == (
        "不能收回：这一行安排 100.00 万元，已收回 40.00 万元，最多收回 60.00 万元，"
        "要收回 60.01 万元。请减少 0.01 万元"
    )
    ledger.take_back(county.world, again, county.line, 60)
    third = ledger.add_adjustment(county.world)
    with pytest.raises(RuleBroken, match=r"最多收回 0.00 万元"):
        ledger.take_back(county.world, third, county.line, 1)


def test_what_is_paid_or_asked_for_stays(county):
    reserve(county, 70)
    adjustment = ledger.add_adjustment(county.world)

    with pytest.raises(RuleBroken, match=r"已付和在途 70.00 万元，最多收回 30.00 万元"):
        ledger.take_back(county.world, adjustment, county.line, 31)
    ledger.take_back(county.world, adjustment, county.line, 30)


def test_a_payment_that_comes_first_stops_the_approval(county):
    adjustment = county.adjust(40)
    ledger.fill_approval(county.world, adjustment)
    ledger.take(county.world, adjustment, Move.SUBMIT, "finance_agri")
    reserve(county, 70)

    with pytest.raises(RuleBroken, match=r"最多收回 30.00 万元，要收回 40.00 万元"):
        ledger.take(county.world, adjustment, Move.APPROVE, "approver")

    assert county.placed(county.road) == wan(100)


def test_a_payment_that_comes_second_finds_less(county):
    ledger.approve(county.world, county.adjust(40))

    with pytest.raises(RuleBroken, match=r"还可申请 60.00 万元"):
        reserve(county, 61)


def test_a_return_is_not_dropped_once_its_money_is_placed_anew(county):
    adjustment = county.adjust(40)
    taken = adjustment.lines[0]
    ledger.allocate(county.world, adjustment, county.document, county.canal, 30)
    actor = county.world.actor("finance_agri")

    with (
        pytest.raises(RuleBroken, match=r"收回的 40.00 万元里，本批次已重新安排 30.00 万元"),
        unit_of_work(actor, "test"),
    ):
        allocating.void_line(taken)


def test_another_document_may_replace_the_money_of_a_project(county):
    second = ledger.add_document(county.world, "财指〔2023〕2号", 100)
    adjustment = county.adjust(40)
    with pytest.raises(RuleBroken, match=r"还差 40.00 万元"):
        ledger.allocate(county.world, adjustment, second, county.road, 41)
    ledger.allocate(county.world, adjustment, second, county.road, 40)

    ledger.approve(county.world, adjustment)

    assert allocated_amount(county.road.id) == wan(100)
    assert ledger.differences() == []


def test_a_management_fee_moves_within_its_cap(either_app):
    world = World()
    document = ledger.add_document(world, amount=1000, tier=FundingTier.CENTRAL)
    fees = [ledger.add_project(world, name, project_type="management_fee") for name in "甲乙"]
    batch = ledger.add_batch(world)
    line = ledger.allocate(world, batch, document, fees[0], 10)
    ledger.approve(world, batch)
    adjustment = ledger.add_adjustment(world)
    with pytest.raises(RuleBroken, match="项目管理费最多 1%"):
        ledger.allocate(world, adjustment, document, fees[1], 4)
    ledger.take_back(world, adjustment, line, 4)
    ledger.allocate(world, adjustment, document, fees[1], 4)


def test_only_an_adjustment_takes_back_and_only_what_is_approved(county):
    plain, adjustment = ledger.add_batch(county.world, "普通"), county.adjust(40)
    with pytest.raises(RuleBroken, match="请先新建“调整”"):
        ledger.take_back(county.world, plain, county.line, 1)
    with pytest.raises(RuleBroken, match="只能收回已批复的安排"):
        ledger.take_back(county.world, ledger.add_adjustment(county.world), adjustment.lines[0], 1)
    with pytest.raises(RuleBroken, match="收回金额要大于 0"):
        ledger.take_back(county.world, ledger.add_adjustment(county.world), county.line, 0)


def test_a_place_is_named_once_in_a_batch(county):
    adjustment = county.adjust(40)
    with pytest.raises(RuleBroken, match=r"本批次已从这份文件从该项目收回 40.00 万元"):
        ledger.take_back(county.world, adjustment, county.line, 1)
    with pytest.raises(RuleBroken, match=r"收回 40.00 万元"):
        ledger.allocate(county.world, adjustment, county.document, county.road, 1)


def test_a_project_out_of_the_library_gives_its_money_back(county):
    with unit_of_work(county.world.actor("lead_office"), "test"):
        db.session.get_one(Project, county.road.id).status = ProjectStatus.REMOVED

    ledger.approve(county.world, county.adjust(100))

    assert county.rest() == wan(100)


def test_the_clock_of_a_document_stays_where_its_money_was_first_placed(county):
    adjustment = county.adjust(40)
    ledger.approve(county.world, adjustment, date(2023, 3, 15))
    line = queries.document_lines([county.document], TODAY)[0]
    found = deadline_facts.documents(TODAY, [FundDocument.id == county.document.id])

    assert (line.allocated_on, line.approved_amount) == (date(2023, 2, 20), wan(60))
    assert found[0].facts["allocated_on"] == date(2023, 2, 20)
    earlier = deadline_facts.documents(date(2023, 2, 19), [FundDocument.id == county.document.id])
    assert earlier[0].facts["allocated_on"] is None


def test_the_reason_is_corrected_but_never_dropped(county):
    adjustment = county.adjust(40)
    facts = {
        "title": "调整",
        "approval_number": "",
        "approved_on": None,
        "approved_by": "",
        "minutes_number": "",
        "on": TODAY,
    }
    with unit_of_work(county.world.actor("finance_agri"), "test"):
        operations.edit_batch(adjustment, **facts, reason="项目终止")
    assert adjustment.reason == "项目终止"
    with (
        pytest.raises(RuleBroken, match="调整要写明理由"),
        unit_of_work(county.world.actor("finance_agri"), "test"),
    ):
        operations.edit_batch(adjustment, **facts, reason="")
