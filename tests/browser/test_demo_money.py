"""What the two demo counties paid, read from the pages as people and the public read them."""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.demo import Demo, demo_county
from tests.browser.pages import Person, watch

CHECKPOINTS = [
    (date(2023, 7, 15), "2713.55", "54.81"),
    (date(2023, 10, 15), "4077.81", "82.37"),
    (date(2023, 12, 25), "4709.77", "95.13"),
]


@pytest.fixture(scope="module", params=CHECKPOINTS, ids=["july", "october", "december"])
def checkpoint(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Demo, str, str]]:
    day, paid, rate = request.param
    with demo_county(tmp_path_factory.mktemp("checkpoint") / "instance", day) as demo:
        yield demo, paid, rate


def test_the_portal_shows_the_checkpoint(
    browser: Browser, checkpoint: tuple[Demo, str, str]
) -> None:
    demo, paid, rate = checkpoint
    finance = Person(browser, demo.address, "finance", demo.password)
    finance.open("/pace/?year=2023")
    for words in ("4950.68", paid, f"{rate}%"):
        expect(finance.page.locator("main")).to_contain_text(words)
    assert finance.leave() == []


def test_the_public_site_shows_the_checkpoint(
    browser: Browser, checkpoint: tuple[Demo, str, str]
) -> None:
    demo, paid, rate = checkpoint
    page = browser.new_page(base_url=demo.public_address)
    complaints = watch(page)
    page.goto("/")
    expect(page.locator(".lead")).to_contain_text(f"已支付 {paid} 万元，占已安排 {rate}%")
    page.goto("/projects/index.html")
    expect(page.locator(".tiles").first).to_contain_text(f"占已安排{rate}%")
    page.close()
    assert complaints == []
    rows = json.loads((demo.site / "data" / "payments.json").read_text(encoding="utf-8"))
    assert sum(Decimal(row["amount_yuan"]) for row in rows) == Decimal(paid) * 10_000


@pytest.fixture(scope="module")
def jingyu(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    instance = tmp_path_factory.mktemp("jingyu") / "instance"
    with demo_county(instance, None, name="jingyu-2023") as demo:
        yield demo


def test_the_second_demo_alarms_by_itself(browser: Browser, jingyu: Demo) -> None:
    finance = Person(browser, jingyu.address, "finance", jingyu.password)
    finance.open("/")
    for words in ("暂缓、终止的项目已付款：靖宇县赤松镇和牛", "没有合同已付款：靖宇县赤松镇和牛"):
        expect(finance.page.locator("main")).to_contain_text(words)
    finance.open("/pace/?year=2023")
    for words in ("2062.48", "1662.48", "80.61%"):
        expect(finance.page.locator("main")).to_contain_text(words)
    assert finance.leave() == []


def test_the_second_demo_is_public_too(browser: Browser, jingyu: Demo) -> None:
    page = browser.new_page(base_url=jingyu.public_address)
    complaints = watch(page)
    page.goto("/projects/jingyu-2023-01.html")
    expect(page.locator("main")).to_contain_text("暂缓实施")
    expect(page.locator("main")).to_contain_text("1000.00")
    page.close()
    assert complaints == []
