"""The page of one project: shown at its own address, and again by every form on it that was refused."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from portal import clock
from portal.accounts.models import User
from portal.accounts.scopes import may, visible
from portal.db import db
from portal.forms import PortalForm
from portal.library import queries
from portal.library.facts import missing_fields, project_facts
from portal.library.forms import (
    COUNTS,
    MONEY,
    AttachmentForm,
    StepForm,
)
from portal.library.models import Project, ProjectDraft
from portal.rules.access import Action
from portal.rules.project_flow import EDITABLE
from portal.rules.vocabulary import OrganizationKind, ProjectStatus
from portal.rules.workflow import Move, Words
from portal.web import actor, load_or_404, render

SOURCES = dict(
    zip(MONEY, ("中央衔接", "省级衔接", "省级财政", "市级", "县级", "其他"), strict=True)
)
TONES = {
    ProjectStatus.DRAFT: "idle",
    ProjectStatus.ADMITTED: "good",
    ProjectStatus.RETURNED: "warn",
    ProjectStatus.REJECTED: "late",
    ProjectStatus.REMOVED: "idle",
}
COUNT_TITLES = dict(
    zip(
        COUNTS,
        ("受益村", "受益户", "受益人口", "脱贫户", "脱贫人口", "监测户", "监测人口"),
        strict=True,
    )
)
FORMS: dict[str, type[PortalForm]] = {
    "step": StepForm,
    "attachment": AttachmentForm,
}


@dataclass(frozen=True)
class Event:
    """One line of the timeline."""

    on: date
    title: str
    who: str
    words: str = ""


def load_project(project_id: int, action: Action = Action.VIEW_PROJECTS) -> Project:
    """The project, or 404 outside the actor's reach."""
    statement = (
        sa.select(Project)
        .where(Project.id == project_id)
        .options(selectinload(Project.villages), selectinload(Project.targets))
    )
    loaded: Project = load_or_404(visible(statement, Project, actor(), action))
    return loaded


def show_project(project: Project, **refused: PortalForm) -> str:
    """The page; ``refused`` are forms of it that were sent and not accepted, by name."""
    blank = {name: form(formdata=None) for name, form in FORMS.items() if name not in refused}
    forms = {**blank, **refused}
    facts = project_facts(project, on=clock.today())
    steps = queries.open_steps(project, facts, actor())
    applies = may(actor(), Action.APPLY, project) and project.status in EDITABLE
    return render(
        "library/project.html",
        project=project,
        tones=TONES,
        type_label=queries.type_label(project.project_type),
        sources=[(title, getattr(project, name)) for name, title in SOURCES.items()],
        allocated=facts.allocated_amount,
        money_lines=queries.money_lines(project.id),
        counts=[(COUNT_TITLES[name], getattr(project, name)) for name in COUNTS],
        forms=forms,
        steps=steps,
        needs_words=[step.move.label for step in steps if step.words is Words.REASON],
        admits=any(step.move is Move.ADMIT for step in steps),
        obstacles=_obstacles(project) if applies else [],
        applies=applies,
        draft=db.session.get(ProjectDraft, project.id) if applies else None,
        attachments=[one for one in project.attachments if one.removed_on is None],
        timeline=timeline(project),
    )


def _obstacles(project: Project) -> list[str]:
    """What still stands between a draft and its submission."""
    facts = project_facts(project, on=clock.today())
    missing = [f"{title}还没有填" for title in missing_fields(project)]
    targets = [] if facts.target_count else ["绩效目标至少填写 1 条指标"]
    notice = facts.village_notice if project.organization.kind is OrganizationKind.VILLAGE else None
    return [*missing, *targets, *([notice] if notice else [])]


def timeline(project: Project) -> list[Event]:
    """What happened to the project, the latest first."""
    author = db.session.get(User, project.created_by_id)
    events = [Event(project.created_on, "建立", author.name if author else "系统")]
    events += [
        Event(notice.from_on, notice.title, f"{notice.place}，公示到 {notice.to_on}")
        for notice in project.notices
    ]
    events += [
        Event(step.on, step.move.label, f"{step.organization_name} {step.actor_name}", step.words)
        for step in project.steps
    ]
    if project.admitted_on and not any(step.move is Move.ADMIT for step in project.steps):
        events.append(Event(project.admitted_on, "审定入库", project.minutes_number))
    return sorted(events, key=lambda event: event.on)[::-1]
