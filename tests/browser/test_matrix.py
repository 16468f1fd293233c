"""分解表 with hands on the keyboard: a pasted block, keys that move, what is left, a refusal, a saving."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from portal.db import db
from portal.funds.models import Allocation, AllocationBatch, FundDocument
from portal.library.models import Project
from portal.rules.vocabulary import ReportClass
from tests import ledger
from tests.browser.pages import Person
from tests.ledger import wan
from tests.world import World

PASTE = """(cell, text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  cell.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


@pytest.fixture
def sheet(app: Flask) -> tuple[AllocationBatch, list[FundDocument], list[Project]]:
    """A draft; documents of 100 and 50 万元; three projects that lack 60 each."""
    world = World()
    documents = [
        ledger.add_document(world, "试财指〔2023〕1号", 100),
        ledger.add_document(world, "试财指〔2023〕2号", 50),
    ]
    projects = [
        ledger.add_project(world, name, 60, report_class=ReportClass.INDUSTRY)
        for name in ("东村烘干塔", "西村冷库", "南村大棚")
    ]
    return ledger.add_batch(world), documents, projects


def cell(page: Page, project: Project, document: FundDocument) -> Locator:
    return page.locator(f"input[name=cell-{project.id}-{document.id}]")


def saved() -> dict[tuple[int, int], int]:
    db.session.rollback()
    lines = db.session.query(Allocation).filter_by(void=False)
    return {(line.project_id, line.document_id): line.amount for line in lines}


def test_a_block_from_a_spreadsheet_is_pasted_corrected_and_saved(
    sheet: tuple[AllocationBatch, list[FundDocument], list[Project]],
    arrive: Callable[..., Person],
) -> None:
    batch, (first, second), (tower, store, shed) = sheet
    finance = arrive("finance_agri")
    finance.open(f"/funds/batches/{batch.id}")
    finance.follow("分解表")
    finance.sees("可以从 Excel 复制一块")
    page = finance.page

    cell(page, tower, first).focus()
    cell(page, tower, first).evaluate(PASTE, "60\t\n50\t10\n")
    expect(cell(page, store, second)).to_have_value("10")
    expect(page.locator("#matrix_rests")).to_contain_text("-10.00")
    expect(page.locator(f"#gap-{store.id}")).to_have_text("0.00")
    expect(page.locator("#matrix_shares")).to_contain_text("本批次后 100.00%")

    finance.press("保存分解表")
    finance.sees("有 1 格没有通过，全部没有保存", "请减少 10.00 万元")
    assert saved() == {}

    page.keyboard.press("Tab")
    cell(page, tower, first).focus()
    page.keyboard.press("Enter")
    expect(cell(page, store, first)).to_be_focused()
    page.keyboard.type("40")
    page.keyboard.press("ArrowDown")
    expect(cell(page, shed, first)).to_be_focused()
    page.keyboard.type("7")
    page.keyboard.press("Escape")
    expect(cell(page, shed, first)).to_have_value("")
    expect(page.locator("#matrix_rests")).to_contain_text("0.00")
    finance.press("保存分解表")

    finance.sees("已保存 3 格。")
    assert saved() == {
        (tower.id, first.id): wan(60),
        (store.id, first.id): wan(40),
        (store.id, second.id): wan(10),
    }


def test_only_changed_cells_travel(
    sheet: tuple[AllocationBatch, list[FundDocument], list[Project]],
    arrive: Callable[..., Person],
) -> None:
    batch, (first, _second), (tower, _store, _shed) = sheet
    finance = arrive("finance_agri")
    finance.open(f"/funds/batches/{batch.id}/matrix")
    cell(finance.page, tower, first).fill("5")

    with finance.page.expect_request(lambda sent: sent.method == "POST") as sent:
        finance.press("保存分解表")

    assert (sent.value.post_data or "").count("cell-") == 1
