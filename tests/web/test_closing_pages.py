"""The pages of 结转结余 over HTTP: who may do what, what is shown, how a refusal reads."""

import re
from datetime import date
from io import BytesIO

import openpyxl
import pytest

from portal.closing.models import YearClosing
from portal.db import db
from portal.funds.models import AllocationBatch
from portal.implementation.models import Execution
from portal.rules.vocabulary import ClosingStatus
from tests import closings, ledger, works
from tests.client import Client
from tests.ledger import wan

JUNE = date(2023, 6, 1)


@pytest.fixture
def books(app, world):
    """A finished road: 100 came, 60 are placed, 25 paid, 40 agreed; the year is over."""
    document = ledger.add_document(world, "1号", 100)
    road = ledger.add_project(world, "道路", 200)
    closings.place(world, document, road, 60)
    closings.pay(world, document, road, 25, JUNE)
    works.add_contract(road, 40)
    works.add(Execution, road, finished_on=JUNE, recorded_by_id=0)
    app.config["STANDING_DAY"] = closings.NEW_YEAR
    return document, road


def only(model):
    return db.session.query(model).populate_existing().one()


def words_of(response) -> str:
    inline = re.sub(r"</?(span|strong|a)[^>]*>", "", response.get_data(as_text=True))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", inline))


def test_a_year_is_figured_by_one_and_closed_by_another(app, books):
    finance, leader = Client(app).sign_in("finance_agri"), Client(app).sign_in("approver")
    assert "下一个要结账的是 2023 年度" in words_of(finance.get("/closing/"))
    figured = finance.post("/closing/", {"year": "2023"})
    closing = only(YearClosing)
    assert (figured.status_code, figured.location) == (303, f"/closing/{closing.id}")
    page = words_of(finance.get(figured.location))
    assert "道路 0.00 60.00 25.00 35.00" in page
    assert "未安排到项目 0.00 40.00 0.00 40.00" in page
    assert "中央 2023 0.00 100.00 25.00 75.00" in page
    assert "不予通过" not in page
    decided = leader.post(f"/closing/{closing.id}/approve", {"words": "同意"})
    assert decided.status_code == 303
    assert only(YearClosing).status is ClosingStatus.CLOSED
    assert "2024 年度还没有结束，请于 2025-01-01 起办理" in words_of(finance.get("/closing/"))


def test_the_same_click_twice_figures_one_closing(app, books):
    finance = Client(app).sign_in("finance_agri")
    form = {"year": "2023", "submission": "one-click"}
    answers = [finance.post("/closing/", form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    only(YearClosing)


def test_a_refusal_is_shown_on_the_same_page(app, world, books):
    finance, leader = Client(app).sign_in("finance_agri"), Client(app).sign_in("approver")
    refused = finance.post("/closing/", {"year": "2024"})
    assert (refused.status_code, "请先办 2023 年度" in words_of(refused)) == (422, True)
    closing = closings.propose(world)
    closings.pay(world, *books, 5, date(2023, 12, 20))
    refused = leader.post(f"/closing/{closing.id}/approve", {})
    assert refused.status_code == 422
    assert "编制时结转 35.00 万元，现在 30.00 万元" in words_of(refused)
    refused = leader.post(f"/closing/{closing.id}/reject", {})
    assert (refused.status_code, "要写明理由" in words_of(refused)) == (422, True)


def test_the_lines_leave_as_a_workbook(app, world, books):
    closing = closings.close(world)
    answer = Client(app).sign_in("auditor").get(f"/closing/{closing.id}/export")
    sheet = openpyxl.load_workbook(BytesIO(answer.data)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    assert rows == [
        ["1号", "中央", 2023, "未安排到项目", None, 0, 40, 0, 40],
        ["1号", "中央", 2023, "道路", books[1].code, 0, 60, 25, 35],
        ["合计", None, None, None, None, 0, 100, 25, 75],
    ]


def test_only_finance_figures_and_only_the_group_decides(app, world, books):
    closing = closings.propose(world)
    for person in ("auditor", "lead_office", "approver"):
        client = Client(app).sign_in(person)
        assert client.post("/closing/", {"year": "2023"}).status_code == 403
        assert "编制 2023 年度结账" not in words_of(client.get("/closing/"))
    finance = Client(app).sign_in("finance_agri")
    assert finance.post(f"/closing/{closing.id}/approve", {}).status_code == 403
    assert Client(app).sign_in("foreigner").get(f"/closing/{closing.id}").status_code == 404


def test_the_surplus_is_shown_and_goes_back_by_one_click(app, books):
    document, road = books
    finance = Client(app).sign_in("finance_agri")
    page = finance.get("/closing/surplus")
    assert "道路 已完工，合同价以外的资金 200.00 40.00 — 60.00 0.00 25.00 20.00" in words_of(page)
    place = closings.placement_of(document, road)
    form = {"placement": str(place.id), "reason": "道路完工结余"}
    drafted = finance.post("/closing/surplus", form)
    batch = db.session.query(AllocationBatch).all()[-1]
    assert (drafted.status_code, drafted.location) == (303, f"/funds/batches/{batch.id}")
    assert [(line.amount, line.changes_id is not None) for line in batch.lines] == [
        (-wan(20), True)
    ]
    assert "正在收回 20.00" in words_of(finance.get("/closing/surplus"))


def test_the_surplus_may_fund_another_project(app, world, books):
    document, road = books
    pump = ledger.add_project(world, "泵站", 500)
    finance = Client(app).sign_in("finance_agri")
    assert "改投：泵站（还差 500.00）" in words_of(finance.get("/closing/surplus"))
    place = closings.placement_of(document, road)
    form = {"placement": str(place.id), f"target-{place.id}": str(pump.id), "reason": "结余"}
    assert finance.post("/closing/surplus", form).status_code == 303
    batch = db.session.query(AllocationBatch).all()[-1]
    assert [line.amount for line in batch.lines] == [-wan(20), wan(20)]


def test_without_a_reason_nothing_is_drafted_and_the_choice_is_kept(app, world, books):
    place = closings.placement_of(*books)
    pump = ledger.add_project(world, "泵站", 500)
    form = {"placement": str(place.id), f"target-{place.id}": str(pump.id), "reason": ""}
    refused = Client(app).sign_in("finance_agri").post("/closing/surplus", form)
    assert refused.status_code == 422
    assert f'<option value="{pump.id}" selected>' in refused.text
    assert db.session.query(AllocationBatch).count() == 1


def test_whoever_may_not_return_sees_where_it_would_go(app, books):
    page = Client(app).sign_in("auditor").get("/closing/surplus?all=1")
    assert "生成调整批次" not in page.text
    assert "1号（中央 2023）20.00" in words_of(page)
    assert Client(app).sign_in("auditor").post("/closing/surplus", {}).status_code == 403


def test_a_county_without_money_is_told_so(client):
    client.sign_in("finance_agri")
    assert "没有可以结账的年度" in words_of(client.get("/closing/"))
    assert "还没有安排了资金的项目" in words_of(client.get("/closing/surplus"))
