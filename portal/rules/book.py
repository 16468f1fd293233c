"""The rule book of a county: the tables in ``book/*.toml``, checked once when the portal starts."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from portal.rules.access import Action, roles_with
from portal.rules.days import DayKind, Holidays
from portal.rules.deadlines import FACTS, Escalation, Rule
from portal.rules.duties import DutyRule, check_duties, read_duty
from portal.rules.limits import Ban, IndustryShare, Limits, ManagementFee, NoticeRule
from portal.rules.milestones import MilestoneRule, read_milestones
from portal.rules.pace import Pace, read_pace
from portal.rules.payment_gates import Gate, Gates
from portal.rules.performance_tables import (
    CoreIndicator,
    FormDates,
    read_core_indicators,
    read_form_dates,
)
from portal.rules.project_types import ProjectType, read_project_types
from portal.rules.scoring.scheme import shipped
from portal.rules.supervision import SupervisionRules, read_supervision
from portal.rules.tables import Row, unreadable
from portal.rules.vocabulary import FundingTier, Role
from portal.rules.warnings import WarningRule, read_warning

DEFAULT_FOLDER = Path(__file__).with_name("book")
FILES = (
    "book.toml",
    "core_indicators.toml",
    "deadlines.toml",
    "duties.toml",
    "holidays.toml",
    "limits.toml",
    "milestones.toml",
    "monitoring.toml",
    "notices.toml",
    "pace.toml",
    "payment_gates.toml",
    "project_types.toml",
    "supervision.toml",
    "warnings.toml",
)

Coded = TypeVar("Coded", Rule, DutyRule, NoticeRule, Ban, Gate, WarningRule)


class BookError(Exception):
    """A rule folder that cannot be used; ``problems`` has one line per fault: file, row, reason."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Book:
    """All rules of one county and year.

    ``name`` says whose rules these are, ``fund_name`` what the money is called there, ``scheme`` which
    shipped scheme scores the year. ``deadlines``, ``duties``, ``notices``, ``project_types`` and ``warnings``
    are found by code and keep the order of the file. ``notice_photos``: a completion notice counts only with
    photos of the board on its first and on its last day.
    """

    name: str
    fund_name: str
    scheme: str
    core_indicators: tuple[CoreIndicator, ...]
    deadlines: Mapping[str, Rule]
    duties: Mapping[str, DutyRule]
    holidays: Holidays
    limits: Limits
    milestones: tuple[MilestoneRule, ...]
    monitoring: FormDates
    notices: Mapping[str, NoticeRule]
    notice_photos: bool
    pace: Pace
    payment_gates: Gates
    project_types: Mapping[str, ProjectType]
    supervision: SupervisionRules
    warnings: Mapping[str, WarningRule]


def load(folder: Path | None = None) -> Book:
    """Read the rule book, taking each file that ``folder`` lacks from the default book.

    Raises:
        BookError: the folder or a row in it is wrong; all faults are listed at once.
    """
    problems: list[str] = []
    values = {name: _parse(path, problems) for name, path in _paths(folder, problems).items()}
    _refuse(problems)
    files = {name: Row(name, table, problems) for name, table in values.items()}
    book = _book(files)
    if book.limits.management_fee.project_type not in book.project_types:
        files["limits.toml"].wrong(
            "management_fee 的 project_type 不是 project_types.toml 里的 code"
        )
    _check_core_indicators(book, files["core_indicators.toml"])
    check_duties(book.duties.values(), files["duties.toml"])
    for file in files.values():
        file.close()
    _refuse(problems)
    return book


def _check_core_indicators(book: Book, file: Row) -> None:
    labels = {node.label for node in book.project_types.values()}
    for indicator in book.core_indicators:
        for label in sorted(set(indicator.project_types) - labels):
            file.wrong(f"indicator {indicator.code}：{label} 不是 project_types.toml 里的 label")


def _refuse(problems: list[str]) -> None:
    if problems:
        raise BookError(problems)


def _paths(folder: Path | None, problems: list[str]) -> dict[str, Path]:
    """Find each file; a misspelt file name would otherwise be ignored in silence."""
    if folder is None:
        return {name: DEFAULT_FOLDER / name for name in FILES}
    if not folder.is_dir():
        problems.append(f"{folder}：没有这个文件夹")
    unknown = sorted({path.name for path in folder.glob("*.toml")} - set(FILES))
    problems += [f"{name}：不是规则文件，规则文件有 {'、'.join(FILES)}" for name in unknown]
    own = {name: folder / name for name in FILES}
    return {name: path if path.exists() else DEFAULT_FOLDER / name for name, path in own.items()}


