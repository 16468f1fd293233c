"""公开公示台账 over HTTP: who sees and records what, the filters, the proof form and the export."""

import io
import re
from datetime import date

import openpyxl
import pytest

from portal.rules.vocabulary import Channel, NoticeStage
from tests.corpus import pictures
from tests.duties import admit, duty, hang, prove, start

ADDRESS = "http://www.example.gov.cn/2023/1.html"


@pytest.fixture
def road(world):
    """东村道路: in the library since 1 March, begun on 10 March; nothing is told yet."""
    project = admit(world)
    start(project, date(2023, 3, 10))
    return project


def page_of(response) -> str:
    inline = re.sub(r"</?(span|strong|small)[^>]*>", "", response.get_data(as_text=True))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", inline))


def proof(*duties, **fields) -> dict:
    usual = {
        "duty": [str(one.id) for one in duties],
        "channel": Channel.WEBSITE.value,
        "met_on": "2023-03-15",
        "address": ADDRESS,
    }
    return usual | fields


def test_the_ledger_shows_days_state_and_who_is_responsible(client, road):
    page = page_of(client.sign_in("finance_agri").get("/disclosure/ledger/"))
    assert "村级实施前公示 逾期未公开 已超 10 天 2023-03-10 2023-03-10 当日" in page
    assert "公开项目库 待公开 2023-03-01 2023-03-29 20 个工作日" in page
    assert "县农业农村局" in page
    assert "村级：到期 1 项，已公开 0 项" in page


def test_a_village_sees_its_own_first_and_the_whole_county_on_request(client, world, road):
    village = client.sign_in("village_clerk2")
    assert "还没有公开任务" in page_of(village.get("/disclosure/ledger/"))
    page = page_of(village.get("/disclosure/ledger/?reach=all"))
    assert "东村道路" in page
    assert "登记勾选项的公开凭证" not in page
    own = page_of(client.sign_in("village_clerk").get("/disclosure/ledger/"))
    assert "村级公示入库项目" in own
    assert "公开项目库" not in own


def test_filters_narrow_and_counts_lead_there(client, world, road):
    hang(world, road, NoticeStage.START, date(2023, 3, 12), place="东村公开栏")
    office = client.sign_in("lead_office")
    late = page_of(office.get("/disclosure/ledger/?state=met_late&level=village"))
    assert "逾期公开 晚 2 天" in late
    assert "共 1 条" in late
    for query in ("event=completed", "year=2022", "q=西村", "township=999999"):
        assert "没有符合条件的公开任务" in page_of(office.get(f"/disclosure/ledger/?{query}"))
    nonsense = "level=x&state=x&event=x&year=x&township=x&page=x"
    assert "共 5 条" in page_of(office.get(f"/disclosure/ledger/?{nonsense}"))


def test_one_proof_for_many_ticked_duties(client, road):
    office = client.sign_in("lead_office")
    county, township = duty("admitted_county"), duty("admitted_township")
    form = page_of(office.get(f"/disclosure/ledger/proof?duty={county.id}&duty={township.id}"))
    assert "下面 2 项用同一份凭证" in form
    saved = office.post("/disclosure/ledger/proof", proof(county, township))
    assert saved.status_code == 303
    for rule in ("admitted_county", "admitted_township"):
        met = duty(rule)
        assert (met.met_on, met.address) == (date(2023, 3, 15), ADDRESS)
    page = office.get(f"/disclosure/ledger/{county.id}")
    assert f'href="{ADDRESS}"' in page.get_data(as_text=True)
    assert "2023-03-20 登记凭证" in page_of(page)


