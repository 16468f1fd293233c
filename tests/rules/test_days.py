"""Counting natural and working days against the announced calendars."""

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules import book
from portal.rules.days import (
    DayKind,
    Holidays,
    add_working_days,
    days_after,
    days_between,
    last_day,
    next_working_day,
    working_days_between,
)

CALENDAR = book.load().holidays
DAYS = st.dates(date(2022, 1, 1), date(2026, 12, 31))
COUNTS = st.integers(min_value=1, max_value=60)


@pytest.mark.parametrize("year", [2022, 2023, 2024, 2025, 2026])
def test_the_table_agrees_with_chinesecalendar_day_by_day(year: int) -> None:
    days = list(days_after(date(year - 1, 12, 31), date(year, 12, 31)))
    assert len(days) in (365, 366)
    assert [d for d in days if CALENDAR.is_working(d) != chinese_calendar.is_workday(d)] == []


def test_only_announced_years_are_confirmed() -> None:
    assert CALENDAR.confirmed_years == {2022, 2023, 2024, 2025, 2026}
    assert CALENDAR.is_confirmed(date(2026, 12, 1), date(2026, 12, 31))
    assert not CALENDAR.is_confirmed(date(2026, 12, 20), date(2027, 1, 10))


def test_the_provisional_year_knows_the_statutory_days() -> None:
    assert not CALENDAR.is_working(date(2027, 10, 1))
    assert not any(day.year == 2027 for day in CALENDAR.extra_workdays)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2023, 1, 20), 1, date(2023, 1, 28)),  # Spring Festival, then a worked Saturday
        (date(2023, 9, 28), 3, date(2023, 10, 9)),  # National Day with two worked weekend days
        (date(2022, 12, 30), 1, date(2023, 1, 3)),  # year end
        (date(2024, 2, 28), 1, date(2024, 2, 29)),
        (date(2023, 3, 4), 0, date(2023, 3, 6)),  # a Saturday rolls forward
        (date(2023, 3, 3), 0, date(2023, 3, 3)),
    ],
)
def test_working_days_step_over_holidays(start: date, days: int, end: date) -> None:
    assert add_working_days(start, days, CALENDAR) == end


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2026, 1, 31), 45, date(2026, 3, 17)),
        (date(2024, 1, 15), 45, date(2024, 2, 29)),
        (date(2023, 12, 15), 45, date(2024, 1, 29)),
        (date(2023, 8, 17), 45, date(2023, 10, 1)),  # a natural limit may end on a holiday
    ],
)
def test_r16_natural_days_end_where_the_calendar_says(start: date, days: int, end: date) -> None:
    assert last_day(start, days, DayKind.NATURAL, CALENDAR) == end
    assert days_between(start, end, DayKind.NATURAL, CALENDAR) == days


@given(DAYS, COUNTS)
def test_adding_and_counting_working_days_are_inverse(start: date, days: int) -> None:
    end = add_working_days(start, days, CALENDAR)
    assert CALENDAR.is_working(end)
    assert working_days_between(start, end, CALENDAR) == days
    assert working_days_between(end, start, CALENDAR) == -days


@given(DAYS, COUNTS, st.sampled_from(DayKind))
def test_a_limit_is_kept_exactly_when_its_count_is_not_exceeded(
    start: date, days: int, kind: DayKind
) -> None:
    end = last_day(start, days, kind, CALENDAR)
    assert days_between(start, end, kind, CALENDAR) <= days
    assert days_between(start, end + timedelta(days=1), kind, CALENDAR) > days


@given(DAYS, DAYS, st.frozensets(DAYS), st.frozensets(DAYS))
def test_counting_by_weeks_is_counting_day_by_day(
    first: date, last: date, off: frozenset[date], worked: frozenset[date]
) -> None:
    start, end = sorted((first, last))
    table = Holidays(CALENDAR.days_off | off, CALENDAR.extra_workdays | worked)
    one_by_one = sum(table.is_working(day) for day in days_after(start, end))
    assert working_days_between(start, end, table) == one_by_one


@given(DAYS)
def test_rolling_forward_finds_the_first_working_day(day: date) -> None:
    found = next_working_day(day, CALENDAR)
    assert found >= day
    assert CALENDAR.is_working(found)
    assert not any(
        CALENDAR.is_working(d)
        for d in days_after(day - timedelta(days=1), found - timedelta(days=1))
    )


def test_an_empty_table_knows_weekends_only() -> None:
    assert not Holidays().is_working(date(2023, 3, 4))
    assert Holidays().is_working(date(2023, 10, 2))
    assert not Holidays().is_confirmed(date(2023, 1, 1), date(2023, 1, 1))
