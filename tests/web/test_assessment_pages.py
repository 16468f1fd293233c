"""The pages of the yearly assessment: facts, claims, papers, what-if, signatures and downloads."""

import hashlib
import io
import json
import re
from datetime import date

import pytest
import sqlalchemy as sa

from portal.db import db, unit_of_work
from portal.performance.models import Assessment, AssessmentFact, ReportSection
from portal.performance.report_template import FILE_NAME
from portal.rules.scoring.scheme import shipped_text
from portal.rules.workflow import Move
from tests import spending
from tests.corpus.pdfs import pdf
from tests.operations.test_assessments import SCHEME, YEAR_END, filled, sign

BASE = "/performance/assessments/"


@pytest.fixture
def home(world, client) -> str:
    """The address of an assessment that can be signed, on the day it is written."""
    client.app.config["STANDING_DAY"] = YEAR_END
    return f"{BASE}{filled(world).id}"


def found() -> Assessment:
    db.session.rollback()
    return db.session.scalars(sa.select(Assessment)).one()


def entered(name: str) -> str:
    db.session.rollback()
    return db.session.scalars(sa.select(AssessmentFact).filter_by(name=name)).one().content


def test_a_year_is_begun_with_a_shipped_scheme_or_an_uploaded_one(world, client):
    client.sign_in("finance_perf")
    facts = {"year": 2023, "counted_on": "2023-03-20", "scheme": "heilongjiang-county-2023"}
    wrong = (io.BytesIO(b'name = "x"'), "own.toml")
    answer = client.post(f"{BASE}new", facts | {"file": wrong})
    assert (answer.status_code, "own.toml：缺少 basis" in answer.text) == (422, True)
    binary = client.post(f"{BASE}new", facts | {"file": (io.BytesIO(b"\xff\xfe"), "own.toml")})
    assert "UTF-8" in binary.text
    own = shipped_text("heilongjiang-county-2023").replace('name = "黑龙江省', 'name = "自定')
    uploaded = (io.BytesIO(own.encode()), "own.toml")
    assert client.post(f"{BASE}new", facts | {"file": uploaded}).status_code == 303
    assert "自定县级 2023 年" in client.get(BASE).text
    assert client.post(f"{BASE}new", facts).status_code == 422  # the year is there already


def test_the_sheet_shows_working_origin_and_the_rows_behind_each_number(world, client, home):
    page = client.sign_in("auditor").get(home).text
    for word in ("47 天 &gt; 45 天", "账上数据", "人工填报", "不适用", "折合后得分"):
        assert word in page
    assert 'href="/pace/?year=2023&amp;day=2023-07-15"' in page
    assert "去填报" not in page  # an auditor writes nothing


def test_every_address_behind_a_number_opens(world, client, home):
    client.sign_in("finance_perf")
    rows = set(re.findall(r'<a class="nowrap" href="([^"]+)">看明细', client.get(home).text))
    assert len(rows) >= 4
    for address in rows:
        assert client.get(address.replace("&amp;", "&")).status_code == 200, address


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("rectified", {"whole": "4", "done": "３"}, '{"done": 3.0, "whole": 4.0}'),
        ("budget_cut", {"yes": "yes"}, '{"yes": true}'),
        ("innovation", {"points": "2.5", "reason": "简化"}, '{"points": 2.5, "reason": "简化"}'),
        (
            "violations",
            {"items-0-name": "挪用", "items-0-points": "5", "items-1-name": ""},
            '{"items": [{"name": "挪用", "points": 5.0}]}',
        ),
        (
            "performance_forms",
            {"items-0-name": "目标", "items-0-done": "1", "items-0-whole": "2"},
            '{"items": [{"done": 1.0, "name": "目标", "whole": 2.0}]}',
        ),
        ("county_budget", {"now": "81.68", "before": "81.68"}, '{"before": 81.68, "now": 81.68}'),
    ],
)
def test_each_shape_of_fact_has_its_form(world, client, home, name, typed, kept):
    client.sign_in("finance_perf")
    address = f"{home}/facts/{name}"
    assert client.get(address).status_code == 200
    assert client.post(address, typed).status_code == 303
    assert entered(name) == kept
    again = client.get(address).text
    assert all(f'value="{value}"' in again for value in ("81.68",) if name == "county_budget")


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("rectified", {"whole": "2", "done": "3"}, "不能大于"),
        ("rectified", {"whole": "两", "done": "1"}, "请填写数字"),
        ("innovation", {"points": "-1", "reason": "x"}, "0 以上"),
        ("violations", {"items-0-name": "挪用"}, "请填写扣分"),
        ("violations", {"items-0-points": "5"}, "请填写发现的问题"),
        (
            "performance_forms",
            {"items-0-name": "目标", "items-0-done": "3", "items-0-whole": "2"},
            "不能大于应办 2",
        ),
    ],
)
def test_a_wrong_fact_is_refused_at_its_form(world, client, home, name, typed, words):
    answer = client.sign_in("finance_perf").post(f"{home}/facts/{name}", typed)
    assert (answer.status_code, words in answer.text) == (422, True)


