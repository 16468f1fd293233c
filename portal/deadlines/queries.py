"""The clocks that a person may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from flask import current_app

from portal.accounts.scopes import visible
from portal.deadlines.facts import Subject, documents
from portal.funds.models import FundDocument
from portal.rules.access import Action, Actor
from portal.rules.deadlines import Deadline, evaluate


@dataclass(frozen=True)
class Clock:
    """A rule's clock on one subject."""

    subject: Subject
    deadline: Deadline


def clocks(actor: Actor, day: date) -> list[Clock]:
    """Every clock of the actor's county as it stands on ``day``: open ones first, the most urgent on top."""
    book = current_app.extensions["book"]
    mine = visible(sa.select(FundDocument.id), FundDocument, actor, Action.VIEW_DEADLINES)
    subjects = documents(day, [FundDocument.id.in_(mine), FundDocument.received_on <= day])
    found = [
        Clock(subject, deadline)
        for subject in subjects
        for rule in book.deadlines.values()
        if (deadline := evaluate(rule, subject.facts, day, book.holidays))
    ]
    return sorted(found, key=_urgency)


def due_in(clocks: Iterable[Clock], days: Iterable[date]) -> dict[date, list[Clock]]:
    """The clocks by the day they end on, for some days."""
    return {day: [clock for clock in clocks if clock.deadline.due_on == day] for day in days}


def _urgency(clock: Clock) -> tuple[bool, date, str]:
    return (not clock.deadline.is_open, clock.deadline.due_on, clock.subject.name)