def test_a_board_is_proved_by_a_photo_from_the_phone(client, road):
    village, found = client.sign_in("village_clerk"), duty("started_village")
    fields = proof(
        found,
        channel=Channel.BOARD.value,
        met_on="2023-03-08",
        until_on="2023-03-18",
        address="",
    )
    unseen = village.post("/disclosure/ledger/proof", fields)
    assert (unseen.status_code, "请拍一张照片作凭证" in page_of(unseen)) == (422, True)
    record = f"/boards/{found.subject_id}/notices/new"
    assert record in village.get(f"/disclosure/ledger/{found.id}").text
    fields |= {"photo": (io.BytesIO(pictures.with_position()), "公示栏.jpg")}
    assert village.post("/disclosure/ledger/proof", fields).status_code == 303
    assert duty("started_village").photo.name == "公示栏.jpg"
    photo = village.get(f"/disclosure/ledger/{found.id}/photo")
    assert photo.mimetype == "image/jpeg"


def test_a_wrong_proof_is_refused_with_its_figures_and_nothing_typed_is_lost(client, road):
    office, found = client.sign_in("lead_office"), duty("started_village")
    fields = proof(found, channel="board", until_on="2023-03-20", address="东村公开栏")
    refused = office.post("/disclosure/ledger/proof", fields)
    assert refused.status_code == 422
    page = refused.get_data(as_text=True)
    assert "只有 5 天。应张贴到 2023-03-25 或以后" in page
    assert 'value="东村公开栏"' in page
    late = office.post("/disclosure/ledger/proof", proof(found, met_on="2023-03-21"))
    assert "还没有到，今天是 2023-03-20" in page_of(late)
    assert office.post("/disclosure/ledger/proof", proof(found, met_on="x")).status_code == 422
    assert duty("started_village").met_on is None


def test_nobody_proves_what_is_not_theirs(client, road):
    county, village = duty("admitted_county"), duty("admitted_village")
    clerk = client.sign_in("village_clerk")
    answer = clerk.post("/disclosure/ledger/proof", proof(county))
    assert (answer.status_code, duty("admitted_county").met_on) == (303, None)
    clerk.post("/disclosure/ledger/proof", proof(county, village))
    assert duty("admitted_county").met_on is None
    assert duty("admitted_village").met_on == date(2023, 3, 15)
    assert clerk.get("/disclosure/ledger/proof").status_code == 303
    assert client.sign_in("auditor").get("/disclosure/ledger/proof").status_code == 403


def test_a_proof_is_taken_back(client, world, road):
    prove(world, duty("admitted_county"))
    office, found = client.sign_in("lead_office"), duty("admitted_county")
    assert office.post(f"/disclosure/ledger/{found.id}/remove-proof", {}).status_code == 303
    assert duty("admitted_county").met_on is None
    again = office.post(f"/disclosure/ledger/{found.id}/remove-proof", {})
    assert "没有人工登记的凭证" in page_of(again)


def test_the_home_page_has_one_line_for_all_that_is_late(client, road):
    page = page_of(client.sign_in("town_reviewer").get("/"))
    assert page.count("2 项公开任务逾期未公开 乡镇 1 项、村级 1 项") == 1
    assert page.count("东村道路") == 0


def test_the_ledger_leaves_as_excel_with_the_columns_of_f13(client, world, road):
    prove(world, duty("admitted_county"), met_on=date(2023, 3, 15), address=ADDRESS)
    answer = client.sign_in("lead_office").get("/disclosure/ledger/export?level=county")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    heading = next(number for number, row in enumerate(rows) if "类别" in row)
    (row,) = rows[heading + 1 :]
    told = dict(zip(rows[heading], row, strict=True))
    assert (told["类别"], told["标题"], told["状态"]) == ("公开项目库", "东村道路", "按期公开")
    assert [told[name].date() for name in ("产生日期", "应公开日期", "实际公开日期")] == [
        date(2023, 3, 1),
        date(2023, 3, 29),
        date(2023, 3, 15),
    ]
    assert (told["时限"], told["渠道"], told["网址、地点"]) == (
        "20 个工作日",
        "政府网站",
        ADDRESS,
    )
    assert (told["责任单位"], told["责任人"]) == (
        "县农业农村局",
        world.user("lead_office").name,
    )
