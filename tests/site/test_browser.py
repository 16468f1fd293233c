"""The site in a real Chromium, opened from a folder as from a USB stick."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from published import published

from public_site import build

PATHS = ["index.html", "projects/p-000003.html", "funds/f-00000-a.html", "places/index.html",
         "places/t03-v0.html", "projects/2024/industry.html", "notices/n-00000.html",
         "data/fields.html", "about.html", "404.html"]  # fmt: skip
SIZES = [(1366, 768), (375, 667)]


@pytest.fixture(scope="module")
def usb(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("usb") / "村里 的U盘" / "public"
    data = published(60)
    data.change_fund("f-00000-a", days=53)
    data.change_project("p-000003", paid=30_000_000, note="示意")
    build(replace(data, site=replace(data.site, notice="演示数据")), out)
    return out


@pytest.fixture(params=SIZES, ids=["desk", "phone"])
def visitor(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    width, height = request.param
    page = browser.new_page(viewport={"width": width, "height": height})
    yield page
    page.close()


@pytest.mark.parametrize("path", PATHS)
def test_c2_pages_load_without_a_complaint_of_the_browser(usb: Path, visitor: Page, path: str):
    complaints: list[str] = []
    visitor.on("console", lambda message: complaints.append(message.text))
    visitor.on("pageerror", lambda error: complaints.append(str(error)))
    visitor.on("requestfailed", lambda request: complaints.append(request.url))
    visitor.goto((usb / path).as_uri())
    assert complaints == []
    header = visitor.locator("header.top")
    assert header.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(179, 22, 27)"
    assert visitor.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing(usb: Path, visitor: Page, path: str):
    visitor.goto((usb / path).as_uri())
    results = Axe().run(visitor)
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("path", PATHS)
def test_names_do_not_break_into_single_characters(usb: Path, visitor: Page, path: str):
    visitor.goto((usb / path).as_uri())
    widths = visitor.locator("th[scope=row]:visible").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect().width / parseFloat(getComputedStyle(e).fontSize))"
    )
    assert all(width >= 5 for width in widths)


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
    assert not plain.get_by_role("button").is_visible()
