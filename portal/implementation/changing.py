"""Writes on changes of a project under way: asked by the unit, decided by the leading group."""

from datetime import date

import sqlalchemy as sa

from portal.accounts.scopes import may
from portal.db import db, lock
from portal.implementation.models import ProjectChange
from portal.implementation.operations import take_up
from portal.implementation.queries import on_hold
from portal.library.models import Project
from portal.rules.access import Action, Actor, roles_with
from portal.rules.broken import RuleBroken
from portal.rules.change_flow import FLOW, ChangeFacts, Hold, check_proposal
from portal.rules.vocabulary import ChangeKind, ChangeStatus
from portal.rules.workflow import Move, Step, check_step, find_step, steps_from


def propose_change(
    project: Project,
    kind: ChangeKind,
    *,
    reason: str,
    details: str,
    finish_on: date | None,
    actor: Actor,
    on: date,
) -> ProjectChange:
    """Ask the leading group to suspend, resume, change or end a project.

    Raises:
        RuleBroken: it does not fit the state of the project, or another proposal waits.
    """
    take_up(project, actor, Action.PROPOSE_CHANGE)
    check_proposal(kind, _hold(project.id, on), _waiting_since(project), details)
    change = ProjectChange(
        county_id=project.county_id,
        township_id=project.township_id,
        department_id=project.department_id,
        project_id=project.id,
        kind=kind,
        reason=reason,
        details=details,
        finish_on=finish_on,
        proposed_by_id=actor.user_id,
        proposed_by=actor.name,
        proposed_on=on,
    )
    db.session.add(change)
    db.session.flush()
    return change


def take_step(
    change: ProjectChange,
    move: Move,
    *,
    actor: Actor,
    on: date,
    minutes_number: str = "",
    words: str = "",
) -> None:
    """Decide a change or withdraw it (:data:`portal.rules.change_flow.FLOW`); it stands from that day.

    Raises:
        RuleBroken: it is decided already, something is missing, or one person would do two people's work.
    """
    lock(Project, [change.project_id])
    lock(ProjectChange, [change.id])
    facts = change_facts(change, on, minutes_number)
    step = find_step(FLOW, move, change.status, facts)
    if not may(actor, step.by, change):
        holders = "、".join(role.label for role in roles_with(step.by))
        raise RuleBroken(f"“{move.label}”要由{holders}办理")
    proposer = frozenset({change.proposed_by_id})
    check_step(step, facts, actor_id=actor.user_id, earlier_actors=proposer, words=words)
    change.status = ChangeStatus(step.target.value)
    change.words = words
    if step.by is Action.DECIDE_CHANGE:
        change.decided_by_id, change.decided_by = actor.user_id, actor.name
        change.decided_on, change.minutes_number = on, minutes_number
    db.session.flush()


def open_steps(change: ProjectChange, actor: Actor, on: date) -> list[Step[ChangeFacts]]:
    """The steps that this person may take on the change now."""
    facts = change_facts(change, on)
    return [step for step in steps_from(FLOW, change.status, facts) if may(actor, step.by, change)]


def change_facts(change: ProjectChange, on: date, minutes_number: str = "") -> ChangeFacts:
    """What the flow needs to know; ``minutes_number`` is what the person who decides has typed."""
    return ChangeFacts(change.kind, _hold(change.project_id, on), minutes_number)


def _hold(project_id: int, on: date) -> Hold | None:
    standing = on_hold([project_id], on).get(project_id)
    if standing is None:
        return None
    return Hold(standing.kind, standing.decided_on or standing.proposed_on)


def _waiting_since(project: Project) -> date | None:
    return db.session.scalar(
        sa.select(ProjectChange.proposed_on).filter_by(
            project_id=project.id, status=ChangeStatus.SUBMITTED
        )
    )
