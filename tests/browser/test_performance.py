"""A project's performance chain in the browser: the town declares and reports, finance looks at it."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from portal.rules.workflow import Move
from tests import performance
from tests.browser.pages import Person
from tests.world import World

PROJECT = "东村道路硬化"


def test_a_project_is_declared_monitored_and_evaluated(
    world: World, arrive: Callable[..., Person]
) -> None:
    performance.with_targets(world, name=PROJECT)
    town, finance = arrive("town_reviewer"), arrive("finance_perf")
    declare(town)
    approve(finance, "绩效目标申报表")
    monitor(town)
    approve(finance, "绩效运行监控表")
    evaluate(town)
    approve(finance, "项目支出绩效自评表")
    town.open("/performance/")
    town.sees("绩效目标 已审核", "绩效自评 已审核")


def begin(town: Person, form: str) -> None:
    town.open("/performance/")
    town.follow(PROJECT)
    town.press(f"填报{form}")


def declare(town: Person) -> None:
    """A row without its unit is saved as a draft and named before it can be handed in."""
    begin(town, "绩效目标")
    blank = town.page.locator(".indicator").nth(len(performance.TARGETS))
    blank.get_by_label("指标类别").select_option(label="成本指标")
    blank.get_by_label("指标名称").fill("每公里成本")
    blank.get_by_label("指标值").fill("３０")
    town.press("保存")
    town.sees("请填写单位：每公里成本")
    town.follow("填写")
    town.page.locator(".indicator").nth(2).get_by_label("单位").fill("万元")
    town.press("保存")
    hand_in(town)


def monitor(town: Person) -> None:
    """A deviation has to be explained before the form goes on."""
    town.open("/performance/")
    town.follow(PROJECT)
    town.page.get_by_label("另填一期监控，1 月到").select_option(label="3 月")
    town.press("填报这一期")
    rows = town.page.locator(".indicator")
    for number in range(rows.count()):
        row = rows.nth(number)
        row.get_by_label("完成值").fill("0")
        row.get_by_label("全年预计").fill("100")
        row.get_by_label("完成目标可能性").select_option(label="确定能")
    town.press("保存")
    town.sees("有偏差，请选偏差原因并写明情况：硬化道路")
    town.follow("填写")
    for number in range(rows.count()):
        rows.nth(number).get_by_label("偏差原因").select_option(label="其他")
        rows.nth(number).get_by_label("原因说明").fill("4 月开工，冬季不能施工")
    town.press("保存")
    hand_in(town)


def evaluate(town: Person) -> None:
    begin(town, "绩效自评")
    town.fill({"年度总体目标实际完成情况": "道路已硬化并通过验收。"})
    rows = town.page.locator(".indicator")
    for number in range(rows.count()):
        row = rows.nth(number)
        target = re.search(r"[≥≤＝] (\S+)", row.inner_text())
        assert target
        row.get_by_label("实际完成值").fill(target[1])
        row.get_by_label("得分").fill(row.get_by_label("分值").input_value())
    town.press("保存")
    town.sees("总分90 分")
    hand_in(town)


def hand_in(town: Person) -> None:
    town.press(Move.SUBMIT.label)
    town.sees("已提交，等财政审核。", "待审核")


def approve(finance: Person, form: str) -> None:
    finance.task(f"{PROJECT}：2023年", "去审核")
    expect(finance.page.get_by_role("heading", level=1)).to_contain_text(form)
    finance.press(Move.APPROVE.label)
    finance.sees("已审核通过，表格已锁定。")
