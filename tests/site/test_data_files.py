"""The downloads: columns are a contract."""

import csv
import io
import json
from pathlib import Path

import pytest
from published import published
from trees import rows, tree

from public_site import build
from public_site.data_rows import COLUMNS, csv_line

PROJECTS = "code name category township village year budget_yuan allocated_yuan paid_yuan status"
PAYMENTS = "project_code project_name fund_code fund_number paid_on kind amount_yuan"
FUNDS = "number title tier task year amount_yuan received_on allocated_on days"


def test_columns_are_those_of_the_contract(site: Path):
    assert list(rows(site, "projects")[0]) == PROJECTS.split()
    assert list(rows(site, "funds")[0]) == FUNDS.split()


def test_amounts_are_yuan_with_two_decimals(site: Path):
    row = rows(site, "projects")[0]
    assert (row["budget_yuan"], row["paid_yuan"]) == ("500000.00", "430000.00")


@pytest.mark.parametrize("kind", list(COLUMNS))
def test_csv_and_json_say_the_same(site: Path, kind: str):
    content = (site / "data" / f"{kind}.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == content.count(b"\n")
    table = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    said = [{name: "" if value is None else str(value) for name, value in row.items()}
            for row in rows(site, kind)]  # fmt: skip
    assert table == said
    assert table


def test_the_allocations_add_up_to_the_projects(site: Path):
    total = sum(float(str(row["amount_yuan"])) for row in rows(site, "allocations"))
    assert total == sum(float(str(row["allocated_yuan"])) for row in rows(site, "projects"))


def test_the_payments_add_up_to_the_projects_and_name_no_payee(site: Path):
    payments = rows(site, "payments")
    assert list(payments[0]) == PAYMENTS.split()
    total = sum(float(str(row["amount_yuan"])) for row in payments)
    assert total == sum(float(str(row["paid_yuan"])) for row in rows(site, "projects"))


@pytest.mark.parametrize("lead", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"])
def test_d8_text_that_a_spreadsheet_would_run_gets_a_quote(tmp_path: Path, lead: str):
    data = published(2)
    data.change_project("p-000000", name=f'{lead}cmd|"calc"!A1,x')
    build(data, tmp_path / "public")
    content = (tmp_path / "public/data/projects.csv").read_bytes().decode("utf-8-sig")
    (first, *_) = csv.DictReader(io.StringIO(content, newline=""))
    assert first["name"] == f'\'{lead}cmd|"calc"!A1,x'
    assert rows(tmp_path / "public", "projects")[0]["name"] == f'{lead}cmd|"calc"!A1,x'


def test_cells_follow_rfc_4180():
    assert csv_line(("a,b", 'say "x"', "two\nlines", None, 3)) == (
        '"a,b","say ""x""","two\nlines",,3\r\n'
    )


def test_manifest_lists_every_other_file(site: Path):
    listed = json.loads((site / "manifest.json").read_bytes())["files"]
    assert set(listed) == set(tree(site)) - {"manifest.json"}


def test_a_withdrawn_notice_is_a_row_without_its_text(site: Path):
    row = next(row for row in rows(site, "notices") if row["code"] == "n-withdrawn")
    assert (row["status"], row["title"]) == ("已撤回", None)
