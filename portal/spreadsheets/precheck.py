"""Counts over an .xlsx before its parser runs: cells by their references, not by what it declares."""

import re
import zipfile

from portal.intake import FileRefused
from portal.intake.archives import REPACKED, open_archive, read_member
from portal.intake.office import office_kind
from portal.spreadsheets.sheets import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, MAX_TEXT

# Starts of the elements counted. They match a few others too (<cols>, charts): counting too many is
# harmless below a limit of a million, missing one in another notation would not be.
CELL, TEXT, ROW = (b"<c", b":c"), (b"<si", b":si"), (b"<row", b":row")
# A reference beyond column GR (200) or row 99,999; rows between are judged when read.
OUTSIDE = re.compile(rb' r="((?:[A-Z]{3,}|[H-Z][A-Z]|G[S-Z])\d+|[A-Z]*\d{6,})"')
CELL_LENGTH = 1_024  # looked at again when a piece ends inside a formula cell
LONGEST_TAG_AND_TEXT = 6 * MAX_TEXT + 4_096  # six bytes where a character is escaped

# The parser reads both of these as empty, and an amount would be lost without a word.
ERROR_VALUE = re.compile(
    rb'<c\b[^>]*? r="([A-Z]+\d+)"[^>]* t="e"[^>]*>(?:<f[^>]*>[^<]*</f>)?<v>([^<]*)<'
)
UNCOMPUTED = re.compile(
    rb'<c r="([A-Z]+\d+)"(?:(?! t="str")[^>])*>\s*<f[^>]*(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>'
)

TOO_MANY_CELLS = (
    "表格超过 100 万个单元格，可能是大片空单元格带有格式。请选中数据右侧和下方的空行空列，"
    "右键“删除”，保存后再导入"
)
TOO_LONG = f"有单元格的文字超过 {MAX_TEXT} 字，请缩短后再导入"


def check_workbook(content: bytes) -> None:
    """Let an .xlsx within the limits pass: 50,000 rows, 200 columns, 1,000,000 cells.

    Raises:
        FileRefused: for a zip against the rules, macros, another kind of file, and sizes beyond limits.
    """
    archive = open_archive(content)
    if office_kind(archive) != "xlsx":
        raise FileRefused("这不是 Excel 表格，请上传 .xlsx 文件")
    counts = Counts()
    for name in archive.namelist():
        if name.endswith((".xml", ".rels")):
            _count_member(archive, name, counts)


class Counts:
    """How many cells, shared texts and rows were seen so far, over all sheets."""

    def __init__(self) -> None:
        self.cells = self.texts = self.rows = 0

    def add(self, piece: bytes) -> None:
        """Count a piece of XML.

        Raises:
            FileRefused: as soon as a limit is passed.
        """
        self.cells += sum(map(piece.count, CELL))
        self.texts += sum(map(piece.count, TEXT))
        self.rows += sum(map(piece.count, ROW))
        if max(self.cells, self.texts, self.rows) > MAX_CELLS:
            raise FileRefused(TOO_MANY_CELLS)
        outside = OUTSIDE.search(piece)
        if outside:
            place = outside[1].decode()
            where = f"第 {place} 行" if place.isdigit() else f"单元格 {place} "
            raise FileRefused(
                f"{where}超出范围：最多 {MAX_ROWS} 行、{MAX_COLUMNS} 列。"
                "请删除数据右侧和下方的空行空列（包括只带格式的），保存后再导入"
            )


def _count_member(archive: zipfile.ZipFile, name: str, counts: Counts) -> None:
    rest = before = b""
    for chunk in read_member(archive, name):
        text = rest + chunk
        if b"<!" in text and (b"<!DOCTYPE" in text or b"<!ENTITY" in text):
            raise FileRefused(REPACKED)
        cut = max(text.rfind(b"<"), 0)
        if len(text) - cut > LONGEST_TAG_AND_TEXT and name.startswith("xl/"):
            raise FileRefused(TOO_LONG)
        counts.add(text[:cut])
        if name.startswith("xl/worksheets/"):
            _refuse_unreadable(before + text[:cut])
            before = text[max(0, cut - CELL_LENGTH) : cut]
        rest = text[cut:]
    counts.add(rest)


def _refuse_unreadable(piece: bytes) -> None:
    if b't="e"' in piece and (found := ERROR_VALUE.search(piece)):
        place, error = (part.decode(errors="replace") for part in found.groups())
        raise FileRefused(f"单元格 {place} 是错误值 {error}，请改正或清空后再导入")
    if b"<f" in piece and (found := UNCOMPUTED.search(piece)):
        raise FileRefused(
            f"单元格 {found[1].decode()} 的公式没有算出结果，请在 Excel 或 WPS 中打开，保存后再导入"
        )
