"""Reminding: who has to hear of which clock on a day, exactly once whatever restarts or days are lost."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import TypedDict

import sqlalchemy as sa
from flask import current_app

from portal import clock
from portal.accounts.models import User
from portal.accounts.queries import people_concerned, people_with
from portal.audit import recorder
from portal.db import db, execute_unaudited, insert_new
from portal.deadlines import digest, disclosing, facts, queries
from portal.deadlines.digest import Notice
from portal.deadlines.models import Reminder
from portal.mail.models import InboxMessage
from portal.mail.operations import queue
from portal.rules.deadlines import Rule, evaluate, recipients, steps_between
from portal.rules.vocabulary import Role
from portal.scheduler import runs
from portal.supervision.warnings import counties_with_placements, warnings_of

JOB = "remind"

Key = tuple[str, str, int, int]
"""Rule, subject, step, person: what a reminder is given once for."""

_KEY = (Reminder.rule, Reminder.subject, Reminder.step, Reminder.user_id)


@dataclass(frozen=True)
class Line:
    """One notice that one person hears of."""

    user: User
    notice: Notice

    @property
    def key(self) -> Key:
        """What makes the reminder unique."""
        return (self.notice.rule, self.notice.subject, self.notice.step, self.user.id)


class Reminded(TypedDict):
    """One clock of which people were told; ``days_left`` < 0 is overdue, ``recipients`` are user names."""

    rule: str
    subject: str
    step: int
    days_left: int
    recipients: list[str]
    text: str


def remind(day: date) -> list[Reminded]:
    """Queue what is due on ``day`` and return what this call queued; the second call returns ``[]``.

    A warning returns once a week while it stands. One digest per person goes into the inbox and the outbox.
    Days since the last run are made up: each clock gets one line with its latest step, the steps skipped
    before it are recorded as covered.
    """
    lines = due(day)
    given = _record(lines, day)
    new = [line for line in lines if line.key in given]
    for user, own in _by_person(new).items():
        _queue_digest(user, own, day)
    if new:
        recorder.note("reminded", day.isoformat(), lines=len(new), people=len(_by_person(new)))
    return report(new)


def due(day: date) -> list[Line]:
    """What :func:`remind` would queue on ``day``, without queueing it."""
    since = runs.last_day(JOB, before=day) or day - timedelta(days=1)
    rules = current_app.extensions["book"].deadlines.values()
    clocks = [(rule, one) for rule in rules for one in queries.near(rule, day)]
    lines = list(_lines([*clocks, *disclosing.near(day)], day, since))
    lines += [*_warning_lines(day), *_overdue_lines(day)]
    known = _given(lines)
    return [line for line in lines if line.key not in known]


def mark_reminded(day: date) -> None:
    """Let the clock begin after ``day``: a demo county that opens on it has no mail of its own day."""
    runs.claim(JOB, day, "示范数据：从次日起提醒")


def report(lines: Iterable[Line]) -> list[Reminded]:
    """The lines by clock and step, as ``flask remind`` prints them."""
    grouped: dict[tuple[str, str, int], list[Line]] = defaultdict(list)
    for line in lines:
        grouped[line.key[:3]].append(line)
    return [
        {
            "rule": rule,
            "subject": own[0].notice.name,
            "step": step,
            "days_left": own[0].notice.days_left,
            "recipients": [line.user.username for line in own],
            "text": own[0].notice.text,
        }
        for (rule, _subject, step), own in grouped.items()
    ]


def _lines(clocks: Iterable[tuple[Rule, facts.Subject]], day: date, since: date) -> Iterator[Line]:
    holidays = current_app.extensions["book"].holidays
    people = cache(_people)
    for rule, subject in clocks:
        deadline = evaluate(rule, subject.facts, day, holidays)
        if deadline is None:
            continue
        *skipped, step = steps_between(deadline, _heard_until(subject, since), day) or (None,)
        if step is None:
            continue
        notice = Notice(
            rule=rule.code,
            subject=subject.key,
            county_id=subject.county_id,
            name=subject.name,
            step=step,
            covered=tuple(skipped),
            falls_on=deadline.due_on - timedelta(days=step),
            days_left=deadline.days_left,
            text=digest.line(subject, deadline),
        )
        for user in people(subject.county_id, recipients(rule, step), subject.units):
            yield Line(user, notice)


def _people(
    county_id: int, roles: tuple[Role, ...], units: tuple[int | None, ...] | None
) -> list[User]:
    """Who holds the roles in the county; where the subject is of some units, local people of these only."""
    if units is None:
        return people_with(*roles, county_id=county_id)
    return people_concerned(roles, county_id, units)


def _overdue_lines(day: date) -> Iterator[Line]:
    """One line a week for each organization that has not told the public in time."""
    monday = day - timedelta(days=day.weekday())
    for found in disclosing.overdue(day):
        notice = Notice(
            rule=disclosing.OVERDUE,
            subject=f"organization:{found.organization_id}",
            county_id=found.county_id,
            name=f"{found.name}的公开任务",
            step=-(monday.toordinal() // 7),
            covered=(),
            falls_on=monday,
            days_left=(found.oldest_on - day).days,
            text=digest.overdue_line(found, day),
        )
        for user in people_concerned(found.roles, found.county_id, found.units):
            yield Line(user, notice)


def _warning_lines(day: date) -> Iterator[Line]:
    """A warning's step is its week, counted backwards as all steps are."""
    monday = day - timedelta(days=day.weekday())
    for county_id in counties_with_placements():
        for found in warnings_of(county_id, day):
            project = found.project
            notice = Notice(
                rule=found.rule.code,
                subject=f"project:{project.id}",
                county_id=county_id,
                name=project.name,
                step=-(monday.toordinal() // 7),
                covered=(),
                falls_on=monday,
                days_left=0,
                text=digest.warning_line(found),
                is_warning=True,
            )
            units = (project.organization_id, project.township_id, project.department_id)
            for user in people_concerned(found.rule.recipients, county_id, units):
                yield Line(user, notice)


def _heard_until(subject: facts.Subject, since: date) -> date:
    """The last run did not know what was registered on its day or later: nothing of that is made up yet."""
    registered_on = subject.facts.get("registered_on")
    return date.min if registered_on and registered_on >= since else since


def _given(lines: Sequence[Line]) -> set[Key]:
    """The reminders that exist already; a step's reminder is never older than the step's own day."""
    if not lines:
        return set()
    oldest = min(line.notice.falls_on for line in lines)
    statement = sa.select(*_KEY).where(Reminder.for_day >= oldest)
    return set(db.session.execute(statement).tuples())


def _record(lines: Sequence[Line], day: date) -> set[Key]:
    """Insert what is not there yet and return the keys of the lines that are new."""
    if not lines:
        return set()
    at = clock.now()
    rows = [
        {
            "county_id": line.notice.county_id,
            "rule": line.notice.rule,
            "subject": line.notice.subject,
            "step": step,
            "user_id": line.user.id,
            "covered": step != line.notice.step,
            "for_day": day,
            "queued_at": at,
        }
        for line in lines
        for step in (*line.notice.covered, line.notice.step)
    ]
    added = execute_unaudited(insert_new(Reminder).returning(*_KEY, Reminder.covered), rows)
    return {
        (rule, subject, step, user) for rule, subject, step, user, covered in added if not covered
    }


def _queue_digest(user: User, lines: Sequence[Line], day: date) -> None:
    """One digest a day; a second run that finds something new that day adds a second one."""
    key = f"digest:{day}:{user.id}"
    earlier = sa.select(sa.func.count()).where(
        InboxMessage.user_id == user.id, InboxMessage.dedupe_key.startswith(key, autoescape=True)
    )
    if count := db.session.scalar(earlier):
        key = f"{key}:{count + 1}"
    told = [line.notice for line in lines]
    queue(user, subject=digest.subject(told), body=digest.body(told), dedupe_key=key)


def _by_person(lines: Iterable[Line]) -> dict[User, list[Line]]:
    grouped: dict[User, list[Line]] = defaultdict(list)
    for line in lines:
        grouped[line.user].append(line)
    return grouped
