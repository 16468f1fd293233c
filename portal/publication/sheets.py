"""The publication log as Excel."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import BinaryIO

from portal.publication.log import Entry
from portal.spreadsheets.columns import Column, Table
from portal.spreadsheets.kinds import DAY, text
from portal.spreadsheets.writing import write_xlsx
from portal.wording import moment

LOG = Table(
    "公开日志",
    (
        Column("on", "日期", DAY, width=12),
        Column("time", "时间", text(5), width=8),
        Column("kind", "事项", text(20), width=12),
        Column("what", "内容", text(200), width=44),
        Column("person", "人员", text(80), width=12),
        Column("counts", "数量", text(80), width=30),
        Column("words", "说明", text(4000), width=40),
        Column("sha256", "网站清单摘要", text(64), width=68),
        Column("row", "审计对象", text(64), width=20),
    ),
)


def write_log(entries: Iterable[Entry], target: BinaryIO) -> int:
    """Write the lines in their order; return how many."""
    rows = (asdict(one) | {"time": moment(one.at)[-5:] if one.at else ""} for one in entries)
    return write_xlsx(LOG, rows, target)
