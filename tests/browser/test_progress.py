"""A village clerk stands on the site with a phone and reports how far the works are."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from portal.db import db
from portal.implementation.models import ProgressReport
from tests import ledger, works
from tests.browser.pages import PHONE, Person
from tests.corpus.pictures import with_position


@pytest.fixture
def project(world):
    """A project with money, of the clerk's own village."""
    project = ledger.add_project(world, "东村道路硬化")
    works.add_placement(project, ledger.add_document(world), 80)
    return project


@pytest.fixture
def clerk(browser: Browser, portal: str, project) -> Iterator[Person]:
    """The clerk with a phone, whose browser must not complain."""
    person = Person(browser, portal, "village_clerk", size=PHONE)
    yield person
    assert person.leave() == []


def test_progress_is_reported_from_a_phone_with_photos(
    app, clerk: Person, project, tmp_path: Path
) -> None:
    photos = [tmp_path / "路基.jpg", tmp_path / "路面.jpg"]
    for photo in photos:
        photo.write_bytes(with_position())
    page = clerk.page

    clerk.task("拍照报进度：东村道路硬化", "报进度")
    clerk.fill({"说明": "路基做完了"})
    clerk.press("上报")
    clerk.sees("请选一个进度")
    expect(clerk.field("说明")).to_have_value("路基做完了")

    page.get_by_text("30%", exact=True).click()
    page.get_by_label("或从相册选（可多选）").set_input_files(photos)
    clerk.press("上报")

    clerk.sees("进度已上报", "30%", "路基做完了", "2023-03-20")
    shown = page.get_by_role("img", name="现场照片")
    expect(shown).to_have_count(2)
    for number in range(2):
        shown.nth(number).scroll_into_view_if_needed()
        # The phone lay on its side: the picture that the browser draws stands upright.
        expect(shown.nth(number)).to_have_js_property("naturalWidth", 20)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    db.session.rollback()
    report = db.session.query(ProgressReport).one()
    assert (report.percent, len(report.photos)) == (30, 2)
