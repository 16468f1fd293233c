"""One row of each data file, as JSON and as CSV: the columns are a contract with readers."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from json.encoder import encode_basestring
from typing import NamedTuple

from public_site.data_fields import FIELDS
from public_site.schema import Allocation, FundDocument, Notice, Payment, Project, Withdrawn
from public_site.wording import yuan

OBJECTS = {
    kind: "{" + ", ".join(f'"{field.name}": %s' for field in FIELDS[kind]) + "}" for kind in FIELDS
}
"""The JSON of a row with its values left out: filling it is faster than encoding a dict."""
COLUMNS = {kind: tuple(field.name for field in FIELDS[kind]) for kind in FIELDS}
MEANINGS = {kind: tuple(field.meaning for field in FIELDS[kind]) for kind in FIELDS}
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
        "projects",
        (
            project.code,
            project.name,
            project.category,
            project.township or None,
            project.village or None,
            project.year,
            Amount(yuan(project.budget)),
            Amount(yuan(project.allocated)),
            Amount(yuan(project.paid)),
            project.status,
        ),
    )


def fund_row(fund: FundDocument) -> DataRow:
    """The row of `funds`."""
    return _row(
        "funds",
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
        "allocations",
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


def payment_row(payment: Payment, fund: FundDocument | None, project_name: str) -> DataRow:
    """The row of `payments`."""
    return _row(
        "payments",
        (
            payment.project_code,
            project_name,
            payment.fund_code,
            fund.number if fund else None,
            payment.paid_on.isoformat(),
            payment.kind,
            Amount(yuan(payment.amount)),
        ),
    )


def notice_row(notice: Notice) -> DataRow:
    """The row of `notices` for a notice that stands."""
    return _row(
        "notices",
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
    return _row("notices", (item.code, *[None] * 7, "已撤回", item.on.isoformat()))


def csv_line(cells: Sequence[Cell]) -> str:
    """One RFC 4180 line; text that a spreadsheet would run as a formula gets a leading '."""
    return ",".join([_csv_cell(cell) for cell in cells]) + "\r\n"


def _row(kind: str, cells: tuple[Cell, ...]) -> DataRow:
    return DataRow(OBJECTS[kind] % tuple(map(_json, cells)), csv_line(cells))


def _json(cell: Cell) -> str:
    if isinstance(cell, str):
        return encode_basestring(cell)
    return "null" if cell is None else str(cell).lower()


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _csv_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if not isinstance(cell, str) or isinstance(cell, Amount):
        return str(cell)
    return _csv_text(cell)


@lru_cache(4096)  # a project's name stands in each of its rows
def _csv_text(cell: str) -> str:
    if cell.startswith(FORMULA):
        cell = "'" + cell
    if "," in cell or '"' in cell or "\n" in cell or "\r" in cell:
        return '"' + cell.replace('"', '""') + '"'
    return cell
