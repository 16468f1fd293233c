"""The pages of the funds over HTTP: who sees what, what is saved, how a refusal reads."""

import re
from datetime import date
from io import BytesIO
from pathlib import Path

import html5lib
import pytest
from PIL import Image

from portal.audit.models import AuditEntry
from portal.db import db, unit_of_work
from portal.funds import operations
from portal.funds.models import Allocation, AllocationBatch, FundDocument
from portal.rules.vocabulary import BatchStatus, FundingTier
from portal.rules.workflow import Move
from tests import ledger
from tests.ledger import TODAY, wan

FORM = {
    "number": "财指〔2023〕91号",
    "title": "关于下达市级资金的通知",
    "amount": "３８６.00",
    "tier": "municipal",
    "task": "",
    "year": "2023",
    "received_on": "2023年2月7日",
}


@pytest.fixture
def finance(client):
    return client.sign_in("finance_agri")


def only(model):
    return db.session.query(model).populate_existing().one()


def page_of(response) -> str:
    inline = re.sub(r"</?(span|strong|small)[^>]*>", "", response.get_data(as_text=True))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", inline))


def test_a_document_is_registered_as_people_write(finance):
    response = finance.post("/funds/new", FORM)

    document = only(FundDocument)
    assert response.status_code == 303
    assert response.location.startswith(f"/funds/{document.id}")
    assert (document.amount, document.received_on) == (wan(386), date(2023, 2, 7))
    page = page_of(finance.get(f"/funds/{document.id}"))
    assert "第 41 天 / 45 天，2023年3月24日 星期五到期" in page
    assert "去分解 386.00 万元" in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"amount": "-5"}, "金额不能为负数"),
        ({"amount": "0"}, "金额要大于 0"),
        ({"amount": "99999999999999"}, "超过 1000 亿元"),
        ({"amount": "1e5"}, "科学计数法"),
        ({"amount": ""}, "请填写这一项"),
        ({"issued_on": "2023-02-08"}, "收文日期 2023-02-07 早于发文日期 2023-02-08"),
        ({"received_on": "2023-03-21"}, "今天是 2023-03-20"),
        ({"received_on": "2023-02-30"}, "请写成"),
        ({"tier": "galactic"}, "级次"),
        ({"year": "二〇二三"}, "年度"),
    ],
)
def test_d1_what_is_wrong_comes_back_with_what_was_typed(finance, typed, words):
    response = finance.post("/funds/new", FORM | typed)

    assert response.status_code == 422
    assert words in page_of(response)
    assert "关于下达市级资金的通知" in response.get_data(as_text=True)
    assert db.session.query(FundDocument).count() == 0


def test_a_known_number_names_the_document_that_bears_it(finance, world):
    ledger.add_document(world, "财指〔2023〕91号", 7, title="早先登记的")

    response = finance.post("/funds/new", FORM | {"number": "财指[2023]91号"})

    assert response.status_code == 422
    assert "已经登记过：早先登记的，7.00 万元" in page_of(response)


def test_b6_server_fields_cannot_be_posted(finance, world):
    finance.post(
        "/funds/new",
        FORM | {"arranged_amount": "1", "county_id": world.ids["other"], "id": "77", "code": "x"},
    )

    document = only(FundDocument)
    assert (document.arranged_amount, document.county_id) == (0, world.ids["county"])
    assert (document.id, document.code) != (77, "x")


def pdf() -> bytes:
    """A scanned page as a scanner writes it."""
    page = BytesIO()
    Image.new("L", (200, 280), "white").save(page, "PDF")
    return page.getvalue()


def test_a_scan_is_kept_and_given_back_whole(finance):
    scan = pdf()
    finance.post("/funds/new", FORM | {"scan": (BytesIO(scan), "指标文件.pdf")})

    document = only(FundDocument)
    assert document.scan is not None, "the scan was refused"
    given = finance.get(f"/funds/{document.id}/scan")
    assert given.get_data() == scan
    assert given.headers["Content-Disposition"].startswith("attachment")


def test_a_scan_of_the_wrong_kind_is_refused_at_its_field(finance):
    response = finance.post("/funds/new", FORM | {"scan": (BytesIO(b"MZ\x90"), "指标文件.pdf")})

    assert response.status_code == 422
    assert "文件扫描件" in page_of(response)
    assert db.session.query(FundDocument).count() == 0


