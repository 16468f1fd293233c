"""The pages of plans, bulletins and letters over HTTP: who sees what, what is saved, what is handed out."""

import re
from datetime import date
from io import BytesIO

import docx
import openpyxl
import pytest

from portal.db import db, unit_of_work
from portal.rules.vocabulary import BulletinKind
from portal.supervision import operations, planning
from portal.supervision.models import Bulletin, PaymentPlan, PlanLine, SupervisionLetter
from tests import spending
from tests.ledger import TODAY, wan


@pytest.fixture
def road(world):
    """100 万元 for a project of 甲镇, 5 of them paid: the pace of 20 March is 21.64 %."""
    project = spending.place(world, 100)
    spending.pay(world, project, 5, date(2023, 3, 1))
    return project


@pytest.fixture
def plan(world, road) -> PaymentPlan:
    """A draft for March: 9.50 of 95 万元."""
    finance = world.actor("finance_agri")
    with unit_of_work(finance, "test"):
        return planning.draft_plan(2023, 3, county_id=finance.county_id, actor=finance, on=TODAY)


@pytest.fixture
def issued(world, plan) -> PaymentPlan:
    with unit_of_work(world.actor("finance_agri"), "test"):
        planning.issue_plan(plan, actor=world.actor("finance_agri"), on=TODAY)
    return plan


@pytest.fixture
def bulletin(world, road) -> Bulletin:
    office = world.actor("lead_office")
    with unit_of_work(office, "test"):
        return operations.issue_bulletin(
            BulletinKind.TEN_DAY,
            2023,
            TODAY,
            number="县农领办通〔2023〕3号",
            words="请加快支付。",
            actor=office,
            on=TODAY,
        )


@pytest.fixture
def letter(world, bulletin) -> SupervisionLetter:
    office = world.actor("lead_office")
    with unit_of_work(office, "test"):
        (found,) = operations.draft_letters(bulletin, {world.ids["jia"]}, actor=office, on=TODAY)
        return found


def send(world, letter) -> None:
    with unit_of_work(world.actor("lead_office"), "test"):
        operations.issue_letter(letter, actor=world.actor("lead_office"), on=TODAY)


def only(model):
    return db.session.query(model).populate_existing().one()


def page_of(response) -> str:
    inline = re.sub(r"</?(span|strong|small)[^>]*>", "", response.get_data(as_text=True))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", inline))


def test_finance_drafts_edits_and_issues_a_plan(client, road):
    finance = client.sign_in("finance_agri")
    answer = finance.post("/supervision/plans/", {"year": "2023", "month": "3"})
    plan = only(PaymentPlan)
    assert answer.location == f"/supervision/plans/{plan.id}"
    assert 'value="9.50"' in finance.get(answer.location).get_data(as_text=True)

    cells = {f"amount-{road.id}": "１２.5", "seen": str(plan.version)}
    assert finance.post(f"/supervision/plans/{plan.id}/cells", cells).status_code == 303
    assert only(PlanLine).amount == wan("12.5")
    assert finance.post(f"/supervision/plans/{plan.id}/issue").status_code == 303

    page = page_of(finance.get(answer.location))
    assert "2023年3月20日 星期一由测试11下达，晚于 5 日的期限" in page
    assert "计划 12.50 万元，到今天支付 5.00 万元" in page


def test_a_refused_amount_stays_in_its_cell_with_the_figures(client, plan, road):
    finance = client.sign_in("finance_agri")

    answer = finance.post(f"/supervision/plans/{plan.id}/cells", {f"amount-{road.id}": "96"})

    assert answer.status_code == 422
    assert 'value="96"' in answer.get_data(as_text=True)
    assert "还有 95.00 万元没有支付，计划 96.00 万元。请减少 1.00 万元" in page_of(answer)
    assert only(PlanLine).amount == wan("9.5")


def test_an_empty_cell_takes_the_project_out(client, plan, road):
    finance = client.sign_in("finance_agri")

    finance.post(f"/supervision/plans/{plan.id}/cells", {f"amount-{road.id}": " "})

    assert db.session.query(PlanLine).count() == 0
    refused = finance.post(f"/supervision/plans/{plan.id}/issue")
    assert (refused.status_code, "计划里还没有项目" in page_of(refused)) == (422, True)


def test_lines_are_pasted_from_a_spreadsheet(client, plan):
    finance = client.sign_in("finance_agri")
    address = f"/supervision/plans/{plan.id}/paste"

    refused = finance.post(address, {"pasted": "项目\t金额\n东村道路\t7\n没有这个\t8"})
    assert refused.status_code == 422
    assert "项目库里没有这个编码或名称" in page_of(refused)
    assert only(PlanLine).amount == wan("9.5")

    assert finance.post(address, {"pasted": "项目\t金额\n东村道路\t7"}).status_code == 303
    assert only(PlanLine).amount == wan(7)


