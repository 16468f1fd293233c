"""Importing the plan table: every row is judged against the library before anything is stored.

A row is compared with what the export would write for the same project, so that an exported table
that is imported again changes nothing.
"""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from portal.library.models import Project
from portal.library.places import Places
from portal.library.queries import allocated_amounts
from portal.library.sheets import AMOUNTS, TABLE, TEXTS, period, records
from portal.rules.money import wan_exact
from portal.rules.vocabulary import OrganizationKind as Kind
from portal.rules.vocabulary import ProjectStatus
from portal.spreadsheets.cells import narrow
from portal.spreadsheets.checking import CheckedSheet, Row, check_file

PERIOD = re.compile(r"(\d{4})[/.年-](\d{1,2})月?(?:-|—|－|至|~)(\d{4})[/.年-](\d{1,2})月?")
CODE = re.compile(r"[a-z0-9-]{1,80}")
CHANGEABLE = frozenset({ProjectStatus.DRAFT, ProjectStatus.RETURNED, ProjectStatus.ADMITTED})
NO_MONEY = dict.fromkeys(AMOUNTS, 0)
COMPARED = ("department", "township", "village", "project_type", "period", *TEXTS, *AMOUNTS)

NameKey = tuple[str, str, str]  # a project's name, township and villages


@dataclass(frozen=True)
class Difference:
    """What a row would change: the column's title, the value in the library and the one in the file."""

    title: str
    before: str
    after: str


@dataclass(frozen=True)
class PlannedRow:
    """One row as it would be stored; ``differences`` is empty for a new project."""

    number: int
    project_id: int | None
    code: str
    record: dict[str, Any]
    differences: tuple[Difference, ...] = ()

    @property
    def changed_keys(self) -> set[str]:
        """The keys of the columns that differ."""
        titles = {difference.title for difference in self.differences}
        return {column.key for column in TABLE.columns if column.title in titles}


@dataclass
class PlanCheck:
    """The whole file, judged. It may be confirmed when ``errors`` is empty."""

    sheet: CheckedSheet
    guesses: list[str] = field(default_factory=list)
    added: list[PlannedRow] = field(default_factory=list)
    changed: list[PlannedRow] = field(default_factory=list)
    unchanged: int = 0

    def refuse(self, row: Row, key: str, message: str) -> None:
        """Name a fault of one cell."""
        value = row.values.get(key)
        self.sheet.add_error(row.number, key, message, "" if value is None else _shown(value))

    def guess(self, row: Row, key: str, message: str) -> None:
        """Say what was understood where the file was not exact."""
        self.guesses.append(f"第 {row.number} 行“{TABLE.column(key).title}”：{message}")


def check_plan(content: bytes, filename: str, county_id: int, year: int) -> PlanCheck:
    """Read a plan table and judge every row against the library of a county; stores nothing.

    ``year`` is the one in which new projects would stand.

    Raises:
        FileRefused: when the file is no plan table at all.
    """
    check = PlanCheck(check_file(TABLE, content, filename))
    mine = sa.select(Project.id).filter_by(county_id=county_id)
    if not any(row.values.get("code") for row in check.sheet.rows):
        mine = mine.filter_by(year=year)  # only a code can mean a project of another year
    known = {record["code"]: record for record in records(mine)}
    judge = _Judge(check, Places(county_id), known, year)
    for row in check.sheet.rows:
        judge.judge(row)
    judge.refuse_budgets_below_allocations()
    check.sheet.errors.sort(key=lambda error: (error.row, len(error.letter), error.letter))
    return check


