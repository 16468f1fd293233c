"""Excel in and out: 10,000 rows of 25 columns, checked, beside the bare libraries."""

import io
import random
import tracemalloc
from collections.abc import Callable
from datetime import date, timedelta

import openpyxl
from python_calamine import CalamineWorkbook

from bench import paired, seconds
from portal.spreadsheets.checking import check_file
from portal.spreadsheets.columns import Column, Table
from portal.spreadsheets.kinds import DAY, INTEGER, TEXT, WAN, choice, text
from portal.spreadsheets.precheck import check_workbook
from portal.spreadsheets.writing import write_xlsx

ROWS = 10_000
SOURCES = ("中央衔接资金", "省级衔接资金", "省级财政资金", "其他资金")
CATEGORIES = {"产业发展": "industry", "就业项目": "employment", "乡村建设行动": "construction"}
TABLE = Table(
    "项目计划安排表",
    (
        Column("serial", "序号", INTEGER, width=6),
        Column("department", "部门", required=True),
        Column("township", "乡镇", required=True),
        Column("village", "村", required=True),
        Column("name", "项目名称", text(100), required=True, width=30),
        Column("category", "项目子类型", choice(CATEGORIES)),
        Column("content", "建设内容", text(2000), width=40),
        Column("planned", "计划投入资金", WAN, required=True),
        *(Column(f"source{n}", title, WAN, group="资金来源") for n, title in enumerate(SOURCES)),
        Column("period", "实施期限"),
        Column("target", "预期绩效目标", text(2000)),
        Column("benefit", "联农带农富农利益联结机制", text(2000)),
        Column("unit", "责任单位"),
        Column("person", "责任人"),
        Column("remark", "备注"),
        Column("decided", "审定日期", DAY),
        Column("households", "受益户数", INTEGER),
        Column("code", "项目编码"),
        *(Column(f"note{n}", f"说明{n}", TEXT) for n in range(4)),
    ),
    note="单位：万元",
)


def records() -> list[dict[str, object]]:
    """Make rows as a county has them: few places and units, a name and a text of its own in each row."""
    rng = random.Random(45)
    return [_record(rng, number) for number in range(ROWS)]


def _record(rng: random.Random, number: int) -> dict[str, object]:
    amounts = {f"source{n}": rng.randrange(10**9) for n in range(len(SOURCES))}
    return {
        "serial": number,
        "department": f"部门{number % 12}",
        "township": f"乡镇{number % 9}",
        "village": f"第{number % 150}村",
        "name": f"第{number % 150}村冷库建设项目（{number}期）",
        "category": list(CATEGORIES.values())[number % 3],
        "content": f"新建冷库{number}座，建筑面积{number + 7}平方米，配套制冷设备",
        "planned": sum(amounts.values()),
        **amounts,
        "period": "2023/3-2023/12",
        "target": f"带动脱贫户{number % 60}户，每户增收{number}元",
        "benefit": "土地流转、务工就业、资产收益分红",
        "unit": "农业农村局",
        "person": f"张{number % 200}",
        "decided": date(2023, 1, 1) + timedelta(number % 300),
        "households": number % 80,
        "code": f"demo-2023-{number:05d}",
        **{f"note{n}": f"说明{number * n}" for n in range(4)},
    }


def exported(rows: list[dict[str, object]]) -> bytes:
    """Write the rows as the portal does."""
    target = io.BytesIO()
    write_xlsx(TABLE, rows, target)
    return target.getvalue()


def import_checked() -> dict[str, object]:
    """Read and check a file in the child process, beside a bare read with the same parser."""
    content = exported(records())

    def work() -> None:
        checked = check_file(TABLE, content, "项目.xlsx")
        assert len(checked.rows) == ROWS
        assert not checked.errors

    def bare() -> list[list[object]]:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return workbook.get_sheet_by_index(0).to_python()

    precheck = seconds(lambda: check_workbook(content))
    row = paired(work, bare)
    with_precheck, row["seconds"] = row["seconds"], row["seconds"] - precheck
    row["ratio"] = row["seconds"] / row["limit_seconds"]
    measures = {"precheck_seconds": precheck, "seconds_with_precheck": with_precheck}
    return {"compared_with": "a bare calamine read", "goal": "<= 2", **row, **measures}


def export() -> dict[str, object]:
    """Write an .xlsx, beside openpyxl's write_only mode with the same values."""
    rows = records()

    def bare() -> None:
        workbook = openpyxl.Workbook(write_only=True)
        sheet = workbook.create_sheet()
        for row in rows:
            sheet.append(
                [
                    None if (value := row.get(column.key)) is None else column.kind.show(value)
                    for column in TABLE.columns
                ]
            )
        workbook.save(io.BytesIO())

    row = paired(lambda: exported(rows), bare)
    memory = _megabytes(lambda: exported(rows))
    return {
        "compared_with": "openpyxl write_only",
        "goal": "<= 0.85",
        **row,
        "memory_mb": memory,
        "met": row["ratio"] <= 0.85 and memory <= 40,
    }


def _megabytes(work: Callable[[], object]) -> float:
    """Run once more, untimed, and return the peak of memory that it asked for."""
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1024**2


BENCHES: dict[str, Callable[[], dict[str, object]]] = {
    "import_checked": import_checked,
    "export": export,
}
