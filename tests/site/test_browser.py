"""The site in a real Chromium, opened from a folder as from a USB stick."""

import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from published import published
from test_first_visit import tell_in_full

from portal.publication.server import server
from public_site import build

PATHS = ["index.html", "projects/p-000003.html", "projects/p-000004.html", "projects/index.html",
         "projects/2024/industry.html", "funds/index.html", "funds/f-00000-a.html",
         "places/index.html", "places/t03.html", "places/t03-v0.html", "years/index.html",
         "years/2024/index.html", "years/2024/t03.html", "notices/index.html",
         "notices/about/money.html", "notices/n-00000.html", "notices/n-withdrawn.html",
         "data/fields.html", "about.html", "glossary.html", "access.html"]  # fmt: skip
SIZES = [(1366, 768), (375, 667)]


@pytest.fixture(scope="module")
def usb(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("usb") / "村里 的U盘" / "public"
    data = published(60)
    data.change_fund("f-00000-a", days=53)
    tell_in_full(data)
    data.change_project("p-000003", note="示意")
    build(replace(data, site=replace(data.site, notice="演示数据")), out)
    return out


@pytest.fixture(params=SIZES, ids=["desk", "phone"])
def visitor(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    width, height = request.param
    page = browser.new_page(viewport={"width": width, "height": height})
    yield page
    page.close()


@pytest.mark.parametrize("path", PATHS)
def test_c2_every_kind_of_page_fits_the_screen_and_pleases_axe(usb: Path, visitor: Page, path: str):
    complaints: list[str] = []
    visitor.on("console", lambda message: complaints.append(message.text))
    visitor.on("pageerror", lambda error: complaints.append(str(error)))
    visitor.on("requestfailed", lambda request: complaints.append(request.url))
    visitor.goto((usb / path).as_uri())
    assert complaints == []
    header = visitor.locator("header.top")
    assert header.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(179, 22, 27)"
    results = Axe().run(visitor)
    assert results.violations_count == 0, results.generate_report()
    widths = visitor.locator(".cards th[scope=row]:visible").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect().width / parseFloat(getComputedStyle(e).fontSize))"
    )
    assert all(width >= 5 for width in widths), "a name breaks into single characters"
    assert visitor.evaluate("document.documentElement.scrollWidth <= innerWidth")
    visitor.get_by_role("button", name="大字版").click()
    assert visitor.evaluate("document.documentElement.scrollWidth <= innerWidth"), "in large type"
    if visitor.evaluate("innerWidth") < 768:
        sticks_out = "e => e.scrollWidth > e.parentElement.clientWidth"
        cut = f"[...document.querySelectorAll('table')].filter({sticks_out}).length"
        assert visitor.evaluate(cut) == 0, "a phone shows whole numbers"
    body = "parseFloat(getComputedStyle(document.body).fontSize)"
    cells = (
        "[...document.querySelectorAll('td')].map(e => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert visitor.evaluate(body) == 22
    assert all(size >= 18 for size in visitor.evaluate(cells)), "tables grow with the rest"


@pytest.mark.parametrize("path", ["nothing.html", "projects/nothing.html", "a/b/nothing.html"])
def test_the_page_for_missing_addresses_has_its_styles_at_any_depth(
    usb: Path, browser: Browser, path: str
):
    visitor = browser.new_page()
    with server(usb, 0) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        root = f"http://127.0.0.1:{running.server_port}"
        answer = visitor.goto(f"{root}/{path}")
        assert answer
        assert answer.status == 404
        header = visitor.locator("header.top")
        assert header.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(179, 22, 27)"
        assert Axe().run(visitor).violations_count == 0
        visitor.get_by_role("link", name="回首页").click()
        assert visitor.url == f"{root}/index.html"
        running.shutdown()
    visitor.close()


def test_printed_pages_carry_what_a_paper_needs(usb: Path, browser: Browser):
    page = browser.new_page()
    papers = {}
    for path in ("projects/p-000003.html", "funds/f-00000-a.html", "index.html", "places/t03.html"):
        page.goto((usb / path).as_uri())
        document = pdfium.PdfDocument(page.pdf(format="A4", prefer_css_page_size=True))
        papers[path] = [sheet.get_textpage().get_text_range() for sheet in document]
    page.close()
    for path, sheets in papers.items():
        text = re.sub("[\r\n]", "", "".join(sheets))
        assert "某县衔接资金公开" in text
        assert "数据截至2024年3月20日" in text, path
        assert f"public/{path}" in text.replace("\ufffe", "-"), "the address of the page"
        assert "大字版" not in text
        assert "按村查" not in text
        assert "搜索" not in text
    assert "东北村" in papers["places/t03.html"][0], "what a heading announces is printed"
    table = papers["funds/f-00000-a.html"]
    assert len(table) > 1
    assert "地点" in table[1].splitlines()[0], "the head of the table repeats on the next sheet"
    assert "地点" in papers["funds/f-00000-a.html"][0]


def test_what_is_touched_is_large_enough(usb: Path, browser: Browser):
    page = browser.new_page(viewport={"width": 375, "height": 667})
    page.goto((usb / "projects/p-000003.html").as_uri())
    for link in page.locator("nav a, .phone a, button, footer p > a").all():
        box = link.bounding_box()
        assert box
        assert box["height"] >= 44, link.inner_text()


def test_large_type_is_remembered_and_pages_work_without_scripts(usb: Path, browser: Browser):
    page = browser.new_page()
    page.goto((usb / "index.html").as_uri())
    page.get_by_role("button", name="大字版").click()
    page.goto((usb / "about.html").as_uri())
    size = "getComputedStyle(document.body).fontSize"
    assert page.evaluate(size) == "22px"
    page.get_by_role("button", name="标准字").click()
    assert page.evaluate(size) == "18px"
    plain = browser.new_page(java_script_enabled=False)
    plain.goto((usb / "index.html").as_uri())
    plain.get_by_role("link", name=re.compile("^所有乡镇和村")).click()
    plain.get_by_role("link", name=re.compile("^东北村")).first.click()
    plain.get_by_role("link", name=re.compile("第3号")).click()
    assert plain.get_by_role("link", name="12317").first.is_visible()
    buttons = [one for one in plain.get_by_role("button").all() if one.is_visible()]
    assert [one.inner_text() for one in buttons] == ["搜索"]  # it leads to the page with the lists