def test_a_claim_that_differs_asks_for_its_reason_and_keeps_what_was_typed(world, client, home):
    client.sign_in("finance_perf")
    answer = client.post(f"{home}/lines/3/claim", {"points": "5"})
    assert (answer.status_code, "两者不同，请写明理由" in answer.text) == (422, True)
    assert (
        client.post(f"{home}/lines/3/claim", {"points": "5", "reason": "另算"}).status_code == 303
    )
    assert (
        client.get(home).text.count("申报与计算不同") == 2
    )  # line 6 of the small county is another
    assert client.post(f"{home}/lines/3/claim", {"points": ""}).status_code == 303
    assert client.get(home).text.count("申报与计算不同") == 1


def test_a_deduction_is_typed_as_a_positive_number(world, client, home):
    client.sign_in("finance_perf")
    client.post(f"{home}/lines/17/claim", {"points": "5", "reason": "审计发现"})
    assert {claim.no: claim.points for claim in found().claims}["17"] == -500
    assert 'value="5"' in client.get(f"{home}/lines/17").text


def test_a_line_is_taken_out_and_put_back(world, client, home):
    client.sign_in("finance_perf")
    client.post(f"{home}/lines/13/applies")
    assert found().not_applicable == ""
    client.post(f"{home}/lines/13/applies")
    assert found().not_applicable == "13"
    assert client.post(f"{home}/lines/14/applies").status_code == 422


def test_papers_are_put_behind_a_line_given_out_and_removed(world, client, home):
    client.sign_in("finance_perf")
    paper = {"title": "资金文件", "file": (io.BytesIO(pdf()), "文件.pdf")}
    assert client.post(f"{home}/lines/3/papers", paper).status_code == 303
    address = f"{home}/papers/{found().evidence[0].id}"
    assert client.get(address).data == pdf()
    assert "资金文件" in client.get(home).text
    assert client.post(f"{address}/remove").status_code == 303
    assert "还没有佐证材料" in client.get(f"{home}/lines/3").text
    empty = client.post(f"{home}/lines/3/papers", {"title": "无"})
    assert (empty.status_code, "请选择文件" in empty.text) == (422, True)


def test_what_if_shows_line_by_line_what_paying_more_changes(world, client, home):
    client.sign_in("auditor")
    assert client.get(f"{home}/what-if").status_code == 200
    page = client.get(f"{home}/what-if?amount=3&by=2023-12-31").text
    assert "计算得分 +1.00" in page  # 5 × (98 − 85) ÷ 15 instead of 5 × (95 − 85) ÷ 15
    assert "多出 5 万元" in client.get(f"{home}/what-if?amount=10&by=2023-12-31").text
    assert "之间的一天" in client.get(f"{home}/what-if?amount=3&by=2023-12-01").text
    assert "请填写" in client.get(f"{home}/what-if?amount=&by=").text


def test_the_day_of_the_figures_can_be_changed_up_to_today(world, client, home):
    client.sign_in("finance_perf")
    assert client.post(f"{home}/day", {"counted_on": "2023-12-26"}).status_code == 422
    assert client.post(f"{home}/day", {"counted_on": "2023-10-16"}).status_code == 303
    assert found().counted_on == date(2023, 10, 16)