class _Judge:
    def __init__(
        self, check: PlanCheck, places: Places, known: dict[str, dict[str, Any]], year: int
    ) -> None:
        self.check, self.places, self.known = check, places, known
        self.types = {narrow(label): known for label, known in places.types.items()}
        self.seen: dict[object, int] = {}
        self.words: dict[tuple[str, str], str] = {}
        self.by_name: dict[NameKey, list[dict[str, Any]]] = {}
        for record in known.values():
            if record["year"] == year:
                self.by_name.setdefault(_name_key(record), []).append(record)
        there = check.sheet.heading.positions
        self.amounts = [key for key in AMOUNTS if key in there]
        self.texts = [key for key in TEXTS if key in there]
        readers: dict[str, Callable[[str], str]] = {
            "department": self._department,
            "township": self._township,
            "project_type": self._type,
            "period": _period,
        }
        self.readers = [(key, read) for key, read in readers.items() if key in there]

    def judge(self, row: Row) -> None:
        before = len(self.check.sheet.errors)
        record = self._normal(row)
        name = _name_key(record)
        current = self._current(row, name)
        if self._is_repeated(row, name):
            return
        self._check_total(row, record, current or NO_MONEY)
        if len(self.check.sheet.errors) > before:
            return
        self._sort(row, record, current)

    def _normal(self, row: Row) -> dict[str, Any]:
        """The row in the words of the export; only the columns that the file has."""
        values = row.values
        record: dict[str, Any] = {key: values[key] or 0 for key in self.amounts}
        record |= {key: values[key] or "" for key in self.texts}
        for key, read in self.readers:
            record[key] = self._read(row, key, read)
        if "village" in row.values:
            record["village"] = self._villages(row, record)
        return record

    def _read(self, row: Row, key: str, read: Callable[[str], str]) -> str:
        written = row.values[key] or ""
        try:
            found = self._understood(key, written, read) if written else ""
        except ValueError as error:
            self.check.refuse(row, key, str(error))
            return ""
        if found != written:
            self.check.guess(row, key, f"“{written}”按“{found}”理解")
        return found

    def _understood(self, key: str, written: str, read: Callable[[str], str]) -> str:
        """Most columns hold few words: each is looked up once."""
        if (key, written) not in self.words:
            self.words[key, written] = read(written)
        return self.words[key, written]

    def _department(self, name: str) -> str:
        return self.places.find(Kind.DEPARTMENT, name).name

    def _township(self, name: str) -> str:
        return self.places.find(Kind.TOWNSHIP, name).name

    def _type(self, label: str) -> str:
        found = self.types.get(narrow(label.split("/")[-1]))
        if found:
            return found.label
        near = get_close_matches(label, list(self.places.types), n=1, cutoff=0.4)
        hint = f"，是不是“{near[0]}”？" if near else "，"
        raise ValueError(f"没有“{label}”这个项目子类型{hint}请按项目类型表填写")

    def _villages(self, row: Row, record: dict[str, Any]) -> str:
        """The villages in the order of the export; a village alone also tells the township."""
        try:
            found = self.places.villages(row.values["village"] or "", record.get("township", ""))
        except ValueError as error:
            self.check.refuse(row, "village", str(error))
            return ""
        parents = {village.parent_id for village in found}
        if not record.get("township") and len(parents) == 1:
            record["township"] = self.places.by_id[parents.pop() or 0].name
            self.check.guess(row, "township", f"没有填写，按村认定为“{record['township']}”")
        return "、".join(village.name for village in found)

    def _current(self, row: Row, name: NameKey) -> dict[str, Any] | None:
        """The project that a row means: by its code, else by its name and place."""
        code = row.values.get("code")
        if code:
            return self._by_code(row, code)
        same = self.by_name.get(name, [])
        if len(same) > 1:
            codes = "、".join(one["code"] for one in same)
            self.check.refuse(
                row, "code", f"没有编码，却有 {len(same)} 个同名项目：{codes}。请填写编码"
            )
            return None
        if same:
            self.check.guess(row, "code", f"没有填写，按名称和地点认定为 {same[0]['code']}")
        return same[0] if same else None

    def _by_code(self, row: Row, code: str) -> dict[str, Any] | None:
        if code in self.known:
            return self.known[code]
        if not CODE.fullmatch(code):
            self.check.refuse(row, "code", "编码只能用小写字母、数字和短横线；新项目请留空")
        return None

    def _is_repeated(self, row: Row, name: NameKey) -> bool:
        code = row.values.get("code")
        key, place = ("code", code) if code else ("name", name)
        first = self.seen.setdefault(place, row.number)
        if first != row.number:
            self.check.refuse(row, key, f"与第 {first} 行重复，请删去一行")
        return first != row.number

    def _check_total(self, row: Row, record: dict[str, Any], before: dict[str, Any]) -> None:
        planned = row.values.get("planned")
        total = sum([record.get(key, before[key]) for key in AMOUNTS])
        if planned is not None and planned != total:
            self.check.refuse(
                row,
                "planned",
                f"写的是 {wan_exact(planned)} 万元，各项来源之和是 {wan_exact(total)} 万元，"
                f"相差 {wan_exact(abs(planned - total))} 万元，请核对",
            )

    def _sort(self, row: Row, record: dict[str, Any], current: dict[str, Any] | None) -> None:
        code = row.values.get("code") or ""
        if current is None:
            self.check.added.append(PlannedRow(row.number, None, code, record))
            return
        differences = tuple(
            Difference(TABLE.column(key).title, _shown(current[key]), _shown(record[key]))
            for key in COMPARED
            if key in record and record[key] != current[key]
        )
        if not differences:
            self.check.unchanged += 1
        elif current["status"] not in CHANGEABLE:
            status = current["status"].label
            self.check.refuse(row, "code", f"{current['code']} 的状态是“{status}”，不能用导入修改")
        else:
            self.check.changed.append(
                PlannedRow(row.number, current["id"], current["code"], record, differences)
            )

    def refuse_budgets_below_allocations(self) -> None:
        """Money that is arranged stays covered by the budget."""
        ids = [planned.project_id for planned in self.check.changed if planned.project_id]
        arranged = allocated_amounts(ids)
        for planned in self.check.changed:
            money = arranged.get(planned.project_id or 0, 0)
            merged = {**self.known[planned.code], **planned.record}
            total = sum(merged[key] for key in AMOUNTS)
            if total < money:
                self.check.sheet.add_error(
                    planned.number,
                    "planned",
                    f"改为 {wan_exact(total)} 万元，少于已安排的 {wan_exact(money)} 万元，请先调整资金安排",
                    wan_exact(total),
                )


def _name_key(record: dict[str, Any]) -> NameKey:
    return narrow(record.get("name", "")), record.get("township", ""), record.get("village", "")


def _shown(value: object) -> str:
    return f"{wan_exact(value)} 万元" if isinstance(value, int) else str(value) or "（空）"


def _period(written: str) -> str:
    first, last = period_days(written)
    return period(first, last)


@lru_cache(maxsize=1024)
def period_days(written: str) -> tuple[date, date]:
    """The first and the last day of 年/月-年/月.

    Raises:
        ValueError: in Chinese, how a period is written.
    """
    match = PERIOD.fullmatch(narrow(written))
    if not match:
        raise ValueError("请写成“2023/4-2023/10”的样子（年/月-年/月）")
    year, month, last_year, last_month = map(int, match.groups())
    if not (1 <= month <= 12 and 1 <= last_month <= 12):
        raise ValueError("月份要在 1 到 12 之间")
    if (last_year, last_month) < (year, month):
        raise ValueError("结束的年月早于开始的年月，请核对")
    last_day = calendar.monthrange(last_year, last_month)[1]
    return date(year, month, 1), date(last_year, last_month, last_day)
