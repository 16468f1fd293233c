"""The works in the browser's eyes: the list, one project, its forms, photos from a phone."""

import io
from datetime import date

import pytest
from PIL import Image

from portal.db import db
from portal.implementation.models import (
    Acceptance,
    Contract,
    Execution,
    ProgressReport,
    ProjectChange,
)
from portal.rules.vocabulary import AcceptanceLevel, ChangeKind, ChangeStatus
from tests import ledger, works
from tests.client import Client
from tests.ledger import wan

HTMX = {"HX-Request": "true", "HX-Target": "rows"}
CONTRACT = {
    "kind": "works",
    "method": "public",
    "name": "施工合同",
    "number": "HT-1",
    "contractor": "某建筑公司",
    "amount": "９０",
    "signed_on": "2023.3.1",
}


@pytest.fixture
def project(world):
    project = ledger.add_project(world)
    works.add_placement(project, ledger.add_document(world), 80)
    return project


@pytest.fixture
def home(project):
    return f"/implementation/{project.id}"


def photo(size=(40, 30)) -> tuple[io.BytesIO, str]:
    target = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    Image.new("RGB", size, "green").save(target, "JPEG", exif=exif)
    target.seek(0)
    return target, "现场.jpg"


def only(model):
    db.session.rollback()
    return db.session.query(model).populate_existing().one()


def test_the_list_shows_money_phase_and_what_is_late(client, world, project):
    other = ledger.add_project(world, "没有资金的项目")
    works.add_contract(project, 70)
    works.add_report(project, 30, date(2023, 3, 1))
    page = client.sign_in("lead_office").get("/implementation/").text
    assert project.name in page
    assert other.name not in page
    for words in ("实施中", "80.00", "70.00", "30%", "合计 1 个项目"):
        assert words in page


def test_the_list_is_filtered_by_its_address(client, project):
    client.sign_in("lead_office")
    rows = client.get("/implementation/?phase=suspended", headers=HTMX).text
    assert project.name not in rows
    assert "<html" not in rows
    assert project.name in client.get("/implementation/?phase=not_started&township=").text
    assert project.name not in client.get("/implementation/?late=1").text
    for odd in ("year=1", "township=99999999999999999999", "phase=x", "page=0"):
        assert client.get(f"/implementation/?{odd}").status_code == 200


def test_the_village_sees_its_own_projects_under_a_name_of_its_own(client, app, project):
    page = client.sign_in("village_clerk").get("/implementation/").text
    assert project.name in page
    assert "进度上报" in page
    assert project.name not in Client(app).sign_in("village_clerk2").get("/implementation/").text


def test_a_contract_from_entry_to_settlement(client, home):
    client.sign_in("town_reviewer")
    refused = client.post(f"{home}/contracts/new", CONTRACT | {"expires_on": "2023-02-01"})
    assert refused.status_code == 422
    assert "早于签订日期 2023-03-01" in refused.text
    assert client.post(f"{home}/contracts/new", CONTRACT).location == home
    contract = only(Contract)
    assert contract.amount == wan(90)
    address = f"{home}/contracts/{contract.id}"
    assert "HT-1" in client.get(f"{address}/edit").text
    assert client.post(f"{address}/edit", CONTRACT | {"amount": "85"}).status_code == 303
    facts = {"amount": "90", "settled_on": "2023-03-20", "settled_by": "某事务所"}
    refused = client.post(f"{address}/settle", facts)
    assert "多 5.00 万元" in refused.text
    settled = facts | {"amount": "80", "retention_amount": "2", "retention_due_on": "2024-03-20"}
    assert client.post(f"{address}/settle", settled).status_code == 303
    page = client.get(home).text
    for words in ("80.00", "2024-03-20 起可付", "改结算"):
        assert words in page
    assert client.post(f"{address}/void", {}).status_code == 303
    assert only(Contract).void


def test_nobody_writes_over_what_they_have_not_seen(client, project, home):
    client.sign_in("town_reviewer")
    days = {"started_on": "2023-03-01", "seen": "0"}
    assert 'name="seen" type="hidden" value="0"' in client.get(f"{home}/dates").text
    assert client.post(f"{home}/dates", days).status_code == 303
    overtaken = client.post(f"{home}/dates", days | {"started_on": "2023-03-02"})
    assert overtaken.status_code == 422
    assert "别人刚刚改过这里" in overtaken.text
    contract = works.add_contract(project, signed_on=date(2023, 3, 1))
    address = f"{home}/contracts/{contract.id}"
    first = CONTRACT | {"seen": str(contract.version)}
    assert client.post(f"{address}/edit", first).status_code == 303
    assert client.post(f"{address}/edit", first | {"amount": "1"}).status_code == 422
    facts = {"amount": "1", "settled_on": "2023-03-20", "settled_by": "某所", "seen": first["seen"]}
    assert client.post(f"{address}/settle", facts).status_code == 422
    assert only(Contract).amount == wan(90)


def test_a_contract_of_another_project_is_not_found(client, world, project, home):
    contract = works.add_contract(ledger.add_project(world, "乙"))
    client.sign_in("town_reviewer")
    assert client.get(f"{home}/contracts/{contract.id}/edit").status_code == 404


