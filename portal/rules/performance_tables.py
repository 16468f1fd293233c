"""The county's tables of the performance chain: core indicators, and when forms are due (F4, D30)."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from portal.rules.project_types import ProjectType
from portal.rules.tables import Row
from portal.rules.vocabulary import (
    Comparison,
    DutyState,
    FormKind,
    FormStatus,
    ReportClass,
    TargetLevel,
)

OPENS_BEFORE = timedelta(days=31)
"""A form with a date can be missing from this long before it."""
_MONTHS = range(1, 13)


@dataclass(frozen=True)
class CoreIndicator:
    """A mandatory indicator (★★★) of projects of some classes, or of and below some types (their labels)."""

    code: str
    label: str
    level: TargetLevel
    comparison: Comparison
    unit: str
    report_classes: tuple[ReportClass, ...]
    project_types: tuple[str, ...]
    basis: str


@dataclass(frozen=True)
class FormDates:
    """The months at whose end a monitoring is due, and the last day of a year's self-evaluation.

    A monitored value below ``far_below_percent`` of the month's share of the year is a deviation.
    """

    months: tuple[int, ...]
    far_below_percent: int
    evaluated_by: tuple[int, int]
    basis: str

    def duties(self, year: int) -> "tuple[FormDuty, ...]":
        """The forms that a project with money owes for a year, in their order."""
        monitorings = (
            FormDuty(FormKind.MONITORING, f"1—{month}月监控", month, last_day_of(year, month))
            for month in self.months
        )
        last = date(year, *self.evaluated_by)
        return (
            FormDuty(FormKind.DECLARATION, "绩效目标"),
            *monitorings,
            FormDuty(FormKind.SELF_EVALUATION, "绩效自评", due_on=last),
        )


@dataclass(frozen=True)
class FormDuty:
    """One form that a project owes; a declaration has no last day, it is owed from the first fen on."""

    kind: FormKind
    label: str
    month: int | None = None
    due_on: date | None = None

    def state(self, status: FormStatus | None, today: date) -> DutyState:
        """Where it stands; ``status`` None means that nobody began it."""
        if status is not None:
            return DutyState(status.value)
        if self.due_on is None:
            return DutyState.MISSING
        if today > self.due_on:
            return DutyState.LATE
        return DutyState.MISSING if today >= self.due_on - OPENS_BEFORE else DutyState.AHEAD


def last_day_of(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def core_of(
    indicators: Iterable[CoreIndicator], report_class: ReportClass, project_type: ProjectType | None
) -> list[CoreIndicator]:
    """The indicators that a project of this class and type must declare, in the order of the table."""
    path = project_type.path if project_type else ()
    return [
        one
        for one in indicators
        if report_class in one.report_classes or set(one.project_types) & set(path)
    ]


def read_core_indicators(rows: Iterable[Row]) -> tuple[CoreIndicator, ...]:
    """Read ``core_indicators.toml``; a county may ask for none."""
    return tuple(_read(row) for row in rows)


def read_form_dates(file: Row) -> FormDates:
    """Read ``monitoring.toml``."""
    dates = FormDates(
        months=file.wholes("months"),
        far_below_percent=file.whole("far_below_percent"),
        evaluated_by=file.month_day("evaluated_by"),
        basis=file.text("basis"),
    )
    for month in dates.months:
        if month not in _MONTHS:
            file.wrong(f"months 应在 1 到 12 之间，现在有 {month}")
    return dates


def _read(row: Row) -> CoreIndicator:
    indicator = CoreIndicator(
        code=row.code(),
        label=row.text("label"),
        level=row.member("level", TargetLevel),
        comparison=row.member("comparison", Comparison),
        unit=row.text("unit"),
        report_classes=row.members("report_classes", ReportClass)
        if row.has("report_classes")
        else (),
        project_types=row.texts("project_types") if row.has("project_types") else (),
        basis=row.text("basis"),
    )
    row.close()
    if not (indicator.report_classes or indicator.project_types):
        row.wrong("report_classes 和 project_types 至少填一项")
    return indicator
