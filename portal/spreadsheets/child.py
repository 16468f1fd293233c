"""python -m portal.spreadsheets.child xlsx|delimited: parse standard input, write JSON lines.

Whatever a file does to a parser, it does it here: this process has limits and ends afterwards.
A line is ``["rows", sheet, first_row, rows, merges]`` or ``["refused", message]``; the last is ``["end"]``.
"""

import gc
import json
import sys
from collections.abc import Iterator
from itertools import islice

from portal.intake import FileRefused
from portal.spreadsheets.cells import Cell
from portal.spreadsheets.delimited import delimited_sheets
from portal.spreadsheets.sheets import (
    HEADING_ROWS,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    RawSheet,
)
from portal.spreadsheets.workbook import workbook_sheets

if sys.platform != "win32":
    import resource

PARSERS = {"xlsx": workbook_sheets, "delimited": delimited_sheets}
MEMORY = 1024**3
CPU_SECONDS = 20
BATCH_ROWS = 500
MAX_CHARACTERS = 50_000_000

TOO_MANY_ROWS = f"表格超过 {MAX_ROWS} 行，请拆成几个文件分别导入"
TOO_MANY_COLUMNS = f"表格超过 {MAX_COLUMNS} 列，请删去无关的列后再导入"
TOO_MUCH = "表格超过 100 万个单元格或 5000 万字，请拆成几个文件分别导入"


def limit_this_process() -> None:
    """Bound memory and processor time; Windows has no such limits, there the parent's clock ends us."""
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))


def lines(content: bytes, parser: str) -> Iterator[str]:
    """Yield the protocol's lines for one file."""
    cells = characters = 0
    try:
        for sheet, first_row, rows in _batches(PARSERS[parser](content)):
            cells += sum(map(len, rows))
            line = _json(["rows", sheet.name, first_row, rows, sheet.merges * (first_row == 1)])
            characters += len(line)
            if cells > MAX_CELLS or characters > MAX_CHARACTERS:
                raise FileRefused(TOO_MUCH)
            yield line
    except FileRefused as refused:
        yield _json(["refused", str(refused)])
    yield _json(["end"])


def _batches(sheets: Iterator[RawSheet]) -> Iterator[tuple[RawSheet, int, list[list[Cell]]]]:
    """Cut the sheets into batches and number their first rows from 1."""
    for sheet in sheets:
        first_row = 1
        while rows := list(islice(sheet.rows, BATCH_ROWS)):
            if first_row + len(rows) > MAX_ROWS + HEADING_ROWS:
                raise FileRefused(TOO_MANY_ROWS)
            _refuse_wide(rows)
            yield sheet, first_row, rows
            first_row += len(rows)


def _refuse_wide(rows: list[list[Cell]]) -> None:
    if max(map(len, rows)) > MAX_COLUMNS:
        raise FileRefused(TOO_MANY_COLUMNS)


def _json(line: object) -> str:
    return json.dumps(line, ensure_ascii=False, separators=(",", ":"))


def main() -> None:
    """Parse standard input under limits."""
    limit_this_process()
    gc.disable()  # a short life of acyclic lists: collecting would only walk them again and again
    out = sys.stdout.buffer
    for line in lines(sys.stdin.buffer.read(), sys.argv[1]):
        out.write(line.encode() + b"\n")
        out.flush()


if __name__ == "__main__":
    main()
