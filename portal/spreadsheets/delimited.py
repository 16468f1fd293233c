"""CSV files and text pasted from Excel. Runs in the child process only."""

import codecs
import csv
import io
from collections.abc import Iterator

from portal.intake import FileRefused
from portal.spreadsheets.cells import RUNS_IN_EXCEL, Cell, clean_text
from portal.spreadsheets.sheets import MAX_TEXT, RawSheet

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# GB18030 contains GBK and GB2312, which Chinese Windows writes by default.
ENCODINGS = ("utf-8", "gb18030")
SEPARATORS = ("\t", ",", ";", "，")
LOOK_AT = 4_096
NOT_TEXT = "文件内容不是文字表格，或编码无法识别。请在 Excel 或 WPS 中另存为 .xlsx 后再导入"


def delimited_sheets(content: bytes) -> Iterator[RawSheet]:
    """Yield the one sheet of a CSV or of pasted text, in UTF-8, GB18030/GBK or UTF-16.

    Raises:
        FileRefused: for bytes that are no text.
    """
    text = decoded(content)
    yield RawSheet("数据", [], _rows(text))


def decoded(content: bytes) -> str:
    """Decode by byte order mark, else strictly as UTF-8, else GB18030; NULs betray bare UTF-16.

    Raises:
        FileRefused: when nothing fits.
    """
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise FileRefused(NOT_TEXT)


def _encodings(content: bytes) -> tuple[str, ...]:
    for mark, name in BOMS:
        if content.startswith(mark):
            return (name,)
    # ASCII characters put their zero byte last in little endian order, first in big endian order.
    zeros = [content[parity:LOOK_AT:2].count(0) for parity in (0, 1)]
    if any(zeros):
        return ("utf-16-le",) if zeros[1] > zeros[0] else ("utf-16-be",)
    return ENCODINGS


def _rows(text: str) -> Iterator[list[Cell]]:
    csv.field_size_limit(4 * MAX_TEXT)
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=_separator(text[:LOOK_AT]), strict=True
    )
    try:
        for row in reader:
            yield [_unguarded(clean_text(cell)) for cell in row]
    except csv.Error as error:
        raise FileRefused(
            f"第 {reader.line_num} 行附近的引号不成对或内容过长，请在 Excel 中打开检查，"
            "另存为 .xlsx 后再导入"
        ) from error


def _separator(beginning: str) -> str:
    return max(SEPARATORS, key=beginning.count)


def _unguarded(cell: str) -> str:
    """Drop the apostrophe that our own CSV export puts before what Excel would run as a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(RUNS_IN_EXCEL) else cell
