"""A payment through six gates, with a return at one of them, by eight people at the same web server."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from portal.rules.workflow import Move
from tests import ledger, payments
from tests.browser.pages import Person
from tests.corpus.pdfs import pdf
from tests.world import World

PROJECT = "东村道路硬化"


def test_a_payment_passes_six_gates_and_reaches_the_project(
    world: World, arrive: Callable[..., Person], tmp_path: Path
) -> None:
    project = ledger.add_project(world, PROJECT)
    payments.place(world, project, 60)
    payments.sign(world, project, 58)
    invoice = tmp_path / "发票.pdf"
    invoice.write_bytes(pdf())
    project_id = project.id

    town = arrive("town_reviewer")
    ask(town, invoice)
    keepers = [arrive(person) for person in payments.CHAIN]
    check(keepers[0], "同意支付")
    send_back(keepers[1], "金额按验收单改为 12 万元")
    correct(town)
    for keeper in keepers:
        check(keeper, "同意")
    pay(keepers[1], "国库-0001")

    town.open(f"/implementation/{project_id}")
    town.sees("支付12.00 万元")
    assert payments.differences() == []


def ask(town: Person, invoice: Path) -> None:
    """More than the contract allows is refused; what was typed stays, the sum is echoed in words."""
    town.open("/payments/")
    town.follow("申请支付")
    town.follow(f"给 {PROJECT} 申请支付")
    cell = town.page.get_by_label("财指〔2023〕1号，本次申请多少万元")
    cell.press_sequentially("60.5")
    town.sees("人民币陆拾万伍仟元整")
    town.page.get_by_label("合同", exact=True).select_option(index=1)
    town.fill({"付款类型": "进度款", "收款人": "甲公司", "发票或凭证": invoice})
    town.press("提交审核")
    town.sees("请减少 2.50 万元")
    expect(cell).to_have_value("60.5")
    cell.fill("12.5")
    town.fill({"发票或凭证": invoice})
    town.press("提交审核")
    town.sees("已提交审核。", "扶贫股", "发票.pdf", "人民币壹拾贰万伍仟元整")


def check(keeper: Person, words: str) -> None:
    keeper.task(PROJECT, "去审核")
    keeper.fill({"意见或理由": words})
    keeper.press(Move.PASS.label)
    keeper.sees("已办理：审核通过。", words)


def send_back(keeper: Person, reason: str) -> None:
    keeper.task(PROJECT, "去审核")
    keeper.press("退回修改")
    keeper.sees("要写明理由")
    keeper.fill({"意见或理由": reason})
    keeper.press("退回修改")
    keeper.sees("已退回申请人", "草稿")


def correct(town: Person) -> None:
    """The requester reads why at home and in the inbox, changes the amount and hands it in again."""
    town.open("/inbox")
    town.press(f"{PROJECT}：支付申请被退回")
    town.sees("金额按验收单改为 12 万元")
    town.task(PROJECT, "继续填报")
    town.follow("修改")
    town.page.get_by_label("财指〔2023〕1号，本次申请多少万元").fill("12")
    town.press("提交审核")
    town.sees("已提交审核。", "12.00 万元")


def pay(payer: Person, voucher: str) -> None:
    payer.task(PROJECT, "登记支付")
    payer.sees("最迟 2023-03-25 支付")
    payer.fill({"支付日期": "2023-03-20", "支付凭证号": voucher})
    payer.press("登记支付")
    payer.sees("已登记支付", voucher)
