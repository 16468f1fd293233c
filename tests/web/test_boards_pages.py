"""公示栏 over HTTP: record, photograph, poster, objection; each refusal keeps what was typed."""

import io
from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.boards.printing import can_print
from portal.db import db, unit_of_work
from portal.library.models import Objection, PublicNotice
from portal.rules.access import SYSTEM
from tests import ledger, publishing
from tests.corpus.pictures import picture
from tests.ledger import TODAY

RECORD = {
    "stage": "start",
    "level": "village",
    "from_on": TODAY.isoformat(),
    "to_on": (TODAY + timedelta(10)).isoformat(),
    "place": "东村公开栏",
}
PNG = b"\x89PNG"


@pytest.fixture
def project(world):
    return ledger.add_project(world, "东村道路")


@pytest.fixture
def notice(client, project):
    """Recorded by the clerk of the project's village, who is signed in."""
    made = client.sign_in("village_clerk").post(f"/boards/{project.id}/notices/new", RECORD)
    assert made.status_code == 303
    return newest(PublicNotice)


def newest(model):
    db.session.rollback()
    return db.session.scalars(sa.select(model).order_by(model.id.desc())).first()


def address(notice, *more):
    return "/".join((f"/boards/{notice.project_id}/notices/{notice.id}", *more))


def photo(content=None, name="公示栏.jpg"):
    return {"photo": (io.BytesIO(content or picture()), name)}


def test_a_notice_is_recorded_and_listed(client, world, project):
    client.sign_in("village_clerk")
    assert "还没有公示。" in client.get("/boards/").text
    form = client.get(f"/boards/{project.id}/notices/new").text
    assert "公示至少 10 天，张贴当天不算" in form
    early = RECORD | {"to_on": (TODAY + timedelta(5)).isoformat()}
    refused = client.post(f"/boards/{project.id}/notices/new", early)
    assert (refused.status_code, "东村公开栏" in refused.text) == (422, True)
    made = client.post(f"/boards/{project.id}/notices/new", RECORD)
    assert made.location == address(newest(PublicNotice))
    page = client.get(made.location).text
    assert ("公示中，剩10天" in page, "还没有照片" in page) == (True, True)
    listed = client.get("/boards/").text
    assert ("今天要拍的公示栏" in listed, "东村道路" in listed) == (True, True)
    assert "没有符合条件的公示" in client.get("/boards/?shown=over").text


def test_only_the_village_and_its_township_record(client, world, project, notice):
    for who, status in (("town_reviewer", 200), ("village_clerk2", 404), ("town_reviewer2", 404)):
        client.sign_in(who)
        assert client.get(f"/boards/{project.id}/notices/new").status_code == status
        assert client.get(address(notice, "photos", "first")).status_code == status
    client.sign_in("auditor")
    page = client.get(address(notice)).text
    assert ("东村公开栏" in page, "登记异议" in page) == (True, False)
    assert client.get(f"/boards/{project.id}/notices/new").status_code == 403
    assert client.post(address(notice, "objections"), {"content": "x"}).status_code == 403
    assert client.sign_in("foreigner").get(address(notice)).status_code == 404


def test_a_photo_is_taken_on_its_day_and_shown(client, world, project, notice):
    path = address(notice, "photos", "first")
    assert "第一天的照片" in client.get(path).text
    empty = client.post(path, {})
    assert (empty.status_code, "请拍一张公示栏的照片" in empty.text) == (422, True)
    fake = client.post(path, photo(PNG + b"nothing"))
    assert fake.status_code == 422
    early = client.post(address(notice, "photos", "last"), photo())
    assert early.status_code == 422
    assert client.post(path, photo()).status_code == 303
    page = client.get(address(notice)).text
    assert 'alt="第一天的照片"' in page
    file = f"/library/{project.id}/files/{newest(PublicNotice).photo_id}"
    assert file in page
    assert client.get(file).status_code == 200
    assert client.sign_in("village_clerk2").get(file).status_code == 404
    assert client.sign_in("foreigner").get(file).status_code == 404


def test_a_photo_of_an_earlier_day_stays(client, notice):
    path = address(notice, "photos", "first")
    client.post(path, photo())
    assert "保存照片" in client.get(path).text  # of the same day: it may be taken again
    with unit_of_work(SYSTEM, "test"):
        newest(PublicNotice).photo_on = TODAY - timedelta(1)
    page = client.get(path).text
    assert ("是公示的证据，不能再换" in page, "保存照片" in page) == (True, False)


def test_the_poster_is_a_page_to_print(client, world, notice):
    for size in ("a4", "a3"):
        page = client.get(address(notice, "poster", size))
        assert f'class="poster {size}"' in page.text
        for words in (
            "项目实施前公示",
            "东村道路",
            "12317",
            "海报上没有二维码",
            "还没有登记电话和地址",
        ):
            assert words in page.text
    assert client.get(address(notice, "poster", "a5")).status_code == 404
    printed = client.get(address(notice, "poster", "a4.pdf"))
    assert (printed.status_code, printed.data[:4] == b"%PDF") == (
        (200, True) if can_print() else (404, False)
    )
    assert client.sign_in("foreigner").get(address(notice, "poster", "a4")).status_code == 404


def test_a_notice_of_the_county_is_printed_once_it_is_public(client, world):
    item = publishing.announce(world)
    path = f"/boards/items/{item.id}/poster/a4"
    early = client.sign_in("lead_office").get(path)
    assert (early.status_code, "才能打印海报" in early.text) == (422, True)
    publishing.publish(world, item)
    assert "明天停电。" in client.get(path).text


def test_an_objection_goes_through_three_pairs_of_hands(client, world, notice):
    objections = address(notice, "objections")
    said = {"received_on": TODAY.isoformat(), "content": "路面厚度不够"}
    client.sign_in("town_reviewer")
    leak = client.post(objections, said | {"content": "张三 13800138000"})
    assert (leak.status_code, "手机号138" in leak.text) == (422, True)
    assert "张三 13800138000</textarea>" in leak.text
    assert client.post(objections, said).status_code == 303
    path = address(notice, "objections", str(newest(Objection).id))
    assert "待答复" in client.get("/boards/").text

    early = client.post(f"{path}/close")
    assert (early.status_code, "还没有答复" in early.text) == (422, True)
    assert client.post(f"{path}/answer", {"answer": ""}).status_code == 422
    assert client.post(f"{path}/answer", {"answer": "已复测，厚度合格"}).status_code == 303
    own = client.get(address(notice)).text
    assert ("由乡镇的另一人办结" in own, "办结异议" in own) == (True, False)
    for who in ("town_reviewer", "village_clerk"):
        assert client.sign_in(who).post(f"{path}/close").status_code == 422
    assert client.sign_in("village_clerk2").post(f"{path}/close").status_code == 404

    client.sign_in("town_leader")
    assert "办结异议" in client.get(address(notice)).text
    assert client.post(f"{path}/close").status_code == 303
    assert "办结</strong>" in client.get(address(notice)).text
