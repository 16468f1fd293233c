"""The county's plan table (项目计划安排表, form F1b): its columns, and its rows from the library.

The heading is the published one with 项目编码, 市级 and 县级 appended (DECISIONS, Limits).
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, BinaryIO

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.accounts.models import Organization
from portal.db import db
from portal.library.models import Project, project_village
from portal.library.queries import book
from portal.spreadsheets.columns import Column, Table
from portal.spreadsheets.kinds import INTEGER, WAN, text
from portal.spreadsheets.writing import write_xlsx

_SOURCES = "资金来源"

TABLE = Table(
    "项目计划安排表",
    (
        Column("serial", "序号", INTEGER, width=6),
        Column("department", "部门", text(80), required=True),
        Column("township", "乡镇", text(80)),
        Column("village", "村", hint="跨村项目用顿号分开"),
        Column("name", "项目名称", text(120), required=True, width=28),
        Column("project_type", "项目子类型", text(80), width=16),
        Column("tasks", "建设内容", text(4000), width=36),
        Column("planned", "计划投入资金", WAN),
        Column("central_amount", "中央衔接资金", WAN, group=_SOURCES),
        Column("provincial_amount", "省级衔接资金", WAN, group=_SOURCES),
        Column("provincial_other_amount", "省级财政资金", WAN, group=_SOURCES),
        Column("other_amount", "其他资金", WAN, group=_SOURCES),
        Column(
            "period",
            "实施期限",
            text(40),
            width=18,
            aliases=("实施期限(年/月-年/月)",),
            hint="例如 2023/4-2023/10",
        ),
        Column("goal", "预期绩效目标", text(4000), width=28),
        Column("benefit_linkage", "联农带农富农利益联结机制", text(4000), width=28),
        Column("responsible_unit", "责任单位", text(120)),
        Column("responsible_person", "责任人", text(40), width=10),
        Column("remark", "备注", text(4000)),
        Column("code", "项目编码", text(80), width=18, hint="新项目留空，由系统编号"),
        Column("municipal_amount", "市级", WAN),
        Column("county_amount", "县级", WAN),
    ),
    note="单位：万元",
)
AMOUNTS = tuple(column.key for column in TABLE.columns if column.key.endswith("_amount"))
TEXTS = (
    "name",
    "tasks",
    "goal",
    "benefit_linkage",
    "responsible_unit",
    "responsible_person",
    "remark",
)


def records(statement: sa.Select[tuple[int]]) -> Iterator[dict[str, Any]]:
    """The rows of the table for the projects whose ids the statement selects, in the order of years.

    ``id`` and ``status`` come along for the import, which compares with exactly these rows.
    """
    department, township = aliased(Organization), aliased(Organization)
    rows = db.session.execute(
        sa.select(
            Project.id,
            Project.status,
            Project.code,
            Project.year,
            Project.project_type,
            Project.start_on,
            Project.finish_on,
            *(getattr(Project, key) for key in (*TEXTS, *AMOUNTS)),
            department.name.label("department"),
            township.name.label("township"),
        )
        .outerjoin(department, department.id == Project.department_id)
        .outerjoin(township, township.id == Project.township_id)
        .where(Project.id.in_(statement))
        .order_by(Project.year, Project.id)
    )
    villages = _village_names(statement)
    types = book().project_types
    for serial, row in enumerate(rows.mappings(), start=1):
        known = types.get(row["project_type"])
        yield {
            **row,
            "serial": serial,
            "department": row["department"] or "",
            "township": row["township"] or "",
            "village": "、".join(villages.get(row["id"], ())),
            "project_type": known.label if known else row["project_type"],
            "planned": sum(row[key] for key in AMOUNTS),
            "period": period(row["start_on"], row["finish_on"]),
        }


def _village_names(statement: sa.Select[tuple[int]]) -> dict[int, list[str]]:
    names: dict[int, list[str]] = {}
    rows = db.session.execute(
        sa.select(project_village.c.project_id, Organization.name)
        .join(Organization, Organization.id == project_village.c.village_id)
        .where(project_village.c.project_id.in_(statement))
        .order_by(project_village.c.project_id, Organization.id)
    )
    for project_id, name in rows:
        names.setdefault(project_id, []).append(name)
    return names


def period(start_on: date | None, finish_on: date | None) -> str:
    """年/月-年/月, as the table has it; empty while a day is missing."""
    if start_on is None or finish_on is None:
        return ""
    return f"{start_on.year}/{start_on.month}-{finish_on.year}/{finish_on.month}"


def write_plan(statement: sa.Select[tuple[int]], target: BinaryIO) -> int:
    """Write the plan table of these projects as .xlsx; return the number of projects."""
    shown = (_blank_for_nothing(record) for record in records(statement))
    return write_xlsx(TABLE, shown, target)


def _blank_for_nothing(record: dict[str, Any]) -> dict[str, Any]:
    return {key: None if value == "" else value for key, value in record.items()}
