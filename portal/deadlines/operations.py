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
from portal.accounts.queries import people_with
from portal.audit import recorder
from portal.db import db, execute_unaudited, insert_new
from portal.deadlines import digest, facts
from portal.deadlines.models import Reminder
from portal.mail.models import InboxMessage
from portal.mail.operations import queue
from portal.rules.deadlines import Deadline, Rule, evaluate, recipients, steps_between
from portal.scheduler import runs

JOB = "remind"

Key = tuple[str, str, int, int]
"""Rule, subject, step, person: what a reminder is given once for."""

_KEY = (Reminder.rule, Reminder.subject, Reminder.step, Reminder.user_id)


@dataclass(frozen=True)
class Line:
    """One clock that one person hears of: its latest step, and the skipped ones which that stands for."""

    user: User
    subject: facts.Subject
    deadline: Deadline
    step: int
    covered: tuple[int, ...]

    @property
    def key(self) -> Key:
        """What makes the reminder unique."""
        return (self.deadline.rule.code, self.subject.key, self.step, self.user.id)


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

    One digest per person goes into the inbox and the outbox. Days since the last run are made up: each clock
    gets one line with its latest step, the steps skipped before it are recorded as covered.
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
    lines = [line for rule in rules for line in _lines(rule, day, since)]
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
            "subject": own[0].subject.name,
            "step": step,
            "days_left": own[0].deadline.days_left,
            "recipients": [line.user.username for line in own],
            "text": digest.line(own[0].subject, own[0].deadline),
        }
        for (rule, _subject, step), own in grouped.items()
    ]


def _lines(rule: Rule, day: date, since: date) -> Iterator[Line]:
    holidays = current_app.extensions["book"].holidays
    people = cache(lambda county_id, roles: people_with(*roles, county_id=county_id))
    for subject in facts.near(rule, day):
        deadline = evaluate(rule, subject.facts, day, holidays)
        if deadline is None:
            continue
        *skipped, step = steps_between(deadline, _heard_until(subject, since), day) or (None,)
        if step is None:
            continue
        for user in people(subject.county_id, recipients(rule, step)):
            yield Line(user, subject, deadline, step, tuple(skipped))


def _heard_until(subject: facts.Subject, since: date) -> date:
    """The last run did not know what was registered on its day or later: nothing of that is made up yet."""
    registered_on = subject.facts.get("registered_on")
    return date.min if registered_on and registered_on >= since else since


def _given(lines: Sequence[Line]) -> set[Key]:
    """The reminders that exist already; a step's reminder is never older than the step's own day."""
    if not lines:
        return set()
    oldest = min(line.deadline.due_on - timedelta(days=line.step) for line in lines)
    statement = sa.select(*_KEY).where(Reminder.for_day >= oldest)
    return set(db.session.execute(statement).tuples())


def _record(lines: Sequence[Line], day: date) -> set[Key]:
    """Insert what is not there yet and return the keys of the lines that are new."""
    if not lines:
        return set()
    at = clock.now()
    rows = [
        {
            "county_id": line.subject.county_id,
            "rule": line.deadline.rule.code,
            "subject": line.subject.key,
            "step": step,
            "user_id": line.user.id,
            "covered": step != line.step,
            "for_day": day,
            "queued_at": at,
        }
        for line in lines
        for step in (*line.covered, line.step)
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
    told = [(line.subject, line.deadline) for line in lines]
    queue(user, subject=digest.subject(told), body=digest.body(told), dedupe_key=key)


def _by_person(lines: Iterable[Line]) -> dict[User, list[Line]]:
    grouped: dict[User, list[Line]] = defaultdict(list)
    for line in lines:
        grouped[line.user].append(line)
    return grouped
