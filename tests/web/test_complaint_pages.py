"""The pages of complaints: who sees which, nothing typed is lost, no way to look a number up."""

import io

import pytest
import sqlalchemy as sa

from portal.complaints.models import Complaint
from portal.db import db
from tests.corpus.pictures import picture

INTAKE = {
    "channel": "hotline",
    "received_on": "2023-03-20",
    "content": "东村的路只修了一半",
    "contact": "13812345678",
    "project_code": "",
}


def latest() -> Complaint:
    db.session.rollback()
    return db.session.scalars(sa.select(Complaint).order_by(Complaint.id.desc())).first()


def test_from_the_call_to_the_end(client, world):
    client.sign_in("lead_office")
    assert client.get("/complaints/new").status_code == 200
    odd = client.post("/complaints/new", INTAKE | {"project_code": "gibt-es-nicht"})
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
