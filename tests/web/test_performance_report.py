"""The pages of the report and of the check of foreign reports, over HTTP."""

from io import BytesIO
from pathlib import Path

import docx
import pytest
import sqlalchemy as sa

from portal.audit.models import AuditEntry
from portal.db import db
from portal.documents.official import OfficialDocument
from tests import assessments, closings, ledger
from tests.ledger import TODAY

REPORTS = Path(__file__).parents[1] / "corpus" / "reports"
WRONG = "共收到资金100万元，支出40万元，剩余50万元。"


@pytest.fixture
def assessment(world):
    """100 万元 on one project, 40 of them paid."""
    document = ledger.add_document(world, "农财〔2023〕1号", "100")
    project = ledger.add_project(world, budget="100")
    closings.place(world, document, project, "100")
    closings.pay(world, document, project, "40", TODAY)
    return assessments.assess(world.ids["county"], TODAY)


@pytest.fixture
def address(assessment):
    return f"/performance/assessments/{assessment.id}/report/"


def test_the_page_shows_check_paragraphs_and_preview(client, address):
    page = client.sign_in("lead_office").get(address).text
    assert "没有发现前后矛盾的数字" in page
    assert "累计支出40.00万元，剩余60.00万元" in page
    assert "sections/experience" in page


def test_a_reader_sees_the_report_but_no_buttons(client, address):
    client.sign_in("auditor")
    page = client.get(address).text
    assert ("预览" in page, "sections/" in page, "保存说明" in page) == (True, False, False)
    assert client.get(address + "sections/next").status_code == 403


def test_the_word_file_is_handed_out(client, address):
    answer = client.sign_in("auditor").get(address + "report.docx")
    text = "\n".join(one.text for one in docx.Document(BytesIO(answer.data)).paragraphs)
    assert "试验县2023年共收到" in text
    assert "2023" in answer.headers["Content-Disposition"]


def test_the_template_is_handed_out_with_its_placeholders(client, address):
    answer = client.sign_in("lead_office").get(address + "template.docx")
    text = "\n".join(one.text for one in docx.Document(BytesIO(answer.data)).paragraphs)
    assert "累计支出{{已付}}万元" in text


def test_a_paragraph_is_written_found_wrong_and_explained(client, address):
    client.sign_in("lead_office")
    saved = client.post(address + "sections/next", {"text": WRONG, "seen": "0"})
    assert saved.status_code == 303
    page = client.get(address).text
    assert "100−40 = 60，写的是 50" in page
    action = page.split("/findings/")[1].split('"')[0]
    refused = client.post(f"{address}findings/{action}", {"words": "  "})
    assert refused.status_code == 422
    client.post(f"{address}findings/{action}", {"words": "按合同口径"})
    page = client.get(address).text
    assert ("已说明" in page, "说明：按合同口径" in page) == (True, True)


def test_what_was_typed_stays_when_it_is_refused(client, address):
    client.sign_in("lead_office")
    answer = client.post(address + "sections/next", {"text": "支出{{已付款}}万元", "seen": "0"})
    assert answer.status_code == 422
    assert "占位符“{{已付款}}”不认识" in answer.text
    assert "支出{{已付款}}万元</textarea>" in answer.text


@pytest.mark.parametrize("place", ["sections/none", "findings/none"])
def test_what_is_not_there_is_not_found(client, address, place):
    client.sign_in("lead_office")
    answer = client.post(address + place, {"text": "改", "words": "说明", "seen": "0"})
    assert answer.status_code == 404


def upload(client, content: bytes, name: str):
    return client.post("/performance/crosscheck/", {"file": (BytesIO(content), name)})


def test_a_foreign_report_is_checked_and_forgotten(client, world):
    client.sign_in("town_reviewer")
    content = (REPORTS / "xiangyuan-2024.txt").read_bytes()
    for _again in range(2):
        page = upload(client, content, "襄垣.txt")
        assert page.status_code == 200
        assert "563.504288÷662.874×100 = 85.01，写的是 90.5" in page.text
        assert "“15日内”没有日期可以核对" in page.text
    trail = db.session.scalars(sa.select(AuditEntry).filter_by(result="crosschecked")).all()
    assert [(one.row_id, one.diff) for one in trail] == [("襄垣.txt", '{"findings": 2}')] * 2


def test_a_word_report_is_checked(client):
    content = OfficialDocument("报告").paragraph(WRONG).bytes()
    page = upload(client.sign_in("auditor"), content, "报告.docx")
    assert "100−40 = 60，写的是 50" in page.text


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"%PDF-1.7\n", "a.pdf", "只能核对 Word"),
        (b"PK\x03\x04 torn", "a.docx", "损坏"),
        (b"", "a.txt", "空"),
    ],
)
def test_another_kind_of_file_is_refused_in_plain_words(client, content, name, words):
    answer = upload(client.sign_in("auditor"), content, name)
    assert (answer.status_code, words in answer.text) == (422, True)


def test_no_file_is_asked_for(client):
    answer = client.sign_in("auditor").post("/performance/crosscheck/", {})
    assert (answer.status_code, "请选择要核对的文件" in answer.text) == (422, True)
