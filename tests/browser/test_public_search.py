"""Every village and township of the demo county is found, by each two characters of its name."""

import html
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.demo import Demo
from tests.searching import ask, fragments, holds, opened

PLACES = re.compile(r'<a href="\.\./places/(?!index)[a-z0-9-]+\.html">(.+?)</a>')


def visible(site: Path) -> dict[str, list[str]]:
    """By address, every text of a thing in which a visitor may look for it, read off the site."""
    found: dict[str, list[str]] = {}
    for row in rows(site, "projects"):
        address = f"projects/{row['code']}.html"
        where = [f"{row['township'] or ''}{row['village'] or ''}", *named(site / address)]
        found[address] = [row["name"], row["code"], row["category"], *where]
    for row in rows(site, "notices"):
        if row["title"]:
            about = f"{row['kind']}·{row['category']}"
            found[f"notices/{row['code']}.html"] = [row["title"], about]
    for path in (site / "funds").glob("*.html"):
        text = path.read_text("utf-8")
        if path.stem != "index" and "<h1>" in text:
            number = re.search(r'class="number">(.+?)<', text)
            row = next(r for r in rows(site, "funds") if f"<h1>{html.escape(r['title'])}</h1>" in text
                       and (not r["number"] or (number and r["number"] == number[1])))  # fmt: skip
            found[f"funds/{path.name}"] = [row["title"], row["number"] or "", row["tier"]]
    return found


def rows(site: Path, kind: str) -> list[dict[str, str]]:
    content: list[dict[str, str]] = json.loads((site / "data" / f"{kind}.json").read_bytes())
    return content


def named(page: Path) -> list[str]:
    """The places in the trail of a project's page."""
    return PLACES.findall(page.read_text("utf-8"))


@pytest.mark.parametrize("over_http", [True, False], ids=["http", "file"])
def test_each_place_of_the_demo_and_each_two_characters_of_it_are_found(
    browser: Browser, year_end: Demo, *, over_http: bool
) -> None:
    content = (year_end.site / "data/search/places.js").read_text("utf-8").partition("(")[2]
    places = json.loads(content.partition(",")[2].rpartition(")")[0])["place"]
    texts = visible(year_end.site)
    texts |= {f"places/{code}.html": [name, above] for code, name, _, above in places}
    names = {name for _, name, _, _ in places}
    words = sorted(names | {piece for name in names for piece in fragments(name, 2)})
    with opened(year_end.site, browser, over_http=over_http) as page:
        for word, found in zip(words, ask(page, words), strict=True):
            expected = sorted(address for address, own in texts.items() if holds(own, word))
            assert sorted(found) == expected, word
    listed = {path.stem for path in (year_end.site / "places").glob("*.html")}
    assert {code for code, *_ in places} == listed - {"index", "county"}
    assert len(words) > len(names) > 20
