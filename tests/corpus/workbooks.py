"""Excel files: honest ones in a few lines, and those that are made to hurt a reader (E9)."""

import io
import random
from collections.abc import Sequence

import openpyxl
import xlsxwriter

from tests.corpus.archives import TYPES_HEAD, XLSX_MAIN, repacked, zipped

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


def xlsx(rows: Sequence[Sequence[object]], sheet: str = "Sheet1") -> bytes:
    """Write rows as openpyxl does; None leaves a cell out."""
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def handmade(sheet: str, strings: str = "", prologue: str = "") -> bytes:
    """Put together a workbook whose sheet and shared strings are given as XML."""
    part = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return zipped(
        {
            "[Content_Types].xml": (
                f"{TYPES_HEAD}"
                f'<Override PartName="/xl/workbook.xml" ContentType="{XLSX_MAIN}"/>'
                f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{part}.worksheet+xml"/>'
                f'<Override PartName="/xl/sharedStrings.xml" ContentType="{part}.sharedStrings+xml"/>'
                "</Types>"
            ),
            "_rels/.rels": (
                f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" '
                f'Type="{DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
            ),
            "xl/workbook.xml": (
                f'{prologue}<workbook xmlns="{MAIN}" xmlns:r="{DOCUMENT}"><sheets>'
                '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>'
            ),
            "xl/_rels/workbook.xml.rels": (
                f'<Relationships xmlns="{RELATIONS}">'
                f'<Relationship Id="r1" Type="{DOCUMENT}/worksheet" Target="worksheets/sheet1.xml"/>'
                f'<Relationship Id="r2" Type="{DOCUMENT}/sharedStrings" Target="sharedStrings.xml"/>'
                "</Relationships>"
            ),
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}">{sheet}</worksheet>',
            "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{strings}</sst>',
        }
    )


def one_cell(reference: str, value: str = "<v>1</v>", attributes: str = "") -> str:
    row = reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    cell = f'<c r="{reference}"{attributes}>{value}</c>'
    return f'<sheetData><row r="{row}">{cell}</row></sheetData>'


def huge_cell(text: str) -> bytes:
    return handmade(one_cell("A1", "<v>0</v>", ' t="s"'), f"<si><t>{text}</t></si>")


def varied(characters: int) -> str:
    """Chinese text that does not compress to a hundredth."""
    rng = random.Random(45)
    return "".join(chr(0x4E00 + rng.randrange(20_000)) for _ in range(characters))


def many_strings(count: int) -> bytes:
    strings = "".join(f"<si><t>{n:x}</t></si>" for n in range(count))
    return handmade(one_cell("A1"), strings)


def far_cell(reference: str) -> bytes:
    return handmade(one_cell(reference))


def false_dimension() -> bytes:
    cells = '<row r="1"><c r="A1" t="inlineStr"><is><t>乡镇</t></is></c></row>'
    return handmade(f'<dimension ref="A1:XFD1048576"/><sheetData>{cells}</sheetData>')


def many_cells(count: int) -> bytes:
    """Numbers that all differ, so that the file does not shrink to a hundredth."""
    rows = range(0, count, 100)
    cells = ("".join(f"<c><v>{n * 7919}</v></c>" for n in range(row, row + 100)) for row in rows)
    return handmade(f"<sheetData>{''.join(f'<row>{row}</row>' for row in cells)}</sheetData>")


def repeated_cells(count: int) -> bytes:
    row = f"<row>{'<c><v>7</v></c>' * 100}</row>"
    return handmade(f"<sheetData>{row * (count // 100)}</sheetData>")


def many_styles(content: bytes, count: int) -> bytes:
    styles = '<xf numFmtId="0"/>' * count
    sheet = f'<styleSheet xmlns="{MAIN}"><cellXfs count="{count}">{styles}</cellXfs></styleSheet>'
    return repacked(content, {"xl/styles.xml": sheet})


def billion_laughs() -> bytes:
    entities = '<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)
    )
    return handmade(one_cell("A1"), prologue=f"<!DOCTYPE workbook [{entities}]>")


def external_entity(address: str) -> bytes:
    declaration = f'<!DOCTYPE workbook [<!ENTITY x SYSTEM "{address}">]>'
    return handmade(one_cell("A1"), prologue=declaration)


def old_xls() -> bytes:
    return OLE2 + "Workbook".encode("utf-16-le") + b"\0" * 512


def old_doc() -> bytes:
    return OLE2 + "WordDocument".encode("utf-16-le") + b"\0" * 512


def password_protected() -> bytes:
    return OLE2 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 512


def dated_1904(day_number: int) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"date_1904": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["乡镇", "日期"])
        sheet.write_string(1, 0, "红星镇")
        sheet.write_number(1, 1, day_number, book.add_format({"num_format": "yyyy-mm-dd"}))
    return target.getvalue()


def repeated_text(cells: int) -> str:
    """Rows of ten cells that all show the first shared string."""
    rows = []
    for row in range(1, cells // 10 + 1):
        filled = "".join(f'<c r="{letter}{row}" t="s"><v>0</v></c>' for letter in "ABCDEFGHIJ")
        rows.append(f'<row r="{row}">{filled}</row>')
    return "".join(rows)