def test_two_signatures_through_the_pages_and_the_same_bytes_for_ever(world, client, home):
    client.sign_in("finance_agri")
    assert "财政部门签署" in client.get(f"{home}/signatures").text
    old = client.post(f"{home}/sign_as_finance", {"seen": found().version - 1})
    assert (old.status_code, "别人已改过" in old.text) == (422, True)
    assert client.post(f"{home}/sign_as_finance", {"seen": found().version}).status_code == 303
    assert client.post(f"{home}/sign_as_agriculture").status_code == 403
    client.sign_in("finance_perf")
    assert "签署人先撤回签署" in client.post(f"{home}/lines/3/claim", {"points": "4"}).text
    client.sign_in("lead_office")
    assert client.post(f"{home}/sign_as_agriculture").status_code == 303
    first, report = client.get(f"{home}/sheet.xlsx"), client.get(f"{home}/report/report.docx")
    assert (first.data[:2], report.data[:2]) == (b"PK", b"PK")
    assert client.get(f"{home}/sheet.xlsx").data == first.data
    assert client.get(f"{home}/report/report.docx").data == report.data
    assert client.get(f"{home}/content.json").text == found().content


def test_what_is_submitted_stays_whatever_changes_afterwards(world, client, home, tmp_path):
    """The ledger, the scheme, the county's template, a paragraph: every file keeps its bytes."""
    client.sign_in("finance_perf")
    paper = {"title": "资金文件", "file": (io.BytesIO(pdf()), "文件.pdf")}
    assert client.post(f"{home}/lines/3/papers", paper).status_code == 303
    sign(world, found(), Move.SIGN_AS_FINANCE, "finance_agri")
    sign(world, found(), Move.SIGN_AS_AGRICULTURE, "lead_office")
    addresses = [
        f"{home}/sheet.xlsx",
        f"{home}/report/report.docx",
        f"{home}/content.json",
        f"{home}/papers/{found().evidence[0].id}",
    ]
    hashes = downloaded(client, addresses)
    assert found().sheet.sha256 == hashes[0]
    assert found().report.sha256 == hashes[1]
    assert found().sha256 == hashes[2]
    content = json.loads(found().content)
    assert (content["scheme"], content["evidence"][0]["sha256"]) == (SCHEME, hashes[3])

    project = spending.place(world, 100, "西村水渠")
    spending.pay(world, project, 100, date(2023, 7, 1))
    client.app.config["RULEBOOK"] = tmp_path
    (tmp_path / FILE_NAME).write_bytes(b"PK another template")
    with unit_of_work(world.actor("lead_office"), "test"):
        assessment = found()
        assessment.scheme = assessment.scheme.replace("points = 5", "points = 6", 1)
        assessment.sections.append(
            ReportSection(
                county_id=assessment.county_id, key="problems", text="改写", written_by_id=1
            )
        )
    assert downloaded(client, addresses) == hashes
    page = client.get(home).text
    assert ("已固定" in page, hashes[0] in page, hashes[1] in page) == (True, True, True)
    refused = client.post(f"{home}/lines/3/claim", {"points": "4"})
    assert (refused.status_code, "已经上报并固定" in refused.text) == (422, True)


def downloaded(client, addresses: list[str]) -> list[str]:
    """The SHA-256 of what each address gives out."""
    return [hashlib.sha256(client.get(address).data).hexdigest() for address in addresses]


def test_a_signature_is_taken_back_with_a_reason(world, client, home):
    sign(world, found(), Move.SIGN_AS_FINANCE, "finance_agri")
    client.sign_in("finance_agri")
    assert client.post(f"{home}/take_back", {"words": ""}).status_code == 422
    assert client.post(f"{home}/take_back", {"words": "要改"}).status_code == 303
    assert found().finance_signed_on is None


def test_before_a_signature_there_is_a_draft_sheet_and_no_content(world, client, home):
    client.sign_in("auditor")
    assert client.get(f"{home}/sheet.xlsx").data[:2] == b"PK"
    assert client.get(f"{home}/content.json").status_code == 404
    assert client.get(f"{home}/lines/99").status_code == 404
