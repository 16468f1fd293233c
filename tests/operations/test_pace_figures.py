"""The figures of a fund year on any day: received, placed, paid, by document, tier, unit and project."""

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask

from portal.db import unit_of_work
from portal.funds import opening
from portal.pace import queries
from portal.pace.queries import Figures
from portal.rules.access import SYSTEM
from portal.rules.vocabulary import FundingTier
from tests import closings, ledger
from tests.ledger import wan
from tests.world import World

APPROVED = date(2023, 3, 20)
JULY, OCTOBER, DECEMBER = date(2023, 7, 15), date(2023, 10, 15), date(2023, 12, 25)


@pytest.fixture
def world(either_app: Flask) -> World:
    return World()


@pytest.fixture
def county_id(world: World) -> int:
    return world.ids["county"]


@pytest.fixture
def acheng(world: World) -> None:
    """The totals of 阿城: 4950.68 万元 came, and what the source says was paid by three days."""
    document = ledger.add_document(world, "哈财指〔2023〕8号", "4950.68")
    project = ledger.add_project(world, budget="4950.68")
    closings.place(world, document, project, "4950.68")
    for amount, day in (("2713.55", JULY), ("1364.26", OCTOBER), ("631.96", DECEMBER)):
        closings.pay(world, document, project, amount, day)


@pytest.mark.usefixtures("acheng")
@pytest.mark.parametrize(
    ("day", "paid", "rate"),
    [(JULY, "2713.55", "54.81"), (OCTOBER, "4077.81", "82.37"), (DECEMBER, "4709.77", "95.13")],
)
def test_the_checkpoints_of_acheng(county_id: int, day: date, paid: str, rate: str) -> None:
    figures = queries.year_figures(county_id, 2023, day)
    assert (figures.received, figures.paid) == (wan("4950.68"), wan(paid))
    assert figures.rate == Decimal(rate)


@pytest.mark.usefixtures("acheng")
def test_what_is_left_of_acheng(county_id: int) -> None:
    assert queries.year_figures(county_id, 2023, DECEMBER).unpaid == wan("240.91")


def test_a_year_before_the_portal(world: World, county_id: int) -> None:
    actor = world.actor("finance_agri")
    with unit_of_work(actor, "test"):
        opening.record_opening_figure(
            2022, industry_amount=wan("3050.90"), total_amount=wan("5115.68"), actor=actor
        )
        opening.record_opening_payment(
            2022,
            counted_on=date(2022, 12, 31),
            paid_amount=wan("5067.58"),
            actor=actor,
            on=DECEMBER,
        )
    figures = queries.year_figures(county_id, 2022, DECEMBER)
    assert figures == Figures(wan("5115.68"), wan("5115.68"), wan("5067.58"))
    assert (figures.rate, figures.unpaid) == (Decimal("99.06"), wan("48.10"))
    assert queries.year_figures(county_id, 2022, date(2022, 12, 30)).paid == 0
    assert queries.fund_years(county_id) == [2022]


def test_no_money_is_no_rate(county_id: int) -> None:
    figures = queries.year_figures(county_id, 2023, JULY)
    assert figures == Figures()
    assert figures.rate is None


def test_what_happens_later_has_not_happened_yet(world: World, county_id: int) -> None:
    early = ledger.add_document(world, "财指〔2023〕1号", 100)
    late = ledger.add_document(world, "财指〔2023〕2号", 50, received_on=date(2023, 3, 10))
    project, other = (ledger.add_project(world, name, 200) for name in ("道路", "水渠"))
    closings.place(world, early, project, 60, date(2023, 3, 1))
    closings.place(world, late, other, 50, APPROVED)
    closings.pay(world, early, project, 30, date(2023, 3, 18))
    closings.pay(world, early, project, 20, date(2023, 4, 2))
    closings.pay(world, early, project, 5, date(2023, 4, 10), back=True)

    def figures(day: date) -> Figures:
        return queries.year_figures(county_id, 2023, day)

    assert figures(date(2023, 1, 31)) == Figures()
    assert figures(date(2023, 2, 28)) == Figures(wan(100), 0, 0)
    assert figures(date(2023, 3, 18)) == Figures(wan(150), wan(60), wan(30))
    assert figures(APPROVED) == Figures(wan(150), wan(110), wan(30))
    assert figures(date(2023, 4, 5)) == Figures(wan(150), wan(110), wan(50))
    assert figures(DECEMBER) == Figures(wan(150), wan(110), wan(45))
    assert queries.year_figures(county_id, 2024, DECEMBER) == Figures()


def test_every_table_adds_up_to_the_year(world: World, county_id: int) -> None:
    central = ledger.add_document(world, "财指〔2023〕1号", 100)
    provincial = ledger.add_document(world, "财指〔2023〕2号", 40, tier=FundingTier.PROVINCIAL)
    road, canal = (ledger.add_project(world, name, 200) for name in ("道路", "水渠"))
    with unit_of_work(SYSTEM, "test"):
        canal.township_id = None
    closings.place(world, central, road, 70)
    closings.place(world, provincial, road, 10)
    closings.place(world, provincial, canal, 30)
    closings.pay(world, central, road, 35, JULY)
    closings.pay(world, provincial, canal, 30, OCTOBER)

    documents = queries.document_figures(county_id, 2023, OCTOBER)
    assert [(d.name, d.received, d.allocated, d.paid, d.rate) for d in documents] == [
        ("财指〔2023〕1号", wan(100), wan(70), wan(35), Decimal("35.00")),
        ("财指〔2023〕2号", wan(40), wan(40), wan(30), Decimal("75.00")),
    ]
    assert queries.tier_figures(county_id, 2023, OCTOBER) == {
        FundingTier.CENTRAL: Figures(wan(100), wan(70), wan(35)),
        FundingTier.PROVINCIAL: Figures(wan(40), wan(40), wan(30)),
    }
    units = queries.unit_figures(county_id, 2023, OCTOBER)
    assert [(u.name, u.allocated, u.paid, u.rate) for u in units] == [
        ("县农业农村局", wan(30), wan(30), Decimal("100.00")),
        ("甲镇", wan(80), wan(35), Decimal("43.75")),
    ]
    projects = queries.project_figures(county_id, 2023, OCTOBER)
    assert [(p.name, p.unit, p.allocated, p.paid) for p in projects] == [
        ("道路", "甲镇", wan(80), wan(35)),
        ("水渠", "县农业农村局", wan(30), wan(30)),
    ]
    year = queries.year_figures(county_id, 2023, OCTOBER)
    assert sum(p.paid for p in projects) == sum(u.paid for u in units) == year.paid