def test_a_draft_is_seen_by_those_who_issue_it_alone(client, plan):
    address = f"/supervision/plans/{plan.id}"
    assert client.sign_in("finance_agri").get(address).status_code == 200
    for reader in ("auditor", "town_reviewer", "foreigner"):
        assert client.sign_in(reader).get(address).status_code == 404
        assert "2023年3月" not in page_of(client.sign_in(reader).get("/supervision/plans/"))


def test_the_unit_explains_its_own_line_alone(client, issued):
    line = only(PlanLine)
    address = f"/supervision/plans/lines/{line.id}"
    assert client.sign_in("town_reviewer2").get(address).status_code == 404
    assert client.sign_in("dept_reviewer").get(address).status_code == 404
    town = client.sign_in("town_reviewer")
    assert "写明原因" in page_of(town.get(f"/supervision/plans/{issued.id}"))

    assert town.post(address, {"explanation": " "}).status_code == 422
    assert town.post(address, {"explanation": "招标推迟"}).status_code == 303

    assert "招标推迟" in page_of(town.get(f"/supervision/plans/{issued.id}"))


def test_the_plan_leaves_in_the_columns_of_the_form(client, issued):
    answer = client.sign_in("auditor").get(f"/supervision/plans/{issued.id}/excel")

    sheet = openpyxl.load_workbook(BytesIO(answer.data)).active
    rows = [tuple(cell.value for cell in row) for row in sheet.iter_rows()]
    assert rows[0][0] == "2023年3月用款计划"
    assert rows[2] == ("单位", "项目", "当月计划额", "实际额", "未完成原因")
    assert rows[3:] == [
        ("甲镇", "东村道路", 9.5, 5, None),
        ("甲镇", "小计", 9.5, 5, None),
        ("合计", None, 9.5, 5, None),
    ]


def test_the_preview_shows_live_figures_and_proposes_a_number(client, bulletin):
    office = client.sign_in("lead_office")

    page = office.get("/supervision/bulletins/preview?kind=ten_day&fund_year=2023")

    assert 'value="县农领办通〔2023〕4号"' in page.get_data(as_text=True)
    assert "支出进度5.00%，序时进度（按天）21.64%" in page_of(page)
    assert "慢 16.64 个百分点" in page_of(page)


def test_a_bulletin_is_issued_from_its_preview(client, road):
    office = client.sign_in("lead_office")
    html = office.get("/supervision/bulletins/preview?fund_year=2023&day=2023-03-20")
    seen = re.search(r'name="seen"[^>]* value="([0-9a-f]{64})"', html.get_data(as_text=True))[1]
    form = {
        "kind": "weekly",
        "fund_year": "2023",
        "day": "2023-03-20",
        "number": "农领办通〔2023〕1号",
        "seen": seen,
    }

    assert office.post("/supervision/bulletins/", form | {"seen": "0"}).status_code == 422
    answer = office.post("/supervision/bulletins/", form)

    bulletin = only(Bulletin)
    assert answer.location == f"/supervision/bulletins/{bulletin.id}"
    assert bulletin.sha256 == seen
    again = office.post("/supervision/bulletins/", form)
    assert (again.status_code, "已经用过" in page_of(again)) == (422, True)


@pytest.mark.parametrize("typed", [{"kind": "yearly"}, {"day": "昨天"}, {"fund_year": "零"}])
def test_what_cannot_be_read_comes_back(client, road, typed):
    form = {"kind": "monthly", "fund_year": "2023", "day": "2023-02-28", "number": "1号"}

    answer = client.sign_in("lead_office").post("/supervision/bulletins/", form | typed)

    assert answer.status_code == 422
    assert db.session.query(Bulletin).count() == 0


def test_the_word_file_says_what_the_page_says(client, bulletin):
    reader = client.sign_in("auditor")
    answer = reader.get(f"/supervision/bulletins/{bulletin.id}/word")
    again = reader.get(f"/supervision/bulletins/{bulletin.id}/word")

    paper = docx.Document(BytesIO(answer.data))
    texts = [one.text for one in paper.paragraphs]
    assert answer.data == again.data
    assert "县农领办通〔2023〕3号" in texts
    assert "关于2023年财政衔接推进乡村振兴补助资金支出进度的通报（2023年3月中旬）" in texts
    assert any("已支出5.00万元，支出进度5.00%，序时进度（按天）21.64%" in text for text in texts)
    assert texts[-2:] == ["县农业农村局", "2023年3月20日"]
    ranking, slow = paper.tables
    assert [cell.text for cell in ranking.rows[1].cells] == [
        "1", "甲镇", "100.00", "5.00", "5.00", "慢 16.64",
    ]  # fmt: skip
    assert [cell.text for cell in slow.rows[1].cells][1:3] == ["东村道路", "甲镇"]


