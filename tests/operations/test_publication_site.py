"""From approved items to files: what is shown, what is not, and that it is always the same."""

import json
from datetime import date

import pytest

from portal import clock
from portal.accounts.models import Organization
from portal.db import db, unit_of_work
from portal.disclosure import drafting
from portal.disclosure import operations as disclosure
from portal.publication.drafting import Office, draft_fund_receipt
from portal.publication.operations import build_due_sites, write_site
from portal.publication.queries import published_data, web_root
from portal.rules.workflow import Move
from public_site import JsonLines, build, export
from tests import ledger, publishing, spending
from tests.ledger import TODAY
from tests.world import World


@pytest.fixture
def world(either_app):
    return World()


def test_an_approved_result_makes_its_pages(world):
    document, project, item = publishing.published_result(world)
    files = publishing.site(world)
    assert f"notices/{item.code}.html" in files
    page = files[f"projects/{project.code}.html"].decode()
    assert "东村道路1" in page
    assert "100.00" in page
    (fund,) = json.loads(files["data/funds.json"])
    assert (fund["number"], fund["days"]) == (document.number, 47)
    (row,) = json.loads(files["data/projects.json"])
    assert (row["allocated_yuan"], row["paid_yuan"]) == ("1000000.00", "0.00")
    assert row["status"] == "未开工"


def test_what_was_never_published_has_no_page(world):
    document, project = publishing.placed(world)
    publishing.take(world, publishing.draft(world, document), Move.SUBMIT, "finance_agri")
    files = publishing.site(world)
    assert f"projects/{project.code}.html" not in files
    assert json.loads(files["data/projects.json"]) == []


def test_p3_what_is_published_tomorrow_is_not_shown_today(world):
    document, project = publishing.placed(world)
    tomorrow = date(2023, 3, 21)
    publishing.publish(world, publishing.draft(world, document, tomorrow), tomorrow)
    assert f"projects/{project.code}.html" not in publishing.site(world)


def test_a_later_edit_is_not_shown_but_the_ledger_is(world):
    _document, project, _item = publishing.published_result(world)
    publishing.site(world)
    second = ledger.add_document(world, "财指〔2023〕2号")
    with unit_of_work(world.actor("lead_office"), "test"):
        project.name, project.county_amount = "改了的名称", ledger.wan(50)
    batch = ledger.add_batch(world, "第二批")
    ledger.allocate(world, batch, second, project, 50)
    ledger.approve(world, batch)
    (row,) = json.loads(publishing.site(world)["data/projects.json"])
    assert (row["name"], row["budget_yuan"]) == ("东村道路1", "1000000.00")
    assert row["allocated_yuan"] == "1500000.00"


def test_an_unpublished_document_is_not_named_beside_the_money_it_gave(world):
    _document, project, _item = publishing.published_result(world)
    second = ledger.add_document(world, "机密〔2023〕2号")
    with unit_of_work(world.actor("lead_office"), "test"):
        project.county_amount = ledger.wan(50)
    batch = ledger.add_batch(world, "第二批")
    ledger.allocate(world, batch, second, project, 50)
    ledger.approve(world, batch)
    page = publishing.site(world)[f"projects/{project.code}.html"].decode()
    assert "机密" not in page
    assert "还没有公开的文件" in page


def test_a_correction_keeps_the_address_and_tells(world):
    item = publishing.publish(world, publishing.announce(world))
    actor = world.actor("finance_agri")
    with unit_of_work(actor, "test"):
        second = disclosure.correct(item, reason="日期写错", actor=actor, on=TODAY)
        second.body = "后天停电。"
    before = publishing.site(world)[f"notices/{item.code}.html"].decode()
    assert "明天停电" in before
    publishing.publish(world, second)
    after = publishing.site(world)[f"notices/{item.code}.html"].decode()
    assert "后天停电" in after
    assert "2023年3月20日更正：日期写错" in after
    assert "明天停电" not in after


def test_p5_a_withdrawal_leaves_a_tombstone(world):
    document, project, item = publishing.published_result(world)
    publishing.site(world)
    publishing.take(world, item, Move.WITHDRAW, "approver", "附件不全")
    files = publishing.site(world)
    for path in (
        f"notices/{item.code}.html",
        f"projects/{project.code}.html",
        f"funds/{document.code}.html",
    ):
        page = files[path].decode()
        assert "noindex" in page
        assert "附件不全" in page
        assert "东村道路1" not in page
    assert json.loads(files["data/projects.json"]) == []


def test_a_withdrawal_lets_the_earlier_approval_speak_again(world):
    document, project, _item = publishing.published_result(world)
    with unit_of_work(world.actor("lead_office"), "test"):
        project.name = "改了的名称"
    second = publishing.publish(world, publishing.draft(world, document))
    assert "改了的名称" in publishing.site(world)[f"projects/{project.code}.html"].decode()
    publishing.take(world, second, Move.WITHDRAW, "approver", "重复公开")
    page = publishing.site(world)[f"projects/{project.code}.html"].decode()
    assert "改了的名称" not in page
    assert "东村道路1" in page


def test_p7_two_builds_give_the_same_bytes(world, tmp_path):
    publishing.published_result(world)
    county = publishing.county_of(world)
    write_site(county, tmp_path / "one")
    write_site(county, tmp_path / "two", full=True)
    assert _bytes(tmp_path / "one") == _bytes(tmp_path / "two")


