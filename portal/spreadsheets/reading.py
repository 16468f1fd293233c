"""Rows of a file, parsed in a child process with limits on memory, processor and time."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from portal.intake import FileRefused
from portal.intake.signatures import refuse_foreign, refuse_size, signature
from portal.spreadsheets.precheck import check_workbook
from portal.spreadsheets.sheets import Batch

ROOT = Path(__file__).parents[2]
WALL_SECONDS = 30
DELIMITED = (".csv", ".tsv", ".txt")

EXHAUSTED = (
    "这个文件读了 30 秒还没读完，或需要超过 1 GB 内存。请删去无关的工作表、图片和格式，"
    "或把数据复制到模板里再导入"
)
NOT_A_TABLE = "只能导入 .xlsx 或 .csv 文件，请在 Excel 或 WPS 中另存为 .xlsx 后再导入"
WRONG_ENDING = "文件内容与扩展名不符，请在 Excel 或 WPS 中打开，另存为 .xlsx 后再导入"


def read_batches(content: bytes, filename: str) -> Iterator[Batch]:
    """Yield the rows of all visible sheets of an .xlsx, or of a .csv, .tsv or .txt file.

    Raises:
        FileRefused: in plain Chinese, before or between batches.
    """
    refuse_size(content)
    refuse_foreign(content)
    parser = _parser(content, filename)
    with _child(parser) as child:
        if parser == "xlsx":
            check_workbook(
                content
            )  # while the child starts; it gets nothing before this has passed
        for kind, *fields in _answers(child, content):
            if kind == "end":
                return
            if kind == "refused":
                raise FileRefused(fields[0])
            yield Batch(*fields)
    raise FileRefused(EXHAUSTED)


def _answers(child: subprocess.Popen[bytes], content: bytes) -> Iterator[list[Any]]:
    """Hand the file over and yield the child's lines; they end early when a limit ended the child."""
    assert child.stdin is not None
    assert child.stdout is not None
    with suppress(BrokenPipeError), child.stdin as stdin:
        stdin.write(content)
    for line in child.stdout:
        if line.endswith(b"\n"):
            yield json.loads(line)


def _parser(content: bytes, filename: str) -> str:
    name, is_zip = filename.lower(), signature(content) == "zip"
    if name.endswith(DELIMITED):
        parser = "delimited"
    elif name.endswith((".xlsx", ".xlsm")):
        parser = "xlsx"
    else:
        raise FileRefused(NOT_A_TABLE)
    if is_zip != (parser == "xlsx"):
        raise FileRefused(WRONG_ENDING)
    return parser


@contextmanager
def _child(parser: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start the parser; it is gone when the block is left, however it is left."""
    command = [sys.executable, "-m", "portal.spreadsheets.child", parser]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe) as child:  # noqa: S603
        timer = threading.Timer(WALL_SECONDS, child.kill)
        timer.start()
        try:
            yield child
        finally:
            timer.cancel()
            child.kill()
