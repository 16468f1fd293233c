"""What the calendar and the early warnings ask of a person."""

from dataclasses import replace
from datetime import date
from itertools import groupby

from flask import current_app, url_for

from portal.dashboard.task import Task, Urgency
from portal.deadlines import digest, queries
from portal.deadlines.dated import READERS
from portal.deadlines.facts import Subject
from portal.duties.queries import MINE, overdue_by_level, soon_by_level
from portal.rules.access import Action, Actor, holds
from portal.rules.deadlines import Deadline, evaluate, recipients
from portal.rules.duties import DisclosureState
from portal.supervision.warnings import ProjectWarning, warnings_for

MOST_WARNINGS = 3
SHOWN_ELSEWHERE = frozenset({"planned_on"})
"""The plan's own task says more: whether there is a draft and what is missing."""
WRITERS_OWN = frozenset({"declared_on", "monitored_on", "evaluated_on"})
"""Who writes the forms is told of the own projects that lack one; the county's sum is for the others."""


def tasks(actor: Actor, today: date) -> list[Task]:
    """The most important warnings, the duties with a date of the year, and what has to be disclosed."""
    return [*_warnings(actor, today), *_duties(actor, today), *_disclosures(actor, today)]


def _disclosures(actor: Actor, today: date) -> list[Task]:
    """One line for all that is overdue and one for all that is due soon, however many they are."""
    if not holds(actor, Action.RECORD_PROOF):
        return []
    return [
        Task(
            urgency,
            state.label,
            f"{sum(found.values())} 项公开任务{state.label}",
            "、".join(f"{level.label} {count} 项" for level, count in found.items()),
            "去公开或登记凭证",
            url_for("duties.ledger", state=state.value, reach=MINE),
        )
        for urgency, state, found in (
            (Urgency.OVERDUE, DisclosureState.OVERDUE, overdue_by_level(actor, today)),
            (Urgency.SOON, DisclosureState.SOON, soon_by_level(actor, today)),
        )
        if found
    ]


def _warnings(actor: Actor, today: date) -> list[Task]:
    mine = [
        one for one in warnings_for(actor, today) if actor.roles.intersection(one.rule.recipients)
    ]
    found = [_warning(one) for one in mine[:MOST_WARNINGS]]
    if len(mine) > MOST_WARNINGS:
        found.append(
            Task(
                Urgency.SOON,
                "预警",
                f"还有 {len(mine) - MOST_WARNINGS} 条预警",
                "按轻重排列，写明责任人和办法",
                f"全部 {len(mine)} 条",
                url_for("supervision.warnings"),
            )
        )
    return found


def _warning(warning: ProjectWarning) -> Task:
    return Task(
        Urgency.SOON,
        "预警",
        f"{warning.rule.label}：{warning.project.name}",
        f"{warning.finding.words}，责任人 {warning.responsible}。{warning.rule.advice}。",
        "去查看",
        url_for("implementation.project", project_id=warning.project.id),
    )


def _duties(actor: Actor, today: date) -> list[Task]:
    book = current_app.extensions["book"]
    writes = holds(actor, Action.WRITE_PERFORMANCE)
    elsewhere = SHOWN_ELSEWHERE | WRITERS_OWN if writes else SHOWN_ELSEWHERE
    found = [
        (subject, deadline)
        for rule in book.deadlines.values()
        if rule.subject in READERS
        and rule.stop not in elsewhere
        and actor.roles.intersection(recipients(rule, 0))
        for subject in queries.near(rule, today, actor.county_id)
        if (deadline := evaluate(rule, subject.facts, today, book.holidays)) and deadline.is_open
    ]
    groups = groupby(found, key=lambda one: (one[1].rule.code, one[1].due_on))
    return [_together(list(group)) for _key, group in groups]


def _together(found: list[tuple[Subject, Deadline]]) -> Task:
    """Many documents that grow older on one day are one line, with the sum of their rests."""
    subject, deadline = found[0]
    if len(found) == 1:
        return _duty(subject, deadline)
    rest = sum(one.rest for one, _deadline in found)
    whole = replace(subject, name=f"{len(found)} 份文件的", rest=rest)
    return replace(_duty(whole, deadline), address=url_for("pace.overview", _anchor="ages"))


def _duty(subject: Subject, deadline: Deadline) -> Task:
    what, action = digest.duty(subject, deadline)
    if deadline.rule.stop in WRITERS_OWN:
        action = "看还缺哪些"
    page, left = digest.PAGES[subject.kind], deadline.days_left
    return Task(
        Urgency.OVERDUE if left < 0 else Urgency.SOON,
        f"逾期{-left}天" if left < 0 else f"剩{left}天",
        f"{subject.name}{what}",
        f"{deadline.due_on} 到期，{deadline.rule.basis}",
        action,
        url_for(page.endpoint, **page.values(subject)),
    )
