"""The clock of a duty: what a rule says about a subject's dates, seen from any given day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from portal.rules.days import (
    CalendarDay,
    DayKind,
    Holidays,
    anniversary,
    days_after,
    days_between,
    last_day,
)
from portal.rules.money import round2
from portal.rules.vocabulary import Labelled, Role

FACTS: Mapping[str, frozenset[str]] = {
    "fund_document": frozenset(
        {"issued_on", "received_on", "registered_on", "reported_on", "allocated_on", "disclosed_on"}
    ),
    "fund_year": frozenset({"begins_on", "paced_on"}),
    "fund_rest": frozenset({"aged_from", "spent_on"}),
    "county_month": frozenset({"begins_on", "last_month_ended_on", "planned_on", "bulletin_on"}),
    "payment": frozenset({"approved_on", "paid_on"}),
    "complaint": frozenset({"complained_on", "answered_on"}),
    "county_forms": frozenset({"begins_on", "declared_on", "monitored_on", "evaluated_on"}),
}
"""The dates a rule may start or stop on, by kind of subject."""

_LEAST_DAYS_OF_YEAR = 365


class DeadlineState(Labelled):
    """Where a clock stands on the day it is looked at."""

    NOT_STARTED = "not_started", "未开始"
    RUNNING = "running", "正常"
    DUE_SOON = "due_soon", "临期"
    OVERDUE = "overdue", "逾期"
    DONE = "done", "按期完成"
    DONE_LATE = "done_late", "逾期完成"


@dataclass(frozen=True)
class Escalation:
    """From ``days_left`` on, and on every later step, ``roles`` are reminded as well."""

    days_left: int
    roles: tuple[Role, ...]


@dataclass(frozen=True)
class Rule:
    """One row of ``deadlines.toml``.

    ``start`` and ``stop`` name facts of the subject; the start day is not counted. With ``points``, a subject
    done within ``days`` earns them all, later ones fall on a line to nothing at ``zero_at`` days, or at
    once where there is no ``zero_at``. A rule with ``due`` ends on the first such day of the calendar, one
    with ``years`` on that anniversary of the start; both have 0 ``days``. ``reminder_steps`` are natural days
    left, greatest first; after the last day a reminder follows every ``late_every`` days (0: none) until the
    stop fact is there.
    """

    code: str
    label: str
    subject: str
    start: str
    stop: str
    days: int
    kind: DayKind
    zero_at: int | None
    points: Decimal | None
    reminder_steps: tuple[int, ...]
    recipients: tuple[Role, ...]
    escalation: tuple[Escalation, ...]
    basis: str
    due: CalendarDay | None = None
    years: int = 0
    late_every: int = 1

    @property
    def least_days(self) -> int:
        """The fewest natural days from the start to the end, whatever the holidays."""
        return self.days or self.years * _LEAST_DAYS_OF_YEAR

    def ends_on(self, started_on: date, holidays: Holidays) -> date:
        """Return the last day of the limit."""
        if self.due:
            return self.due.since(started_on)
        if self.years:
            return anniversary(started_on, self.years)
        return last_day(started_on, self.days, self.kind, holidays)


@dataclass(frozen=True)
class Deadline:
    """A rule held against one subject's dates on one day.

    ``used`` counts days in the rule's own kind, up to the stop or to today. ``days_left`` counts natural
    days to ``due_on``, from today or from the stop; negative is overdue. ``points`` is what the subject
    would score if it were done today (None: the rule is not scored), ``working`` the same in words.
    ``provisional`` means that the due day rests on a holiday calendar not yet announced (预估).
    """

    rule: Rule
    started_on: date
    due_on: date
    closed_on: date | None
    used: int
    days_left: int
    state: DeadlineState
    points: Decimal | None
    working: str
    provisional: bool

    @property
    def is_open(self) -> bool:
        """Say whether somebody still has to act."""
        return self.closed_on is None


def evaluate(
    rule: Rule, facts: Mapping[str, date | None], today: date, holidays: Holidays
) -> Deadline | None:
    """Return the rule's clock as it stands on ``today``, or None where the start fact is missing.

    What happens after ``today`` has not happened yet: a later stop leaves the clock open. A stop before the
    start counts as 0 days. Basis of the points: the rule's own (S2: ≤45 天满分，45–60 天按比例，>60 天 0 分).
    """
    started_on = facts.get(rule.start)
    if started_on is None:
        return None
    stop = facts.get(rule.stop)
    closed_on = stop if stop is not None and stop <= today else None
    seen_on = closed_on or today
    due_on = rule.ends_on(started_on, holidays)
    used = max(0, days_between(started_on, seen_on, rule.kind, holidays))
    points = None if rule.points is None else _points(rule, rule.points, used)
    return Deadline(
        rule=rule,
        started_on=started_on,
        due_on=due_on,
        closed_on=closed_on,
        used=used,
        days_left=(due_on - seen_on).days,
        state=_state(rule, started_on, due_on, closed_on, today),
        points=points,
        working=_working(rule, used, rule.days or (due_on - started_on).days, points),
        provisional=rule.kind is DayKind.WORKING and not holidays.is_confirmed(started_on, due_on),
    )


def step_due(deadline: Deadline, today: date) -> int | None:
    """Return the reminder step that falls on ``today`` (days left; negative: days overdue), or None."""
    if deadline.closed_on is not None and deadline.closed_on <= today:
        return None
    if today < deadline.started_on:
        return None
    days_left = (deadline.due_on - today).days
    rule = deadline.rule
    if days_left < 0:
        return days_left if rule.late_every and days_left % rule.late_every == 0 else None
    return days_left if days_left in rule.reminder_steps else None


def steps_between(deadline: Deadline, after_day: date, today: date) -> tuple[int, ...]:
    """Return the steps that fell after ``after_day`` up to ``today``, oldest first.

    The last one is reported; the ones before it were skipped while the machine was off and it covers them.
    Empty where nothing fell due, or where the subject is closed by now.
    """
    if deadline.closed_on is not None and deadline.closed_on <= today:
        return ()
    first_day = max(after_day, deadline.started_on - timedelta(days=1))
    steps = (step_due(deadline, day) for day in days_after(first_day, today))
    return tuple(step for step in steps if step is not None)


def recipients(rule: Rule, step: int) -> tuple[Role, ...]:
    """Return who is reminded at a step: the duty's own roles, then those it escalates to."""
    roles = list(rule.recipients)
    for escalation in rule.escalation:
        if step <= escalation.days_left:
            roles += escalation.roles
    return tuple(dict.fromkeys(roles))


