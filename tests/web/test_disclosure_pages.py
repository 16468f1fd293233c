"""The pages of disclosure: ledger, drafting, deciding, correcting, and the public site's page."""

import re

import pytest
import sqlalchemy as sa

from portal.db import db, unit_of_work
from portal.disclosure.models import DisclosureItem
from portal.publication.models import SiteBuild
from portal.publication.site_facts import facts_of
from portal.rules.vocabulary import BuildState, DisclosureStatus
from portal.rules.workflow import Move
from tests import ledger, publishing


def only_item() -> DisclosureItem:
    db.session.rollback()
    return db.session.scalars(sa.select(DisclosureItem).order_by(DisclosureItem.id.desc())).first()


def form_of(item: DisclosureItem, **changes: object) -> dict[str, object]:
    return {
        "title": item.title,
        "form": item.form.value,
        "body": item.body,
        "unit": item.unit,
        "phones": item.phones,
        "address": item.address,
        "documents": [document.id for document in item.documents],
        "projects": [project.id for project in item.projects],
    } | changes


def approval(client, item: DisclosureItem, **more: str) -> dict[str, str]:
    """The form that approves what the item's page shows now."""
    page = client.get(f"/disclosure/{item.id}").text
    (shown,) = re.findall(r'name="shown" value="([0-9a-f]{64})"', page)
    return {"move": "approve", "shown": shown} | more


def test_the_whole_way_from_the_choice_to_the_public(client, world):
    document, project = publishing.placed(world)
    client.sign_in("finance_agri")
    assert client.get("/disclosure/new").status_code == 200
    assert document.number in client.get("/disclosure/new/fund_allocation").text
    begun = client.post("/disclosure/new/fund_allocation", {"documents": [document.id]})
    item = only_item()
    assert begun.location == f"/disclosure/{item.id}/edit"
    assert "资金来源：" in client.get(begun.location).text

    saved = client.post(begun.location, form_of(item, title="第一批分配结果", projects=[]))
    assert saved.status_code == 303
    page = client.get(f"/disclosure/{item.id}").text
    assert "第一批分配结果" in page
    assert "公众将看到的内容" in page
    assert project.name in page
    assert client.post(f"/disclosure/{item.id}/step", {"move": "submit"}).status_code == 303
    assert "批准公开" not in client.get(f"/disclosure/{item.id}").text

    client.sign_in("approver")
    assert "批准公开" in client.get(f"/disclosure/{item.id}").text
    form = approval(client, item)
    assert client.post(f"/disclosure/{item.id}/step", form).status_code == 303
    assert only_item().status is DisclosureStatus.PUBLISHED
    assert "第一批分配结果" in publishing.site(world)[f"notices/{item.code}.html"].decode()


def test_unticking_the_documents_takes_their_projects_out(client, world):
    document, _project = publishing.placed(world)
    item = publishing.draft(world, document)
    client.sign_in("finance_agri").post(
        f"/disclosure/{item.id}/edit", form_of(item, documents=[], projects=[])
    )
    found = only_item()
    assert (found.documents, found.projects) == ([], [])
    assert "还没有选择要公开的资金文件或项目" in client.get(f"/disclosure/{item.id}").text


def test_nothing_chosen_is_refused_at_the_field(client, world):
    publishing.placed(world)
    answer = client.sign_in("finance_agri").post("/disclosure/new/fund_allocation", {})
    assert answer.status_code == 422
    assert "请至少选择 1 份资金文件" in answer.text


def test_a_library_is_drafted_from_its_year(client, world):
    ledger.add_project(world)
    client.sign_in("lead_office")
    assert client.post("/disclosure/new/library", {"year": "2022"}).status_code == 422
    assert client.post("/disclosure/new/library", {"year": "2023"}).status_code == 303
    assert only_item().title == "2023年度项目库公示"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": ""}, "请填写这一项"),
        ({"phones": "张三"}, "“张三”不像电话"),
        ({"from_on": "2023-04-02", "to_on": "2023-04-01"}, "早于开始日期"),
        ({"from_on": "4月2日"}, "请写成“2023-03-20”这样的日期"),
    ],
)
def test_a_wrong_field_keeps_what_was_typed(client, world, changes, words):
    item = publishing.announce(world)
    sent = form_of(item, body="改过的正文") | changes
    answer = client.sign_in("finance_agri").post(f"/disclosure/{item.id}/edit", sent)
    assert answer.status_code == 422
    assert words in answer.text
    assert "改过的正文" in answer.text
    assert only_item().body == "明天停电。"


