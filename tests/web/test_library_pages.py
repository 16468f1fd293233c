"""The library in the browser's eyes: scopes, steps, forms, drafts, papers."""

import io

import pytest
import sqlalchemy as sa
from PIL import Image

from portal.audit.models import AuditEntry
from portal.db import db, unit_of_work
from portal.files.models import StoredFile
from portal.files.operations import store
from portal.library.models import Project, ProjectDraft, PublicNotice
from portal.rules.vocabulary import ProjectStatus
from tests.applications import begin, fill_in, submitted, under_decision
from tests.client import Client

HTMX = {"HX-Request": "true", "HX-Target": "rows"}
ODD_WORDS = (
    "' OR 1=1--",
    "%",
    "_",
    "\0",
    "零" * 10_000,
    "😀𠮷",
    "\ud800",
    "<div hx-get=/x hx-trigger=load>",
    "{{7*7}}",
)


@pytest.fixture
def project_id(world) -> int:
    with unit_of_work(world.actor("village_clerk"), "test"):
        return begin(world).id


@pytest.fixture
def waiting_id(world) -> int:
    """A project that waits for the leading group."""
    with unit_of_work(world.actor("village_clerk"), "test"):
        return under_decision(world).id


def project(project_id: int) -> Project:
    db.session.rollback()
    return db.session.get_one(Project, project_id, populate_existing=True)


def jpeg() -> io.BytesIO:
    target = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(target, "JPEG")
    target.seek(0)
    return target


def test_a_clerk_begins_an_application_and_fills_it_in(client, world):
    client.sign_in("village_clerk")
    assert "东村" in client.get("/library/new").text
    begun = client.post(
        "/library/new",
        {
            "organization_id": world.ids["dong"],
            "department_id": world.ids["rural"],
            "name": "东村道路硬化项目",
            "year": "2023",
        },
    )
    assert begun.status_code == 303
    form = {
        "name": "东村道路硬化项目",
        "project_type": "crop_base",
        "central_amount": "１１０．５",
        "targets-0-level": "quantity",
        "targets-0-name": "道路",
        "targets-0-comparison": "ge",
        "targets-0-value": "2",
        "targets-0-unit": "公里",
    }
    saved = client.post(begun.location, form)
    assert saved.status_code == 303
    page = client.get(saved.location).text
    assert "110.50" in page
    assert "≥ 2 公里" in page
    assert "建设任务还没有填" in page


@pytest.mark.parametrize(
    "username", ["village_clerk2", "town_reviewer2", "foreigner", "dept_reviewer2"]
)
def test_b2_a_project_outside_my_reach_is_not_found(client, project_id, username):
    client.sign_in(username)
    for path in ("", "/edit", "/files/1"):
        assert client.get(f"/library/{project_id}{path}").status_code in {403, 404}
    for path in ("/submit", "/draft", "/edit", "/attachments", "/pass"):
        assert client.post(f"/library/{project_id}{path}").status_code in {403, 404}
    assert "东村烘干塔" not in client.get("/library/").text


def test_b2_an_auditor_reads_but_decides_nothing(client, waiting_id):
    client.sign_in("auditor")
    page = client.get(f"/library/{waiting_id}")
    assert page.status_code == 200
    assert "审定入库" not in page.text.split("经过")[0]
    assert client.post(f"/library/{waiting_id}/admit").status_code == 403


def test_the_leading_group_admits_with_minutes(client, waiting_id):
    client.sign_in("approver")
    path = f"/library/{waiting_id}/admit"
    refused = client.post(path, {"seen": project(waiting_id).version})
    assert refused.status_code == 422
    assert "会议纪要" in refused.text
    admitted = client.post(
        path, {"seen": project(waiting_id).version, "minutes_number": "纪要〔2023〕2号"}
    )
    assert admitted.status_code == 303
    assert project(waiting_id).status is ProjectStatus.ADMITTED


def test_a_reason_is_kept_on_the_page_when_it_is_missing(client, waiting_id):
    client.sign_in("approver")
    refused = client.post(f"/library/{waiting_id}/reject", {"minutes_number": "纪要9号"})
    assert refused.status_code == 422
    assert "要写明理由" in refused.text
    assert "纪要9号" in refused.text
    assert project(waiting_id).status is ProjectStatus.COUNTY_REVIEW


def test_r13_the_second_decision_learns_who_was_first(client, app, waiting_id):
    client.sign_in("approver")
    second = Client(app).sign_in("approver2")
    seen = project(waiting_id).version
    client.post(f"/library/{waiting_id}/reject", {"seen": seen, "words": "资金重复"})
    late = second.post(f"/library/{waiting_id}/admit", {"seen": seen, "minutes_number": "纪要1号"})
    assert late.status_code == 409
    assert "测试9" in late.text
    assert "未通过" in late.text


