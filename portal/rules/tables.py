"""Reading rule tables strictly: each getter notes what is wrong and goes on, so all faults show at once."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any, TypeVar

from portal.rules.vocabulary import Labelled

Member = TypeVar("Member", bound=Labelled)

_CODE = re.compile(r"[a-z][a-z0-9_]*")


class Row:
    """One table of a rule file; ``place`` names it in every problem: ``deadlines.toml, rule "x"``.

    A wrong value is noted in ``problems`` and replaced by a harmless one; whoever reads the file refuses it
    in the end when there are problems.
    """

    def __init__(self, place: str, values: object, problems: list[str]) -> None:
        self.place = place
        self.problems = problems
        self._unread: dict[str, object] = dict(values) if isinstance(values, dict) else {}
        if not isinstance(values, dict):
            self.wrong(f"must be a table, found {shown(values)}")

    def wrong(self, reason: str) -> None:
        """Note a problem of this row."""
        self.problems.append(f"{self.place}: {reason}")

    def has(self, key: str) -> bool:
        """Say whether a key is there and not read yet."""
        return key in self._unread

    def code(self) -> str:
        """Return the row's ``code``: small Latin letters, digits, underscores."""
        return str(self._read("code", _is_code, "small letters, digits and _", ""))

    def text(self, key: str) -> str:
        """Return text that is not empty."""
        return str(self._read(key, _is_text, "text", ""))

    def texts(self, key: str) -> tuple[str, ...]:
        """Return one or more texts."""
        return tuple(self._read(key, _are_texts, 'a list of texts such as ["…"]', ()))

    def flag(self, key: str) -> bool:
        """Return true or false."""
        return bool(self._read(key, _is_flag, "true or false", False))

    def whole(self, key: str) -> int:
        """Return a whole number above 0."""
        return int(self._read(key, _is_above_zero, "a whole number above 0", 1))

    def falling(self, key: str) -> tuple[int, ...]:
        """Return whole numbers that fall to 0: ``[15, 7, 3, 1, 0]``."""
        wanted = "whole numbers that fall to 0 such as [7, 3, 1, 0]"
        return tuple(self._read(key, _falls_to_zero, wanted, (0,)))

    def number(self, key: str) -> Decimal:
        """Return a number that is not negative."""
        return Decimal(self._read(key, _is_number, "a number from 0", 0))

    def days(self, key: str) -> tuple[date, ...]:
        """Return a list of dates, which may be empty."""
        wanted = "a list of dates such as [2026-10-01]"
        return tuple(self._read(key, _are_dates, wanted, ()))

    def member(self, key: str, kind: type[Member]) -> Member:
        """Return the member of a closed list that a word names."""
        return self._member(key, kind, self.text(key))

    def members(self, key: str, kind: type[Member]) -> tuple[Member, ...]:
        """Return the members of a closed list that one or more words name."""
        return tuple(self._member(key, kind, word) for word in self.texts(key))

    def numbers_by(self, key: str, kind: type[Member]) -> dict[Member, Decimal]:
        """Return an inner table from members of a closed list to numbers."""
        inner = Row(f"{self.place}, {key}", self._take(key) or {}, self.problems)
        numbers = {member: inner.number(member) for member in kind if inner.has(member)}
        inner.close()
        return numbers

    def row(self, key: str) -> "Row":
        """Return an inner table."""
        return Row(f"{self.place}, [{key}]", self._take(key) or {}, self.problems)

    def rows(self, key: str) -> "list[Row]":
        """Return a list of tables, each named by its code or by its place in the list."""
        items = self._read(key, _is_list, "a list of tables", [])
        return [
            Row(f"{self.place}, {_name(key, position, item)}", item, self.problems)
            for position, item in enumerate(items, 1)
        ]

    def close(self) -> None:
        """Note every key that nobody read: a misspelt key must not be ignored in silence."""
        for key in self._unread:
            self.wrong(f"{key} is not a known key")

    def _take(self, key: str) -> object:
        if key not in self._unread:
            self.wrong(f"{key} is missing")
        return self._unread.pop(key, None)

    def _read(self, key: str, fits: Callable[[Any], bool], wanted: str, stand_in: object) -> Any:  # noqa: ANN401
        value = self._take(key)
        if value is not None and fits(value):
            return value
        if value is not None:
            self.wrong(f"{key} must be {wanted}, found {shown(value)}")
        return stand_in

    def _member(self, key: str, kind: type[Member], word: str) -> Member:
        known = {member.value: member for member in kind}
        if word and word not in known:  # an empty word is noted already
            self.wrong(f"{key} must be one of {', '.join(known)}, found {shown(word)}")
        return known.get(word, next(iter(kind)))


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
    return f'{key} "{code}"' if isinstance(code, str) else f"{key} {position}"


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


def _is_number(value: Any) -> bool:  # noqa: ANN401
    return (_is_whole(value) or (isinstance(value, Decimal) and value.is_finite())) and value >= 0


def _is_list_of(value: object, fits: Callable[[object], bool]) -> bool:
    return isinstance(value, list) and bool(value) and all(map(fits, value))


def _are_texts(value: object) -> bool:
    return _is_list_of(value, _is_text)


def _are_dates(value: object) -> bool:
    return isinstance(value, list) and all(type(day) is date for day in value)


def _falls_to_zero(value: Any) -> bool:  # noqa: ANN401
    if not _is_list_of(value, _is_whole) or value[-1] != 0:
        return False
    return all(before > after for before, after in pairwise(value))
