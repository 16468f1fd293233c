"""The rule book of a county: the tables in ``book/*.toml``, checked once when the portal starts."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from portal.rules.days import DayKind, Holidays
from portal.rules.deadlines import FACTS, Escalation, Rule
from portal.rules.limits import Ban, IndustryShare, Limits, ManagementFee, NoticeRule
from portal.rules.project_types import ProjectType, read_project_types
from portal.rules.tables import Row
from portal.rules.vocabulary import FundingTier, Role

DEFAULT_FOLDER = Path(__file__).with_name("book")
FILES = (
    "book.toml",
    "deadlines.toml",
    "holidays.toml",
    "limits.toml",
    "notices.toml",
    "project_types.toml",
)

Coded = TypeVar("Coded", Rule, NoticeRule, Ban)


class BookError(Exception):
    """A rule folder that cannot be used; ``problems`` has one line per fault: file, row, reason."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Book:
    """All rules of one county and year.

    ``name`` says whose rules these are, ``fund_name`` what the money is called there. ``deadlines``,
    ``notices`` and ``project_types`` are found by code; project types keep the order of the file.
    """

    name: str
    fund_name: str
    deadlines: Mapping[str, Rule]
    holidays: Holidays
    limits: Limits
    notices: Mapping[str, NoticeRule]
    project_types: Mapping[str, ProjectType]


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
            "management_fee: project_type is not a code in project_types.toml"
        )
    for file in files.values():
        file.close()
    _refuse(problems)
    return book


def _refuse(problems: list[str]) -> None:
    if problems:
        raise BookError(problems)


def _paths(folder: Path | None, problems: list[str]) -> dict[str, Path]:
    """Find each file; a misspelt file name would otherwise be ignored in silence."""
    if folder is None:
        return {name: DEFAULT_FOLDER / name for name in FILES}
    if not folder.is_dir():
        problems.append(f"{folder}: there is no such rule folder")
    unknown = sorted({path.name for path in folder.glob("*.toml")} - set(FILES))
    problems += [f"{name}: is not a rule file; known are {', '.join(FILES)}" for name in unknown]
    own = {name: folder / name for name in FILES}
    return {name: path if path.exists() else DEFAULT_FOLDER / name for name, path in own.items()}


def _parse(path: Path, problems: list[str]) -> dict[str, object]:
    try:
        # Windows editors put a byte order mark in front, which TOML does not know.
        return tomllib.loads(path.read_text("utf-8-sig"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problems.append(f"{path.name}: cannot be read as TOML in UTF-8: {error}")
        return {}


def _book(files: Mapping[str, Row]) -> Book:
    about = files["book.toml"]
    return Book(
        name=about.text("name"),
        fund_name=about.text("fund_name"),
        deadlines=_by_code(files["deadlines.toml"].rows("rule"), _rule),
        holidays=_holidays(files["holidays.toml"].rows("year")),
        limits=_limits(files["limits.toml"]),
        notices=_by_code(files["notices.toml"].rows("notice"), _notice),
        project_types=read_project_types(files["project_types.toml"].rows("type")),
    )


def _by_code(rows: list[Row], read: Callable[[Row], Coded]) -> Mapping[str, Coded]:
    found: dict[str, Coded] = {}
    for row in rows:
        item = read(row)
        row.close()
        if item.code in found:
            row.wrong(f"code {item.code} is used twice")
        found[item.code] = item
    return MappingProxyType(found)


def _rule(row: Row) -> Rule:
    faults = len(row.problems)
    rule = Rule(
        code=row.code(),
        label=row.text("label"),
        subject=row.text("subject"),
        start=row.text("start"),
        stop=row.text("stop"),
        days=row.whole("days"),
        kind=row.member("kind", DayKind),
        zero_at=row.whole("zero_at") if row.has("zero_at") else None,
        points=row.number("points") if row.has("points") else None,
        reminder_steps=row.falling("reminder_steps"),
        recipients=row.members("recipients", Role),
        escalation=_escalation(row),
        basis=row.text("basis"),
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
        row.wrong(f'subject must be one of {", ".join(FACTS)}, found "{rule.subject}"')
    for key, fact in (("start", rule.start), ("stop", rule.stop)):
        if facts is not None and fact not in facts:
            row.wrong(f'{key} must be one of {", ".join(sorted(facts))}, found "{fact}"')
    if rule.zero_at is not None and rule.zero_at <= rule.days:
        row.wrong(f"zero_at must be above days, found zero_at {rule.zero_at}, days {rule.days}")
    if rule.zero_at is not None and rule.points is None:
        row.wrong("zero_at needs points")
    if rule.reminder_steps[0] > rule.days:
        row.wrong(f"reminder_steps must not begin before the start, found {rule.reminder_steps[0]}")


def _notice(row: Row) -> NoticeRule:
    return NoticeRule(row.code(), row.text("label"), row.whole("days"), row.text("basis"))


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
                row.wrong(f"{day} is not in the year {year}")
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
