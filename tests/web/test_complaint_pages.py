"""The pages of complaints: who sees which, nothing typed is lost, no way to look a number up."""

import io

import pytest
import sqlalchemy as sa

from portal.complaints.models import Complaint
from portal.db import db
from portal.rules.vocabulary import ComplaintResult
from tests import ledger
from tests.corpus.pictures import picture

INTAKE = {
    "channel": "hotline",
    "received_on": "2023-03-20",
    "content": "东村的路只修了一半",
    "contact": "13812345678",
    "project": "",
}


def latest() -> Complaint:
    db.session.rollback()
    return db.session.scalars(sa.select(Complaint).order_by(Complaint.id.desc())).first()


def test_from_the_call_to_the_end(client, world):
    client.sign_in("lead_office")
    assert client.get("/complaints/new").status_code == 200
    odd = client.post("/complaints/new", INTAKE | {"project": "gibt-es-nicht"})
    assert (odd.status_code, "东村的路" in odd.text) == (422, True)
    first = client.post("/complaints/new", INTAKE)
    assert "已登记" in client.get(first.location).text
    again = client.post("/complaints/new", INTAKE)
    page = client.get(again.location).text
    assert first.location != again.location
    assert "2023-001" not in page
    assert "13812345678" not in page
    path = f"/complaints/{latest().id}"
    assert "13812345678" in client.post(f"{path}/contact").text
    given = client.post(f"{path}/assign", {"office": world.ids["jia"], "words": "速办"})
    assert given.status_code == 303

    client.sign_in("town_reviewer2")
    assert client.get(path).status_code == 404
    assert "2023-002" not in client.get("/complaints/").text
    assert client.post(f"{path}/contact").status_code == 404
    client.sign_in("town_reviewer")
    assert "投诉举报 2023-002" in client.get("/").text
    assert "2023-001" not in client.get("/complaints/").text
    empty = client.post(f"{path}/answer", {"result": "true", "answer": ""})
    assert empty.status_code == 422
    done = {"result": "true", "answer": "已补修"}
    assert client.post(f"{path}/answer", done).status_code == 303
    assert client.post(f"{path}/close", {"summary": "已补修"}).status_code == 422

    client.sign_in("approver")
    leak = client.post(f"{path}/close", {"summary": "联系13812345678"})
    assert (leak.status_code, "手机号138" in leak.text) == (422, True)
    assert client.post(f"{path}/close", {"summary": "已补修，群众认可。"}).status_code == 303
    assert "已办结" in client.get(path).text
    assert client.post(f"{path}/contact").status_code == 403


NUMBER = "请打13812345678"


def test_no_number_stays_in_what_is_written_on_the_way(client, world):
    """The contact is erased at the end; opinion, answer and reason are not."""
    client.sign_in("lead_office").post("/complaints/new", INTAKE)
    path = f"/complaints/{latest().id}"

    def refused(move: str, data: dict[str, object]) -> None:
        answer = client.post(f"{path}/{move}", data)
        assert (answer.status_code, "这里有手机号138" in answer.text) == (422, True)
        assert f"{NUMBER}</textarea>" in answer.text, "what was typed is lost"

    refused("assign", {"office": world.ids["jia"], "words": NUMBER})
    client.post(f"{path}/assign", {"office": world.ids["jia"], "words": ""})
    refused("answer", {"result": "true", "answer": NUMBER})
    client.post(f"{path}/answer", {"result": "true", "answer": "已补修"})
    refused("return", {"words": NUMBER})


def test_the_page_says_who_sees_the_contact_now(client, world):
    client.sign_in("lead_office").post("/complaints/new", INTAKE)
    path = f"/complaints/{latest().id}"
    client.post(f"{path}/assign", {"office": world.ids["jia"], "words": ""})
    assert "只给领导小组办公室和承办单位看" in client.sign_in("auditor").get(path).text
    client.sign_in("town_reviewer")
    assert "每次查看都有记录" in client.get(path).text
    client.post(f"{path}/answer", {"result": "true", "answer": "已补修"})
    assert "现在只给领导小组办公室看" in client.get(path).text
    client.sign_in("approver").post(f"{path}/close", {"summary": "已补修。"})
    closed = client.sign_in("town_reviewer").get(path).text
    assert ("没有，或办结时已删去" in closed, latest().contact) == (True, None)


def test_an_untouched_form_records_nothing(client, world):
    client.sign_in("lead_office").post("/complaints/new", INTAKE)
    path = f"/complaints/{latest().id}"
    untouched = client.post(f"{path}/assign", {"office": "", "words": ""})
    assert (untouched.status_code, "请选择承办单位" in untouched.text) == (422, True)
    assert " selected" not in client.get(path).text.replace('selected value=""', "")
    client.post(f"{path}/assign", {"office": world.ids["jia"], "words": ""})
    untouched = client.post(f"{path}/answer", {"result": "", "answer": "已补修"})
    assert (untouched.status_code, "请选择办理结果" in untouched.text) == (422, True)
    assert latest().result is None
    client.post(f"{path}/answer", {"result": "partly", "answer": "已补修"})
    assert latest().result is ComplaintResult.PARTLY


