"""今天要做的事: what waits for one person, read from the tables that steer the work itself."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import current_app, url_for

from portal.accounts.scopes import visible
from portal.db import db
from portal.disclosure.models import DisclosureItem
from portal.funds.models import AllocationBatch, FundDocument
from portal.funds.queries import approved_of, clock_facts
from portal.library.models import Project
from portal.rules import batch_flow, disclosure_flow, money, project_flow
from portal.rules.access import Action, Actor, holds
from portal.rules.deadlines import Deadline, evaluate
from portal.rules.vocabulary import Labelled
from portal.rules.workflow import Move, Step

FORWARD = frozenset({Move.SUBMIT, Move.PASS, Move.ADMIT, Move.APPROVE})
MOST_LINES = 12


class Urgency(Labelled):
    """The groups of the page, in their order."""

    OVERDUE = "overdue", "逾期"
    SOON = "soon", "临期"
    WAITING = "waiting", "待办"
    LATER = "later", "本月"


TONES = {
    Urgency.OVERDUE: "late",
    Urgency.SOON: "warn",
    Urgency.WAITING: "info",
    Urgency.LATER: "good",
}


@dataclass(frozen=True)
class Task:
    """One line: how urgent, what, why, and the one button that leads there."""

    urgency: Urgency
    badge: str
    what: str
    detail: str
    button: str
    address: str

    @property
    def tone(self) -> str:
        """The colour of the badge; the word stands beside it."""
        return TONES[self.urgency]


def tasks_of(actor: Actor, today: date) -> list[Task]:
    """Everything that waits for this person: overdue, due soon, waiting at the desk, this month."""
    found = [*_clocks(actor, today), *_projects(actor), *_batches(actor), *_disclosures(actor)]
    order = list(Urgency)
    return sorted(found, key=lambda task: order.index(task.urgency))


def _clocks(actor: Actor, today: date) -> list[Task]:
    """Open clocks of fund documents, for those who arrange the money and those who decide."""
    if not (holds(actor, Action.DRAFT_BATCH) or holds(actor, Action.APPROVE_BATCH)):
        return []
    statement = visible(sa.select(FundDocument), FundDocument, actor, Action.VIEW_FUNDS)
    documents = db.session.scalars(
        statement.where(FundDocument.received_on.is_not(None)).order_by(FundDocument.received_on)
    ).all()
    approved = approved_of([d.id for d in documents])
    book = current_app.extensions["book"]
    rule = book.deadlines["fund_allocation"]
    tasks = []
    for document in documents:
        placed = approved.get(document.id)
        facts = clock_facts(document, placed) if placed else {"received_on": document.received_on}
        clock = evaluate(rule, facts, today, book.holidays)
        if clock and clock.is_open:
            rest = document.amount - (placed.amount if placed else 0)
            tasks.append(_clock_task(actor, document, rest, clock))
    return tasks


def _clock_task(actor: Actor, document: FundDocument, rest: int, clock: Deadline) -> Task:
    left = clock.days_left
    if left < 0:
        urgency, badge = Urgency.OVERDUE, f"逾期{-left}天"
    else:
        urgency = Urgency.SOON if left <= max(clock.rule.reminder_steps) else Urgency.LATER
        badge = f"剩{left}天"
    return Task(
        urgency,
        badge,
        f"{document.short_name} 还有 {money.wan(rest)} 万元没有落实到项目",
        f"{clock.rule.days} 日期限是 {clock.due_on}，今天是第 {clock.used} 天",
        "去分解" if holds(actor, Action.DRAFT_BATCH) else "查看",
        url_for("funds.document", document_id=document.id),
    )


def waiting_statuses(flow: tuple[Step[Any], ...], action: Action) -> frozenset[Labelled]:
    """The statuses in which this action moves an object forward: read from the flow itself."""
    return frozenset(
        status
        for step in flow
        if step.by is action and step.move in FORWARD
        for status in step.source
    )


def _projects(actor: Actor) -> list[Task]:
    tasks = []
    actions = dict.fromkeys(step.by for step in project_flow.FLOW if step.move in FORWARD)
    for action in actions:
        rows = _waiting(actor, action, Project, project_flow.FLOW)
        tasks += [_project_task(row, action) for row in rows]
    return tasks


def _project_task(project: Project, action: Action) -> Task:
    name = project.name or "未命名的申报"
    word = "继续填报" if action is Action.APPLY else action.label
    detail = (
        f"{project.organization.name} · {money.wan(project.budget)} 万元 · {project.status.label}"
    )
    address = url_for("library.project", project_id=project.id)
    return Task(Urgency.WAITING, project.status.label, name, detail, word, address)


def _batches(actor: Actor) -> list[Task]:
    return [
        Task(
            Urgency.WAITING,
            batch.status.label,
            f"资金安排批次：{batch.title}",
            _sum_words(batch),
            "继续编制" if action is Action.DRAFT_BATCH else "去批复",
            url_for("funds.batches.batch", batch_id=batch.id),
        )
        for action in (Action.DRAFT_BATCH, Action.APPROVE_BATCH)
        for batch in _waiting(actor, action, AllocationBatch, batch_flow.FLOW)
    ]


def _sum_words(batch: AllocationBatch) -> str:
    lines = [line for line in batch.allocations if not line.void]
    return f"{len(lines)} 笔，共 {money.wan(sum(line.amount for line in lines))} 万元"


def _disclosures(actor: Actor) -> list[Task]:
    return [
        Task(
            Urgency.WAITING,
            item.status.label,
            f"{item.category}：{item.title}",
            item.unit,
            "继续起草" if action is Action.DRAFT_DISCLOSURE else "去审批",
            url_for("disclosure.item", item_id=item.id),
        )
        for action in (Action.DRAFT_DISCLOSURE, Action.APPROVE_DISCLOSURE)
        for item in _waiting(actor, action, DisclosureItem, disclosure_flow.FLOW)
    ]


def _waiting(
    actor: Actor,
    action: Action,
    model: type[Project] | type[AllocationBatch] | type[DisclosureItem],
    flow: tuple[Step[Any], ...],
) -> list[Any]:
    """The rows of one table that wait for this action of this person, the oldest first."""
    if not holds(actor, action):
        return []
    statement = visible(sa.select(model), model, actor, action)
    statement = statement.where(model.status.in_(waiting_statuses(flow, action)))
    return list(db.session.scalars(statement.order_by(model.id).limit(MOST_LINES)))
