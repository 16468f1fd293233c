"""Counting days: the day of the event is not counted, the first counted day is the next one."""

from calendar import isleap, monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from portal.rules.vocabulary import Labelled

_ONE_DAY = timedelta(days=1)
_FIRST_WEEKEND_DAY = 5


class DayKind(Labelled):
    """What a limit counts."""

    NATURAL = "natural", "自然日"
    WORKING = "working", "工作日"


@dataclass(frozen=True)
class Holidays:
    """The calendar the State Council announces each autumn for the next year.

    ``days_off`` are Mondays to Fridays without work, ``extra_workdays`` the weekends worked for them (调休).
    In a year outside ``confirmed_years`` a working-day limit is an estimate (预估).
    """

    days_off: frozenset[date] = frozenset()
    extra_workdays: frozenset[date] = frozenset()
    confirmed_years: frozenset[int] = frozenset()

    def is_working(self, day: date) -> bool:
        """Say whether offices work on that day."""
        if day in self.extra_workdays:
            return True
        return day.weekday() < _FIRST_WEEKEND_DAY and day not in self.days_off

    def is_confirmed(self, first: date, last: date) -> bool:
        """Say whether every year from ``first`` to ``last`` has its announced calendar."""
        return all(year in self.confirmed_years for year in range(first.year, last.year + 1))


@dataclass(frozen=True)
class CalendarDay:
    """A day that comes every year, or (``month`` None) every month; the 31st is the month's last day."""

    month: int | None
    day: int

    def since(self, start: date) -> date:
        """Return the first such day on or after ``start``."""
        found = self._in(start.year, self.month or start.month)
        if found >= start:
            return found
        if self.month:
            return self._in(start.year + 1, self.month)
        return self._in(start.year + start.month // 12, start.month % 12 + 1)

    def _in(self, year: int, month: int) -> date:
        return date(year, month, min(self.day, monthrange(year, month)[1]))


def anniversary(day: date, years: int) -> date:
    """Return the same day ``years`` later; 29 February has its birthday on 1 March."""
    if (day.month, day.day) == (2, 29) and not isleap(day.year + years):
        return date(day.year + years, 3, 1)
    return day.replace(year=day.year + years)


def last_day(start: date, days: int, kind: DayKind, holidays: Holidays) -> date:
    """Return the last day of a limit of ``days`` that starts on ``start``.

    A natural-day limit may end on a holiday; a working-day limit always ends on a working day.
    """
    if kind is DayKind.WORKING:
        return add_working_days(start, days, holidays)
    return start + timedelta(days=days)


def days_between(start: date, end: date, kind: DayKind, holidays: Holidays) -> int:
    """Count the days after ``start`` up to and including ``end``, in the limit's own kind of day.

    What is done while offices are closed counts as done on the next working day, so that a
    working-day limit is kept exactly when this count is not above it.
    """
    if kind is DayKind.WORKING:
        return working_days_between(start, next_working_day(end, holidays), holidays)
    return (end - start).days


def add_working_days(start: date, days: int, holidays: Holidays) -> date:
    """Return the ``days``-th working day after ``start``; 0 gives the next working day, today included."""
    day = start if days else next_working_day(start, holidays)
    for _ in range(days):
        day = next_working_day(day + _ONE_DAY, holidays)
    return day


def next_working_day(day: date, holidays: Holidays) -> date:
    """Return that day, or the first working day after it where offices are closed."""
    while not holidays.is_working(day):
        day += _ONE_DAY
    return day


def working_days_between(start: date, end: date, holidays: Holidays) -> int:
    """Count the working days after ``start`` up to and including ``end``; negative if ``end`` is earlier."""
    if end < start:
        return -working_days_between(end, start, holidays)
    weekdays = _weekdays_until(end) - _weekdays_until(start)
    return weekdays + sum(
        holidays.is_working(day) - (day.weekday() < _FIRST_WEEKEND_DAY)
        for day in holidays.days_off | holidays.extra_workdays
        if start < day <= end
    )


def _weekdays_until(day: date) -> int:
    """Count Mondays to Fridays since the calendar began; its first day, ordinal 1, is a Monday."""
    weeks, rest = divmod(day.toordinal(), 7)
    return weeks * _FIRST_WEEKEND_DAY + min(rest, _FIRST_WEEKEND_DAY)


def days_after(start: date, end: date) -> Iterator[date]:
    """Yield each day after ``start`` up to and including ``end``; none when ``end`` is not later."""
    for offset in range(1, (end - start).days + 1):
        yield start + timedelta(days=offset)
