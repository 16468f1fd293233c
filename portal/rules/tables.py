"""Reading rule tables strictly: each getter notes what is wrong and goes on, so all faults show at once."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any, TypeVar

from portal.rules.days import CalendarDay
from portal.rules.vocabulary import Labelled

Member = TypeVar("Member", bound=Labelled)

_CODE = re.compile(r"[a-z][a-z0-9_]*")
_MONTH_DAY = re.compile(r"[0-9]{2}-[0-9]{2}")
_DAY_OF_MONTH = re.compile(r"0[1-9]|[12][0-9]|3[01]")
_AT = re.compile(r"line ([0-9]+), column ([0-9]+)")
_COMMON_YEAR = 2023


class Row:
    """One table of a rule file; ``place`` names it in every problem: ``deadlines.toml，rule "x"``.

    A wrong value is noted in ``problems`` and replaced by a harmless one; whoever reads the file refuses it
    in the end when there are problems.
    """

    def __init__(self, place: str, values: object, problems: list[str]) -> None:
        self.place = place
        self.problems = problems
        self._unread: dict[str, object] = dict(values) if isinstance(values, dict) else {}
        if not isinstance(values, dict):
            self.wrong(f"应是一张表，现在是 {shown(values)}")

    def wrong(self, reason: str) -> None:
        """Note a problem of this row."""
        self.problems.append(f"{self.place}：{reason}")

    def has(self, key: str) -> bool:
        """Say whether a key is there and not read yet."""
        return key in self._unread

    def code(self) -> str:
        """Return the row's ``code``: small Latin letters, digits, underscores."""
        return str(self._read("code", _is_code, "小写字母、数字和下划线", ""))

    def text(self, key: str) -> str:
        """Return text that is not empty."""
        return str(self._read(key, _is_text, "文字", ""))

    def texts(self, key: str) -> tuple[str, ...]:
        """Return one or more texts."""
        return tuple(self._read(key, _are_texts, '文字列表，例如 ["…"]', ()))

    def flag(self, key: str) -> bool:
        """Return true or false."""
        return bool(self._read(key, _is_flag, "是（true）或否（false）", False))

    def whole(self, key: str) -> int:
        """Return a whole number above 0."""
        return int(self._read(key, _is_above_zero, "大于 0 的整数", 1))

    def wholes(self, key: str) -> tuple[int, ...]:
        """Return one or more whole numbers above 0."""
        return tuple(self._read(key, _are_wholes, "整数列表，例如 [7, 9]", ()))

    def falling(self, key: str) -> tuple[int, ...]:
        """Return whole numbers that fall to 0: ``[15, 7, 3, 1, 0]``."""
        wanted = "递减到 0 的整数列表，例如 [7, 3, 1, 0]"
        return tuple(self._read(key, _falls_to_zero, wanted, (0,)))

    def number(self, key: str) -> Decimal:
        """Return a number that is not negative."""
        return Decimal(self._read(key, _is_number, "不小于 0 的数字", 0))

    def days(self, key: str) -> tuple[date, ...]:
        """Return a list of dates, which may be empty."""
        wanted = "日期列表，例如 [2026-10-01]"
        return tuple(self._read(key, _are_dates, wanted, ()))

    def day(self, key: str) -> date:
        """Return one date."""
        return self._read(key, _is_date, "日期，例如 2026-10-01", date.min)  # type: ignore[no-any-return]

    def count(self, key: str) -> int:
        """Return a whole number from 0."""
        return int(self._read(key, _is_count, "不小于 0 的整数", 0))

    def calendar_day(self, key: str) -> CalendarDay:
        """Return a day of every year, ``"07-15"``, or of every month, ``"05"``."""
        wanted = '每年或每月的一天，例如 "07-15" 或 "05"'
        text = str(self._read(key, _is_calendar_day, wanted, "01"))
        month, _, day = text.rpartition("-")
        return CalendarDay(int(month) if month else None, int(day))

    def month_day(self, key: str) -> tuple[int, int]:
        """Return month and day of a date that every year has, written ``"07-15"``."""
        text = str(self._read(key, _is_month_day, '每年的一天，例如 "07-15"', "01-01"))
        return int(text[:2]), int(text[3:])

    def member(self, key: str, kind: type[Member]) -> Member:
        """Return the member of a closed list that a word names."""
        return self._member(key, kind, self.text(key))

    def members(self, key: str, kind: type[Member]) -> tuple[Member, ...]:
        """Return the members of a closed list that one or more words name."""
        return tuple(self._member(key, kind, word) for word in self.texts(key))

    def numbers_by(self, key: str, kind: type[Member]) -> dict[Member, Decimal]:
        """Return an inner table from members of a closed list to numbers."""
        inner = Row(f"{self.place}，{key}", self._take(key) or {}, self.problems)
        numbers = {member: inner.number(member) for member in kind if inner.has(member)}
        inner.close()
        return numbers

    def row(self, key: str) -> "Row":
        """Return an inner table."""
        return Row(f"{self.place}，[{key}]", self._take(key) or {}, self.problems)

    def rows(self, key: str) -> "list[Row]":
        """Return a list of tables, each named by its code or by its place in the list."""
        items = self._read(key, _is_list, "用 [[…]] 写的若干张表", [])
        return [
            Row(f"{self.place}，{_name(key, position, item)}", item, self.problems)
            for position, item in enumerate(items, 1)
        ]

    def close(self) -> None:
        """Note every key that nobody read: a misspelt key must not be ignored in silence."""
        for key in self._unread:
            self.wrong(f"不认识 {key}，请核对拼写，或删去这一项")

    def _take(self, key: str) -> object:
        if key not in self._unread:
            self.wrong(f"缺少 {key}")
        return self._unread.pop(key, None)

    def _read(self, key: str, fits: Callable[[Any], bool], wanted: str, stand_in: object) -> Any:  # noqa: ANN401
        value = self._take(key)
        if value is not None and fits(value):
            return value
        if value is not None:
            self.wrong(f"{key} 应填{wanted}，现在是 {shown(value)}")
        return stand_in

    def _member(self, key: str, kind: type[Member], word: str) -> Member:
        known = {member.value: member for member in kind}
        if word and word not in known:  # an empty word is noted already
            self.wrong(f"{key} 应是 {'、'.join(known)} 之一，现在是 {shown(word)}")
        return known.get(word, next(iter(kind)))