def test_the_register_adds_up_and_narrows_by_its_address(finance, world):
    ledger.add_document(world, "1号", "118.00")
    ledger.add_document(world, "2号", "242.50", tier=FundingTier.PROVINCIAL)
    ledger.add_document(world, "3号", 9, year=2022, received_on=date(2022, 3, 1))

    everything = page_of(finance.get("/funds/"))
    provincial = page_of(finance.get("/funds/?tier=provincial"))
    last_year = page_of(finance.get("/funds/?year=2022"))
    nonsense = finance.get("/funds/?tier=x&year=abc")

    assert "合计 2 份 360.50 0.00 360.50" in everything
    assert "合计 1 份 242.50" in provincial
    assert "合计 1 份 9.00" in last_year
    assert nonsense.status_code == 200


@pytest.fixture
def draft(world):
    """A draft, one document of 100 and two projects of 80 万元 each."""
    return (
        ledger.add_batch(world),
        ledger.add_document(world),
        ledger.add_project(world, "东村道路", 80),
        ledger.add_project(world, "西村水渠", 80),
    )


def cells(*pairs) -> dict[str, str]:
    return {f"amount-{project.id}": typed for project, typed in pairs}


def test_several_amounts_are_saved_at_once_and_empty_ones_not(finance, draft):
    batch, document, road, canal = draft
    address = f"/funds/batches/{batch.id}/arrange/{document.id}/cells"

    response = finance.post(address, cells((road, " 60 "), (canal, "")) | {"purpose": "硬化"})

    line = only(Allocation)
    assert (response.status_code, response.location) == (303, f"/funds/batches/{batch.id}")
    assert (line.project_id, line.amount, line.purpose) == (road.id, wan(60), "硬化")


def test_one_bad_cell_keeps_all_out_and_says_why_at_the_cell(finance, draft):
    batch, document, road, canal = draft
    address = f"/funds/batches/{batch.id}/arrange/{document.id}/cells"

    response = finance.post(address, cells((road, "60"), (canal, "40.5")))

    assert response.status_code == 422
    assert "该文件剩余 40.00 万元，申请 40.50 万元。请减少 0.50 万元" in page_of(response)
    assert 'value="60"' in response.get_data(as_text=True)
    assert db.session.query(Allocation).count() == 0
    assert ledger.differences() == []


def test_rows_are_pasted_from_a_spreadsheet(finance, draft):
    batch, document, road, canal = draft
    pasted = f"项目\t金额（万元）\r\n{road.code}\t60\r\n\r\n西村水渠\t１２.５\r\n"

    finance.post(f"/funds/batches/{batch.id}/arrange/{document.id}/paste", {"pasted": pasted})

    lines = {line.project_id: line.amount for line in db.session.query(Allocation)}
    assert lines == {road.id: wan(60), canal.id: wan("12.5")}


def test_pasted_rows_are_refused_by_number(finance, draft, world):
    batch, document, road, _canal = draft
    twin = ledger.add_project(world, "东村道路", 80)
    pasted = "东村道路\t1\n北村大桥\t1\n西村水渠\t一百\n西村水渠\t81\n"

    response = finance.post(
        f"/funds/batches/{batch.id}/arrange/{document.id}/paste", {"pasted": pasted}
    )

    page = page_of(response)
    assert response.status_code == 422
    assert f"有 2 个项目叫这个名称，请改用编码：{road.code}、{twin.code}" in page
    assert "项目库里没有这个编码或名称" in page
    assert "金额只写数字" in page
    assert "资金规模 80.00 万元，还差 80.00 万元，申请 81.00 万元" in page
    assert db.session.query(Allocation).count() == 0


def test_too_many_pasted_rows_are_refused_and_not_cut(finance, draft):
    batch, document, road, _canal = draft
    response = finance.post(
        f"/funds/batches/{batch.id}/arrange/{document.id}/paste",
        {"pasted": f"{road.code}\t1\n" * 2001},
    )

    assert response.status_code == 422
    assert "一次最多粘贴 2000 行，这里有 2001 行" in page_of(response)
    assert db.session.query(Allocation).count() == 0


@pytest.mark.parametrize("huge", ["9" * 9, "9" * 25])
def test_absurd_ids_and_pages_are_not_found_and_break_nothing(finance, draft, huge):
    batch, document, _road, _canal = draft
    address = f"/funds/batches/{batch.id}/arrange"

    assert finance.get(f"/funds/{huge}").status_code in {400, 404}
    assert finance.get(f"/funds/batches/{huge}").status_code in {400, 404}
    assert finance.get(f"/funds/batches/lines/{huge}").status_code in {400, 404}
    assert finance.get(f"{address}?document={huge}").status_code in {400, 404}
    assert finance.get(f"{address}?document={document.id}&page={huge}").status_code == 200
    cells = {f"amount-{huge}": "1"}
    assert finance.post(f"{address}/{document.id}/cells", cells).status_code == 422


