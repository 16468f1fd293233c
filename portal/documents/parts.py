"""The pieces of WordprocessingML that python-docx has no words for."""

import io
import re
import zipfile
from collections.abc import Sequence

from docx.document import Document
from docx.enum.section import WD_ORIENTATION
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Length
from docx.table import Table, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run

MIDDLE = WD_CELL_VERTICAL_ALIGNMENT.CENTER
_NOT_IN_XML = re.compile(r"[^\t\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
BORDERS = ("top", "left", "bottom", "right", "insideH", "insideV")


def face(run: Run, font: str, size: Length, latin: str) -> None:
    """Name the font of Chinese text (``w:eastAsia``) and that of Latin letters and digits."""
    run.font.name, run.font.size = latin, size
    chinese_font(run, font)


def chinese_font(run: Run, font: str) -> None:
    """Name the font of Chinese text only."""
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)  # noqa: SLF001


def page_number(paragraph: Paragraph) -> list[Run]:
    """Write — 1 — with a page field; return its runs."""
    runs = [paragraph.add_run("— ")]
    for kind in ("begin", "PAGE", "separate", "1", "end"):
        run = paragraph.add_run("1" if kind == "1" else "")
        if kind == "PAGE":
            element = OxmlElement("w:instrText")
            element.text = "PAGE"
            run._r.append(element)  # noqa: SLF001
        elif kind != "1":
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
            run._r.append(element)  # noqa: SLF001
        runs.append(run)
    return [*runs, paragraph.add_run(" —")]


def turn(section: Section) -> None:
    """Lay the page on its side: each edge takes its margin along."""
    section.orientation = WD_ORIENTATION.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    section.left_margin, section.top_margin, section.right_margin, section.bottom_margin = (
        section.top_margin,
        section.right_margin,
        section.bottom_margin,
        section.left_margin,
    )


def borders(table: Table) -> None:
    """Draw every line of a table, half a point, black."""
    element = OxmlElement("w:tblBorders")
    for side in BORDERS:
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "000000")):
            line.set(qn(f"w:{name}"), value)
        element.append(line)
    table._tbl.tblPr.append(element)  # noqa: SLF001


def columns(table: Table, widths: Sequence[Length]) -> None:
    """Fix the widths of the columns: text wraps in its cell and never widens the table."""
    table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width


def repeats(row: _Row) -> None:
    """Print the row again at the top of each page that the table reaches."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001


def stays_whole(row: _Row) -> None:
    """Break no page inside the row."""
    row._tr.get_or_add_trPr().insert(0, OxmlElement("w:cantSplit"))  # noqa: SLF001


def clean(text: str) -> str:
    """Text without what XML cannot hold."""
    return _NOT_IN_XML.sub("", text)


def archived(document: Document) -> bytes:
    """The file; its archive carries no time of writing."""
    raw, target = io.BytesIO(), io.BytesIO()
    document.save(raw)
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(target, "w") as archive:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name)  # 1980-01-01
            archive.writestr(entry, source.read(name), zipfile.ZIP_DEFLATED)
    return target.getvalue()
