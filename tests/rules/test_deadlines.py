"""The clock: golden figures of 阿城 2023, states, steps, escalation, and another county's tables."""

import csv
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import portal
from portal.rules import book
from portal.rules.days import DayKind
from portal.rules.deadlines import (
    Deadline,
    DeadlineState,
    Rule,
    evaluate,
    recipients,
    step_due,
    steps_between,
)
from portal.rules.vocabulary import Role

BOOK = book.load()
ALLOCATION = BOOK.deadlines["fund_allocation"]
DISCLOSURE = BOOK.deadlines["disclose_allocation"]
DOCUMENTS = Path(portal.__file__).parent / "demo" / "acheng-2023" / "fund_documents.csv"
SHANXI = Path(__file__).parents[2] / "docs" / "rulebooks" / "shanxi-2024"

RECEIVED = date(2023, 1, 10)
DUE = date(2023, 2, 24)


def clock(today: date, stop: date | None = None, rule: Rule = ALLOCATION) -> Deadline:
    found = evaluate(rule, {rule.start: RECEIVED, rule.stop: stop}, today, BOOK.holidays)
    assert found is not None
    return found


def real_documents() -> list[dict[str, date | None]]:
    with DOCUMENTS.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        {"received_on": day(r["received_on"]), "allocated_on": day(r["approved_on"])} for r in rows
    ]


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def test_golden_days_and_points_of_the_seven_documents() -> None:
    today = date(2023, 12, 31)
    found = [evaluate(ALLOCATION, facts, today, BOOK.holidays) for facts in real_documents()]
    dated = [deadline for deadline in found if deadline is not None]
    assert [d.used for d in dated] == [15, 53, 33, 50, 27, 27]
    assert [str(d.points) for d in dated] == ["5.00", "2.33", "5.00", "3.33", "5.00", "5.00"]
    assert found[6:] == [None]


def test_the_working_names_the_figures() -> None:
    assert clock(DUE, date(2023, 1, 25)).working == "15 天 ≤ 45 天：5"
    late = RECEIVED + timedelta(days=50)
    assert clock(late, late).working == "50 天 > 45 天：5 ×（60−50）÷15 = 3.33"
    assert clock(RECEIVED + timedelta(days=61)).working == "61 天 > 60 天：0"
    assert clock(DUE, rule=DISCLOSURE).working.endswith("个工作日 > 15 个工作日")


@pytest.mark.parametrize(
    ("days", "points"),
    [
        (0, "5.00"),
        (45, "5.00"),
        (46, "4.67"),
        (50, "3.33"),
        (59, "0.33"),
        (60, "0.00"),
        (400, "0.00"),
    ],
)
def test_points_fall_on_a_line_from_day_45_to_day_60(days: int, points: str) -> None:
    assert str(clock(RECEIVED + timedelta(days=days)).points) == points


def test_points_without_a_line_are_lost_at_once() -> None:
    cliff = replace(ALLOCATION, zero_at=None)
    assert clock(DUE, rule=cliff).points == Decimal(5)
    assert clock(DUE + timedelta(days=1), rule=cliff).points == 0
    assert clock(DUE, rule=replace(cliff, points=None)).points is None


@pytest.mark.parametrize(
    ("today", "stop", "state", "left"),
    [
        (RECEIVED - timedelta(days=1), None, "未开始", 46),
        (RECEIVED, None, "正常", 45),
        (DUE - timedelta(days=16), None, "正常", 16),
        (DUE - timedelta(days=15), None, "临期", 15),
        (DUE, None, "临期", 0),
        (DUE + timedelta(days=1), None, "逾期", -1),
        (DUE + timedelta(days=9), DUE, "按期完成", 0),
        (DUE + timedelta(days=9), DUE + timedelta(days=3), "逾期完成", -3),
        (DUE, DUE + timedelta(days=3), "临期", 0),  # what is to come has not happened yet
    ],
)
def test_states(today: date, stop: date | None, state: str, left: int) -> None:
    found = clock(today, stop)
    assert (found.state.label, found.days_left, found.due_on) == (state, left, DUE)
    assert found.is_open == (state in {"未开始", "正常", "临期", "逾期"})


def test_a_missing_start_has_no_clock() -> None:
    assert evaluate(ALLOCATION, {"allocated_on": DUE}, DUE, BOOK.holidays) is None


def test_a_stop_before_the_start_counts_as_no_days() -> None:
    found = clock(DUE, RECEIVED - timedelta(days=4))
    assert (found.used, found.state) == (0, DeadlineState.DONE)


def test_r16_the_due_day_is_a_matter_of_dates_alone() -> None:
    start = date(2026, 1, 31)
    found = evaluate(ALLOCATION, {"received_on": start}, start, BOOK.holidays)
    assert found is not None
    assert found.due_on == date(2026, 3, 17)


