"""The phase of a project's works is what the facts on record reach."""

from datetime import date

import pytest

from portal.rules import book
from portal.rules.phases import PhaseFacts, phase
from portal.rules.vocabulary import ChangeKind, Phase

DAY = date(2023, 8, 1)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, Phase.NOT_STARTED),
        ({"tendered_on": DAY}, Phase.TENDERING),
        ({"tendered_on": DAY, "contracted_on": DAY}, Phase.CONTRACTED),
        ({"contracted_on": DAY, "started_on": DAY}, Phase.UNDER_WAY),
        ({"percent": 30}, Phase.UNDER_WAY),
        ({"started_on": DAY, "percent": 100}, Phase.UNDER_WAY),
        ({"started_on": DAY, "finished_on": DAY}, Phase.FINISHED),
        ({"finished_on": DAY, "settled_on": DAY}, Phase.FINISHED),
        ({"finished_on": DAY, "accepted_on": DAY}, Phase.ACCEPTED),
        ({"accepted_on": DAY, "settled_on": DAY}, Phase.SETTLED),
        ({"started_on": DAY, "held_by": ChangeKind.SUSPEND}, Phase.SUSPENDED),
        ({"accepted_on": DAY, "held_by": ChangeKind.TERMINATE}, Phase.TERMINATED),
    ],
)
def test_the_furthest_fact_decides(facts: dict, expected: Phase) -> None:
    assert phase(PhaseFacts(**facts)) is expected


def test_subsidies_interest_and_fees_need_no_contract() -> None:
    types = book.load().project_types
    free = {"small_loan_interest", "travel_subsidy", "education", "management_fee"}
    assert not any(types[code].needs_contract for code in free)
    assert all(types[code].needs_contract for code in ("road", "crop_base", "finance_insurance"))
