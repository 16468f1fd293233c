"""What complaints ask of a person: to assign, to answer, to close."""

from datetime import date

from flask import url_for

from portal.complaints.models import Complaint
from portal.complaints.queries import waiting
from portal.dashboard.task import MOST_LINES, Task, Urgency
from portal.rules.access import Action, Actor, holds
from portal.rules.vocabulary import ComplaintStatus

SOON = 3
"""So many natural days before its last day an answer is due soon."""
WAITING = (
    (Action.ASSIGN_COMPLAINT, ComplaintStatus.RECEIVED, "去交办"),
    (Action.ANSWER_COMPLAINT, ComplaintStatus.ASSIGNED, "去答复"),
    (Action.CLOSE_COMPLAINT, ComplaintStatus.ANSWERED, "去办结"),
)


def tasks(actor: Actor, today: date) -> list[Task]:
    """The most urgent of each kind."""
    return [
        _task(complaint, button, today)
        for action, status, button in WAITING
        if holds(actor, action)
        for complaint in waiting(actor, action, status)[:MOST_LINES]
    ]


def _task(complaint: Complaint, button: str, today: date) -> Task:
    urgency, badge = Urgency.WAITING, complaint.status.label
    if complaint.status is ComplaintStatus.ASSIGNED and complaint.due_on:
        left = (complaint.due_on - today).days
        if left <= SOON:
            urgency = Urgency.OVERDUE if left < 0 else Urgency.SOON
            badge = f"逾期{-left}天" if left < 0 else f"剩{left}天"
    return Task(
        urgency,
        badge,
        f"投诉举报 {complaint.code}",
        f"{complaint.channel.label}，{complaint.received_on} 收到",
        button,
        url_for("complaints.complaint", complaint_id=complaint.id),
    )
