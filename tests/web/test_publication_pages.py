"""The pages of the hand-over: bundles, their differences, the article of a notice, the log."""

import errno
import io
import re
import zipfile

import pytest
import sqlalchemy as sa
from python_calamine import CalamineWorkbook

from portal.audit.models import AuditEntry
from portal.db import db
from portal.publication import bundles
from portal.publication.models import SiteBundle
from portal.publication.operations import build_due_sites
from portal.rules.vocabulary import BundleStatus
from portal.rules.workflow import Move
from tests import publishing


@pytest.fixture
def item(app, world):
    """A published result, and the site with it."""
    app.config["SITE_URL"] = "https://www.example.gov.cn/xianjie"
    _document, _project, found = publishing.published_result(world)
    build_due_sites()
    return found


def only_bundle() -> SiteBundle:
    db.session.rollback()
    return db.session.scalars(sa.select(SiteBundle)).one()


def test_from_the_button_to_the_hand_over(client, world, item):
    client.sign_in("lead_office")
    assert "还没有移交包" in client.get("/disclosure/site/bundles/").text
    made = client.post("/disclosure/site/bundles/", {})
    address = f"/disclosure/site/bundles/{only_bundle().id}"
    assert (made.status_code, made.location) == (303, address)
    page = client.get(address).text
    assert "第一次移交，全部是新增" in page
    assert f'href="https://www.example.gov.cn/xianjie/notices/{item.code}.html"' in page
    assert item.title in page
    assert "批准移交" not in page
    assert client.post(f"{address}/file").status_code == 422
    again = client.post("/disclosure/site/bundles/", {})
    assert (again.status_code, "正在等批准" in again.text) == (422, True)

    assert address not in client.get("/").text, "another person decides"
    client.sign_in("approver")
    assert address in client.get("/").text
    assert "批准移交" in client.get(address).text
    changes = client.get(f"{address}/changes/projects")
    assert (changes.status_code, "/projects/" in changes.text) == (200, True)
    rejected = client.post(f"{address}/step", {"move": "reject", "words": ""})
    assert (rejected.status_code, "理由" in rejected.text) == (422, True)
    assert client.post(f"{address}/step", {"move": "approve"}).status_code == 303

    client.sign_in("lead_office")
    assert "登记移交" in client.get("/").text
    for _ in range(2):
        answer = client.post(f"{address}/file")
        assert (answer.status_code, answer.mimetype) == (200, "application/zip")
        assert "bundle-county-1.zip" in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert f"site/notices/{item.code}.html" in archive.namelist()
    late = {"move": "deliver", "delivered_on": "2023-03-21", "words": "交信息中心"}
    refused = client.post(f"{address}/step", late)
    assert refused.status_code == 422
    assert 'value="2023-03-21"' in refused.text
    assert "交信息中心" in refused.text
    assert client.post(f"{address}/step", late | {"delivered_on": "不知道"}).status_code == 422
    done = client.post(f"{address}/step", late | {"delivered_on": "2023.3.20"})
    assert done.status_code == 303
    assert only_bundle().status is BundleStatus.DELIVERED
    downloads = sa.select(sa.func.count()).where(AuditEntry.result == "downloaded")
    assert db.session.scalar(downloads) == 2

    log = client.get("/disclosure/site/log/").text
    for words in ("第 1 号：生成", "第 1 号：批准", "第 1 号：登记移交", "交信息中心", item.title):
        assert words in log
    assert "/audit/" not in log.split("<main", 1)[1]
    client.sign_in("auditor")
    assert f"row=site_bundle:{only_bundle().id}" in client.get("/disclosure/site/log/").text


def test_nobody_else_makes_or_takes_one(client, world, item):
    client.sign_in("lead_office").post("/disclosure/site/bundles/", {})
    address = f"/disclosure/site/bundles/{only_bundle().id}"
    for person in ("village_clerk", "auditor"):
        client.sign_in(person)
        assert client.get(address).status_code == 200
        assert client.post("/disclosure/site/bundles/", {}).status_code == 403
        assert client.post(f"{address}/file").status_code == 403
        assert client.post(f"{address}/step", {"move": "approve"}).status_code == 403
    client.sign_in("foreigner")
    for path in (address, f"{address}/changes/notices"):
        assert client.get(path).status_code == 404
    assert client.post(f"{address}/file").status_code == 404


@pytest.mark.parametrize(
    ("code", "status", "words"),
    [(errno.ENOSPC, 507, "磁盘已满"), (errno.EIO, 500, "磁盘出错")],
)
def test_r12_a_full_disk_is_said_on_the_page(client, world, item, monkeypatch, code, status, words):
    def fail(*_arguments):
        raise OSError(code, "Input/output error")

    monkeypatch.setattr(bundles, "write_bundle", fail)
    answer = client.sign_in("lead_office").post("/disclosure/site/bundles/", {})
    assert (answer.status_code, words in answer.text) == (status, True)
    assert "原来的都没有动" in answer.text
    refused = sa.select(AuditEntry.diff).where(AuditEntry.result == "refused")
    assert words in db.session.scalars(refused).all()[-1]


