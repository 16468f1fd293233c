"""Milestones: the county's dates for the works, met by the day on record or a later one."""

from datetime import date
from pathlib import Path

import pytest

from portal.rules import book
from portal.rules.book import BookError
from portal.rules.deadlines import DeadlineState
from portal.rules.milestones import evaluate

RULES = book.load().milestones
DEFAULT = (book.DEFAULT_FOLDER / "milestones.toml").read_text("utf-8")


def states(today: date, **dates: date) -> dict[str, DeadlineState]:
    return {m.rule.code: m.state for m in evaluate(RULES, dates, 2023, today)}


def test_the_defaults_are_those_of_the_source() -> None:
    due = {m.rule.label: m.due_on for m in evaluate(RULES, {}, 2023, date(2023, 1, 1))}
    assert due == {
        "完成勘察设计": date(2023, 7, 15),
        "评审批复": date(2023, 7, 31),
        "开工": date(2023, 8, 31),
        "完工": date(2023, 11, 30),
    }


def test_a_milestone_is_near_then_late() -> None:
    seen = [states(date(2023, 7, day))["design"] for day in (1, 15, 16)]
    assert seen == [DeadlineState.DUE_SOON, DeadlineState.DUE_SOON, DeadlineState.OVERDUE]
    assert states(date(2023, 6, 29))["design"] is DeadlineState.RUNNING


def test_days_left_are_counted_to_the_end() -> None:
    design = evaluate(RULES, {}, 2023, date(2023, 7, 20))[0]
    assert (design.days_left, design.is_late) == (-5, True)
    met = evaluate(RULES, {"designed_on": date(2023, 7, 17)}, 2023, date(2023, 12, 1))[0]
    assert (met.days_left, met.state, met.is_late) == (-2, DeadlineState.DONE_LATE, False)


def test_a_later_day_of_the_works_meets_the_earlier_milestones() -> None:
    seen = states(date(2023, 12, 1), started_on=date(2023, 7, 20))
    assert seen == {
        "design": DeadlineState.DONE_LATE,
        "review": DeadlineState.DONE,
        "start": DeadlineState.DONE,
        "finish": DeadlineState.OVERDUE,
    }


def test_what_comes_after_the_day_has_not_come_yet() -> None:
    late = states(date(2023, 8, 1), designed_on=date(2023, 8, 2))
    assert late["design"] is DeadlineState.OVERDUE


def test_a_county_may_set_none(tmp_path: Path) -> None:
    (tmp_path / "milestones.toml").write_text("milestone = []", "utf-8")
    assert book.load(tmp_path).milestones == ()


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("day = 31", "day = 32", "不是每年都有 7 月 32 日"),
        ("month = 7\nday = 15", "month = 2\nday = 29", "不是每年都有 2 月 29 日"),
        ('"designed_on"', '"painted_on"', "stop 应是 designed_on"),
        ("soon_days = 15", "", "缺少 soon_days"),
        ("basis", "base", "不认识 base"),
    ],
)
def test_a_fault_in_the_book_is_named(tmp_path: Path, old: str, new: str, reason: str) -> None:
    (tmp_path / "milestones.toml").write_text(DEFAULT.replace(old, new), "utf-8")
    with pytest.raises(BookError) as refused:
        book.load(tmp_path)
    assert any(reason in line for line in refused.value.problems)
