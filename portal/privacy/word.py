"""Reads a Word file: paragraphs, tables, deleted and hidden text, and all the parts around them."""

import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from portal.privacy.found import Found, in_rows, in_text
from portal.privacy.packages import local, part, rest, spoken
from portal.rules.privacy import listed_in_text

BODY = re.compile(r"word/document[0-9]*\.xml")
"""Word in the browser numbers the body: word/document2.xml."""
_TEXT = frozenset({"t", "delText", "instrText"})
_MARKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def read_word(archive: zipfile.ZipFile, key: str) -> Iterator[Found]:
    """What is private in a .docx, with paragraph, table row or part.

    Raises:
        LookupError: it has no body where Word writes one.
    """
    bodies = [name for name in archive.namelist() if BODY.fullmatch(name)]
    if not bodies:
        raise LookupError("no body")
    for name in bodies:
        yield from _in_body(part(archive, name))
    yield from rest(archive, {*bodies}, key)


def _in_body(tree: ET.Element) -> Iterator[Found]:
    paragraphs = [text for one in _outside_tables(tree) if (text := text_of(one)).strip()]
    for number, text in enumerate(paragraphs, start=1):
        yield from in_text(text, f"第{number}段")
    if finding := listed_in_text("\n".join(paragraphs)):
        yield Found(finding, "正文")
    tables = [one for one in tree.iter() if local(one.tag) == "tbl"]
    for number, table in enumerate(tables, start=1):
        yield from _in_table(table, f"表{number}")
    yield from in_text(spoken(tree), "图片和链接的说明")


def text_of(element: ET.Element) -> str:
    """All text below an element, as if nothing were deleted or hidden."""
    pieces = []
    for one in element.iter():
        name = local(one.tag)
        if name in _TEXT:
            pieces.append(one.text or "")
        elif name in _MARKS:
            pieces.append(_MARKS[name])
    return "".join(pieces)


def _in_table(table: ET.Element, place: str) -> Iterator[Found]:
    rows = []
    for number, row in enumerate(_children(table, "tr"), start=1):
        cells = ["\n".join(map(text_of, _children(cell, "p"))) for cell in _children(row, "tc")]
        rows.append(cells)
        for at, cell in enumerate(cells, start=1):
            yield from in_text(cell, f"{place}第{number}行第{at}格")
        yield from in_text("\t".join(cells), f"{place}第{number}行")
    yield from in_rows(rows, place)


def _outside_tables(tree: ET.Element) -> Iterator[ET.Element]:
    for child in tree:
        name = local(child.tag)
        if name == "p":
            yield child
        elif name != "tbl":
            yield from _outside_tables(child)


def _children(element: ET.Element, name: str) -> Iterator[ET.Element]:
    """Children of that name, also inside content controls and marks of revision, but of no deeper table."""
    for child in element:
        found = local(child.tag)
        if found == name:
            yield child
        elif found in ("sdt", "sdtContent", "ins", "del", "smartTag", "customXml"):
            yield from _children(child, name)