def test_a_working_day_limit_steps_over_holidays_and_says_when_it_is_an_estimate() -> None:
    before_festival = evaluate(
        DISCLOSURE, {"allocated_on": date(2023, 9, 22)}, date(2023, 9, 22), BOOK.holidays
    )
    over_new_year = evaluate(
        DISCLOSURE, {"allocated_on": date(2026, 12, 25)}, date(2026, 12, 25), BOOK.holidays
    )
    assert before_festival is not None
    assert over_new_year is not None
    assert (before_festival.due_on, before_festival.provisional) == (date(2023, 10, 19), False)
    assert over_new_year.provisional


@given(st.integers(min_value=0, max_value=80), st.sampled_from([ALLOCATION, DISCLOSURE]))
def test_late_means_more_days_used_than_the_limit(days: int, rule: Rule) -> None:
    found = clock(RECEIVED + timedelta(days=days), RECEIVED + timedelta(days=days), rule)
    assert (found.state is DeadlineState.DONE_LATE) == (found.used > rule.days)
    assert (found.days_left < 0) == (found.used > rule.days)


def test_steps_fall_on_their_days_and_then_daily_holidays_included() -> None:
    found = clock(RECEIVED)
    days = [RECEIVED + timedelta(days=n) for n in range(-5, 50)]
    steps = [step for step in (step_due(found, today) for today in days) if step is not None]
    assert steps == [15, 7, 3, 1, 0, -1, -2, -3, -4]


def test_a_closed_subject_has_no_step_from_its_day_on() -> None:
    found = clock(DUE, DUE - timedelta(days=7))
    assert step_due(found, DUE - timedelta(days=15)) == 15
    assert step_due(found, DUE - timedelta(days=7)) is None
    assert steps_between(found, RECEIVED, DUE) == ()


def test_after_downtime_the_latest_step_stands_for_the_skipped_ones() -> None:
    found = clock(DUE - timedelta(days=2))
    assert steps_between(found, DUE - timedelta(days=16), DUE - timedelta(days=2)) == (15, 7, 3)
    assert steps_between(found, DUE - timedelta(days=3), DUE - timedelta(days=2)) == ()
    assert steps_between(clock(DUE), DUE - timedelta(days=1), DUE + timedelta(days=1)) == (0, -1)
    assert steps_between(found, DUE, DUE) == ()


def test_no_step_falls_before_the_start() -> None:
    assert steps_between(clock(DUE), date(2000, 1, 1), RECEIVED) == ()


@given(st.integers(0, 120), st.integers(0, 60), st.integers(0, 60))
def test_two_runs_find_together_what_one_run_finds(first: int, more: int, rest: int) -> None:
    found = clock(RECEIVED)
    a = RECEIVED + timedelta(days=first)
    b, c = a + timedelta(days=more), a + timedelta(days=more + rest)
    assert steps_between(found, a, b) + steps_between(found, b, c) == steps_between(found, a, c)


@pytest.mark.parametrize(
    ("step", "leaders"), [(15, False), (7, False), (3, True), (1, True), (0, True), (-9, True)]
)
def test_leaders_are_reminded_from_three_days_left_on(step: int, leaders: bool) -> None:
    roles = recipients(ALLOCATION, step)
    assert roles[:2] == (Role.FINANCE_AGRI, Role.LEAD_OFFICE)
    assert (Role.APPROVER in roles) == leaders


@pytest.mark.parametrize(("days", "on_time"), [(15, 1), (30, 3), (45, 4)])
def test_another_limit_is_another_table_and_no_code(
    tmp_path: Path, days: int, on_time: int
) -> None:
    default = (book.DEFAULT_FOLDER / "deadlines.toml").read_text("utf-8")
    (tmp_path / "deadlines.toml").write_text(
        default.replace("days = 45", f"days = {days}"), "utf-8"
    )
    county = book.load(tmp_path)
    rule = county.deadlines["fund_allocation"]
    found = [
        evaluate(rule, facts, date(2023, 12, 31), county.holidays) for facts in real_documents()
    ]
    assert sum(d is not None and d.state is DeadlineState.DONE for d in found) == on_time


def test_the_sample_book_of_shanxi_has_fifteen_days_without_points() -> None:
    rule = book.load(SHANXI).deadlines["fund_allocation"]
    assert (rule.days, rule.kind, rule.points) == (15, DayKind.NATURAL, None)
    found = clock(RECEIVED + timedelta(days=20), rule=rule)
    assert (found.state, found.points, found.working) == (
        DeadlineState.OVERDUE,
        None,
        "20 天 > 15 天",
    )
