"""A visitor who asks the search page many questions in one visit."""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests import live

ASK = """words => words.map(word => {
  const form = document.getElementById("search");
  form.elements.q.value = word;
  form.dispatchEvent(new Event("submit", {cancelable: true}));
  for (const more = document.getElementById("more"); !more.hidden; ) more.click();
  return [...document.querySelectorAll("#found a")].map(link => link.getAttribute("href"));
})"""

ALL_READ = re.compile(r"^找到\d+条。$")


@contextmanager
def opened(out: Path, browser: Browser, *, over_http: bool) -> Iterator[Page]:
    """The search page of the site, over HTTP or from its folder, with all data loaded."""
    page = browser.new_page()
    if over_http:
        with live.public_site(out) as address:
            yield _ready(page, f"{address}/search.html")
    else:
        yield _ready(page, (out / "search.html").as_uri())
    page.close()


def ask(page: Page, words: list[str]) -> list[list[str]]:
    """What each of the words finds: addresses, in the order of the page."""
    found: list[list[str]] = page.evaluate(ASK, words)
    return found


def fragments(name: str, length: int) -> set[str]:
    """Every piece of the name that is so long."""
    return {name[at : at + length] for at in range(len(name) - length + 1)}


def holds(texts: list[str], word: str) -> bool:
    """Whether one of the texts contains the word, however wide and large it is written."""
    return any(_folded(word) in _folded(text) for text in texts)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def _ready(page: Page, address: str) -> Page:
    page.goto(f"{address}?q=%E6%9D%91")
    expect(page.locator("#count")).to_have_text(ALL_READ)
    return page