def test_p4_the_page_says_which_private_data_stands_in_the_way(client, world):
    item = publishing.announce(world, body="请找 13800138000")
    client.sign_in("finance_agri")
    page = client.get(f"/disclosure/{item.id}").text
    assert "“停电通知”正文第1段里的手机号138********" in page
    refused = client.post(f"/disclosure/{item.id}/step", {"move": "submit"})
    assert refused.status_code == 422
    assert only_item().status is DisclosureStatus.DRAFT


def test_a_draft_that_came_back_says_so_on_the_first_page(client, world):
    item = publishing.announce(world)
    publishing.take(world, item, Move.SUBMIT, "finance_agri")
    publishing.take(world, item, Move.RETURN, "approver", "写明停电的村")
    page = client.sign_in("finance_agri").get("/").text
    name = world.actor("approver").name
    assert f"{name}退回：写明停电的村" in page
    assert ("退回修改" in page, "去修改" in page) == (True, True)
    publishing.take(world, item, Move.SUBMIT, "finance_agri")
    assert "去审批" in client.sign_in("approver").get("/").text


def test_nobody_approves_a_text_that_they_never_saw(client, world):
    item = publishing.announce(world, body="第一稿")
    publishing.take(world, item, Move.SUBMIT, "finance_agri")
    old = approval(client.sign_in("approver"), item, words="同意公开")
    publishing.take(world, item, Move.RETURN, "approver2", "改一下")
    with unit_of_work(world.actor("finance_agri"), "test"):
        item.body = "完全不同的第二稿"
    publishing.take(world, item, Move.SUBMIT, "finance_agri")
    answer = client.post(f"/disclosure/{item.id}/step", old)
    assert answer.status_code == 409
    assert "内容在您打开以后改过" in answer.text
    assert "完全不同的第二稿" in answer.text
    assert "同意公开</textarea>" in answer.text
    assert only_item().status is DisclosureStatus.SUBMITTED
    seen = approval(client, item)
    assert client.post(f"/disclosure/{item.id}/step", seen).status_code == 303
    assert only_item().status is DisclosureStatus.PUBLISHED


def test_an_approval_is_of_the_projects_as_the_page_showed_them(client, world):
    document, project = publishing.placed(world)
    item = publishing.draft(world, document)
    publishing.take(world, item, Move.SUBMIT, "finance_agri")
    old = approval(client.sign_in("approver"), item)
    with unit_of_work(world.actor("lead_office"), "test"):
        project.tasks = "改了的建设任务"
    for form in (old, {"move": "approve"}):
        assert client.post(f"/disclosure/{item.id}/step", form).status_code == 409
    assert only_item().status is DisclosureStatus.SUBMITTED


def test_a_return_wants_words_and_shows_them(client, world):
    item = publishing.announce(world)
    publishing.take(world, item, Move.SUBMIT, "finance_agri")
    client.sign_in("approver")
    refused = client.post(f"/disclosure/{item.id}/step", {"move": "return", "words": " "})
    assert (refused.status_code, "要写明理由" in refused.text) == (422, True)
    client.post(f"/disclosure/{item.id}/step", {"move": "return", "words": "写明停电时间"})
    assert "写明停电时间" in client.get(f"/disclosure/{item.id}").text
    assert only_item().status is DisclosureStatus.DRAFT


def test_a_correction_begins_on_the_page_and_shows_the_editions(client, world):
    item = publishing.publish(world, publishing.announce(world))
    client.sign_in("finance_agri")
    assert client.post(f"/disclosure/{item.id}/correct", {"reason": ""}).status_code == 422
    begun = client.post(f"/disclosure/{item.id}/correct", {"reason": "日期写错"})
    second = only_item()
    assert begun.location == f"/disclosure/{second.id}/edit"
    page = client.get(f"/disclosure/{second.id}").text
    assert "第 2 版（本页）" in page
    assert "日期写错" in page


def test_a_withdrawal_is_the_approvers(client, world):
    item = publishing.publish(world, publishing.announce(world))
    assert "撤回公开" not in client.sign_in("finance_agri").get(f"/disclosure/{item.id}").text
    client.sign_in("approver")
    client.post(f"/disclosure/{item.id}/step", {"move": "withdraw", "words": "重复"})
    assert only_item().status is DisclosureStatus.WITHDRAWN


