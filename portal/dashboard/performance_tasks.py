"""What the performance chain asks of a person: forms that wait, and forms that nobody has begun."""

from collections import Counter
from datetime import date

import sqlalchemy as sa
from flask import url_for

from portal.accounts.scopes import visible
from portal.dashboard.task import MOST_LINES, Task, Urgency
from portal.db import db
from portal.pace.queries import fund_years
from portal.performance import overview
from portal.performance.models import PerformanceForm
from portal.performance.wording import title_of
from portal.rules.access import Action, Actor, holds
from portal.rules.performance_tables import FormDuty
from portal.rules.vocabulary import DutyState, FormKind, FormStatus

_PROJECTS_FORMS = PerformanceForm.kind != FormKind.REGIONAL
_REGIONAL_FORMS = PerformanceForm.kind == FormKind.REGIONAL


def tasks(actor: Actor, today: date) -> list[Task]:
    """Forms to look at, drafts to go on with, and for each duty how many projects still owe it."""
    return [
        *_waiting(actor, Action.REVIEW_PERFORMANCE, FormStatus.SUBMITTED, sa.true(), "去审核"),
        *_waiting(actor, Action.WRITE_PERFORMANCE, FormStatus.DRAFT, _PROJECTS_FORMS, "继续填报"),
        *_waiting(actor, Action.WRITE_REGIONAL, FormStatus.DRAFT, _REGIONAL_FORMS, "继续填报"),
        *_owed(actor, today),
    ]


def _waiting(
    actor: Actor,
    action: Action,
    status: FormStatus,
    of_kind: sa.ColumnElement[bool],
    button: str,
) -> list[Task]:
    if not holds(actor, action):
        return []
    statement = visible(sa.select(PerformanceForm), PerformanceForm, actor, action)
    found = db.session.scalars(
        statement.where(PerformanceForm.status == status, of_kind)
        .order_by(PerformanceForm.id)
        .limit(MOST_LINES)
    )
    return [
        Task(
            Urgency.WAITING,
            form.status.label,
            title_of(form),
            f"{form.submitted_on} 提交" if form.submitted_on else "填好后提交财政审核",
            button,
            url_for("performance.forms.form", form_id=form.id),
        )
        for form in found
    ]


def _owed(actor: Actor, today: date) -> list[Task]:
    """One line for each duty of the latest year with money, whatever the number of projects."""
    if not holds(actor, Action.WRITE_PERFORMANCE):
        return []
    year = next(iter(fund_years(actor.county_id)), today.year)
    lines = overview.project_lines(
        actor, overview.Chosen(year), today, action=Action.WRITE_PERFORMANCE
    )
    missing = Counter(
        (one.duty, one.state)
        for line in lines
        for one in line.forms
        if one.state in {DutyState.MISSING, DutyState.LATE}
    )
    return [_owed_task(year, duty, state, n, today) for (duty, state), n in missing.items()]


def _owed_task(year: int, duty: FormDuty, state: DutyState, count: int, today: date) -> Task:
    address = url_for("performance.forms.home", year=year, state=state.value)
    what = f"{duty.label}还有 {count} 个项目没有填报"
    if duty.due_on is None:
        return Task(Urgency.WAITING, state.label, what, "资金安排后申报", "去填报", address)
    left = (duty.due_on - today).days
    late = state is DutyState.LATE
    return Task(
        Urgency.OVERDUE if late else Urgency.SOON,
        f"逾期{-left}天" if late else f"剩{left}天",
        what,
        f"{duty.due_on} 前填报",
        "去填报",
        address,
    )
