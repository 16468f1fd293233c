"""Reads an Excel file: every cell of every sheet, also hidden ones, and all the parts around them."""

import re
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

from portal.intake.archives import read_member
from portal.privacy.found import Found, in_rows, in_text
from portal.privacy.packages import SPOKEN, local, part, place_of, rest
from portal.rules.privacy import lossy_number, private_data

_SHEETS = "xl/worksheets/"
_STRINGS = "xl/sharedStrings.xml"
_WORKBOOK = "xl/workbook.xml"
_LINKS = "xl/_rels/workbook.xml.rels"
_HEAD_AND_FOOT = frozenset(
    {"oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"}
)
_LISTED = 5_000
"""So many rows of a sheet are held together to look for a list of people."""

_WIDEST = 300
_ROUNDED = "~"
"""Behind the digits of a number that is longer than a spreadsheet can hold."""
_CODE = re.compile('&(?:[A-Z]|"[^"]*")')

_EXACT = 1e15

Cell = tuple[str, str]


def read_sheets(archive: zipfile.ZipFile, key: str) -> Iterator[Found]:
    """What is private in an .xlsx, with sheet and cell."""
    strings = _shared(archive)
    used: set[int] = set()
    parts = [
        name for name in archive.namelist() if name.startswith(_SHEETS) and name.endswith(".xml")
    ]
    titles = _titles(archive)
    for name in parts:
        title = titles.get(name, place_of(name))
        yield from _in_sheet(archive, name, title, strings, used)
    left = (text for number, text in enumerate(strings) if number not in used)
    yield from in_text("\n".join(left), "没有显示的文字")
    yield from rest(archive, {*parts, _STRINGS}, key)


def _in_sheet(
    archive: zipfile.ZipFile, name: str, title: str, strings: list[str], used: set[int]
) -> Iterator[Found]:
    rows: list[list[str]] = []
    for row in _rows(archive, name, strings, used):
        if private_data("\t".join(text for _where, text in row)):
            for where, text in row:
                yield from in_text(text, f"{title}{where}")
            yield from in_text(
                "\t".join(text for _where, text in row), f"{title}第{row[0][0]}起的一行"
            )
        for where, text in row:
            if text.endswith(_ROUNDED) and (lost := lossy_number(float(text[:-1]))):
                yield Found(lost, f"{title}{where}")
        rows.append(_aligned(row))
        if len(rows) == _LISTED:
            yield from in_rows(rows, title)
            rows = rows[:1]
    yield from in_rows(rows, title)


def _rows(
    archive: zipfile.ZipFile, name: str, strings: list[str], used: set[int]
) -> Iterator[list[Cell]]:
    """The cells of each row with their addresses; headers, footers and prompts as rows of their own."""
    for element in _elements(archive, name):
        tag = local(element.tag)
        if tag == "row":
            if row := [_cell(cell, strings, used) for cell in element if local(cell.tag) == "c"]:
                yield row
            element.clear()
        elif tag in _HEAD_AND_FOOT and element.text:
            yield [("页眉页脚", _CODE.sub("\n", element.text))]
        elif tag in ("dataValidation", "hyperlink"):
            said = [value for at, value in element.attrib.items() if local(at) in SPOKEN]
            yield from ([("提示和链接", value)] for value in said)


def _elements(archive: zipfile.ZipFile, name: str) -> Iterator[ET.Element]:
    """The elements of a part, each when it is complete; a large sheet is never held as a whole."""
    parser: ET.XMLPullParser[Any] = ET.XMLPullParser(("end",))
    for chunk in read_member(archive, name):
        parser.feed(chunk)
        events: Any = parser.read_events()  # typed for events that were not asked for
        yield from (element for _event, element in events)


def _cell(cell: ET.Element, strings: list[str], used: set[int]) -> Cell:
    where, kind = cell.get("r", ""), cell.get("t", "n")
    if kind == "inlineStr":
        return where, "".join(one.text or "" for one in cell.iter() if local(one.tag) == "t")
    value = next((one.text or "" for one in cell if local(one.tag) == "v"), "")
    formula = next((one.text or "" for one in cell if local(one.tag) == "f"), "")
    if kind == "s" and value.isdigit() and int(value) < len(strings):
        used.add(int(value))
        return where, strings[int(value)]
    if kind == "n":
        value = _whole(value)
    return where, f"{value} ={formula}" if formula else value


def _aligned(row: list[Cell]) -> list[str]:
    """The texts, each in its column; empty cells are not written in a file."""
    placed = {_column(where) or number: text for number, (where, text) in enumerate(row, start=1)}
    return [placed.get(number, "") for number in range(1, min(max(placed), _WIDEST) + 1)]


def _column(where: str) -> int:
    """The number of the column of an address: C5 is 3; 0 where it is none."""
    number = 0
    for letter in where.rstrip("0123456789"):
        if not "A" <= letter <= "Z":
            return 0
        number = number * 26 + ord(letter) - 64
    return number


def _whole(value: str) -> str:
    """A number as people read it: 1.3800138E10 and 13800138000.0 are 13800138000."""
    try:
        number = float(value)
    except ValueError:
        return value
    if not number.is_integer() or abs(number) >= 1e19:
        return value
    return f"{int(number)}{_ROUNDED}" if abs(number) >= _EXACT else str(int(number))


def _shared(archive: zipfile.ZipFile) -> list[str]:
    if _STRINGS not in archive.namelist():
        return []
    tree = part(archive, _STRINGS)
    return [
        "".join(one.text or "" for one in item.iter() if local(one.tag) == "t") for item in tree
    ]


def _titles(archive: zipfile.ZipFile) -> dict[str, str]:
    """Part -> how people find the sheet: by its name, and whether it is hidden."""
    if not {_WORKBOOK, _LINKS} <= {*archive.namelist()}:
        return {}
    targets = {link.get("Id"): link.get("Target", "") for link in part(archive, _LINKS)}
    found = {}
    for sheet in part(archive, _WORKBOOK).iter():
        if local(sheet.tag) != "sheet":
            continue
        link = next((value for name, value in sheet.attrib.items() if local(name) == "id"), "")
        path = f"xl/{targets.get(link, '').removeprefix('/xl/').removeprefix('xl/')}"
        hidden = "（隐藏）" if sheet.get("state", "visible") != "visible" else ""
        found[path] = f"表“{sheet.get('name', '')}”{hidden}"
    return found
