"""Years before the portal: what was paid of them by a day, within what they had."""

from datetime import date

import pytest

from portal.db import unit_of_work
from portal.funds import opening, queries
from portal.rules.broken import RuleBroken
from tests.ledger import TODAY, wan


@pytest.fixture
def actor(world):
    return world.actor("finance_agri")


def enter_total(actor, total="5115.68"):
    with unit_of_work(actor, "test"):
        opening.record_opening_figure(
            2022, industry_amount=wan(3000), total_amount=wan(total), actor=actor
        )


def count(actor, on, paid):
    with unit_of_work(actor, "test"):
        opening.record_opening_payment(
            2022, counted_on=on, paid_amount=wan(paid), actor=actor, on=TODAY
        )


def test_the_latest_count_by_a_day_is_what_was_paid(actor):
    enter_total(actor)
    count(actor, date(2022, 12, 25), "4000")
    count(actor, date(2023, 1, 31), "5000")
    count(actor, date(2023, 1, 31), "5067.58")

    paid = [
        queries.opening_paid(actor.county_id, 2022, day)
        for day in (date(2022, 12, 24), date(2022, 12, 25), date(2023, 3, 1))
    ]
    assert paid == [None, wan(4000), wan("5067.58")]
    assert queries.opening_total(actor.county_id, 2022) == wan("5115.68")
    assert queries.opening_total(actor.county_id, 2021) is None


@pytest.mark.parametrize(
    ("on", "paid", "words"),
    [
        (date(2023, 1, 1), "5115.69", "5115.68 万元，已支出 5115.69 万元。请减少 0.01 万元"),
        (date(2023, 3, 21), "1", "到今天 2023-03-20"),
        (date(2021, 12, 31), "1", "2022-01-01"),
    ],
)
def test_what_cannot_have_been_paid_is_refused(actor, on, paid, words):
    enter_total(actor)

    with pytest.raises(RuleBroken, match=words):
        count(actor, on, paid)


def test_a_year_needs_its_total_first(actor):
    with pytest.raises(RuleBroken, match="2022 年还没有资金总额"):
        count(actor, TODAY, "1")


def test_the_total_cannot_fall_below_what_was_paid(actor):
    enter_total(actor)
    count(actor, TODAY, "5000")

    with pytest.raises(RuleBroken, match=r"已支出 5000.00 万元，资金总额不能改成 4999.00 万元"):
        enter_total(actor, "4999")
