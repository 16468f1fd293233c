"""The published figures of 阿城 2023, read from pages and files as people read them."""

import io
import json
import re
from decimal import Decimal

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.demo import Demo
from tests.browser.pages import Person, watch

CLOCKS = {
    "哈财指(农)〔2023〕8号": ("15 天", "5.00 分"),
    "哈财指(农)〔2023〕6号": ("53 天", "2.33 分"),
    "哈财指(农)〔2023〕33号": ("33 天", "5.00 分"),
    "哈财指(农)〔2023〕91号": ("50 天", "3.33 分"),
    "哈财指(农)〔2023〕192号": ("27 天", "5.00 分"),
    "哈财指(农)〔2023〕193号": ("27 天", "5.00 分"),
}
TIERS = {"中央": "2399.00", "省级": "2084.00", "市级": "386.00", "区级": "81.68"}
CLASSES = {"产业类项目": "3082.70", "基础设施类项目": "1808.50", "其他类项目": "59.48"}
SUM = Decimal("4950.68")


@pytest.fixture(scope="module")
def finance(browser: Browser, year_end: Demo) -> Person:
    """The finance officer at the end of the year."""
    person = Person(browser, year_end.address, "finance", year_end.password)
    yield person
    assert person.leave() == []


def test_days_and_points_of_the_six_dated_documents(finance: Person) -> None:
    finance.open("/funds/?year=2023")
    for number, (days, points) in CLOCKS.items():
        row = finance.page.locator(
            "tbody tr", has=finance.page.get_by_role("link", name=number, exact=True)
        )
        expect(row.get_by_role("cell").filter(has_text=f"用 {days}")).to_have_count(1)
        expect(row.locator("summary")).to_have_text(points)
    expect(finance.page.locator("tbody tr")).to_have_count(7)


def test_sums_of_the_tiers(finance: Person) -> None:
    finance.open("/funds/?year=2023")
    tiles = finance.page.locator(".tiles .tile")
    expect(tiles.first).to_contain_text(f"{SUM} 万元")
    for tier, amount in TIERS.items():
        expect(tiles.filter(has_text=tier)).to_contain_text(amount)
    expect(finance.page.locator("tfoot")).to_contain_text(f"{SUM}")


def test_the_39_projects_in_the_list(finance: Person) -> None:
    finance.open("/library/?year=2023&status=admitted")
    finance.sees("共 39 个项目")
    rows = finance.page.locator("#rows tbody tr").all_inner_texts()
    assert len(rows) == 39
    assert sums_by_class(finance.page) == CLASSES


def sums_by_class(page: Page) -> dict[str, str]:
    cells = page.locator("#rows tbody tr").evaluate_all(
        "rows => rows.map(r => [r.cells[3].innerText, r.querySelector('td.number').innerText])"
    )
    return total_by(cells)


def total_by(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """The exact sum of the amounts of each name."""
    totals: dict[str, Decimal] = {}
    for name, amount in pairs:
        totals[name] = totals.get(name, Decimal()) + Decimal(amount)
    return {name: f"{total:.2f}" for name, total in totals.items()}


def test_the_39_projects_in_the_exported_table(finance: Person) -> None:
    answer = finance.context.request.get("/library/export?year=2023&status=admitted")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.body())).active
    rows = [row for row in sheet.iter_rows(values_only=True) if isinstance(row[0], int)]
    assert len(rows) == 39
    assert sum(Decimal(str(row[7])) for row in rows) == SUM


def test_the_39_projects_in_the_published_data(year_end: Demo) -> None:
    rows = json.loads((year_end.site / "data" / "projects.json").read_text(encoding="utf-8"))
    assert len(rows) == 39
    pairs = [(row["category"], row["budget_yuan"]) for row in rows]
    in_yuan = {name: f"{Decimal(amount) * 10_000:.2f}" for name, amount in CLASSES.items()}
    assert total_by(pairs) == in_yuan
    assert sum(Decimal(row["allocated_yuan"]) for row in rows) == SUM * 10_000


@pytest.mark.parametrize(("code", "days"), [("f02", 53), ("f04", 50)])
def test_the_public_site_shows_late_days_as_they_are(
    browser: Browser, year_end: Demo, code: str, days: int
) -> None:
    page = browser.new_page(base_url=year_end.public_address)
    complaints = watch(page)
    page.goto(f"/funds/acheng-2023-{code}.html")
    expect(page.locator("main")).to_contain_text(f"一共{days}天")
    expect(page.locator("main")).to_contain_text(f"超过45天期限{days - 45}天")
    page.close()
    assert complaints == []


def test_the_public_reads_what_became_of_a_project(browser: Browser, year_end: Demo) -> None:
    page = browser.new_page(base_url=year_end.public_address)
    complaints = watch(page)
    page.goto("/projects/acheng-2023-24.html")
    expect(page.locator("main")).to_contain_text("2023年绩效自评 97.51 分，等级 优")
    row = page.locator("tr", has_text="受益群众满意度")
    expect(row).to_contain_text("≥95%")
    expect(row).to_contain_text("93%")
    page.get_by_role("link", name="2023年度项目绩效评价结果公告").click()
    expect(page.locator("main")).to_contain_text("自评结果为示范填写，不是公开资料")
    page.close()
    assert complaints == []


def test_finance_sees_every_state_of_the_forms(browser: Browser, year_end: Demo) -> None:
    reviewer = Person(browser, year_end.address, "perf", year_end.password)
    reviewer.open("/performance/?year=2023")
    for state in ("逾期未报", "草稿", "待审核", "已审核"):
        expect(reviewer.page.locator("tbody").get_by_text(state).first).to_be_visible()
    assert reviewer.leave() == []


def test_the_demo_opens_with_39_projects_and_7_documents(browser: Browser, march: Demo) -> None:
    finance = Person(browser, march.address, "finance", march.password)
    finance.open("/library/?year=2023")
    finance.sees("共 39 个项目")
    finance.open("/funds/?year=all")
    finance.sees("合计 7 份")
    assert finance.leave() == []


@pytest.mark.parametrize("county", ["march", "year_end"])
def test_verify_finds_everything_in_order(request: pytest.FixtureRequest, county: str) -> None:
    demo: Demo = request.getfixturevalue(county)
    assert re.search("everything is in order", demo.flask("verify"))
