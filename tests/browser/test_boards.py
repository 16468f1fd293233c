"""The settled price on a village's board, from the first photo to the last money."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from tests import ledger, payments
from tests.browser.pages import PHONE, Person
from tests.corpus.pictures import with_position
from tests.world import World

PROJECT = "东村道路硬化"


@pytest.fixture
def clerk(browser: Browser, portal: str, world: World) -> Iterator[Person]:
    """The clerk of the project's village with a phone, whose browser must not complain."""
    project = ledger.add_project(world, PROJECT)
    payments.place(world, project, 60)
    payments.sign(
        world, project, 58, settlement_amount=ledger.wan(56), settled_on=date(2023, 3, 17)
    )
    person = Person(browser, portal, "village_clerk", size=PHONE)
    yield person
    assert person.leave() == []


def test_the_last_money_waits_for_photos_days_and_objections(
    app: Flask, clerk: Person, arrive: Callable[..., Person], tmp_path: Path
) -> None:
    photo = tmp_path / "公示栏.jpg"
    photo.write_bytes(with_position())
    hang(clerk)
    photograph(clerk, photo, "第一天的照片", "2023-03-20 拍")

    town, leader = arrive("town_reviewer"), arrive("town_leader")
    object_to(town)
    ask(town)
    town.press("提交审核")
    town.sees("竣工公示（村级公示）有 1 条异议没有办结")

    app.config["STANDING_DAY"] = date(2023, 3, 30)
    photograph(clerk, photo, "最后一天的照片", "2023-03-30 拍")
    answer_and_close(town, leader)
    again(town)
    town.sees("公示到 2023-03-30 才结束")

    app.config["STANDING_DAY"] = date(2023, 3, 31)
    again(town)
    town.sees("已提交审核。")


def fits(person: Person) -> None:
    """Nothing is cut off at the side of the phone."""
    assert person.page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def hang(clerk: Person) -> None:
    """The clerk records the notice of today and looks at its poster; the photo comes afterwards."""
    clerk.open("/library/")
    clerk.follow(PROJECT)
    clerk.follow("登记公示")
    clerk.fill({"公示事项": "竣工公示", "张贴地点": "村部公示栏", "结束日期": "2023-03-25"})
    clerk.press("登记公示")
    clerk.sees("请公示到 2023-03-30 或更晚")
    expect(clerk.field("张贴地点")).to_have_value("村部公示栏")
    clerk.fill({"结束日期": "2023-03-30"})
    fits(clerk)
    clerk.press("登记公示")
    clerk.sees("公示已登记。", "公示中，剩10天", "还没有照片", "2023-03-30 拍")
    fits(clerk)
    clerk.follow("打印海报 A4")
    clerk.sees("项目竣工公示", "结算价 56.00 万元", "12317")
    fits(clerk)


def photograph(clerk: Person, photo: Path, which: str, when: str) -> None:
    """The home page asks for the photo of the day; the board is photographed from there."""
    clerk.task(f"拍公示栏（{which}）：{PROJECT}", "拍照")
    clerk.fill({"公示栏照片": photo})
    fits(clerk)
    clerk.press("保存照片")
    clerk.sees(f"{which}已保存。", when)
    expect(clerk.page.get_by_role("img", name=which)).to_be_visible()
    clerk.open("/")
    expect(clerk.page.locator("ul.tasks li", has_text="拍公示栏")).to_have_count(0)


def object_to(town: Person) -> None:
    """The township puts on record what somebody said; a telephone number is not taken."""
    town.open("/boards/")
    town.follow("竣工公示（村级公示）")
    town.page.locator("summary", has_text="登记异议").click()
    town.fill({"异议内容": "王某 13800138000 说结算价高"})
    town.press("登记异议")
    town.sees("不写反映人的姓名、电话")
    town.fill({"异议内容": "有人反映结算价高"})
    town.press("登记异议")
    town.sees("异议已登记", "有人反映结算价高")


def answer_and_close(town: Person, leader: Person) -> None:
    """Who answered cannot close; the leader does."""
    town.task(f"公示异议：{PROJECT}", "去答复")
    town.fill({"答复": "结算价经审计，同合同一致"})
    town.press("登记答复")
    town.sees("答复已登记", "还要由乡镇的另一人办结")
    expect(town.page.get_by_role("button", name="办结异议")).to_have_count(0)
    leader.task(f"公示异议：{PROJECT}", "去办结")
    leader.press("办结异议")
    leader.sees("异议已办结。", "2023-03-30 办结")


def ask(town: Person) -> None:
    """The settlement payment of all that is left."""
    town.open("/payments/")
    town.follow("申请支付")
    town.follow(f"给 {PROJECT} 申请支付")
    town.page.get_by_label("财指〔2023〕1号，本次申请多少万元").fill("56")
    town.page.get_by_label("合同", exact=True).select_option(index=1)
    town.fill({"付款类型": "结算款", "收款人": "甲公司"})


def again(town: Person) -> None:
    """The same request once more."""
    ask(town)
    town.press("提交审核")