def test_the_running_rest_is_a_fragment_that_changes_nothing(finance, draft):
    batch, document, road, canal = draft
    address = f"/funds/batches/{batch.id}/arrange/{document.id}/rest"

    fits = finance.get(address, query_string=cells((road, "60"), (canal, "x")))
    above = finance.get(address, query_string=cells((road, "60"), (canal, "40.5")))

    assert "还可以安排 40.00 万元" in page_of(fits)
    assert "请减少 0.50 万元" in page_of(above)
    assert fits.get_data(as_text=True).lstrip().startswith('<p id="running_rest"')


def test_the_whole_way_from_document_to_approval(client, world):
    ledger.add_project(world, "东村道路", 80)
    finance = client.sign_in("finance_agri")
    finance.post("/funds/new", FORM | {"amount": "80"})
    document = only(FundDocument)
    finance.post(f"/funds/batches/new?document={document.id}", {"title": "第一批"})
    batch = only(AllocationBatch)
    finance.post(
        f"/funds/batches/{batch.id}/arrange/{document.id}/paste", {"pasted": "东村道路\t80"}
    )
    early = finance.post(f"/funds/batches/{batch.id}/submit")
    finance.post(
        f"/funds/batches/{batch.id}/edit",
        {
            "title": "第一批",
            "approval_number": "县政批〔2023〕1号",
            "approved_on": "2023-03-10",
            "minutes_number": "纪要1号",
        },
    )
    finance.post(f"/funds/batches/{batch.id}/submit")
    own = finance.post(f"/funds/batches/{batch.id}/approve")
    db.session.rollback()
    approved = client.sign_in("approver").post(
        f"/funds/batches/{batch.id}/approve", {"words": "同意"}
    )

    assert early.status_code == 422
    assert "请先填写批复文号、批复日期、会议纪要文号" in page_of(early)
    assert own.status_code == 403
    assert approved.location == f"/funds/batches/{batch.id}"
    assert only(AllocationBatch).status is BatchStatus.APPROVED
    page = page_of(client.get(f"/funds/{document.id}"))
    assert "用 31 天，2023-03-10 办完" in page
    assert "全部落实到项目，用 31 天" in page


def test_r13_a_late_decision_is_a_409_that_names_the_first(client, world):
    batch, document = ledger.add_batch(world), ledger.add_document(world)
    ledger.allocate(world, batch, document, ledger.add_project(world), 60)
    ledger.fill_approval(world, batch)
    ledger.take(world, batch, Move.SUBMIT, "finance_agri")
    seen = batch.version
    ledger.take(world, batch, Move.APPROVE, "approver2")

    response = client.sign_in("approver").post(
        f"/funds/batches/{batch.id}/return", {"seen": seen, "words": "不同意"}
    )

    who = world.user("approver2").name
    assert response.status_code == 409
    assert f"{who}已于 2023-03-20 办理" in page_of(response)
    assert "现在的状态是“已批复”" in page_of(response)


def test_the_neighbour_county_finds_nothing(client, world, draft):
    batch, document, road, _canal = draft
    line = ledger.allocate(world, batch, document, road, 10)
    foreigner = client.sign_in("foreigner")

    for path in (
        f"/funds/{document.id}",
        f"/funds/{document.id}/edit",
        f"/funds/{document.id}/scan",
        f"/funds/batches/{batch.id}",
        f"/funds/batches/{batch.id}/arrange",
        f"/funds/batches/new?document={document.id}",
        f"/funds/batches/lines/{line.id}",
    ):
        assert foreigner.get(path).status_code == 404, path
    for path in (
        f"/funds/{document.id}/report",
        f"/funds/batches/{batch.id}/submit",
        f"/funds/batches/{batch.id}/arrange/{document.id}/cells",
        f"/funds/batches/{batch.id}/arrange/{document.id}/paste",
        f"/funds/batches/lines/{line.id}/void",
    ):
        assert foreigner.post(path, {}).status_code == 404, path
    assert document.number not in page_of(foreigner.get("/funds/"))


