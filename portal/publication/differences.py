"""What a bundle would change on the county's portal: pages new, changed, gone, and the words that differ."""

import html
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from difflib import ndiff
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

from portal.publication import bundle_store
from portal.publication.models import SiteBundle
from public_site.bundle import MANIFEST, SITE

NEW, CHANGED, GONE = "新增", "更新", "删除"
GROUPS = {
    "notices": "公告公示",
    "funds": "资金文件",
    "projects": "项目",
    "places": "乡镇和村",
    "pages": "其他页面",
    "files": "数据和附件",
}
SHOWN = 50
_TITLE = re.compile(r"<title>(.*?)</title>", re.S)
_HEAD = 4096
_BLOCKS = frozenset({"p", "h1", "h2", "h3", "li", "tr", "td", "th", "dt", "dd", "caption", "br"})

Hashes = Mapping[str, str]
Counts = dict[str, list[int]]
"""Group -> how many are new, changed, gone."""


class Difference(NamedTuple):
    """One file of the site. ``word``: new, changed or gone."""

    path: str
    word: str


class Shown(NamedTuple):
    """A difference as the page names it. ``lines``: text taken away (-) and added (+)."""

    path: str
    word: str
    title: str
    lines: list[str]


class Listed(NamedTuple):
    """One page of a group's differences."""

    shown: list[Shown]
    total: int


def counted(site: Path, base: SiteBundle | None) -> Counts:
    """How the site differs from the bundle that was delivered last; without one everything is new."""
    archive = bundle_store.opened(base) if base else None
    new: Hashes = json.loads((site / MANIFEST).read_bytes())["files"]
    counts: Counts = {group: [0, 0, 0] for group in GROUPS}
    for one in _compared(_hashes(archive), new):
        counts[_group(one.path)][(NEW, CHANGED, GONE).index(one.word)] += 1
    return counts


class Comparison:
    """A bundle beside the one before it, both as they lie in the folder of bundles."""

    def __init__(self, bundle: zipfile.ZipFile, base: zipfile.ZipFile | None) -> None:
        self._archives = {NEW: bundle, CHANGED: bundle, GONE: base}
        self._base = base
        self._all: dict[str, list[Difference]] = {group: [] for group in GROUPS}
        for one in _compared(_hashes(base), _hashes(bundle)):
            self._all[_group(one.path)].append(one)

    def listed(self, group: str, page: int = 1) -> Listed:
        """The group's differences by address, so many a page."""
        found = self._all[group]
        part = found[(page - 1) * SHOWN : page * SHOWN]
        return Listed([self._shown(group, one) for one in part], len(found))

    def _shown(self, group: str, one: Difference) -> Shown:
        archive = self._archives[one.word]
        if archive is None or not one.path.endswith(".html"):
            return Shown(*one, one.path, [])
        title = _title(_head(archive, one.path)) or one.path
        return Shown(*one, title, self._lines(one.path) if group == "notices" else [])

    def _lines(self, path: str) -> list[str]:
        before, after = (_text(archive, path) for archive in (self._base, self._archives[NEW]))
        return [line for line in ndiff(before, after) if line[0] in "+-"]


def _compared(old: Hashes, new: Hashes) -> Iterator[Difference]:
    for path in sorted(old.keys() | new.keys()):
        if path not in new:
            yield Difference(path, GONE)
        elif path not in old:
            yield Difference(path, NEW)
        elif old[path] != new[path]:
            yield Difference(path, CHANGED)


def _hashes(archive: zipfile.ZipFile | None) -> Hashes:
    if archive is None:
        return {}
    hashes: Hashes = json.loads(archive.read(SITE + MANIFEST))["files"]
    return hashes


def _group(path: str) -> str:
    folder = path.partition("/")[0]
    if folder in GROUPS and folder != "files" and path.endswith(".html"):
        return folder
    return "pages" if path.endswith(".html") else "files"


def _head(archive: zipfile.ZipFile, path: str) -> str:
    with archive.open(SITE + path) as page:
        return page.read(_HEAD).decode("utf-8", "ignore")


def _title(head: str) -> str:
    """The page's own title, without the name of the site behind it."""
    found = _TITLE.search(head)
    return html.unescape(found[1]).rpartition(" - ")[0].strip() if found else ""


def _text(archive: zipfile.ZipFile | None, path: str) -> list[str]:
    """The lines of the page's main part; none where the page is not there."""
    if archive is None or SITE + path not in archive.NameToInfo:
        return []
    reader = _Lines()
    reader.feed(archive.read(SITE + path).decode())
    return [line for line in map(str.strip, "".join(reader.pieces).splitlines()) if line]


class _Lines(HTMLParser):
    """The text of ``main``, a line for each block."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._inside = self._inside or tag == "main"
        if tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "main"
        if tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.pieces.append(" ".join(data.split()))