def _state(
    rule: Rule, started_on: date, due_on: date, closed_on: date | None, today: date
) -> DeadlineState:
    if closed_on is not None:
        return DeadlineState.DONE if closed_on <= due_on else DeadlineState.DONE_LATE
    if today < started_on:
        return DeadlineState.NOT_STARTED
    days_left = (due_on - today).days
    if days_left < 0:
        return DeadlineState.OVERDUE
    return DeadlineState.DUE_SOON if days_left <= rule.reminder_steps[0] else DeadlineState.RUNNING


def _points(rule: Rule, full: Decimal, used: int) -> Decimal:
    if used <= rule.days:
        return round2(Fraction(full))
    if rule.zero_at is None or used >= rule.zero_at:
        return round2(Fraction(0))
    return round2(Fraction(full) * Fraction(rule.zero_at - used, rule.zero_at - rule.days))


def _working(rule: Rule, used: int, limit: int, points: Decimal | None) -> str:
    unit = "个工作日" if rule.kind is DayKind.WORKING else "天"
    comparison = f"{used} {unit} {'>' if used > limit else '≤'} {limit} {unit}"
    if points is None or rule.points is None:
        return comparison
    if used <= rule.days or rule.zero_at is None:
        return f"{comparison}：{short(points)}"
    if used > rule.zero_at:
        return f"{used} {unit} > {rule.zero_at} {unit}：0"
    span = rule.zero_at - rule.days
    return f"{comparison}：{short(rule.points)} ×（{rule.zero_at}−{used}）÷{span} = {short(points)}"


def short(points: Decimal) -> str:
    """Write points without idle zeros: ``"5"``, ``"3.33"``."""
    return f"{points.normalize():f}"