def test_money_of_one_county_cannot_enter_a_batch_of_another(client, world, draft):
    _batch, document, _road, _canal = draft
    foreigner = world.actor("foreigner")
    with unit_of_work(foreigner, "test"):
        theirs = operations.draft_batch("邻县批次", actor=foreigner).id

    answer = client.sign_in("foreigner").get(
        f"/funds/batches/{theirs}/arrange?document={document.id}"
    )

    assert answer.status_code == 404


@pytest.mark.parametrize("person", ["lead_office", "approver", "auditor", "town_reviewer"])
def test_readers_see_the_money_without_buttons(client, world, draft, person):
    batch, document, _road, _canal = draft
    reader = client.sign_in(person)

    pages = [
        page_of(reader.get(p)) for p in (f"/funds/{document.id}", f"/funds/batches/{batch.id}")
    ]

    assert "去分解" not in pages[0]
    assert "更正" not in pages[0]
    assert "安排项目" not in pages[1]
    assert reader.get("/funds/new").status_code == 403
    assert reader.post("/funds/new", FORM).status_code == 403


def test_the_village_does_not_see_the_county_s_money(client):
    assert client.sign_in("village_clerk").get("/funds/").status_code == 403


def test_every_write_leaves_an_audit_row(finance, draft):
    batch, document, road, _canal = draft
    before = db.session.query(AuditEntry).count()

    finance.post(f"/funds/batches/{batch.id}/arrange/{document.id}/cells", cells((road, "60")))

    entries = db.session.query(AuditEntry).filter(AuditEntry.seq > before).all()
    tables = {entry.table_name for entry in entries}
    assert {"allocation", "fund_document"} <= tables
    assert {entry.action for entry in entries} == {"funds.lines.save_cells"}


def test_a_line_is_changed_and_taken_out(finance, world, draft):
    batch, document, road, _canal = draft
    line = ledger.allocate(world, batch, document, road, 10)

    too_much = finance.post(f"/funds/batches/lines/{line.id}", {"amount": "81"})
    finance.post(f"/funds/batches/lines/{line.id}", {"amount": "20", "purpose": "涵洞"})
    changed = only(Allocation)
    assert (too_much.status_code, changed.amount, changed.purpose) == (422, wan(20), "涵洞")

    finance.post(f"/funds/batches/lines/{line.id}/void")
    assert (only(Allocation).void, only(FundDocument).arranged_amount) == (True, 0)
    assert finance.get(f"/funds/batches/lines/{line.id}").status_code == 303


def test_the_opening_figure_is_compared_with_this_year(finance, draft, world):
    batch, document, road, _canal = draft
    ledger.allocate(world, batch, document, road, 10)
    finance.post(
        "/funds/opening",
        {"year": "2022", "industry_amount": "3050.90", "total_amount": "5115.68"},
    )

    page = page_of(finance.get("/funds/"))

    assert "上年 59.64%（3050.90 / 5115.68 万元）" in page
    assert "占 0.00%，低于规定的 60%" in page


def test_the_day_of_the_report_is_recorded(finance, world):
    document = ledger.add_document(world, received_on=date(2023, 3, 18))

    early = finance.post(f"/funds/{document.id}/report", {"reported_on": "2023-03-17"})
    finance.post(f"/funds/{document.id}/report", {"reported_on": TODAY.isoformat()})

    assert early.status_code == 422
    assert only(FundDocument).reported_on == TODAY
    assert "用 2 天，2023-03-20 办完" in page_of(finance.get(f"/funds/{document.id}"))


def test_pages_are_sound_html(finance, world, draft):
    batch, document, road, _canal = draft
    line = ledger.allocate(world, batch, document, road, 10)
    for path in (
        "/funds/",
        "/funds/new",
        "/funds/opening",
        f"/funds/{document.id}",
        f"/funds/{document.id}/edit",
        "/funds/batches/",
        f"/funds/batches/new?document={document.id}",
        f"/funds/batches/{batch.id}",
        f"/funds/batches/{batch.id}/edit",
        f"/funds/batches/{batch.id}/arrange?document={document.id}",
        f"/funds/batches/lines/{line.id}",
    ):
        response = finance.get(path)
        assert response.status_code == 200, path
        html5lib.HTMLParser(strict=True).parse(response.get_data(as_text=True))


def test_templates_hold_no_inline_style():
    folder = Path(__file__).parents[2] / "portal" / "templates" / "funds"
    for template in folder.glob("*.html"):
        assert "style=" not in template.read_text(encoding="utf-8"), template.name
