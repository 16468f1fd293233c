"""What paying more would change: only the young money and the checkpoints from that day on."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from portal.rules.broken import RuleBroken
from portal.rules.scoring.facts import Progress, Share
from portal.rules.scoring.scheme import FOLDER, read_evidence, read_scheme
from portal.rules.scoring.what_if import what_if, with_more_paid

SCHEME = read_scheme(FOLDER / "heilongjiang-county-2023.toml")
FACTS = Path(__file__).parents[2] / "docs" / "schemes" / "acheng-2023-facts.toml"
EVIDENCE = read_evidence(FACTS, SCHEME)
YEAR_END = date(2023, 12, 31)


def changed(extra, by=YEAR_END):
    found = what_if(SCHEME, EVIDENCE, Fraction(extra), by)
    return {one.after.no: one.difference for one in found.changes if one.difference}, found


def test_paying_60_more_by_the_end_of_the_year_is_worth_041_points():
    lines, found = changed(60)  # 5 × (96.35 − 85) ÷ 15 = 3.78 instead of 3.38
    assert (lines, found.difference) == ({"9": Decimal("0.41")}, Decimal("0.41"))
    before, after = found.changes[8].before, found.changes[8].after
    assert (before.computed, after.computed) == (Decimal("8.34"), Decimal("8.75"))
    assert "96.35" in after.parts[0].working


def test_paying_all_that_is_left_earns_the_full_points_of_the_young_money():
    lines, _found = changed("240.91")
    assert lines == {"9": Decimal("1.62")}


def test_a_payment_counts_at_the_checkpoints_from_its_day_on():
    facts = with_more_paid(EVIDENCE.facts, Fraction(100), date(2023, 10, 15))
    july, october = facts["progress_july"], facts["progress_october"]
    assert isinstance(july, Progress)
    assert isinstance(october, Progress)
    assert (july.paid, october.paid) == (Fraction("2713.55"), Fraction("4177.81"))


def test_older_money_is_not_touched():
    facts = with_more_paid(EVIDENCE.facts, Fraction(10), YEAR_END)
    assert facts["execution_1_to_2_years"] is EVIDENCE.facts["execution_1_to_2_years"]


def test_more_than_is_left_is_refused_with_the_figures():
    with pytest.raises(RuleBroken, match=r"还有 240.91 万元没有支付，300 万元多出 59.09 万元"):
        with_more_paid(EVIDENCE.facts, Fraction(300), YEAR_END)


def test_without_young_money_nothing_can_be_paid():
    with pytest.raises(RuleBroken, match="还有 0 万元"):
        with_more_paid({"other": Share(Fraction(1), Fraction(2))}, Fraction(1), YEAR_END)
