"""Writes on applications: begin, save, keep what is being typed, and take a step of the flow."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from portal import clock
from portal.accounts.models import Organization
from portal.accounts.scopes import may
from portal.audit.recorder import note
from portal.db import db, lock
from portal.library.facts import earlier_actors, project_facts
from portal.library.models import ApprovalStep, Project, ProjectDraft, Target
from portal.library.news import tell_applicant
from portal.library.queries import report_class_of
from portal.rules.access import Action, Actor, roles_with
from portal.rules.broken import RuleBroken
from portal.rules.project_flow import EDITABLE, FLOW
from portal.rules.vocabulary import Comparison, OrganizationKind, ProjectStatus, TargetLevel
from portal.rules.workflow import Move, check_step, find_step

EARLIEST_YEAR, LATEST_YEAR = 2016, 2099


@dataclass(frozen=True)
class TargetLine:
    """One performance target as it is declared: 数量指标 · 烘干塔 · ≥ · 1 · 座."""

    level: TargetLevel
    name: str
    comparison: Comparison
    value: str
    unit: str = ""


def create_application(
    *,
    actor: Actor,
    organization: Organization,
    year: int,
    name: str,
    on: date,
    department: Organization | None = None,
) -> Project:
    """Begin an application as a draft with a code of its own.

    A department applies to itself; villages and townships name the competent department (行业主管部门).
    """
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise RuleBroken(f"年度要在 {EARLIEST_YEAR} 到 {LATEST_YEAR} 之间。", field="year")
    project = Project(
        county_id=organization.county_id,
        code=next_codes(organization.county_id, year, 1)[0],
        year=year,
        organization=organization,
        organization_id=organization.id,
        township_id=township_of(organization),
        department=_competent(organization, department),
        name=name,
        responsible_unit=organization.name,
        villages=[organization] if organization.kind is OrganizationKind.VILLAGE else [],
        created_by_id=actor.user_id,
        created_on=on,
        status=ProjectStatus.DRAFT,
    )
    if not may(actor, Action.APPLY, project):
        raise RuleBroken(f"您不能代“{organization.name}”申报项目。请由该单位的经办人申报。")
    db.session.add(project)
    db.session.flush()
    return project


def _competent(organization: Organization, department: Organization | None) -> Organization:
    if organization.kind is OrganizationKind.DEPARTMENT:
        return organization
    if department is None or department.county_id != organization.county_id:
        raise RuleBroken("请选择行业主管部门，由它审查这个项目。", field="department_id")
    if department.kind is not OrganizationKind.DEPARTMENT:
        raise RuleBroken("行业主管部门要选县直部门。", field="department_id")
    return department


def township_of(organization: Organization) -> int | None:
    """The township that an applicant belongs to, or is; none for a department."""
    if organization.kind is OrganizationKind.VILLAGE:
        return organization.parent_id
    return organization.id if organization.kind is OrganizationKind.TOWNSHIP else None


def next_codes(county_id: int | None, year: int, count: int) -> list[str]:
    """The next free project codes of a county and year, such as ``acheng-2023-01``.

    The county's row is locked, so that two people who begin at the same moment get two codes.
    """
    county = lock(Organization, [county_id or 0])[0]
    prefix = re.sub(r"[^a-z0-9]+", "-", county.code.lower()).strip("-") + f"-{year}-"
    taken = db.session.scalars(
        sa.select(Project.code).where(
            Project.county_id == county.id, Project.code.startswith(prefix, autoescape=True)
        )
    )
    numbers = [int(rest) for code in taken if (rest := code[len(prefix) :]).isdecimal()]
    first = max(numbers, default=0) + 1
    return [f"{prefix}{number:02d}" for number in range(first, first + count)]


def save_application(
    project: Project,
    *,
    actor: Actor,
    fields: Mapping[str, Any],
    targets: Sequence[TargetLine] = (),
    villages: Sequence[Organization] | None = None,
    seen: int | None = None,
) -> None:
    """Write the application; it may be incomplete, but what is there must be sound.

    ``fields`` are columns of :class:`Project` (amounts in fen); ``villages`` ``None`` leaves the places
    as they are; ``seen`` is the version that the person was looking at.
    """
    _lock_for_change(project, actor, seen)
    _refuse_wrong_order(fields.get("start_on"), fields.get("finish_on"))
    for name, value in fields.items():
        setattr(project, name, value)
    project.report_class = report_class_of(project.project_type)
    if villages is not None:
        project.villages = list(villages)
    if [_line_of(target) for target in project.targets] != list(targets):
        project.targets = [_target(project, n, line) for n, line in enumerate(targets, start=1)]
    discard_draft(project)
    db.session.flush()


def _lock_for_change(project: Project, actor: Actor, seen: int | None) -> None:
    lock(Project, [project.id])
    if not may(actor, Action.APPLY, project):
        raise RuleBroken("申请表只能由申报单位修改。")
    if project.status not in EDITABLE:
        raise RuleBroken(
            f"现在的状态是“{project.status.label}”，申请表不能修改。"
            "要修改，请先撤回，或请审核人退回。"
        )
    _refuse_overtaken(project, seen)


def _refuse_overtaken(project: Project, seen: int | None) -> None:
    if seen is None or seen == project.version:
        return
    if project.steps:
        last = project.steps[-1]
        done = (
            f"{last.organization_name} {last.actor_name} 于 {last.on} 办理了“{last.move.label}”，"
        )
    else:
        done = "别人已修改过这份申请，"
    raise RuleBroken(f"{done}现在的状态是“{project.status.label}”。请看过最新内容再办理。")


def _refuse_wrong_order(start_on: date | None, finish_on: date | None) -> None:
    if start_on and finish_on and start_on > finish_on:
        raise RuleBroken(
            f"完工日期 {finish_on} 早于开工日期 {start_on}，请核对。", field="finish_on"
        )


def _line_of(target: Target) -> TargetLine:
    return TargetLine(target.level, target.name, target.comparison, target.value, target.unit)


def _target(project: Project, position: int, line: TargetLine) -> Target:
    return Target(
        county_id=project.county_id,
        position=position,
        level=line.level,
        name=line.name,
        comparison=line.comparison,
        value=line.value,
        unit=line.unit,
    )


def keep_draft(project: Project, *, actor: Actor, typed: Mapping[str, list[str]]) -> ProjectDraft:
    """Keep what is being typed, word for word and unchecked.

    The audit trail notes the first of these in an editing session, not each of them.
    """
    _lock_for_change(project, actor, None)
    draft = db.session.get(ProjectDraft, project.id)
    if draft is None:
        draft = ProjectDraft(project_id=project.id)
        db.session.add(draft)
        note("draft_begun", f"project:{project.id}")
    draft.fields = json.dumps(typed, ensure_ascii=True)
    draft.saved_by_id, draft.saved_at = actor.user_id, clock.now()
    db.session.flush()
    return draft


def discard_draft(project: Project) -> None:
    """Forget what was typed beside the saved application."""
    if draft := db.session.get(ProjectDraft, project.id):
        db.session.delete(draft)


def take_step(
    project: Project,
    move: Move,
    *,
    actor: Actor,
    on: date,
    words: str = "",
    minutes_number: str = "",
    admitted_on: date | None = None,
    seen: int | None = None,
) -> ApprovalStep:
    """Take one step of the flow (:data:`portal.rules.project_flow.FLOW`), or refuse it in plain words.

    ``minutes_number`` and ``admitted_on`` (the day of the leading group's meeting, by default ``on``)
    matter for :attr:`Move.ADMIT`; ``seen`` is the version that the person decided on.
    """
    lock(Project, [project.id])
    _refuse_overtaken(project, seen)
    facts = project_facts(project, on=on, minutes_number=minutes_number)
    step = find_step(FLOW, move, project.status, facts)
    if not may(actor, step.by, project):
        holders = "、".join(role.label for role in roles_with(step.by))
        raise RuleBroken(f"“{move.label}”要由本项目的{holders}办理。")
    if move is Move.SUBMIT:
        _refuse_unsaved(project)
    check_step(
        step, facts, actor_id=actor.user_id, earlier_actors=earlier_actors(project), words=words
    )
    if move is Move.ADMIT:
        _admit(project, actor, minutes_number, admitted_on or on, on)
    if move is Move.SUBMIT:
        project.submitted_by_id = actor.user_id
    return _record(project, move, ProjectStatus(step.target.value), actor, words, on)


def _refuse_unsaved(project: Project) -> None:
    draft = db.session.get(ProjectDraft, project.id)
    if draft:
        at = draft.saved_at.astimezone(clock.SHANGHAI).strftime("%m月%d日 %H:%M")
        raise RuleBroken(f"还有 {at} 自动保存的内容没有保存到申请表。请先打开申请表，检查并保存。")


def _admit(
    project: Project, actor: Actor, minutes_number: str, admitted_on: date, today: date
) -> None:
    if admitted_on > today:
        raise RuleBroken(f"审定日期 {admitted_on} 还没有到，请核对。", field="admitted_on")
    project.admitted_by_id = actor.user_id
    project.admitted_on = admitted_on
    project.minutes_number = minutes_number.strip()


def _record(
    project: Project, move: Move, target: ProjectStatus, actor: Actor, words: str, on: date
) -> ApprovalStep:
    organization = db.session.get_one(Organization, actor.organization_id)
    step = ApprovalStep.by(
        actor,
        on,
        words,
        county_id=project.county_id,
        move=move,
        from_status=project.status,
        to_status=target,
        organization_name=organization.name,
    )
    project.steps.append(step)
    project.status = target
    db.session.flush()
    tell_applicant(project, step)
    return step