def _parse(path: Path, problems: list[str]) -> dict[str, object]:
    try:
        # Windows editors put a byte order mark in front, which TOML does not know.
        return tomllib.loads(path.read_text("utf-8-sig"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problems.append(f"{path.name}：{unreadable(error)}")
        return {}


def _book(files: Mapping[str, Row]) -> Book:
    about = files["book.toml"]
    return Book(
        name=about.text("name"),
        fund_name=about.text("fund_name"),
        scheme=_scheme(about),
        core_indicators=read_core_indicators(files["core_indicators.toml"].rows("indicator")),
        deadlines=_by_code(files["deadlines.toml"].rows("rule"), _rule),
        duties=_by_code(files["duties.toml"].rows("duty"), read_duty),
        holidays=_holidays(files["holidays.toml"].rows("year")),
        limits=_limits(files["limits.toml"]),
        milestones=read_milestones(files["milestones.toml"].rows("milestone")),
        monitoring=read_form_dates(files["monitoring.toml"]),
        notices=_by_code(files["notices.toml"].rows("notice"), _notice),
        notice_photos=_optional_flag(files["notices.toml"], "photos"),
        pace=read_pace(files["pace.toml"]),
        payment_gates=_gates(files["payment_gates.toml"]),
        project_types=read_project_types(files["project_types.toml"].rows("type")),
        supervision=read_supervision(files["supervision.toml"]),
        warnings=_by_code(files["warnings.toml"].rows("warning"), read_warning),
    )


def _scheme(about: Row) -> str:
    name = about.text("scheme")
    if name not in shipped():
        about.wrong(f'scheme 应是 {"、".join(shipped())} 之一，现在是 "{name}"')
    return name


def _by_code(rows: list[Row], read: Callable[[Row], Coded]) -> Mapping[str, Coded]:
    found: dict[str, Coded] = {}
    for row in rows:
        item = read(row)
        row.close()
        if item.code in found:
            row.wrong(f"code {item.code} 重复")
        found[item.code] = item
    return MappingProxyType(found)


def _rule(row: Row) -> Rule:
    faults = len(row.problems)
    fixed = next((key for key in ("due", "years") if row.has(key)), None)
    rule = Rule(
        code=row.code(),
        label=row.text("label"),
        subject=row.text("subject"),
        start=row.text("start"),
        stop=row.text("stop"),
        days=row.whole("days") if fixed is None else 0,
        kind=row.member("kind", DayKind) if fixed is None else DayKind.NATURAL,
        zero_at=row.whole("zero_at") if row.has("zero_at") else None,
        points=row.number("points") if row.has("points") else None,
        reminder_steps=row.falling("reminder_steps"),
        recipients=row.members("recipients", Role),
        escalation=_escalation(row),
        basis=row.text("basis"),
        due=row.calendar_day("due") if fixed == "due" else None,
        years=row.whole("years") if fixed == "years" else 0,
        late_every=row.count("late_every") if row.has("late_every") else 1,
    )
    if len(row.problems) == faults:
        _check_sense(rule, row)
    return rule


def _escalation(row: Row) -> tuple[Escalation, ...]:
    if not row.has("escalation"):
        return ()
    steps = row.rows("escalation")
    found = tuple(
        Escalation(step.whole("days_left"), step.members("roles", Role)) for step in steps
    )
    for step in steps:
        step.close()
    return found


def _check_sense(rule: Rule, row: Row) -> None:
    """Find values that are right one by one and wrong together."""
    facts = FACTS.get(rule.subject)
    if facts is None:
        row.wrong(f'subject 应是 {"、".join(FACTS)} 之一，现在是 "{rule.subject}"')
    for key, fact in (("start", rule.start), ("stop", rule.stop)):
        if facts is not None and fact not in facts:
            row.wrong(f'{key} 应是 {"、".join(sorted(facts))} 之一，现在是 "{fact}"')
    if rule.zero_at is not None and rule.zero_at <= rule.days:
        row.wrong(f"zero_at 应大于 days，现在 zero_at 是 {rule.zero_at}，days 是 {rule.days}")
    if rule.zero_at is not None and rule.points is None:
        row.wrong("填了 zero_at，还要填 points")
    if not rule.due and rule.reminder_steps[0] > rule.least_days:
        row.wrong(f"reminder_steps 不能早于起算日，现在是 {rule.reminder_steps[0]}")


def _notice(row: Row) -> NoticeRule:
    return NoticeRule(row.code(), row.text("label"), row.whole("days"), row.text("basis"))


def _optional_flag(file: Row, key: str) -> bool:
    return file.flag(key) if file.has(key) else False


def _gates(file: Row) -> Gates:
    gates = Gates(
        gates=tuple(_by_code(file.rows("gate"), _gate).values()),
        different_people=_optional_flag(file, "different_people"),
        basis=file.text("basis"),
    )
    if not gates.gates:
        file.wrong("至少要有一道审核（gate）")
    return gates


def _gate(row: Row) -> Gate:
    gate = Gate(row.code(), row.text("label"), row.member("role", Role))
    if gate.role not in roles_with(Action.CHECK_PAYMENT):
        row.wrong(f"岗位 {gate.role} 没有审核支付的权限")
    return gate


def _holidays(rows: list[Row]) -> Holidays:
    off: set[date] = set()
    worked: set[date] = set()
    confirmed: set[int] = set()
    for row in rows:
        year, days = row.whole("year"), (row.days("days_off"), row.days("extra_workdays"))
        row.text("basis")
        if row.flag("confirmed"):
            confirmed.add(year)
        for day in (*days[0], *days[1]):
            if day.year != year:
                row.wrong(f"{day} 不在 {year} 年")
        off.update(days[0])
        worked.update(days[1])
        row.close()
    return Holidays(frozenset(off), frozenset(worked), frozenset(confirmed))


def _limits(file: Row) -> Limits:
    return Limits(
        management_fee=_management_fee(file.row("management_fee")),
        bans=tuple(_by_code(file.rows("ban"), _ban).values()),
        industry_share=_industry_share(file.row("industry_share")),
    )


def _management_fee(row: Row) -> ManagementFee:
    project_type, percent = row.text("project_type"), row.numbers_by("percent", FundingTier)
    fee = ManagementFee(project_type, MappingProxyType(percent), row.text("basis"))
    row.close()
    return fee


def _ban(row: Row) -> Ban:
    return Ban(row.code(), row.text("label"), row.texts("words"), row.text("basis"))


def _industry_share(row: Row) -> IndustryShare:
    share = IndustryShare(
        row.number("floor_percent"), row.flag("not_below_last_year"), row.text("basis")
    )
    row.close()
    return share
