"""The pages of an adjustment: begun with a reason, filled from approved lines, shown on both sides."""

import re

import pytest

from portal.db import db
from portal.funds.models import Allocation, AllocationBatch
from tests import ledger
from tests.client import Client
from tests.ledger import wan


@pytest.fixture
def finance(client) -> Client:
    return client.sign_in("finance_agri")


@pytest.fixture
def line(world) -> Allocation:
    """100 万元 of one document on the road, approved."""
    batch = ledger.add_batch(world)
    found = ledger.allocate(
        world, batch, ledger.add_document(world), ledger.add_project(world, "道路"), 100
    )
    ledger.approve(world, batch)
    return found


def page_of(response) -> str:
    inline = re.sub(r"</?(span|strong|small)[^>]*>", "", response.get_data(as_text=True))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", inline))


def begin(finance, reason="项目暂缓实施"):
    return finance.post("/funds/batches/adjustments/new", {"title": "调整", "reason": reason})


def adjustment() -> AllocationBatch:
    db.session.rollback()
    return db.session.query(AllocationBatch).order_by(AllocationBatch.id.desc()).first()


def take_back(finance, line, amount):
    return finance.post(
        f"/funds/batches/lines/{line.id}/take-back",
        {"batch_id": adjustment().id, "amount": amount},
    )


def test_an_adjustment_begins_with_its_reason(finance):
    refused = begin(finance, reason="")
    assert refused.status_code == 422
    assert "请填写这一项" in page_of(refused)

    made = begin(finance)

    assert made.location == f"/funds/batches/{adjustment().id}/take-back"
    assert "调整理由：项目暂缓实施" in page_of(finance.get(f"/funds/batches/{adjustment().id}"))


def test_the_reason_is_corrected_with_the_approval(finance):
    begin(finance)
    path = f"/funds/batches/{adjustment().id}/edit"
    assert "项目暂缓实施" in finance.get(path).get_data(as_text=True)

    finance.post(path, {"title": "调整", "reason": "项目终止"})

    assert adjustment().reason == "项目终止"


def test_an_ordinary_batch_has_no_reason(finance, world):
    batch = ledger.add_batch(world)
    assert "调整理由" not in page_of(finance.get(f"/funds/batches/{batch.id}/edit"))
    finance.post(f"/funds/batches/{batch.id}/edit", {"title": "批次", "reason": "偷偷改"})
    assert adjustment().reason == ""


def test_money_comes_back_and_both_sides_say_so(finance, line):
    begin(finance)
    assert "收回 道路" in finance.get(f"/funds/batches/{adjustment().id}/take-back").text
    refused = take_back(finance, line, "100.01")
    assert refused.status_code == 422
    assert "最多收回 100.00 万元" in page_of(refused)

    assert take_back(finance, line, "40").status_code == 303

    batch = page_of(finance.get(f"/funds/batches/{adjustment().id}"))
    assert "收回自 第一批 的 100.00 万元 −40.00" in batch
    assert "收回 40.00 万元，重新安排 0.00 万元" in batch
    first = page_of(finance.get(f"/funds/batches/{line.batch_id}"))
    assert "草稿 调整 收回 40.00 万元" in first
    document = page_of(finance.get(f"/funds/{line.document_id}"))
    assert "−40.00" in document
    assert "没有批复的收回还没有减去" in document
    project = page_of(finance.get(f"/library/{line.project_id}"))
    assert "−40.00" in project
    assert wan(100) == line.amount


def test_without_a_draft_the_page_leads_to_one(finance, line):
    page = page_of(finance.get(f"/funds/batches/lines/{line.id}/take-back"))
    assert "现在还没有。先 新建调整" in page


def test_a_return_is_taken_out_on_its_line(finance, line):
    begin(finance)
    take_back(finance, line, "40")
    taken = adjustment().lines[0]

    assert "改金额或用途" not in page_of(finance.get(f"/funds/batches/lines/{taken.id}"))
    assert finance.post(f"/funds/batches/lines/{taken.id}", {"amount": "50"}).status_code == 422
    assert finance.post(f"/funds/batches/lines/{taken.id}/void").status_code == 303
    assert adjustment().lines == []


def test_what_comes_back_is_offered_to_the_adjustment_alone(finance, line, world):
    other = ledger.add_batch(world, "别的批次")
    begin(finance)
    take_back(finance, line, "40")
    canal = ledger.add_project(world, "水渠")
    path = f"/funds/batches/{adjustment().id}/arrange"

    page = page_of(finance.get(path))
    rest = page_of(finance.get(f"{path}/{line.document_id}/rest?amount-{canal.id}=41"))

    assert "文件剩余 40.00 万元" in page
    assert "超过剩余 40.00 万元，请减少 1.00 万元" in rest
    assert "所有文件的钱都已安排完" in page_of(finance.get(f"/funds/batches/{other.id}/arrange"))