def test_days_and_acceptances(client, app, project, home):
    client.sign_in("town_reviewer")
    refused = client.post(f"{home}/dates", {"started_on": "3月1日"})
    assert refused.status_code == 422
    assert 'value="3月1日"' in refused.text
    days = {"started_on": "2023-03-01", "finished_on": "2023-03-10"}
    assert client.post(f"{home}/dates", days).status_code == 303
    assert only(Execution).finished_on == date(2023, 3, 10)
    page = client.get(f"{home}/acceptance/new").text
    assert 'value="self"' in page
    assert 'value="county"' not in page
    look = {"level": "self", "accepted_on": "2023-03-11", "passed": "yes", "people": "三人"}
    assert client.post(f"{home}/acceptance/new", look | {"level": "county"}).status_code == 422
    assert client.post(f"{home}/acceptance/new", look).status_code == 303
    assert only(Acceptance).level is AcceptanceLevel.SELF
    leader = Client(app).sign_in("town_leader")
    assert f"乡镇验收：{project.name}" in leader.get("/").text
    town = look | {"level": "township", "accepted_on": "2023-03-12"}
    assert leader.post(f"{home}/acceptance/new", town).status_code == 303
    assert f"乡镇验收：{project.name}" not in leader.get("/").text
    assert f"县级验收：{project.name}" in Client(app).sign_in("dept_reviewer").get("/").text
    page = client.get(home).text
    assert "乡镇验收" in page
    assert "还没有登记竣工公示" in page


def test_a_suspension_is_asked_for_and_decided(client, app, home):
    client.sign_in("town_reviewer")
    asked = {"kind": "suspend", "reason": "征地未完成"}
    assert client.post(f"{home}/changes/new", asked).status_code == 303
    assert client.post(f"{home}/changes/new", asked).status_code == 422
    change = only(ProjectChange)
    address = f"{home}/changes/{change.id}"
    assert client.post(f"{address}/approve", {"minutes_number": "1号"}).status_code == 403
    approver = Client(app).sign_in("approver")
    assert "去审批" in approver.get("/").text
    refused = approver.post(f"{address}/approve", {"words": "同意暂缓"})
    assert refused.status_code == 422
    assert "请填写会议纪要文号" in refused.text
    assert "同意暂缓" in refused.text
    assert approver.post(f"{address}/approve", {"minutes_number": "1号"}).status_code == 303
    assert only(ProjectChange).status is ChangeStatus.APPROVED
    page = client.get(home).text
    assert "2023-03-20 起暂缓实施：征地未完成" in page


def test_progress_with_photos_keeps_what_was_typed_and_shows_them(client, home):
    client.sign_in("village_clerk")
    report = {"words": "路基做完了", "taken_on": "2023-03-19"}
    refused = client.post(f"{home}/progress/new", report)
    assert refused.status_code == 422
    assert "请选一个进度" in refused.text
    assert "路基做完了" in refused.text
    sent = report | {"percent": "30", "photos": [photo(), photo((30, 40))]}
    assert client.post(f"{home}/progress/new", sent).location == home
    saved = only(ProgressReport)
    assert (saved.percent, [one.taken_on for one in saved.photos]) == (30, [date(2023, 3, 19)] * 2)
    address = f"{home}/files/{saved.photos[0].file_id}"
    assert address in client.get(home).text
    picture = client.get(address)
    assert picture.mimetype == "image/jpeg"
    assert b"secret place" not in picture.data
    client.sign_in("village_clerk2")
    assert client.get(address).status_code == 404


def test_the_home_page_asks_for_photos_until_they_are_fresh(client, world, project):
    ledger.add_project(world, "没有资金的项目")
    subsidy = ledger.add_project(world, "雨露计划", project_type="education")
    works.add_placement(subsidy, ledger.add_document(world, "2号"), 6)
    home = client.sign_in("village_clerk").get("/").text
    assert f"拍照报进度：{project.name}" in home
    assert "没有资金的项目" not in home
    assert subsidy.name not in home
    works.add_report(project, 30, date(2023, 2, 18))
    assert "上次 2023-02-18 报 30%" in client.get("/").text
    works.add_report(project, 60, date(2023, 2, 19))
    assert "拍照报进度" not in client.get("/").text


def test_a_typed_share_wins_and_other_files_are_refused(client, home):
    client.sign_in("village_clerk")
    report = {"percent": "30", "other": "45", "taken_on": "2023-03-20"}
    paper = (io.BytesIO(b"%PDF-1.4\n%%EOF"), "a.pdf")
    assert client.post(f"{home}/progress/new", report | {"photos": [paper]}).status_code == 422
    assert client.post(f"{home}/progress/new", report | {"other": "101"}).status_code == 422
    assert client.post(f"{home}/progress/new", report).status_code == 303
    assert only(ProgressReport).percent == 45


def test_a_completion_notice_is_listed_by_its_stage(client, project, home):
    client.sign_in("village_clerk")
    notice = {
        "stage": "completion",
        "level": "village",
        "from_on": "2023-03-01",
        "to_on": "2023-03-12",
        "place": "村部公示栏",
        "photo": photo(),
    }
    assert client.post(f"/boards/{project.id}/notices/new", notice).status_code == 303
    page = client.get(f"/library/{project.id}").text
    assert "竣工公示（村级公示）" in page
    assert "申报公示（村级公示）" not in page
    assert f'href="{home}"' in page
    assert "竣工公示（村级公示）" in client.get(home).text


def test_a_project_outside_the_library_offers_no_forms(client, world):
    works.add_change(project := ledger.add_project(world), ChangeKind.TERMINATE, date(2023, 3, 1))
    page = client.sign_in("auditor").get(f"/implementation/{project.id}").text
    assert "已终止" in page
    for words in ("登记合同", "报进度", "登记日期"):
        assert f">{words}<" not in page
