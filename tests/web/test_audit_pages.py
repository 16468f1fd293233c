"""The page of the trail: found by what it shows, read by people who know no column."""

import re

import pytest

from portal.audit.fields import FIELDS
from portal.audit.words import PLACES
from portal.db import Base
from portal.disclosure.models import DisclosureItem
from tests import publishing

ENDPOINTS_OF_NOBODY = {"htmx", "static", "bootstrap", "healthz"}
IN_WORDS = ("complaints", "disclosure", "library", "payments")


@pytest.fixture
def item(app, world) -> DisclosureItem:
    found = publishing.announce(world)
    publishing.publish(world, found)
    return found


def lines(client, query: str) -> list[str]:
    page = client.get(f"/audit/?{query}").text
    return re.findall(r"<tr>\s*<th scope=\"row\">(.+?)</tr>", page, re.DOTALL)


def test_what_the_table_shows_finds_its_rows(client, world, item):
    client.sign_in("auditor")
    by_id = lines(client, f"row=disclosure_item:{item.id}")
    assert by_id
    for shown in (f"公告公示 {item.id}", f"公告公示：{item.id}"):
        assert lines(client, f"row={shown}") == by_id
    for shown in ("公告公示", "公告公", "disclosure_item"):
        assert set(by_id) <= set(lines(client, f"row={shown}"))
    assert lines(client, "row=公告公示 99999") == lines(client, "row=没有这种") == []


def test_acts_are_found_by_the_name_of_their_pages(client, world, item):
    client.sign_in("lead_office").get(f"/disclosure/{item.id}")
    client.post("/disclosure/new/announcement", {"title": "停水通知", "form": "announcement"})
    client.sign_in("auditor")
    found = lines(client, "action=公告公示")
    assert found
    assert all("公告公示" in line for line in found)
    assert "drafting.begin" in client.get("/audit/?action=公告公示").text


def test_a_contact_that_was_seen_is_found_with_its_complaint(client, world):
    """An act that changed no row is shown with the object; the object finds it."""
    client.sign_in("lead_office")
    intake = {"channel": "phone", "received_on": "2023-03-20", "content": "路", "contact": "李某"}
    path = client.post("/complaints/new", intake).location
    client.post(f"{path}/contact")
    number = path.rpartition("/")[2]
    client.sign_in("auditor")
    for shown in (f"投诉举报 {number}", f"complaint:{number}", "投诉举报"):
        assert any("查看联系方式" in line for line in lines(client, f"row={shown}"))


def test_changes_are_read_in_words(client, world, item):
    client.sign_in("auditor")
    page = client.get(f"/audit/?row=disclosure_item:{item.id}").text
    assert "状态：待审批 → 已公开" in page
    assert f"决定人：空 → {world.user('approver').name}" in page
    assert f"拟稿人：空 → {world.user('finance_agri').name}" in page
    assert "空 → 空" not in page
    for word in ("status：", "decided_by_id", "submitted", "published →"):
        assert word not in page


def test_money_is_told_in_ten_thousands(client, world):
    publishing.placed(world)
    page = client.sign_in("auditor").get("/audit/?row=资金文件").text
    assert "金额：空 → 100.00 万元" in page


def test_the_words_cover_what_they_promise(app):
    tables = [
        mapper
        for mapper in Base.registry.mappers
        if mapper.class_.__module__.split(".")[1] in IN_WORDS
    ]
    unnamed = {one.key for table in tables for one in table.column_attrs} - set(FIELDS)
    assert unnamed == set()
    firsts = {rule.endpoint.partition(".")[0] for rule in app.url_map.iter_rules()}
    assert firsts - set(PLACES) - ENDPOINTS_OF_NOBODY == set()