def test_b6_fields_that_are_not_on_the_form_are_ignored(client, project_id, world):
    client.sign_in("village_clerk")
    extra = {
        "name": "改名",
        "status": "admitted",
        "admitted_by_id": "1",
        "county_id": world.ids["other"],
        "organization_id": world.ids["xi"],
        "id": "999",
        "code": "x",
        "is_admin": "1",
        "villages": world.ids["nan"],
        "report_class": "industry",
    }
    assert client.post(f"/library/{project_id}/edit", extra).status_code in {303, 422}
    kept = project(project_id)
    assert kept.status is ProjectStatus.DRAFT
    assert kept.code == "county-2023-01"
    assert kept.organization_id == world.ids["dong"]
    assert [village.id for village in kept.villages] == [world.ids["dong"]]
    assert (kept.county_id, kept.admitted_by_id) == (world.ids["county"], None)


def test_a_draft_keeps_what_is_wrong_word_for_word(client, project_id):
    client.sign_in("village_clerk")
    typed = {"central_amount": "一百一十万", "start_on": "下个月", "name": "没写完的"}
    saved = client.post(f"/library/{project_id}/draft", typed, headers=HTMX)
    assert saved.status_code == 200
    assert "已自动保存" in saved.text
    page = client.get(f"/library/{project_id}/edit").text
    for words in typed.values():
        assert words in page
    assert "金额只写数字" in page
    assert project(project_id).name == "东村烘干塔续建项目"


def test_the_sum_of_the_sources_is_echoed_while_typing(client, project_id):
    client.sign_in("village_clerk")
    typed = {"central_amount": "1,100.5", "county_amount": "0.25"}
    echoed = client.post(f"/library/{project_id}/draft", typed, headers=HTMX).text
    assert "1100.75" in echoed
    assert "11007500.00 元" in echoed


def test_more_rows_for_targets_without_javascript(client, project_id):
    client.sign_in("village_clerk")
    answer = client.post(f"/library/{project_id}/draft", {"name": "甲", "rows": "9"})
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "targets-8-name" in page
    assert 'value="甲"' in page


def test_an_autosave_after_the_session_ended_asks_to_sign_in(app, project_id):
    answer = Client(app).post(f"/library/{project_id}/draft", {"name": "甲"}, headers=HTMX)
    assert answer.status_code in {400, 401}
    assert "password" not in answer.text
    assert db.session.get(ProjectDraft, project_id) is None


def test_two_people_on_one_application_see_both_values(client, app, project_id, world):
    client.sign_in("village_clerk")
    seen = project(project_id).version
    client.post(f"/library/{project_id}/edit", {"name": "先保存的名称", "seen": seen})
    late = client.post(f"/library/{project_id}/edit", {"name": "后保存的名称", "seen": seen})
    assert late.status_code == 409
    assert "现在保存的是：先保存的名称" in late.text
    assert "后保存的名称" in late.text
    assert project(project_id).name == "先保存的名称"


def test_a_notice_is_recorded_with_its_photo(client, project_id):
    client.sign_in("village_clerk")
    notice = {
        "stage": "application",
        "level": "village",
        "from_on": "2023-03-01",
        "to_on": "2023-03-12",
        "place": "村部公示栏",
        "photo": (jpeg(), "公示栏.jpg"),
    }
    assert client.post(f"/boards/{project_id}/notices/new", notice).status_code == 303
    db.session.rollback()
    recorded = db.session.scalars(sa.select(PublicNotice)).one()
    assert recorded.photo.name == "公示栏.jpg"
    assert "公示栏" in client.get(f"/library/{project_id}").text


def test_a_short_notice_is_refused_at_its_field(client, project_id):
    client.sign_in("village_clerk")
    notice = {
        "stage": "application",
        "level": "village",
        "from_on": "2023-03-01",
        "to_on": "2023-03-05",
        "place": "村部",
        "photo": (jpeg(), "a.jpg"),
    }
    refused = client.post(f"/boards/{project_id}/notices/new", notice)
    assert refused.status_code == 422
    assert "不足 10 天" in refused.text


def attach(client, project_id, content, name):
    data = {"category": "design", "file": (content, name)}
    return client.post(f"/library/{project_id}/attachments", data)


