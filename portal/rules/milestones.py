"""The dates that a county sets for the works of a year's projects (D28)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from portal.rules.deadlines import DeadlineState
from portal.rules.tables import Row
from portal.rules.works import DATES

COMMON_YEAR = 2023
"""A year without 29 February: a milestone must exist in every year."""


@dataclass(frozen=True)
class MilestoneRule:
    """One row of ``milestones.toml``; ``stop`` is the day on record of the works that meets it."""

    code: str
    label: str
    month: int
    day: int
    stop: str
    soon_days: int
    basis: str


@dataclass(frozen=True)
class Milestone:
    """A rule held against one project on one day; ``days_left`` is counted from that day or from the deed."""

    rule: MilestoneRule
    due_on: date
    done_on: date | None
    days_left: int
    state: DeadlineState

    @property
    def is_late(self) -> bool:
        """Whether it is past and still not met."""
        return self.state is DeadlineState.OVERDUE


def evaluate(
    rules: Iterable[MilestoneRule], dates: Mapping[str, date | None], year: int, today: date
) -> tuple[Milestone, ...]:
    """The milestones of a project of ``year``, as they stand on ``today``, in the order of the book.

    A later day of the works meets the earlier milestones as well: what is started was designed, whether
    or not anybody wrote it down.
    """
    return tuple(_milestone(rule, dates, year, today) for rule in rules)


def read_milestones(rows: Iterable[Row]) -> tuple[MilestoneRule, ...]:
    """Read ``milestones.toml``; a county may set none."""
    return tuple(_read(row) for row in rows)


def _milestone(
    rule: MilestoneRule, dates: Mapping[str, date | None], year: int, today: date
) -> Milestone:
    due_on = date(year, rule.month, rule.day)
    done_on = _done(rule.stop, dates, today)
    days_left = (due_on - (done_on or today)).days
    return Milestone(rule, due_on, done_on, days_left, _state(rule, done_on, days_left))


def _done(stop: str, dates: Mapping[str, date | None], today: date) -> date | None:
    names = list(DATES)
    later = [dates.get(name) for name in names[names.index(stop) :]]
    return next((on for on in later if on is not None and on <= today), None)


def _state(rule: MilestoneRule, done_on: date | None, days_left: int) -> DeadlineState:
    if done_on is not None:
        return DeadlineState.DONE if days_left >= 0 else DeadlineState.DONE_LATE
    if days_left < 0:
        return DeadlineState.OVERDUE
    return DeadlineState.DUE_SOON if days_left <= rule.soon_days else DeadlineState.RUNNING


def _read(row: Row) -> MilestoneRule:
    rule = MilestoneRule(
        code=row.code(),
        label=row.text("label"),
        month=row.whole("month"),
        day=row.whole("day"),
        stop=row.text("stop"),
        soon_days=row.whole("soon_days"),
        basis=row.text("basis"),
    )
    row.close()
    if rule.stop not in DATES:
        row.wrong(f'stop 应是 {"、".join(DATES)} 之一，现在是 "{rule.stop}"')
    try:
        date(COMMON_YEAR, rule.month, rule.day)
    except ValueError:
        row.wrong(f"不是每年都有 {rule.month} 月 {rule.day} 日")
    return rule
