"""Writes on complaints: registered, assigned, answered, closed by somebody else; each look at a contact."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from flask import current_app

from portal.accounts.models import Organization
from portal.accounts.scopes import may
from portal.audit import recorder
from portal.complaints import contacts
from portal.complaints.models import Complaint, ComplaintScan, ComplaintStep
from portal.db import db, lock
from portal.files.models import StoredFile
from portal.library.models import Project
from portal.rules.access import Action, Actor
from portal.rules.broken import RuleBroken
from portal.rules.complaint_flow import FLOW, ComplaintFacts
from portal.rules.privacy import private_data
from portal.rules.vocabulary import (
    ComplaintChannel,
    ComplaintResult,
    ComplaintStatus,
    OrganizationKind,
)
from portal.rules.workflow import Move, Step, check_step, find_step

ANSWER_RULE = "complaint_answer"
"""The deadline from the receipt to the answer, in ``deadlines.toml``; a county may have none."""
MOST_SCANS = 6
OFFICES = (OrganizationKind.TOWNSHIP, OrganizationKind.DEPARTMENT)
NO_NUMBERS = "请删去，只写事情；要找反映人，点“联系方式”的“查看”"
"""What is written here stays after the contact is erased."""


@dataclass(frozen=True)
class Intake:
    """What was said, by which way, on which day; ``contact`` empty: nameless."""

    channel: ComplaintChannel
    received_on: date
    content: str
    contact: str = ""


def register(
    intake: Intake,
    project: Project | None,
    scans: Sequence[StoredFile] = (),
    *,
    actor: Actor,
    on: date,
) -> Complaint:
    """Take a complaint in. Nothing earlier is looked for: who calls twice makes two complaints.

    Raises:
        RuleBroken: it would have come after today, the content holds a number that belongs to 联系方式, or
            the scans are too many or no pictures.
    """
    _check_scans(scans)
    if intake.received_on > on:
        raise RuleBroken(f"收到日期 {intake.received_on} 晚于今天 {on}。", field="received_on")
    _refuse_private(intake.content, "content", "联系方式请写在“联系方式”一栏，那里会加密")
    code = _next_code(actor.county_id, on)
    complaint = Complaint(
        county_id=actor.county_id,
        code=code,
        channel=intake.channel,
        received_on=intake.received_on,
        content=intake.content.strip(),
        contact=contacts.sealed(intake.contact.strip(), code) if intake.contact.strip() else None,
        project=project,
        registered_by_id=actor.user_id,
        registered_on=on,
        status=ComplaintStatus.RECEIVED,
        scans=[ComplaintScan(county_id=actor.county_id, file=one) for one in scans],
        **_own_township(actor),
    )
    db.session.add(complaint)
    db.session.flush()
    return complaint


def assign(
    complaint: Complaint, office: Organization, *, words: str, actor: Actor, on: date
) -> None:
    """Give the complaint to an office of the county, to be answered in time (:data:`ANSWER_RULE`)."""
    step = _checked(complaint, Move.ASSIGN, actor, words)
    _refuse_private(words, "words", NO_NUMBERS)
    if office.county_id != complaint.county_id or office.kind not in OFFICES:
        raise RuleBroken("请选择本县（区）的乡镇或部门。", field="office")
    book = current_app.extensions["book"]
    complaint.organization_id = office.id
    complaint.township_id = office.id if office.kind is OrganizationKind.TOWNSHIP else None
    complaint.department_id = office.id if office.kind is OrganizationKind.DEPARTMENT else None
    complaint.assigned_by_id, complaint.assigned_on = actor.user_id, on
    rule = book.deadlines.get(ANSWER_RULE)
    complaint.due_on = rule and rule.ends_on(complaint.received_on, book.holidays)
    _move(complaint, step, words or f"交{office.name}办理", actor, on)


def answer(
    complaint: Complaint, result: ComplaintResult, text: str, *, actor: Actor, on: date
) -> None:
    """Say what was found and what follows. It stays in the office; the public reads the summary."""
    step = _checked(complaint, Move.ANSWER, actor, "", ComplaintFacts(bool(text.strip()), ""))
    _refuse_private(text, "answer", NO_NUMBERS)
    complaint.result, complaint.answer = result, text.strip()
    complaint.answered_by_id, complaint.answered_on = actor.user_id, on
    _move(complaint, step, result.label, actor, on)


def give_back(complaint: Complaint, words: str, *, actor: Actor, on: date) -> None:
    """The answer does not do: back to the office, with the reason; the due day stays."""
    step = _checked(complaint, Move.RETURN, actor, words)
    _refuse_private(words, "words", NO_NUMBERS)
    complaint.answered_by_id = complaint.answered_on = None
    _move(complaint, step, words, actor, on)


def close(complaint: Complaint, summary: str, *, actor: Actor, on: date) -> None:
    """End it with a summary that names nobody; how to reach the person is erased.

    Raises:
        RuleBroken: who answered may not close, or the summary holds private data.
    """
    found = tuple(finding.masked for finding in private_data(summary))
    facts = ComplaintFacts(bool(complaint.answer), summary, found)
    step = _checked(complaint, Move.CLOSE, actor, "", facts)
    complaint.summary, complaint.contact = summary.strip(), None
    complaint.closed_by_id, complaint.closed_on = actor.user_id, on
    _move(complaint, step, "", actor, on)


def may_see_contact(complaint: Complaint, actor: Actor) -> bool:
    """The lead office, and the office that handles it while it does."""
    handles = complaint.status is ComplaintStatus.ASSIGNED and may(
        actor, Action.ANSWER_COMPLAINT, complaint
    )
    return complaint.contact is not None and (
        handles or may(actor, Action.ASSIGN_COMPLAINT, complaint)
    )


def look_at_contact(complaint: Complaint, actor: Actor) -> str:
    """The contact, for whoever needs it; every look stands in the trail."""
    if complaint.contact is None or not may_see_contact(complaint, actor):
        raise RuleBroken("联系方式只给领导小组办公室看；承办单位在答复以前也能看。办结后已删去。")
    recorder.note("contact_seen", f"complaint:{complaint.id}")
    return contacts.opened(complaint.contact, complaint.code)


def _checked(
    complaint: Complaint,
    move: Move,
    actor: Actor,
    words: str,
    facts: ComplaintFacts | None = None,
) -> Step[ComplaintFacts]:
    lock(Complaint, [complaint.id])
    facts = facts or ComplaintFacts(bool(complaint.answer), complaint.summary)
    step = find_step(FLOW, move, complaint.status, facts)
    if not may(actor, step.by, complaint):
        raise RuleBroken(f"您的岗位不能办理“{move.label}”，需要“{step.by.label}”的权限。")
    earlier = frozenset({complaint.answered_by_id or 0})
    check_step(step, facts, actor_id=actor.user_id, earlier_actors=earlier, words=words)
    return step


def _move(
    complaint: Complaint, step: Step[ComplaintFacts], words: str, actor: Actor, on: date
) -> None:
    assert isinstance(step.target, ComplaintStatus)
    complaint.status = step.target
    complaint.steps.append(
        ComplaintStep.by(
            actor,
            on,
            words,
            county_id=complaint.county_id,
            move=step.move,
            to_status=step.target,
        )
    )
    db.session.flush()


def _refuse_private(text: str, field: str, advice: str) -> None:
    if found := private_data(text):
        raise RuleBroken(f"这里有{found[0].masked}。{advice}。", field=field)


def _check_scans(scans: Sequence[StoredFile]) -> None:
    if len(scans) > MOST_SCANS:
        raise RuleBroken(
            f"扫描件最多 {MOST_SCANS} 个，您选了 {len(scans)} 个。多页请合成一个 PDF。",
            field="scans",
        )
    if any(not one.mime.startswith(("image/", "application/pdf")) for one in scans):
        raise RuleBroken("扫描件只收 JPG、PNG 或 PDF，请重新选择。", field="scans")


def _own_township(actor: Actor) -> dict[str, int]:
    """A township goes on seeing what it took in, until another office handles it."""
    office = db.session.get_one(Organization, actor.organization_id)
    return {"township_id": office.id} if office.kind is OrganizationKind.TOWNSHIP else {}


def _next_code(county_id: int, on: date) -> str:
    """``2023-017``: the year and a number; two people at once meet at the unique key."""
    start = f"{on.year}-"
    taken = db.session.scalar(
        sa.select(sa.func.count()).where(
            Complaint.county_id == county_id, Complaint.code.startswith(start)
        )
    )
    return f"{start}{(taken or 0) + 1:03}"
