"""Tables of supervision as Excel: the monthly plan (form F12)."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import BinaryIO

from portal.spreadsheets.columns import Column, Table
from portal.spreadsheets.kinds import INTEGER, WAN, Kind, text
from portal.spreadsheets.writing import Record, write_workbook, write_xlsx
from portal.supervision import wording
from portal.supervision.bulletins import Figures
from portal.supervision.models import PaymentPlan
from portal.supervision.queries import UnitPlan

RATE = Kind(Decimal, float, "0.00", unit="%")
PLAN = (
    Column("unit", "单位", text(80), width=18),
    Column("project", "项目", text(120), width=40),
    Column("planned", "当月计划额", WAN, width=14),
    Column("paid", "实际额", WAN, width=14),
    Column("explanation", "未完成原因", text(500), width=40),
)

RANKING = (
    Column("rank", "名次", INTEGER, width=8),
    Column("name", "单位", text(80), width=24),
    Column("allocated", "安排资金", WAN),
    Column("paid", "已支出", WAN),
    Column("rate", "支出进度（%）", RATE, width=14),
    Column("compared", "与序时进度相比（百分点）", width=16),
)
SLOW = (
    Column("rank", "序号", INTEGER, width=8),
    Column("name", "项目", text(120), width=40),
    Column("unit", "责任单位", text(80), width=20),
    Column("allocated", "安排资金", WAN),
    Column("paid", "已支出", WAN),
    Column("unpaid", "未支出", WAN),
    Column("rate", "支出进度（%）", RATE, width=14),
)


def write_bulletin(figures: Figures, target: BinaryIO) -> None:
    """Write the ranking and the slow projects of a bulletin, each on a sheet of its own."""
    note = f"截至{wording.long(figures.on)}，序时进度 {figures.pace}%，单位：万元"
    ranked = ({**asdict(unit), "compared": wording.compared(unit)} for unit in figures.units)
    slow = (
        {**asdict(project), "rank": number, "unpaid": project.unpaid}
        for number, project in enumerate(figures.slow, start=1)
    )
    sheets = [
        (Table("各单位支出进度排名", RANKING, note=note), ranked),
        (Table("支出慢的项目", SLOW, note=note), slow),
    ]
    write_workbook(sheets, target)


def write_plan(plan: PaymentPlan, units: Sequence[UnitPlan], target: BinaryIO) -> None:
    """Write a plan in the columns of form F12: each line, and a sum below each unit."""
    title = f"{plan.year}年{plan.month}月用款计划"
    write_xlsx(Table(title, PLAN, note="单位：万元"), _plan_records(units), target)


def _plan_records(units: Sequence[UnitPlan]) -> Iterator[Record]:
    for unit in units:
        for row in unit.rows:
            yield {
                "unit": unit.unit.name,
                "project": row.line.project.name,
                "planned": row.line.amount,
                "paid": row.paid,
                "explanation": row.line.explanation or None,
            }
        yield {
            "unit": unit.unit.name,
            "project": "小计",
            "planned": unit.planned,
            "paid": unit.paid,
        }
    yield {
        "unit": "合计",
        "planned": sum(unit.planned for unit in units),
        "paid": sum(unit.paid for unit in units),
    }