def test_the_excel_file_has_the_ranking_and_the_slow_projects(client, bulletin):
    answer = client.sign_in("auditor").get(f"/supervision/bulletins/{bulletin.id}/excel")

    book = openpyxl.load_workbook(BytesIO(answer.data))
    assert book.sheetnames == ["各单位支出进度排名", "支出慢的项目"]
    ranking = [tuple(cell.value for cell in row) for row in book.worksheets[0].iter_rows()]
    assert ranking[-1] == (1, "甲镇", 100, 5, 5, "慢 16.64")
    slow = [tuple(cell.value for cell in row) for row in book.worksheets[1].iter_rows()]
    assert slow[-1] == (1, "东村道路", "甲镇", 100, 5, 95, 5)


def test_letters_are_drafted_for_the_chosen_units(client, world, bulletin):
    office = client.sign_in("lead_office")
    address = f"/supervision/bulletins/{bulletin.id}/letters"
    assert office.post(address, {}).status_code == 422

    assert office.post(address, {"unit": str(world.ids["jia"])}).status_code == 303

    letter = only(SupervisionLetter)
    page = page_of(office.get(f"/supervision/letters/{letter.id}"))
    assert "草稿" in page
    assert "安排100.00万元，已支出5.00万元" in page


def test_a_draft_letter_is_edited_and_sent(client, letter):
    office = client.sign_in("lead_office")
    address = f"/supervision/letters/{letter.id}"
    typed = {"number": "县督〔2023〕8号", "answer_by_on": "2023年3月24日", "body": "请加快。"}

    assert office.post(address, typed | {"answer_by_on": "2023-03-19"}).status_code == 422
    assert office.post(address, typed).status_code == 303
    assert office.post(f"{address}/issue").status_code == 303

    sent = only(SupervisionLetter)
    assert (sent.number, sent.body, sent.issued_on) == ("县督〔2023〕8号", "请加快。", TODAY)
    assert office.post(address, typed).status_code == 422


def test_a_letter_is_read_by_its_unit_and_the_county_alone(client, world, letter):
    address = f"/supervision/letters/{letter.id}"
    for nobody in ("town_reviewer", "auditor"):
        assert client.sign_in(nobody).get(address).status_code == 404
    send(world, letter)
    for reader in ("town_reviewer", "town_leader", "auditor", "approver"):
        assert client.sign_in(reader).get(address).status_code == 200
    for stranger in ("town_reviewer2", "dept_reviewer", "foreigner"):
        assert client.sign_in(stranger).get(address).status_code == 404


def test_the_unit_answers_on_the_page(client, world, letter):
    send(world, letter)
    town = client.sign_in("town_leader")
    address = f"/supervision/letters/{letter.id}"
    assert "待回复" in page_of(town.get(address))

    assert town.post(f"{address}/answer", {"answer": ""}).status_code == 422
    assert town.post(f"{address}/answer", {"answer": "4月10日前付清。"}).status_code == 303

    page = page_of(client.sign_in("lead_office").get(address))
    assert "已回复" in page
    assert "4月10日前付清。" in page


def test_the_letter_in_word_is_addressed_to_the_unit(client, letter):
    answer = client.sign_in("lead_office").get(f"/supervision/letters/{letter.id}/word")

    texts = [one.text for one in docx.Document(BytesIO(answer.data)).paragraphs]
    assert "甲镇：" in texts
    assert "关于加快2023年财政衔接推进乡村振兴补助资金支出进度的督办函" in texts
    assert "请于2023年3月25日前书面回复原因、整改措施和完成时间。" in texts
    assert texts[-1] == "　　年　月　日"


def test_who_has_no_part_in_it_finds_no_door(client, plan):
    clerk = client.sign_in("village_clerk")
    assert clerk.get("/supervision/").status_code == 403
    assert "跟踪督促" not in page_of(clerk.get("/"))


def test_finance_is_told_of_the_missing_plan_until_it_is_issued(client, world, plan):
    finance = client.sign_in("finance_agri")
    assert "本月用款计划还没有下达 3月5日前下达" in page_of(finance.get("/"))
    assert "本月用款计划" not in page_of(client.sign_in("finance_payment").get("/"))

    with unit_of_work(world.actor("finance_agri"), "test"):
        planning.issue_plan(plan, actor=world.actor("finance_agri"), on=TODAY)

    assert "本月用款计划" not in page_of(client.sign_in("finance_agri").get("/"))


def test_without_money_no_plan_is_asked_for(client):
    assert "本月用款计划" not in page_of(client.sign_in("finance_agri").get("/"))


def test_the_unit_finds_its_letter_and_its_gaps_on_the_home_page(client, world, issued, letter):
    send(world, letter)
    client.app.config["STANDING_DAY"] = date(2023, 3, 31)

    page = page_of(client.sign_in("town_reviewer").get("/"))

    assert "逾期6天 督办函待回复：农领办督〔2023〕1号 甲镇，2023-03-25 前回复 去回复" in page
    assert "说明用款计划未完成原因：东村道路 3月计划 9.50 万元，实际支付 5.00 万元" in page
    assert "督办函待回复" not in page_of(client.sign_in("town_reviewer2").get("/"))
