"""The search page in a real Chromium, over HTTP and from a folder: all is found, and nothing else."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from published import Published, published

from public_site import build
from tests import live
from tests.searching import ALL_READ, ask, fragments, holds, opened

SIZES = [(1366, 768), (375, 667)]


@pytest.fixture(scope="module")
def county() -> Published:
    """Names with brackets, full-width and other characters that must be folded or left alone."""
    data = published(120)
    data.change_project("p-000001", name="ＡＢ型（二期）“冷库”<b>&amp;建设 Ⅲ标")
    data.change_project("p-000002", year=2022, village="西川村、苇子沟村", name="木耳\u2028大棚")
    data.change_project("p-000003", village="", village_codes=("t03-v0", "t03-v4"))
    data.change_fund("f-00001-a", number=None, year=2021)
    data.change_notice("n-00001", published_on=date(2023, 12, 1), title="公告（更正）")
    return data


@pytest.fixture(scope="module")
def out(county: Published, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("search") / "村里 的U盘" / "public"
    build(county, folder)
    return folder


@pytest.fixture(scope="module", params=["http", "file"])
def page(request: pytest.FixtureRequest, out: Path, browser: Browser) -> Iterator[Page]:
    with opened(out, browser, over_http=request.param == "http") as found:
        yield found


def visible(data: Published) -> dict[str, list[str]]:
    """By address, every text of a thing in which a visitor may look for it."""
    names = {place.code: place.name for place in data.place_rows}
    texts = {}
    for place in data.place_rows:
        texts[f"places/{place.code}.html"] = [place.name, names.get(place.parent or "", "")]
    for row in data.project_rows:
        villages = [names[code] for code in row.village_codes]
        where = "、".join(
            [row.township + row.village, *(v for v in villages if v not in row.village)]
        )
        texts[f"projects/{row.code}.html"] = [row.name, row.code, row.category, where]
    for fund in data.fund_rows:
        texts[f"funds/{fund.code}.html"] = [fund.title, fund.number or "", fund.tier]
    for notice in data.notice_rows:
        about = f"{notice.kind}·{notice.category}"
        texts[f"notices/{notice.code}.html"] = [notice.title, about]
    return texts


def test_every_fragment_finds_what_holds_it_and_nothing_else(page: Page, county: Published):
    texts = visible(county)
    words = {place.name for place in county.place_rows}
    words |= {piece for name in words for piece in fragments(name, 2)} | set("东村")
    for text in (
        county.project_rows[1].name,
        "某财指（农）〔2024〕2号",
        "公告（更正）",
        "西川村、苇子沟村",
    ):
        words |= {text[at : at + size].strip() for size in (1, 2, 5) for at in range(len(text))}
    words = {word for word in words if word and not re.search(r"\s", word)}
    asked = sorted(words)
    for word, found in zip(asked, ask(page, asked), strict=True):
        expected = {address for address, own in texts.items() if holds(own, word)}
        assert set(found) == expected, word
        assert len(found) == len(expected), word
    assert len(asked) > 150


def test_the_filters_narrow_and_the_count_says_so(page: Page, county: Published):
    page.fill("#q", "第")
    page.select_option("#year", "2024")
    page.select_option("#township", "t07")
    page.select_option("#kind", "project")
    expected = {
        f"projects/{row.code}.html" for row in county.project_rows if row.township_code == "t07"
    }
    expect(page.locator("#found a")).to_have_count(6)
    found = page.locator("#found a").evaluate_all("all => all.map(e => e.getAttribute('href'))")
    assert set(found) == expected
    assert page.locator("#count").inner_text() == "找到6条。"
    page.select_option("#category", "产业类项目")
    assert page.locator("#count").inner_text() == "找到2条。"
    assert page.url.endswith("?q=%E7%AC%AC&year=2024&township=t07&category="
                             "%E4%BA%A7%E4%B8%9A%E7%B1%BB%E9%A1%B9%E7%9B%AE&kind=project")  # fmt: skip
    page.reload()
    expect(page.locator("#found a")).to_have_count(2)
    page.locator("#q").press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert (
        page.evaluate("document.activeElement.textContent")
        == page.locator("#found a").nth(1).inner_text()
    )
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.id") == "q"
    page.fill("#q", "没有这样的项目")
    expect(page.locator("#found")).to_be_hidden()
    assert "没有找到" in page.locator("#count").inner_text()
    for name in ("year", "township", "category", "kind"):
        page.select_option(f"#{name}", "")


def test_the_matched_part_is_marked_and_text_stays_text(page: Page):
    ask(page, ["ab型(二期) <B>&"])
    link = page.locator("#found a")
    assert link.inner_text() == "ＡＢ型（二期）“冷库”<b>&amp;建设 Ⅲ标"
    assert link.locator("mark").all_inner_texts() == ["ＡＢ型（二期）", "<b>&"]
    ask(page, ["iii"])
    assert page.locator("#found a mark").all_inner_texts() == ["Ⅲ"]


def test_the_box_of_every_page_leads_to_the_search(out: Path, browser: Browser):
    with live.public_site(out) as address:
        for start in (f"{address}/places/t03-v0.html", (out / "places/t03-v0.html").as_uri()):
            page = browser.new_page()
            page.goto(start)
            page.get_by_role("searchbox").fill("木耳 大棚+%")
            page.get_by_role("searchbox").press("Enter")
            page.wait_for_url("**/search.html?q=*")
            assert page.locator("#q").input_value() == "木耳 大棚+%"
            page.close()


def test_data_that_cannot_be_read_is_said(county: Published, tmp_path: Path, browser: Browser):
    build(county, tmp_path / "public")
    (tmp_path / "public/data/search/2022.js").unlink()
    page = browser.new_page()
    page.goto((tmp_path / "public/search.html").as_uri() + "?q=木耳")
    expect(page.locator("#count")).to_contain_text("有1份数据没有读到")
    page.close()


def test_without_scripts_the_page_leads_to_the_lists(out: Path, browser: Browser):
    page = browser.new_page(java_script_enabled=False)
    page.goto((out / "search.html").as_uri())
    assert page.get_by_text("搜索用不了").is_visible()
    page.get_by_role("link", name="按乡镇和村查").click()
    assert page.url.endswith("/places/index.html")
    page.close()


@pytest.mark.parametrize("size", SIZES, ids=["desk", "phone"])
def test_axe_finds_nothing_among_the_results(out: Path, browser: Browser, size: tuple[int, int]):
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.goto((out / "search.html").as_uri() + "?q=东")
    expect(page.locator("#count")).to_have_text(ALL_READ)
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()
