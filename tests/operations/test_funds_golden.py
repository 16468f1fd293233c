"""The real figures of 阿城 2023, built through the operations: days, points, sums of the tiers."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import portal.demo
from portal.db import unit_of_work
from portal.funds import opening, operations, queries, shares
from portal.funds.models import FundDocument
from portal.library.queries import allocated_amounts
from portal.rules.vocabulary import FundingTier, ReportClass
from tests import ledger
from tests.ledger import wan

DATA = Path(portal.demo.__file__).parent / "acheng-2023"
YEAR_END = date(2023, 12, 31)


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@pytest.fixture
def acheng(world) -> list[FundDocument]:
    """All seven documents, approved in the batches of the demo."""
    actor = world.actor("finance_agri")
    with unit_of_work(actor, "test"):
        documents = [
            operations.register_document(
                ledger.paper(
                    row["number"] or None,
                    row["amount_wan"],
                    title=row["title"],
                    tier=next(t for t in FundingTier if t.label == row["level"]),
                    received_on=day(row["received_on"]),
                ),
                actor=actor,
                on=YEAR_END,
            )
            for row in rows("fund_documents.csv")
        ]
    projects = {
        row["seq"]: ledger.add_project(
            world,
            row["name"],
            row["budget_wan"],
            report_class=next(c for c in ReportClass if c.label == row["category"]),
            project_type="management_fee" if "管理费" in row["name"] else "",
        )
        for row in rows("projects.csv")
    }
    for row in rows("batches.csv"):
        batch = ledger.add_batch(world, row["title"])
        for line in rows("allocations.csv"):
            if line["document"] in row["documents"].split(";"):
                document = documents[int(line["document"]) - 1]
                ledger.allocate(
                    world, batch, document, projects[line["project_seq"]], line["amount_wan"]
                )
        ledger.approve(world, batch, date.fromisoformat(row["approved_on"]))
    return documents


def test_the_six_dated_documents_have_their_days_and_points(acheng):
    lines = queries.document_lines(acheng, YEAR_END)

    assert [line.clock.used for line in lines[:6]] == [15, 53, 33, 50, 27, 27]
    assert [line.clock.points for line in lines[:6]] == [
        Decimal(points) for points in ("5", "2.33", "5", "3.33", "5", "5")
    ]
    assert lines[6].clock is None
    assert lines[1].clock.working == "53 天 > 45 天：5 ×（60−53）÷15 = 2.33"


def test_the_tiers_add_up_to_the_year(acheng):
    sums = {tier: sum_.amount for tier, sum_ in queries.totals_by_tier(acheng).items()}

    assert sums == {
        FundingTier.CENTRAL: wan("2399.00"),
        FundingTier.PROVINCIAL: wan("2084.00"),
        FundingTier.MUNICIPAL: wan("386.00"),
        FundingTier.COUNTY: wan("81.68"),
    }
    assert queries.totals_of(acheng) == queries.Totals(wan("4950.68"), wan("4950.68"))


def test_every_project_has_just_its_budget(acheng, world):
    projects = {line.project for document in acheng for line in document.allocations}
    budgets = {project.id: project.budget for project in projects}

    assert len(budgets) == 39
    assert allocated_amounts(list(budgets)) == budgets


def test_the_industry_share_is_held_against_last_year(acheng, world):
    actor = world.actor("finance_agri")
    with unit_of_work(actor, "test"):
        opening.record_opening_figure(
            2022, industry_amount=wan("3050.90"), total_amount=wan("5115.68"), actor=actor
        )

    share = shares.industry_share(world.ids["county"], 2023)

    assert (share.industry, share.total) == (wan("3082.70"), wan("4950.68"))
    assert (share.percent, share.last_percent) == (Decimal("62.27"), Decimal("59.64"))
    assert share.warning is None


def test_days_stand_still_only_when_the_whole_amount_is_approved(world):
    document = ledger.add_document(world, amount=100)
    first, second = ledger.add_project(world, "甲"), ledger.add_project(world, "乙")
    early, late = ledger.add_batch(world, "一"), ledger.add_batch(world, "二")
    ledger.allocate(world, early, document, first, 60)
    ledger.allocate(world, late, document, second, 40)

    ledger.approve(world, early, date(2023, 2, 20))
    line = queries.document_lines([document], date(2023, 3, 20))[0]
    assert (line.approved_amount, line.allocated_on) == (wan(60), None)
    assert (line.clock.used, line.clock.closed_on) == (47, None)

    ledger.approve(world, late, date(2023, 3, 10))
    line = queries.document_lines([document], date(2023, 3, 20))[0]
    assert (line.allocated_on, line.clock.used) == (date(2023, 3, 10), 37)