def test_b1_another_county_finds_nothing(client, world):
    item = publishing.announce(world)
    client.sign_in("foreigner")
    assert client.get(f"/disclosure/{item.id}").status_code == 404
    assert client.get(f"/disclosure/{item.id}/edit").status_code == 404
    assert item.title not in client.get("/disclosure/").text


def test_b2_a_reader_may_look_and_nothing_more(client, world):
    item = publishing.announce(world)
    client.sign_in("village_clerk")
    assert client.get(f"/disclosure/{item.id}").status_code == 404  # a draft is its writers' own
    assert item.title not in client.get("/disclosure/").text
    publishing.publish(world, item)
    assert client.get(f"/disclosure/{item.id}").status_code == 200
    assert item.title in client.get("/disclosure/").text
    assert client.get("/disclosure/new").status_code == 403
    assert client.get(f"/disclosure/{item.id}/edit").status_code == 403
    assert client.post(f"/disclosure/{item.id}/step", {"move": "submit"}).status_code == 403
    assert client.post("/disclosure/site/build").status_code == 403


def test_the_ledger_filters_by_its_address(client, world):
    publishing.publish(world, publishing.announce(world, "停水通知"))
    publishing.announce(world, "停电通知")
    client.sign_in("auditor")
    for query, shown, hidden in (
        ("?q=停水", "停水通知", "停电通知"),
        ("?status=draft", "停电通知", "停水通知"),
        ("?kind=library", "没有符合条件", "停水通知"),
        ("?year=2022", "没有符合条件", "停电通知"),
        ("?status=nonsense&page=99", "停电通知", "没有符合条件"),
        ("?q=%25", "没有符合条件", "停电通知"),
    ):
        page = client.get(f"/disclosure/{query}").text
        assert shown in page, query
        assert hidden not in page, query


def test_an_item_that_is_no_draft_has_no_edit_page(client, world):
    item = publishing.publish(world, publishing.announce(world))
    answer = client.sign_in("finance_agri").get(f"/disclosure/{item.id}/edit")
    assert answer.location == f"/disclosure/{item.id}"


@pytest.mark.parametrize(
    "path", ["/disclosure/new/nonsense", "/disclosure/999", "/disclosure/999/edit"]
)
def test_an_address_that_cannot_be_is_not_found(client, world, path):
    assert client.sign_in("finance_agri").get(path).status_code == 404


def test_an_unknown_move_is_a_bad_request(client, world):
    item = publishing.announce(world)
    answer = client.sign_in("finance_agri").post(f"/disclosure/{item.id}/step", {"move": "fly"})
    assert answer.status_code == 400


def test_asking_for_the_site_leaves_one_request(client, world):
    client.sign_in("approver")
    client.post("/disclosure/site/build")
    client.post("/disclosure/site/build")
    db.session.rollback()
    (run,) = db.session.scalars(sa.select(SiteBuild))
    assert run.state is BuildState.WAITING
    page = client.get("/disclosure/site/").text
    assert re.search(r'hx-trigger="every 5s"', page)
    assert "等待生成" in page


def test_shared_facts_are_changed_on_the_page(client, world):
    client.sign_in("approver")
    facts = facts_of(publishing.county_of(world))
    refused = client.post("/disclosure/site/facts", facts | {"phones": "没有号码"})
    assert (refused.status_code, "不像电话" in refused.text) == (422, True)
    assert client.post("/disclosure/site/facts", facts | {"icp": "黑ICP备1号"}).status_code == 303
    db.session.rollback()
    assert "黑ICP备1号" in publishing.site(world)["index.html"].decode()


def test_what_people_typed_is_shown_as_text(client, world):
    item = publishing.announce(world, "<script>alert(1)</script>", "<img src=x onerror=alert(1)>")
    page = client.sign_in("finance_agri").get(f"/disclosure/{item.id}").text
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_the_runs_are_a_fragment_of_their_own_for_polling(client, world):
    client.sign_in("approver").post("/disclosure/site/build")
    headers = {"HX-Request": "true", "HX-Target": "runs"}
    fragment = client.get("/disclosure/site/", headers=headers).text
    assert fragment.lstrip().startswith('<div id="runs"')
    assert "<html" not in fragment