def test_an_outdated_bundle_offers_a_new_one(client, world, item):
    client.sign_in("lead_office").post("/disclosure/site/bundles/", {})
    address = f"/disclosure/site/bundles/{only_bundle().id}"
    publishing.publish(world, publishing.announce(world))
    build_due_sites()
    assert "重新生成移交包" in client.get(address).text
    page = client.sign_in("approver").get(address).text
    assert "不能再批准" in page
    assert "批准移交" not in page
    answer = client.post(f"{address}/step", {"move": "approve"})
    assert (answer.status_code, "公开网站又更新了" in answer.text) == (422, True)


def test_p5_a_bundle_with_withdrawn_content_offers_no_file(client, world, item):
    client.sign_in("lead_office").post("/disclosure/site/bundles/", {})
    address = f"/disclosure/site/bundles/{only_bundle().id}"
    client.sign_in("approver").post(f"{address}/step", {"move": "approve"})
    assert "下载移交包" in client.get(address).text
    publishing.take(world, item, Move.WITHDRAW, "approver", "写了个人信息")
    page = client.sign_in("lead_office").get(address).text
    assert f"包里有已经撤回的内容：“{item.title}”（{item.code}" in page
    assert "下载移交包" not in page
    assert "仍可移交" not in page
    refused = client.post(f"{address}/file")
    assert (refused.status_code, "请作废这一包" in refused.text) == (422, True)


def test_the_log_is_filtered_and_exported(client, world, item):
    client.sign_in("auditor")
    assert item.title in client.get("/disclosure/site/log/?kind=publish").text
    assert item.title not in client.get("/disclosure/site/log/?kind=build").text
    assert item.title not in client.get("/disclosure/site/log/?last=2023-03-19").text
    odd = client.get("/disclosure/site/log/?kind=nothing&first=gestern&page=99999999999")
    assert (odd.status_code, item.title in odd.text) == (200, True)
    approver, drafter = (world.user(who).name for who in ("approver", "finance_agri"))
    sheet = client.get("/disclosure/site/log/export?kind=publish")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet.data)).get_sheet_by_index(0).to_python()
    ((_day, time, *told),) = [row[:5] for row in rows[1:] if item.title in row]
    assert re.fullmatch(r"\d\d:\d\d", time)
    assert told == ["批准公开", item.title, f"{approver}（拟稿 {drafter}）"]
    foreign = client.sign_in("foreigner").get("/disclosure/site/log/").text
    assert item.title not in foreign


def test_the_log_tells_the_time_and_is_in_its_order(client, world, item):
    """Published, built, bundled, published again: the kinds alternate as they happened."""
    client.sign_in("lead_office").post("/disclosure/site/bundles/", {})
    publishing.publish(world, publishing.announce(world))
    build_due_sites()
    found = client.get("/disclosure/site/log/").text
    happened = re.findall(r'data-label="事项"[^>]*>(.+?)<', found)
    assert happened == ["生成网站", "批准公开", "移交包", "生成网站", "批准公开"]
    times = re.findall(r"2023-03-20 (\d\d:\d\d)</th>", found)
    assert len(times) == 5
    assert f"{world.user('approver').name}（拟稿 {world.user('finance_agri').name}）" in found


def test_an_article_can_be_copied_and_downloaded(client, world, item):
    client.sign_in("lead_office")
    assert f"/disclosure/{item.id}/article" in client.get(f"/disclosure/{item.id}").text
    page = client.get(f"/disclosure/{item.id}/article").text
    assert re.search(r"<textarea[^>]*readonly[^>]*>\s*&lt;h3&gt;", page)
    answer = client.get(f"/disclosure/{item.id}/article.html")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.text.startswith("<h3>")
    assert "https://www.example.gov.cn/xianjie/projects/" in answer.text
    draft = publishing.announce(world)
    assert client.get(f"/disclosure/{draft.id}/article").status_code == 404


def test_an_article_with_private_data_does_not_leave(client, world, item, monkeypatch):
    def private(_template: str, **_context: object) -> str:
        return "<p>联系 13812345678</p>"

    monkeypatch.setattr("portal.publication.articles.render_template", private)
    client.sign_in("lead_office")
    answer = client.get(f"/disclosure/{item.id}/article")
    assert (answer.status_code, "13812345678" in answer.text) == (422, False)
    made = client.post("/disclosure/site/bundles/", {})
    assert (made.status_code, "没有生成移交包" in made.text) == (422, True)
