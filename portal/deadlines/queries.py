"""The clocks that a person may see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from flask import current_app

from portal.accounts.scopes import visible
from portal.deadlines import disclosing, facts
from portal.deadlines.dated import READERS
from portal.deadlines.facts import Subject, documents
from portal.funds.models import FundDocument
from portal.rules.access import Action, Actor
from portal.rules.deadlines import Deadline, Rule, evaluate


@dataclass(frozen=True)
class Clock:
    """A rule's clock on one subject."""

    subject: Subject
    deadline: Deadline


def near(rule: Rule, day: date, county_id: int | None = None) -> list[Subject]:
    """The subjects, of one county or of all, whose clock under this rule may be reminded of on ``day``."""
    reader = READERS.get(rule.subject)
    if reader is not None:
        return reader(rule, day, county_id, True)
    return [one for one in facts.near(rule, day) if county_id in {None, one.county_id}]


def clocks(actor: Actor, day: date) -> list[Clock]:
    """Every clock of the actor's county as it stands on ``day``: open ones first, the most urgent on top."""
    book = current_app.extensions["book"]
    mine = visible(sa.select(FundDocument.id), FundDocument, actor, Action.VIEW_DEADLINES)
    known = documents(day, [FundDocument.id.in_(mine), FundDocument.received_on <= day])
    all_clocks = [
        *(
            (rule, subject)
            for rule in book.deadlines.values()
            for subject in _subjects(rule, day, actor.county_id, known)
        ),
        *disclosing.of_county(actor.county_id, day),
    ]
    found = [
        Clock(subject, deadline)
        for rule, subject in all_clocks
        if (deadline := evaluate(rule, subject.facts, day, book.holidays))
    ]
    return sorted(found, key=_urgency)


def _subjects(rule: Rule, day: date, county_id: int, known: Sequence[Subject]) -> Sequence[Subject]:
    """Payments have a list of their own, which says how long each has waited."""
    reader = READERS.get(rule.subject)
    if reader is not None:
        return reader(rule, day, county_id, False)
    return known if rule.subject == "fund_document" else ()


def due_in(clocks: Iterable[Clock], days: Iterable[date]) -> dict[date, list[Clock]]:
    """The clocks by the day they end on, for some days."""
    return {day: [clock for clock in clocks if clock.deadline.due_on == day] for day in days}


def _urgency(clock: Clock) -> tuple[bool, date, str]:
    return (not clock.deadline.is_open, clock.deadline.due_on, clock.subject.name)
