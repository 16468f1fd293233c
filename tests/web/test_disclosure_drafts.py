"""The pages before a draft, one for each kind of notice, and the papers that a draft brings along."""

import io

import pytest
import sqlalchemy as sa
from PIL import Image

from portal.db import db
from portal.disclosure.models import DisclosureItem
from portal.rules.vocabulary import DisclosureKind
from portal.rules.workflow import Move
from tests import ledger, publishing


def last_item() -> DisclosureItem:
    db.session.rollback()
    return db.session.scalars(sa.select(DisclosureItem).order_by(DisclosureItem.id.desc())).first()


def jpeg() -> io.BytesIO:
    target = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(target, "JPEG")
    target.seek(0)
    return target


def test_every_kind_is_offered_and_begins(client, world):
    client.sign_in("finance_agri")
    offered = client.get("/disclosure/new").text
    for kind in DisclosureKind:
        assert f'href="/disclosure/new/{kind.value}"' in offered
        assert client.get(f"/disclosure/new/{kind.value}").status_code == 200
    assert client.get("/disclosure/new/rumour").status_code == 404


@pytest.mark.parametrize(
    ("kind", "sent", "title"),
    [
        (
            "policy",
            {"title": "资金管理办法", "number": "试财〔2021〕1号", "words": "总则"},
            "资金管理办法",
        ),
        ("rectification", {"title": "整改", "problem": "支付慢", "remedy": "已支付"}, "整改"),
        ("completion", {"year": "2023"}, "2023年度项目计划完成情况公告"),
    ],
)
def test_what_a_page_asks_is_enough_for_a_draft(client, world, kind, sent, title):
    publishing.placed(world)
    client.sign_in("finance_agri")
    begun = client.post(f"/disclosure/new/{kind}", sent)
    item = last_item()
    assert begun.location == f"/disclosure/{item.id}/edit"
    assert (item.kind.value, item.title) == (kind, title)
    assert client.get(begun.location).status_code == 200


@pytest.mark.parametrize(
    ("kind", "sent", "words"),
    [
        ("fund_receipt", {}, "请至少选择 1 份资金文件"),
        (
            "performance",
            {"year": "2023", "about": "projects"},
            "2023 年没有可以公开的项目",
        ),
        ("performance", {"year": "2023", "about": "county"}, "还没有签字上报"),
        ("complaints", {"from_on": "2023-01-01", "to_on": "2023-02-01"}, "请换一段时间"),
        ("complaints", {"from_on": "一月", "to_on": "2023-02-01"}, "这样的日期"),
        ("adjustment", {"batch": "77"}, "请"),
        ("policy", {"title": "", "words": "写好的正文"}, "写好的正文"),
    ],
)
def test_what_cannot_be_drafted_is_refused_with_the_way_out(client, world, kind, sent, words):
    ledger.add_document(world)
    answer = client.sign_in("finance_agri").post(f"/disclosure/new/{kind}", sent)
    assert answer.status_code == 422
    assert words in answer.text
    assert last_item() is None


def test_an_adjustment_is_chosen_by_its_approval(client, world):
    document, _project = publishing.placed(world)
    batch = ledger.add_adjustment(world, "三月调整")
    ledger.take_back(world, batch, document.allocations[0], 20)
    ledger.approve(world, batch)
    client.sign_in("finance_agri")
    assert "三月调整" in client.get("/disclosure/new/adjustment").text
    assert client.post("/disclosure/new/adjustment", {"batch": batch.id}).status_code == 303
    item = last_item()
    form = client.get(f"/disclosure/{item.id}/edit").text
    assert 'name="projects"' in form
    assert 'name="documents"' in form


def test_papers_come_and_go_while_it_is_a_draft(client, world):
    item = publishing.announce(world, "资金管理办法")
    client.sign_in("finance_agri")
    where = f"/disclosure/{item.id}/files"
    sent = {"title": "办法全文", "file": (jpeg(), "扫描.jpg")}
    assert client.post(where, sent).status_code == 303
    (paper,) = last_item().attachments
    page = client.get(f"/disclosure/{item.id}").text
    assert "附件：办法全文" in page
    assert client.get(f"{where}/{paper.id}").mimetype == "image/jpeg"
    refused = client.post(where, {"title": "程序", "file": (io.BytesIO(b"MZ"), "a.exe")})
    assert (refused.status_code, "程序" in refused.text) == (422, True)
    assert client.post(where, {"title": "没有文件"}).status_code == 422
    assert client.post(f"{where}/999/remove").status_code == 404
    client.post(f"{where}/{paper.id}/remove")
    assert last_item().attachments == []


def test_a_handed_in_notice_keeps_its_papers_and_a_correction_takes_them_over(client, world):
    item = publishing.announce(world, "资金管理办法")
    client.sign_in("finance_agri")
    where = f"/disclosure/{item.id}/files"
    client.post(where, {"title": "办法全文", "file": (jpeg(), "扫描.jpg")})
    (paper,) = last_item().attachments
    publishing.take(world, last_item(), Move.SUBMIT, "finance_agri")
    assert client.post(f"{where}/{paper.id}/remove").status_code == 422
    publishing.take(world, last_item(), Move.APPROVE, "approver")
    client.post(f"/disclosure/{item.id}/correct", {"reason": "换了封面"})
    assert [one.title for one in last_item().attachments] == ["办法全文"]
    client.sign_in("foreigner")
    assert client.get(f"{where}/{paper.id}").status_code == 404
