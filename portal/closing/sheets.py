"""The lines of a closing as a workbook."""

from collections.abc import Iterator
from typing import BinaryIO

from portal.closing.models import YearClosing
from portal.closing.queries import lines_of, sums_of
from portal.spreadsheets.columns import Column, Table
from portal.spreadsheets.kinds import INTEGER, WAN, text
from portal.spreadsheets.writing import Record, write_xlsx

COLUMNS = (
    Column("document", "资金文件", text(200), width=28),
    Column("tier", "级次", width=8),
    Column("year", "资金年度", INTEGER, width=10),
    Column("project", "项目", text(120), width=32),
    Column("code", "项目编码", text(80), width=20),
    Column("opening", "年初结转", WAN),
    Column("added", "本年增加", WAN),
    Column("paid", "本年支付", WAN),
    Column("rest", "年末结转", WAN),
)


def write_closing(closing: YearClosing, target: BinaryIO) -> int:
    """Write every line and the sum as .xlsx; return the number of rows."""
    table = Table(f"{closing.year} 年度结转明细", COLUMNS, note="单位：万元")
    return write_xlsx(table, _rows(closing), target)


def _rows(closing: YearClosing) -> Iterator[Record]:
    lines = lines_of(closing)
    for line in lines:
        yield {
            "document": line.document.short_name,
            "tier": line.document.tier.label,
            "year": line.document.year,
            "project": line.project.name if line.project else "未安排到项目",
            "code": line.project.code if line.project else None,
            "opening": line.opening_amount,
            "added": line.added_amount,
            "paid": line.paid_amount,
            "rest": line.rest_amount,
        }
    total = sums_of(lines)
    yield {
        "document": "合计",
        "opening": total.opening,
        "added": total.added,
        "paid": total.paid,
        "rest": total.rest,
    }
