"""Reads an Excel file: every cell of every sheet, also hidden ones, and all the parts around them."""

import re
import zipfile
from collections.abc import Iterator
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

from portal.intake.archives import read_member
from portal.privacy.found import Found, in_rows, in_text
from portal.privacy.packages import BETWEEN, SPOKEN, local, part, place_of, rest
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
_CODE = re.compile('&(?:[A-Z]|"[^"]*")')

_EXACT, _LONGEST = 1e15, 1e19
"""From here on a spreadsheet does not hold every digit; and no private number is as long as that."""

_IN_CELLS = frozenset({"c", "v", "is", "t", "r", "f", "rPr"})
"""Elements inside rows, of which a sheet has very many; what they say is read with their row."""
_CONDITIONS = frozenset({"formula", "formula1", "formula2"})
_IN_EXTENSIONS = "{http://schemas.microsoft.com/office/excel/2006/main}f"


class Cell(NamedTuple):
    """Address, text, and the number behind the text where it is longer than a spreadsheet can hold."""

    where: str
    text: str
    rounded: float | None = None


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
    yield from in_text(BETWEEN.join(left), "没有显示的文字")
    yield from rest(archive, {*parts, _STRINGS}, key)


def _in_sheet(
    archive: zipfile.ZipFile, name: str, title: str, strings: list[str], used: set[int]
) -> Iterator[Found]:
    rows: list[list[str]] = []
    for row in _rows(archive, name, strings, used):
        line = "\t".join(cell.text for cell in row)
        if private_data(line):
            for cell in row:
                yield from in_text(cell.text, f"{title}{cell.where}")
            yield from in_text(line, f"{title}第{row[0].where}起的一行")
        for cell in row:
            if cell.rounded and (lost := lossy_number(cell.rounded)):
                yield Found(lost, f"{title}{cell.where}")
        if row[0].where and not _column(row[0].where):
            continue  # a filter or a prompt belongs to no table
        rows.append(_aligned(row))
        if len(rows) == _LISTED:
            yield from in_rows(rows, title)
            rows = rows[:1]
    yield from in_rows(rows, title)


def _rows(
    archive: zipfile.ZipFile, name: str, strings: list[str], used: set[int]
) -> Iterator[list[Cell]]:
    """The cells of each row; headers, footers, prompts, conditions and filters as rows of their own."""
    for element in _elements(archive, name):
        tag = local(element.tag)
        if tag == "row":
            if row := [_cell(cell, strings, used) for cell in element if local(cell.tag) == "c"]:
                yield row
            element.clear()
        elif tag in _HEAD_AND_FOOT and element.text:
            yield [Cell("页眉页脚", _CODE.sub("\n", element.text))]
        elif element.text and (tag in _CONDITIONS or element.tag == _IN_EXTENSIONS):
            yield [Cell("有效性和条件格式", element.text)]
        elif tag not in _IN_CELLS:
            said = [value for at, value in element.attrib.items() if local(at) in SPOKEN]
            yield from ([Cell("提示、筛选和链接", value)] for value in said)


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
        return Cell(where, "".join(one.text or "" for one in cell.iter() if local(one.tag) == "t"))
    value = next((one.text or "" for one in cell if local(one.tag) == "v"), "")
    formula = next((one.text or "" for one in cell if local(one.tag) == "f"), "")
    if kind == "s" and value.isdecimal() and int(value) < len(strings):
        used.add(int(value))
        return Cell(where, strings[int(value)])
    number = _whole(value) if kind == "n" else None
    text = value if number is None else str(int(number))
    rounded = number if number is not None and abs(number) >= _EXACT else None
    return Cell(where, f"{text} ={formula}" if formula else text, rounded)


def _aligned(row: list[Cell]) -> list[str]:
    """The texts, each in its column; empty cells are not written in a file."""
    placed = {_column(cell.where) or number: cell.text for number, cell in enumerate(row, start=1)}
    return [placed.get(number, "") for number in range(1, min(max(placed), _WIDEST) + 1)]


def _column(where: str) -> int:
    """The number of the column of an address: C5 is 3; 0 where it is none."""
    number = 0
    for letter in where.rstrip("0123456789"):
        if not "A" <= letter <= "Z":
            return 0
        number = number * 26 + ord(letter) - 64
    return number


def _whole(value: str) -> float | None:
    """A whole number, which people read without its form: 1.3800138E10 and 13800138000.0 are 13800138000."""
    try:
        number = float(value)
    except ValueError:
        return None
    return number if number.is_integer() and abs(number) < _LONGEST else None


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
