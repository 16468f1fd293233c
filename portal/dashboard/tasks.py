"""今天要做的事: what waits for one person, read from the tables that steer the work itself."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import current_app, url_for

from portal.accounts.scopes import visible
from portal.dashboard import (
    board_tasks,
    complaint_tasks,
    duty_tasks,
    performance_tasks,
    publication_tasks,
    supervision_tasks,
)
from portal.dashboard.task import MOST_LINES, Task, Urgency
from portal.db import db
from portal.disclosure.models import DisclosureItem
from portal.funds.models import AllocationBatch, FundDocument
from portal.funds.queries import approved_of, clock_facts
from portal.implementation.models import ProjectChange
from portal.implementation.overview import to_accept, to_report
from portal.library.models import Project
from portal.payments.models import Payment
from portal.payments.queries import at_my_gates, my_drafts, to_be_paid
from portal.rules import batch_flow, change_flow, disclosure_flow, money, project_flow
from portal.rules.access import Action, Actor, Scope, holds, reaches
from portal.rules.deadlines import Deadline, evaluate
from portal.rules.vocabulary import Labelled, PaymentStatus
from portal.rules.workflow import Move, Step

FORWARD = frozenset({Move.SUBMIT, Move.PASS, Move.ADMIT, Move.APPROVE})


def tasks_of(actor: Actor, today: date) -> list[Task]:
    """Everything that waits for this person: overdue, due soon, waiting at the desk, this month."""
    found = [
        *_clocks(actor, today),
        *_projects(actor),
        *_batches(actor),
        *_payments(actor),
        *_changes(actor),
        *_acceptances(actor),
        *_reports(actor, today),
        *_disclosures(actor),
        *publication_tasks.tasks(actor),
        *board_tasks.tasks(actor, today),
        *supervision_tasks.tasks(actor, today),
        *complaint_tasks.tasks(actor, today),
        *duty_tasks.tasks(actor, today),
        *performance_tasks.tasks(actor, today),
    ]
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
            f"{'资金调整' if batch.reason else '资金安排批次'}：{batch.title}",
            _sum_words(batch),
            "继续编制" if action is Action.DRAFT_BATCH else "去批复",
            url_for("funds.batches.batch", batch_id=batch.id),
        )
        for action in (Action.DRAFT_BATCH, Action.APPROVE_BATCH)
        for batch in _waiting(actor, action, AllocationBatch, batch_flow.FLOW)
    ]


def _sum_words(batch: AllocationBatch) -> str:
    return f"{len(batch.lines)} 笔，共 {batch.in_words}" if not batch.reason else batch.in_words


def _payments(actor: Actor) -> list[Task]:
    """At my gate, approved and not paid yet, and the drafts that are mine to hand in."""
    return [
        *(_payment_task(payment, "去审核") for payment in at_my_gates(actor)),
        *(_payment_task(payment, "登记支付") for payment in to_be_paid(actor)),
        *(_payment_task(payment, "继续填报") for payment in my_drafts(actor)),
    ]


def _payment_task(payment: Payment, button: str) -> Task:
    returned = payment.checks and payment.status is PaymentStatus.DRAFT
    return Task(
        Urgency.WAITING,
        "已退回" if returned else payment.status.label,
        f"支付 {money.wan(payment.amount)} 万元：{payment.project.name}",
        f"{payment.kind.label} · {payment.payee}",
        button,
        url_for("payments.payment", payment_id=payment.id),
    )


def _changes(actor: Actor) -> list[Task]:
    """Suspensions, changes and ends of projects that wait for the leading group."""
    return [
        Task(
            Urgency.WAITING,
            change.status.label,
            f"{change.kind.label}：{change.project.name}",
            f"{change.proposed_on} {change.proposed_by}申请",
            "去审批",
            url_for("implementation.project", project_id=change.project_id) + "#changes",
        )
        for change in _waiting(actor, Action.DECIDE_CHANGE, ProjectChange, change_flow.FLOW)
    ]


def _acceptances(actor: Actor) -> list[Task]:
    """Finished works that wait for the next look, after the level below passed them."""
    return [
        Task(
            Urgency.WAITING,
            level.label,
            f"{level.label}：{project.name}",
            f"{project.code}，前一级验收已通过",
            "登记验收",
            url_for("implementation.records.accept", project_id=project.id),
        )
        for project, level in to_accept(actor)[:MOST_LINES]
    ]


def _reports(actor: Actor, today: date) -> list[Task]:
    """Works whose photos are missing or old, for those who report on what is their own."""
    if not any(scope is Scope.OWN for scope, _duty in reaches(actor, Action.REPORT_PROGRESS)):
        return []
    return [
        Task(
            Urgency.WAITING,
            line.phase.label,
            f"拍照报进度：{line.name}",
            f"上次 {line.reported_on} 报 {line.percent}%" if line.reported_on else "还没有报过进度",
            "报进度",
            url_for("implementation.progress.report", project_id=line.id),
        )
        for line in to_report(actor, today)[:MOST_LINES]
    ]


def _disclosures(actor: Actor) -> list[Task]:
    return [
        _disclosure(item, action)
        for action in (Action.DRAFT_DISCLOSURE, Action.APPROVE_DISCLOSURE)
        for item in _waiting(actor, action, DisclosureItem, disclosure_flow.FLOW)
    ]


def _disclosure(item: DisclosureItem, action: Action) -> Task:
    """A draft to go on with, one that came back with its reason, or one to be decided on."""
    last = item.steps[-1] if item.steps else None
    back = last if last and last.move is Move.RETURN else None
    deciding = action is Action.APPROVE_DISCLOSURE
    return Task(
        Urgency.WAITING,
        "退回修改" if back else item.status.label,
        f"{item.category}：{item.title}",
        f"{back.actor_name}退回：{back.words}" if back else item.unit,
        "去审批" if deciding else "去修改" if back else "继续起草",
        url_for("disclosure.item", item_id=item.id),
    )


def _waiting(
    actor: Actor,
    action: Action,
    model: type[Project] | type[AllocationBatch] | type[ProjectChange] | type[DisclosureItem],
    flow: tuple[Step[Any], ...],
) -> list[Any]:
    """The rows of one table that wait for this action of this person, the oldest first."""
    if not holds(actor, action):
        return []
    statement = visible(sa.select(model), model, actor, action)
    statement = statement.where(model.status.in_(waiting_statuses(flow, action)))
    return list(db.session.scalars(statement.order_by(model.id).limit(MOST_LINES)))