def test_d5_a_paper_is_given_out_as_an_attachment(client, project_id):
    client.sign_in("village_clerk")
    assert attach(client, project_id, jpeg(), "设计图.jpg").status_code == 303
    file = db.session.scalars(sa.select(StoredFile)).one()
    answer = client.get(f"/library/{project_id}/files/{file.id}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.mimetype == "image/jpeg"


def test_d5_a_flipped_byte_is_an_error_and_not_a_wrong_file(client, project_id):
    client.sign_in("village_clerk")
    attach(client, project_id, jpeg(), "设计图.jpg")
    file = db.session.scalars(sa.select(StoredFile)).one()
    path = store().path(file.sha256)
    content = bytearray(path.read_bytes())
    content[50] ^= 1
    path.write_bytes(bytes(content))
    assert client.get(f"/library/{project_id}/files/{file.id}").status_code == 500


def test_d2_a_disguised_page_is_refused_at_its_field(client, project_id):
    client.sign_in("village_clerk")
    refused = attach(client, project_id, io.BytesIO(b"<html><script>1</script>"), "图.jpg")
    assert refused.status_code == 422
    assert "这个文件的内容是网页" in refused.text
    assert db.session.scalar(sa.select(sa.func.count(StoredFile.id))) == 0


def test_a_paper_of_another_project_is_not_found(client, app, project_id, world):
    with unit_of_work(world.actor("village_clerk2"), "test"):
        other = begin(world, "village_clerk2").id
    client.sign_in("village_clerk")
    attach(client, project_id, jpeg(), "设计图.jpg")
    file_id = db.session.scalars(sa.select(StoredFile.id)).one()
    db.session.rollback()
    neighbour = Client(app).sign_in("village_clerk2")
    assert neighbour.get(f"/library/{other}/files/{file_id}").status_code == 404


def test_an_attachment_is_removed_and_stays_in_the_store(client, project_id):
    client.sign_in("village_clerk")
    attach(client, project_id, jpeg(), "设计图.jpg")
    attachment = project(project_id).attachments[0]
    path = f"/library/{project_id}/attachments/{attachment.id}/remove"
    assert client.post(path).status_code == 303
    assert "还没有附件" in client.get(f"/library/{project_id}").text
    assert list(store())


@pytest.mark.parametrize("words", ODD_WORDS)
def test_d9_odd_search_words_find_nothing_and_break_nothing(client, project_id, words):
    client.sign_in("village_clerk")
    answer = client.get("/library/", query_string={"q": words.encode("utf-8", "surrogatepass")})
    assert answer.status_code == 200
    assert ("东村烘干塔" in answer.text) is (words == "\0")


@pytest.mark.parametrize("words", ODD_WORDS)
def test_d9_odd_words_in_the_form_break_nothing(client, project_id, words):
    client.sign_in("village_clerk")
    text = words.encode("utf-8", "replace").decode()
    for field in ("name", "tasks", "central_amount", "start_on", "benefiting_people", "villages"):
        answer = client.post(f"/library/{project_id}/edit", {field: text})
        assert answer.status_code in {303, 422}
        assert client.post(f"/library/{project_id}/draft", {field: text}).status_code == 303
        assert client.get(f"/library/{project_id}/edit").status_code == 200


def test_c10_markup_in_a_name_stays_text(client, project_id):
    client.sign_in("village_clerk")
    name = '"><div hx-get="/x" hx-trigger="load">东村'
    client.post(f"/library/{project_id}/edit", {"name": name})
    for path in ("/library/", f"/library/{project_id}"):
        page = client.get(path).text
        assert '<div hx-get="/x"' not in page
        assert "&lt;div hx-get=" in page
        assert "hx-disable" in page


def test_filters_live_in_the_address(client, world):
    with unit_of_work(world.actor("village_clerk"), "test"):
        fill_in(begin(world), world)
        submitted(world)
    client.sign_in("lead_office")
    page = client.get("/library/?status=town_review&year=2023&class=industry&q=东村").text
    assert "共 1 个项目" in page
    assert "county-2023-02" in page
    assert "status=town_review" in page
    assert "没有符合条件" in client.get("/library/?year=2022").text
    assert client.get("/library/?year=x&page=-4&township=9999999999&class=no").status_code == 200


def test_c6_the_list_answers_htmx_with_its_rows_only(client, project_id):
    client.sign_in("village_clerk")
    fragment = client.get("/library/", headers=HTMX)
    assert fragment.text.lstrip().startswith('<div id="rows"')
    assert "<html" not in fragment.text
    assert "HX-Request" in fragment.headers["Vary"]


def test_a_refused_step_leaves_its_trace(client, waiting_id):
    client.sign_in("auditor")
    assert client.post(f"/library/{waiting_id}/admit").status_code == 403
    db.session.rollback()
    refused = sa.select(sa.func.count()).where(AuditEntry.result == "refused")
    assert db.session.scalar(refused) >= 1
