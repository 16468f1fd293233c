"""The demo county's year, scored from its replayed ledger, is the published sheet where the rule agrees."""

import json
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.db import db
from portal.deadlines.models import Reminder
from portal.disclosure.models import DisclosureDuty
from portal.performance.commands import score_command
from portal.rules.scoring.scheme import FOLDER
from tests.operations.test_demo_counties import loaded

PUBLISHED = {
    "1": 4, "2": 4, "3": 5, "4": 8, "5": 4, "6": 4, "7": 4, "8": 10, "9": 8.34, "10": 8, "11": 20,
    "12": 7, "14": 3, "15": 0, "16": 0, "17": 0,
}  # fmt: skip
BY_THE_RULE = {
    "1": 4, "2": 4, "3": 3.79, "5": 0.79, "6": 2.71, "7": 4, "8": 10, "9": 8.34, "12": 7, "14": 3, "15": 0,
    "16": 0, "17": 0,
}  # fmt: skip


def score(app: Flask, *more: str) -> dict:
    done = app.test_cli_runner().invoke(score_command, ["--year", "2023", "--json", *more])
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


@pytest.fixture(scope="module")
def december(tmp_path_factory):
    with loaded("acheng-2023", date(2023, 12, 25), tmp_path_factory.mktemp("december")) as app:
        yield app


@pytest.fixture(scope="module")
def march(tmp_path_factory):
    with loaded("acheng-2023", None, tmp_path_factory.mktemp("march")) as app:
        yield app


def test_on_25_december_the_ledger_gives_the_published_sheet(december):
    card = score(december)
    lines = {line["no"]: line for line in card["lines"]}
    assert {no: line["claimed"] for no, line in lines.items() if no != "13"} == PUBLISHED
    computed = {no: line["computed"] for no, line in lines.items()}
    assert {no: value for no, value in computed.items() if no in BY_THE_RULE} == BY_THE_RULE
    assert (lines["13"]["computed"], lines["13"]["claimed"]) == (None, None)
    assert [part["computed"] for part in lines["9"]["parts"]] == [3.38, 3.96, 1.0]
    sums = (card["total"], card["applicable"], card["normalized"], card["grade"])
    assert sums == (89.34, 88, 101.52, "优")


RECEIVED = [
    ("哈财指(农)〔2023〕6号", date(2023, 1, 13)),
    ("哈财指(农)〔2023〕8号", date(2023, 1, 13)),
    ("哈财指(农)〔2023〕33号", date(2023, 2, 6)),
    ("哈财指(农)〔2023〕91号", date(2023, 3, 7)),
    ("哈财指(农)〔2023〕192号", date(2023, 7, 6)),
    ("哈财指(农)〔2023〕193号", date(2023, 7, 6)),
]


def duties(app: Flask, rule: str) -> list[DisclosureDuty]:
    with app.app_context():
        statement = sa.select(DisclosureDuty).filter_by(rule=rule)
        return list(db.session.scalars(statement.order_by(DisclosureDuty.due_on)))


def test_the_december_upload_of_the_year_is_late_with_its_own_address(december):
    """S2: money came from December 2022 to June 2023, every page on it lies in /202312/."""
    received = duties(december, "received_county")
    assert sorted((one.title, one.due_on) for one in received) == sorted(RECEIVED)
    assert {one.met_on for one in received} == {date(2023, 12, 25)}
    assert all("/zjapqk/202312/c01_956" in one.address for one in received)
    plans = duties(december, "planned_county")
    late = [one for one in plans if one.met_on > one.due_on]
    assert (len(plans), len(late)) == (39, 9)
    assert {one.address.split("/")[-2] for one in plans} == {"202212", "202302", "202307", "202312"}
    assert {one.address.split("/")[-2] for one in late} == {"202312"}


def test_the_boards_of_the_demo_are_told_in_part(december):
    line = next(line for line in score(december)["lines"] if line["no"] == "6")
    assert (line["claimed"], line["points"]) == (4, 4)
    assert [part["computed"] for part in line["parts"]] == [0.77, 0.9, 1.05]


def test_the_forms_of_the_demo_are_counted_in_part(december):
    line = next(line for line in score(december)["lines"] if line["no"] == "5")
    assert (line["claimed"], line["points"]) == (4, 4)
    assert "申报表 9/39，绩效运行监控表 9/39，项目支出绩效自评表 5/39" in line["working"]


def test_in_march_december_has_not_come_and_nobody_is_reminded_yet(march):
    received = duties(march, "received_county")
    assert [(one.due_on, one.met_on) for one in received] == [
        (date(2023, 1, 13), None),
        (date(2023, 1, 13), None),
        (date(2023, 2, 6), None),
        (date(2023, 3, 7), None),
    ]
    with march.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Reminder)) == 0


def test_in_march_the_claims_stand_beside_what_the_ledger_knows_so_far(march):
    card = score(march)
    lines = {line["no"]: line for line in card["lines"]}
    assert lines["8"]["computed"] is None
    assert lines["8"]["points"] == 10
    assert (card["total"], card["normalized"]) == (89.34, 101.52)


def test_another_scheme_and_own_facts_go_first(december, tmp_path):
    facts = tmp_path / "facts.toml"
    facts.write_text(
        '[facts.county_budget]\nnow = 80\nbefore = 100\n[[claim]]\nno = "4"\npoints = 6\n'
    )
    card = score(december, "--facts", str(facts))
    lines = {line["no"]: line for line in card["lines"]}
    assert (lines["1"]["computed"], lines["4"]["claimed"], lines["5"]["claimed"]) == (0, 6, 4)
    shanxi = score(december, "--scheme", str(FOLDER / "shanxi-county-2024.toml"))
    assert (shanxi["total"], shanxi["normalized"]) == (0, None)


def test_a_year_without_an_assessment_is_scored_from_the_ledger_alone(december):
    runner = december.test_cli_runner()
    done = runner.invoke(score_command, ["--year", "2022", "--json"])
    assert done.exit_code == 0, done.output
    assert all(line["claimed"] is None for line in json.loads(done.output)["lines"])


def test_an_unknown_county_and_missing_files_are_named(december):
    runner = december.test_cli_runner()
    done = runner.invoke(score_command, ["--year", "2023", "--county", "nowhere"])
    assert (done.exit_code, "--county CODE" in done.output) == (1, True)
    done = runner.invoke(score_command, [])
    assert (done.exit_code, "give --year" in done.output) == (2, True)
