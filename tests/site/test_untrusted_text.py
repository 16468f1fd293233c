"""Whatever was typed into a field reaches the page as text."""

import dataclasses
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import html5lib
import pytest
from published import Published, published
from trees import tree

from public_site import build
from public_site.schema import (
    Allocation,
    Correction,
    Event,
    FundDocument,
    Notice,
    Phone,
    Place,
    Project,
    Site,
    SourceAmount,
    Target,
    Withdrawn,
)

ATTACKS = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "</title><svg onload=alert(1)>",
    "</textarea><iframe src=javascript:alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "<div hx-get=/x hx-trigger=load>",
    "<a href=javascript:alert(1)>x</a>",
    "\u2028\u202e<b>\x01</b><!--hole-->",
    "𠀀·" * 50,
]  # fmt: skip
SCRIPTS = ("assets/site.js", "assets/search.js")
SAFE = {"web_address", "code", "kind", "tier", "category", "folder", "number"}
CODED = {"parent", "township_code", "village_codes", "project_codes", "fund_codes"}
CODED |= {"fund_code", "project_code"}


def poisoned(row: Any, text: str) -> Any:
    """The row with the text in every field that holds free text."""
    changes = {}
    for field in dataclasses.fields(row):
        value = getattr(row, field.name)
        if isinstance(value, tuple) and field.name not in CODED:
            changes[field.name] = tuple(
                text if isinstance(one, str) else poisoned(one, text) for one in value
            )
        elif isinstance(value, str) and field.name not in SAFE | CODED:
            changes[field.name] = text
    if isinstance(row, FundDocument):
        changes["number"] = text
    return replace(row, **changes)


def attacked(text: str) -> Published:
    data = published(4)
    data.site = poisoned(replace(data.site, icp="x", police="x", site_code="x", notice="x"), text)
    data.place_rows = [poisoned(row, text) for row in data.place_rows]
    data.fund_rows = [poisoned(replace(row, note="x"), text) for row in data.fund_rows]
    data.project_rows = [poisoned(replace(row, note="x"), text) for row in data.project_rows]
    data.allocation_rows = [poisoned(row, text) for row in data.allocation_rows]
    correction = Correction(date(2024, 3, 17), "x")
    data.notice_rows = [
        poisoned(replace(row, corrections=(correction,)), text) for row in data.notice_rows
    ]
    data.withdrawn_rows = [poisoned(row, text) for row in data.withdrawn_rows]
    return data


def test_the_attack_reaches_every_kind_of_row():
    kinds = (Site, Place, FundDocument, Project, Allocation, Notice, Withdrawn, Event, Target,
             SourceAmount, Phone, Correction)  # fmt: skip
    texts = {kind.__name__: [f.name for f in dataclasses.fields(kind) if f.name not in SAFE | CODED
                             and f.type in (str, "str", str | None)] for kind in kinds}  # fmt: skip
    for row in (attacked("<x>").site, *attacked("<x>").project_rows, *attacked("<x>").notice_rows):
        for name in texts[type(row).__name__]:
            assert getattr(row, name) == "<x>", f"{type(row).__name__}.{name}"


@pytest.mark.parametrize("text", ATTACKS)
def test_p6_no_text_becomes_markup(tmp_path: Path, text: str):
    build(attacked(text), tmp_path / "public")
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    for path, content in tree(tmp_path / "public").items():
        if path.endswith(".html"):
            for element in parser.parse(content.decode()).iter():
                assert element.tag not in ("iframe", "svg", "img", "style", "object"), path
                if element.tag == "form":
                    assert element.get("action", "").endswith("search.html"), path
                attributes = dict(element.attrib)
                if element.tag == "script":
                    assert attributes["src"].rpartition("../")[2] in SCRIPTS
                    assert not element.text
                risky = [name for name in attributes if name.startswith(("on", "hx-", "style"))]
                assert not risky, f"{path}: {attributes}"
                assert not attributes.get("href", "").strip().lower().startswith("javascript:")


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b"])
def test_text_that_no_page_can_show_is_refused_and_the_site_stays(tmp_path: Path, text: str):
    data, out = published(3), tmp_path / "public"
    build(data, out)
    before = tree(out)
    data.change_project("p-000001", tasks=text)
    with pytest.raises(ValueError, match=r"projects/p-000001\.html"):
        build(data, out)
    assert tree(out) == before


def test_p6_every_page_forbids_foreign_and_inline_code(site: Path):
    policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    for path, content in tree(site).items():
        if path.endswith(".html"):
            html = content.decode()
            assert f"content=\"{policy}base-uri 'none'; form-action 'self'\"" in html
            assert html.index("Content-Security-Policy") < html.index("<link")


@pytest.mark.parametrize(
    "code",
    [
        *("../../x", "..%2f", "a/b", "a\\b", "", "a" * 81, "a" * 300, "a b", "A", "中文", "a\n"),
        *("a\x00", "CON", "con", "lpt1", "index", "county", ".htaccess", "a.html"),
    ],
)
def test_p6_a_code_that_cannot_be_a_file_name_is_refused(code: str):
    with pytest.raises(ValueError, match="公开编码"):
        replace(published(1).project_rows[0], code=code)
    for row in (published(1).notice_rows[0], published(1).fund_rows[0], published(1).place_rows[0]):
        with pytest.raises(ValueError, match="公开编码"):
            replace(row, code=code)


def test_a_telephone_number_holds_no_address():
    with pytest.raises(ValueError, match="电话号码"):
        Phone("x", 'javascript:alert(1)')  # fmt: skip


@pytest.mark.parametrize("amount", [1.0, "1", True, None])
def test_an_amount_is_whole_fen(amount: Any):
    with pytest.raises(TypeError, match="金额"):
        replace(published(1).project_rows[0], budget=amount)