def unreadable(error: Exception) -> str:
    """Why a rule file cannot be read at all, with its line where the reader knows it."""
    if isinstance(error, UnicodeDecodeError):
        return "不是 UTF-8 编码，请另存为 UTF-8 再试"
    if isinstance(error, OSError):
        return f"打不开：{error.strerror}"
    at = _AT.search(str(error))
    where = f"第 {at[1]} 行第 {at[2]} 列" if at else "文件末尾"
    return f"{where}不合 TOML 的写法，请检查引号、等号和括号"


def shown(value: object) -> str:
    """Show a value about as it stands in the file."""
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(shown, value))}]"
    return str(value)


def _name(key: str, position: int, item: object) -> str:
    code = item.get("code") if isinstance(item, dict) else None
    return f'{key} "{code}"' if isinstance(code, str) else f"第 {position} 个 {key}"


def _is_code(value: object) -> bool:
    return isinstance(value, str) and _CODE.fullmatch(value) is not None


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _is_list(value: object) -> bool:
    return isinstance(value, list)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_above_zero(value: Any) -> bool:  # noqa: ANN401 - whatever stands in a file
    return _is_whole(value) and value > 0


def _is_count(value: Any) -> bool:  # noqa: ANN401
    return _is_whole(value) and value >= 0


def _are_wholes(value: object) -> bool:
    return _is_list_of(value, _is_above_zero)


def _is_number(value: Any) -> bool:  # noqa: ANN401
    return (_is_whole(value) or (isinstance(value, Decimal) and value.is_finite())) and value >= 0


def _is_list_of(value: object, fits: Callable[[object], bool]) -> bool:
    return isinstance(value, list) and bool(value) and all(map(fits, value))


def _are_texts(value: object) -> bool:
    return _is_list_of(value, _is_text)


def _is_date(value: object) -> bool:
    return type(value) is date


def _is_month_day(value: object) -> bool:
    if not isinstance(value, str) or _MONTH_DAY.fullmatch(value) is None:
        return False
    month, day = int(value[:2]), int(value[3:])
    return 1 <= month <= 12 and 1 <= day <= monthrange(_COMMON_YEAR, month)[1]


def _is_calendar_day(value: object) -> bool:
    of_month = isinstance(value, str) and _DAY_OF_MONTH.fullmatch(value) is not None
    return of_month or _is_month_day(value)


def _are_dates(value: object) -> bool:
    return isinstance(value, list) and all(type(day) is date for day in value)


def _falls_to_zero(value: Any) -> bool:  # noqa: ANN401
    if not _is_list_of(value, _is_whole) or value[-1] != 0:
        return False
    return all(before > after for before, after in pairwise(value))
