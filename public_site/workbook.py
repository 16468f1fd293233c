"""A plain Excel workbook, written row by row: any number of rows with the same memory.

Same rows, same bytes: there is no time in it. Rows carry no numbers of their own, readers count.
Text is text, also where it begins with = or +; amounts are numbers and days are dates.
"""

import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NamedTuple

from public_site.wording import xml_text

MOST_ROWS = 1_048_575
"""What a sheet of Excel holds below its heading."""
PIECE = 500
EPOCH = date(1899, 12, 30).toordinal()
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
RELATIONS = "application/vnd.openxmlformats-package.relationships+xml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
STYLES = Path(__file__).parent / "xlsx/styles.xml"
"""Of its five cell formats, by number: plain, heading, amount, day, wrapped text."""

Cell = str | int | bool | None


class Column(NamedTuple):
    """type: string, integer, boolean, number (decimal text) or date (ISO text). width: characters."""

    title: str
    type: str = "string"
    width: int = 14


class Sheet(NamedTuple):
    """A sheet: its name on the tab, its columns, and its rows, asked for once."""

    name: str
    columns: tuple[Column, ...]
    rows: Iterable[Sequence[Cell]]


def write_workbook(sheets: Sequence[Sheet], target: BinaryIO) -> None:
    """Write the sheets; ValueError when one of them has more rows than a sheet of Excel holds."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for path, text in _parts([sheet.name for sheet in sheets]):
            _put(package, path, [text])
        for number, sheet in enumerate(sheets, start=1):
            _put(package, f"xl/worksheets/sheet{number}.xml", _sheet(sheet))


def _put(package: zipfile.ZipFile, path: str, texts: Iterable[str]) -> None:
    """A member with the zip format's first day as its date: `open` by name gives it that."""
    with package.open(path, "w") as member:
        for text in texts:
            member.write(text.encode())


def _parts(names: list[str]) -> Iterator[tuple[str, str]]:
    numbered = list(enumerate(names, start=1))
    kinds = [("workbook.xml", "sheet.main"), ("styles.xml", "styles")]
    kinds += [(f"worksheets/sheet{number}.xml", "worksheet") for number, _name in numbered]
    types = "".join(
        f'<Override PartName="/xl/{path}" ContentType="{SPREADSHEET}.{kind}+xml"/>'
        for path, kind in kinds
    )
    rels = f'<Default Extension="rels" ContentType="{RELATIONS}"/>'
    root = f'<Types xmlns="{PACKAGE}/content-types">'
    yield "[Content_Types].xml", f"{HEAD}{root}{rels}{types}</Types>"
    yield "_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")])
    sheets = [("worksheet", f"worksheets/sheet{number}.xml") for number, _name in numbered]
    yield "xl/_rels/workbook.xml.rels", _relations([*sheets, ("styles", "styles.xml")])
    tabs = "".join(
        f'<sheet name="{xml_text(name)}" sheetId="{number}" r:id="r{number}"/>'
        for number, name in numbered
    )
    yield (
        "xl/workbook.xml",
        f'{HEAD}<workbook {MAIN} xmlns:r="{OFFICE}"><sheets>{tabs}</sheets></workbook>',
    )
    yield "xl/styles.xml", STYLES.read_text("utf-8")


def _relations(targets: list[tuple[str, str]]) -> str:
    each = "".join(
        f'<Relationship Id="r{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{each}</Relationships>'


def _sheet(sheet: Sheet) -> Iterator[str]:
    widths = "".join(
        f'<col min="{number}" max="{number}" width="{column.width}" customWidth="1"/>'
        for number, column in enumerate(sheet.columns, start=1)
    )
    heading = "".join(_text(column.title, style=1) for column in sheet.columns)
    yield (
        f'{HEAD}<worksheet {MAIN}><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" '
        'topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{widths}</cols><sheetData><row>{heading}</row>\n"
    )
    write = [WRITERS[column.type] for column in sheet.columns]
    count, rest = 0, iter(sheet.rows)
    while rows := list(islice(rest, PIECE)):
        count += len(rows)
        if count > MOST_ROWS:
            raise ValueError(f"表格“{sheet.name}”超过{MOST_ROWS}行，Excel放不下，请分年生成")
        yield "".join([_row(write, row) for row in rows])
    yield "</sheetData></worksheet>"


def _row(write: list[Callable[[Cell], str]], row: Sequence[Cell]) -> str:
    cells = ["<c/>" if cell is None else one(cell) for one, cell in zip(write, row, strict=True)]
    return f"<row>{''.join(cells)}</row>\n"


def _text(cell: Cell, style: int = 0) -> str:
    text = xml_text(str(cell))
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _day(cell: Cell) -> str:
    return f'<c s="3"><v>{date.fromisoformat(str(cell)).toordinal() - EPOCH}</v></c>'


WRITERS: dict[str, Callable[[Cell], str]] = {
    "string": _text,
    "note": lambda cell: _text(cell, style=4),
    "integer": lambda cell: f"<c><v>{cell}</v></c>",
    "number": lambda cell: f'<c s="2"><v>{cell}</v></c>',
    "boolean": lambda cell: f'<c t="b"><v>{int(bool(cell))}</v></c>',
    "date": _day,
}