def test_a_project_is_named_by_code_or_whole_name(client, world):
    ledger.add_project(world, "东村道路ABC", code="dong-road")
    client.sign_in("lead_office")
    for named in ("dong-road", "DONG-Road", " 东村道路abc "):
        made = client.post("/complaints/new", INTAKE | {"project": named})
        assert (made.status_code, latest().project.code) == (303, "dong-road")
    page = client.get(made.location).text
    assert f'selected value="{world.ids["jia"]}">甲镇' in page, "the project's township is offered"

    part = client.post("/complaints/new", INTAKE | {"project": "东村道路"})
    assert (part.status_code, "名称要写全" in part.text) == (422, True)
    ledger.add_project(world, "东村道路abc", code="dong-road-2")
    both = client.post("/complaints/new", INTAKE | {"project": "东村道路ABC"})
    assert (both.status_code, "有 2 个项目叫这个名称" in both.text) == (422, True)
    assert "dong-road、dong-road-2" in both.text


def test_the_list_asks_no_more_for_more_offices(client, world):
    client.sign_in("lead_office")

    def asked() -> int:
        statements: list[str] = []
        note = lambda *event: statements.append(event[2])  # noqa: E731 - removed again below
        sa.event.listen(db.engine, "before_cursor_execute", note)
        try:
            assert client.get("/complaints/").status_code == 200
        finally:
            sa.event.remove(db.engine, "before_cursor_execute", note)
        return len(statements)

    def hand_to(code: str) -> None:
        client.post("/complaints/new", INTAKE)
        client.post(f"/complaints/{latest().id}/assign", {"office": world.ids[code], "words": ""})

    hand_to("jia")
    few = asked()
    for code in ("yi", "water", "finance"):
        hand_to(code)
    assert asked() == few


def test_no_question_finds_a_person(client, world):
    made = client.sign_in("lead_office").post("/complaints/new", INTAKE)
    client.get(made.location)
    listed = client.get("/complaints/").text
    assert client.get("/complaints/?q=13812345678&contact=13812345678").text.count(
        "2023-001"
    ) == listed.count("2023-001")
    assert "13812345678" not in listed
    assert "2023-001" in client.get("/complaints/?channel=hotline&status=received").text
    assert "2023-001" not in client.get("/complaints/?status=overdue").text
    assert client.get("/complaints/?status=nothing&page=9999999").status_code == 200


def test_the_village_and_the_neighbour_have_no_way_in(client, world):
    client.sign_in("lead_office").post("/complaints/new", INTAKE)
    assert client.sign_in("village_clerk").get("/complaints/").status_code == 403
    assert client.sign_in("foreigner").get("/complaints/").status_code == 403
    client.sign_in("auditor")
    assert client.get(f"/complaints/{latest().id}").status_code == 200
    assert client.post(f"/complaints/{latest().id}/contact").status_code == 403


def letter(count: int = 1) -> dict:
    return {"scans": [(io.BytesIO(picture()), f"来信{n}.jpg") for n in range(1, count + 1)]}


def test_the_pages_of_a_letter_are_for_those_who_read_the_complaint(client, world):
    client.sign_in("lead_office")
    made = client.post("/complaints/new", INTAKE | {"channel": "letter"} | letter(2))
    assert made.status_code == 303
    page = client.get(made.location).text
    assert ("来信1.jpg" in page, "来信2.jpg" in page) == (True, True)
    found = latest()
    path = f"/complaints/{found.id}/scans/{found.scans[0].file_id}"
    paper = client.get(path)
    assert (paper.status_code, paper.mimetype) == (200, "image/jpeg")
    assert paper.headers["Content-Disposition"].startswith("attachment")
    other = client.post("/complaints/new", INTAKE)
    assert client.get(path.replace(f"/{found.id}/", f"/{latest().id}/")).status_code == 404
    assert "来信扫描件" not in client.get(other.location).text

    assert client.sign_in("town_reviewer").get(path).status_code == 404
    given = {"office": world.ids["jia"], "words": ""}
    client.sign_in("lead_office").post(path.partition("/scans")[0] + "/assign", given)
    readers = {"town_reviewer": 200, "approver": 200, "auditor": 200, "town_reviewer2": 404}
    strangers = {"village_clerk": 403, "finance_agri": 403, "foreigner": 403}
    seen = {who: client.sign_in(who).get(path).status_code for who in readers | strangers}
    assert seen == readers | strangers


@pytest.mark.parametrize(
    ("scans", "words"),
    [
        (7, "扫描件最多 6 个"),
        ((b"MZ no letter", "来信.exe"), "来信"),
        (("名,电话".encode(), "来信.csv"), "扫描件"),
    ],
)
def test_a_scan_that_cannot_be_taken_loses_no_word(client, world, scans, words):
    files = letter(scans) if isinstance(scans, int) else {"scans": (io.BytesIO(scans[0]), scans[1])}
    refused = client.sign_in("lead_office").post("/complaints/new", INTAKE | files)
    assert (refused.status_code, words in refused.text) == (422, True)
    assert "东村的路只修了一半</textarea>" in refused.text
    assert latest() is None
