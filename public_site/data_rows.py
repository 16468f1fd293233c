"""One row of each data file, as JSON and as CSV: the columns are a contract with readers."""

import json
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from public_site.schema import Allocation, FundDocument, Notice, Project, Withdrawn
from public_site.wording import yuan

PROJECTS = (
    "code",
    "name",
    "category",
    "township",
    "village",
    "year",
    "budget_yuan",
    "allocated_yuan",
    "paid_yuan",
    "status",
)
FUNDS = (
    "number",
    "title",
    "tier",
    "task",
    "year",
    "amount_yuan",
    "received_on",
    "allocated_on",
    "days",
)
ALLOCATIONS = (
    "fund_number",
    "fund_title",
    "project_code",
    "project_name",
    "amount_yuan",
    "approved_on",
    "approval_number",
    "illustrative",
)
NOTICES = (
    "code",
    "kind",
    "category",
    "title",
    "published_on",
    "period_from",
    "period_to",
    "unit",
    "status",
    "withdrawn_on",
)
COLUMNS = {"projects": PROJECTS, "funds": FUNDS, "allocations": ALLOCATIONS, "notices": NOTICES}

MEANINGS = {
    "projects": (
        "项目编号，也是网址 projects/编号.html 的一部分",
        "项目名称",
        "类别：产业类项目、基础设施类项目、其他类项目",
        "乡镇；不分乡镇的为空",
        "村；没有列明到村的为空",
        "资金年度",
        "计划投入，元",
        "已安排资金，元",
        "已支付，元；还没有记录的为空",
        "现在到哪一步",
    ),
    "funds": (
        "文号；来源没有文号的为空",
        "文件标题",
        "级次：中央、省级、市级、区级、县级",
        "资金任务；文件没有写明的为空",
        "资金年度",
        "金额，元",
        "收到文件的日期",
        "批准落实到项目的日期",
        "从收到到落实的自然日天数",
    ),
    "allocations": (
        "资金文件文号；来源没有文号的为空",
        "资金文件标题",
        "项目编号",
        "项目名称",
        "安排金额，元",
        "批准日期",
        "批准文件的文号",
        "true表示来源没有写明拆分，这个金额是示意的",
    ),
    "notices": (
        "编号，也是网址 notices/编号.html 的一部分",
        "公告或公示",
        "类别：资金分配结果、项目库、年度项目计划、公告",
        "标题；已撤回的为空",
        "发布日期",
        "公示第一天；公告为空",
        "公示最后一天；公告为空",
        "发布单位",
        "已发布、已更正、已撤回",
        "撤回日期；没有撤回的为空",
    ),
}
"""What each column means, in the order of the columns: the field notes of the site."""

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class Amount(str):
    """A cell that we wrote as a number: a leading minus is a sign, not a formula."""

    __slots__ = ()


Cell = str | int | bool | None


class DataRow(NamedTuple):
    """One row, ready for both files of its kind."""

    json: str
    csv: str


def project_row(project: Project) -> DataRow:
    """The row of `projects`."""
    return _row(
        PROJECTS,
        (
            project.code,
            project.name,
            project.category,
            project.township or None,
            project.village or None,
            project.year,
            Amount(yuan(project.budget)),
            Amount(yuan(project.allocated)),
            None if project.paid is None else Amount(yuan(project.paid)),
            project.status,
        ),
    )


def fund_row(fund: FundDocument) -> DataRow:
    """The row of `funds`."""
    return _row(
        FUNDS,
        (
            fund.number,
            fund.title,
            fund.tier,
            fund.task,
            fund.year,
            Amount(yuan(fund.amount)),
            _iso(fund.received_on),
            _iso(fund.allocated_on),
            fund.days,
        ),
    )


def allocation_row(allocation: Allocation, fund: FundDocument, project_name: str) -> DataRow:
    """The row of `allocations`, readable without the other files."""
    return _row(
        ALLOCATIONS,
        (
            fund.number,
            fund.title,
            allocation.project_code,
            project_name,
            Amount(yuan(allocation.amount)),
            _iso(allocation.approved_on),
            allocation.approval_number,
            allocation.illustrative,
        ),
    )


def notice_row(notice: Notice) -> DataRow:
    """The row of `notices` for a notice that stands."""
    return _row(
        NOTICES,
        (
            notice.code,
            notice.kind,
            notice.category,
            notice.title,
            notice.published_on.isoformat(),
            _iso(notice.period_from),
            _iso(notice.period_to),
            notice.unit,
            "已更正" if notice.corrections else "已发布",
            None,
        ),
    )


def withdrawn_row(item: Withdrawn) -> DataRow:
    """The row of `notices` for one that was taken back: its text is gone here too."""
    return _row(NOTICES, (item.code, *[None] * 7, "已撤回", item.on.isoformat()))


def csv_line(cells: Sequence[Cell]) -> str:
    """One RFC 4180 line; text that a spreadsheet would run as a formula gets a leading '."""
    return ",".join([_csv_cell(cell) for cell in cells]) + "\r\n"


def _row(columns: Sequence[str], cells: Sequence[Cell]) -> DataRow:
    return DataRow(_json(dict(zip(columns, cells, strict=True))), csv_line(cells))


_json = json.JSONEncoder(ensure_ascii=False).encode


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _csv_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if not isinstance(cell, str) or isinstance(cell, Amount):
        return str(cell)
    if cell.startswith(FORMULA):
        cell = "'" + cell
    if "," in cell or '"' in cell or "\n" in cell or "\r" in cell:
        return '"' + cell.replace('"', '""') + '"'
    return cell