def test_a_small_build_gives_the_same_as_a_full_one(world, tmp_path):
    publishing.published_result(world)
    publishing.site(world)
    document, _project = publishing.placed(world, "财指〔2023〕2号")
    item = publishing.publish(world, publishing.draft(world, document))
    publishing.site(world)
    publishing.take(world, item, Move.WITHDRAW, "approver", "附件不全")
    publishing.publish(world, publishing.announce(world))
    small = publishing.site(world)
    write_site(publishing.county_of(world), tmp_path / "full")
    assert small == _bytes(tmp_path / "full")


def publish_receipt(world, document):
    """The notice on where the money comes from: it is about the document and names no project."""
    actor = world.actor("finance_agri")
    with unit_of_work(actor, "test"):
        item = draft_fund_receipt([document], Office(world.ids["county"], actor, TODAY))
    return publishing.publish(world, item)


def publish_plan(world):
    """The year's plan: it is about projects and names no document."""
    actor = world.actor("finance_agri")
    with unit_of_work(actor, "test"):
        item = drafting.draft_annual_plan(
            2023, county_id=world.ids["county"], actor=actor, on=TODAY
        )
    return publishing.publish(world, item)


def due_build(world, folder):
    """What the scheduler's build shows, and what a build from nothing shows; path -> bytes."""
    assert build_due_sites() == "试验县：已生成"
    county = publishing.county_of(world)
    write_site(county, folder)
    return _bytes(web_root(county)), _bytes(folder)


def test_a_document_made_public_after_its_projects_lists_them(world, tmp_path):
    document, project = publishing.placed(world)
    publish_plan(world)
    before, _fresh = due_build(world, tmp_path / "plan")
    assert "还没有公开的文件" in before[f"projects/{project.code}.html"].decode()
    receipt = publish_receipt(world, document)
    shown, fresh = due_build(world, tmp_path / "receipt")
    assert shown == fresh
    assert project.name in shown[f"funds/{document.code}.html"].decode()
    assert project.name in shown["data/allocations.csv"].decode("utf-8-sig")
    publishing.take(world, receipt, Move.WITHDRAW, "approver", "附件不全")
    shown, fresh = due_build(world, tmp_path / "withdrawn")
    assert shown == fresh


def test_a_corrected_title_of_a_document_reaches_its_older_notices(world, tmp_path):
    document, _project = publishing.placed(world)
    receipt = publish_receipt(world, document)
    result = publishing.publish(world, publishing.draft(world, document))
    publishing.site(world)
    actor = world.actor("finance_agri")
    with unit_of_work(actor, "test"):
        document.title = "更正后的标题"
        corrected = disclosure.correct(result, reason="标题写错", actor=actor, on=TODAY)
    publishing.publish(world, corrected)
    shown, fresh = due_build(world, tmp_path / "fresh")
    assert shown == fresh
    assert "更正后的标题" in shown[f"notices/{receipt.code}.html"].decode()


def test_a_payment_for_a_hidden_project_counts_for_its_public_document(world, tmp_path):
    document, project = publishing.placed(world)
    publish_receipt(world, document)
    page = f"funds/{document.code}.html"
    before = publishing.site(world)[page]
    spending.pay(world, project, 40, TODAY)
    shown, fresh = due_build(world, tmp_path / "fresh")
    assert shown == fresh
    assert shown[page] != before


def test_plain_files_give_the_same_site_as_the_database(world, tmp_path):
    publishing.published_result(world)
    publishing.publish(world, publishing.announce(world))
    county = publishing.county_of(world)
    write_site(county, tmp_path / "database")
    data = published_data(county)
    export(data, tmp_path / "data")
    data.close()
    build(JsonLines(tmp_path / "data"), tmp_path / "files")
    assert _bytes(tmp_path / "files") == _bytes(tmp_path / "database")


def test_codes_are_ordered_byte_by_byte_on_both_databases(world):
    document = ledger.add_document(world, amount=600)
    batch = ledger.add_batch(world)
    codes = ["a-10", "a-1", "a1", "b-2", "b10", "a--1"]
    for code in codes:
        project = ledger.add_project(world, f"道路{code}", code=code)
        ledger.allocate(world, batch, document, project, 100)
    ledger.approve(world, batch)
    publishing.publish(world, publishing.draft(world, document))
    data = published_data(publishing.county_of(world))
    spans = list(data.project_spans(4))
    found = [project.code for span in spans for project in data.projects(span)]
    money = [one.project_code for span in spans for one in data.allocations(span)]
    mentions = [one.project_code for span in spans for one in data.mentions(span)]
    (notice,) = (one for span in data.notice_spans(4) for one in data.notices(span))
    data.close()
    assert found == money == mentions == list(notice.project_codes) == sorted(codes)
    assert [len(list(data.projects(span))) for span in spans] == [4, 2]
    data.close()


def test_another_county_does_not_show_it(world, tmp_path):
    publishing.published_result(world)
    other = db.session.get_one(Organization, world.ids["other"])
    write_site(other, tmp_path / "other")
    assert json.loads((tmp_path / "other/data/projects.json").read_bytes()) == []
    assert web_root(other).name == "public-other"


def test_the_data_stands_on_the_portals_day(world):
    data = published_data(publishing.county_of(world))
    assert data.day == clock.today()
    assert web_root(publishing.county_of(world)).name == "public"


def _bytes(root):
    files = (path for path in root.resolve().rglob("*") if path.is_file())
    return {path.relative_to(root.resolve()).as_posix(): path.read_bytes() for path in files}
