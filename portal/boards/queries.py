"""Which boards a person answers for, and what they still need."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from portal.accounts.scopes import visible
from portal.boards.operations import may_close, notice_levels
from portal.db import db
from portal.implementation.queries import dates_of, executions_of
from portal.library.models import Objection, Project, PublicNotice
from portal.rules.access import Action, Actor, holds
from portal.rules.notices import LAST_PHOTO_DAYS
from portal.rules.vocabulary import Labelled, NoticeStage

PAGE_SIZE = 30


class Shown(Labelled):
    """Which notices the list shows."""

    RUNNING = "running", "公示中"
    OVER = "over", "已期满"


@dataclass(frozen=True)
class Chosen:
    """What the list is narrowed to; None does not narrow."""

    shown: Shown | None = None
    stage: NoticeStage | None = None

    @property
    def arguments(self) -> dict[str, str]:
        """The filters that are set, for addresses."""
        found = {"shown": self.shown, "stage": self.stage}
        return {name: one.value for name, one in found.items() if one}


@dataclass(frozen=True)
class Page:
    """One page of the list."""

    notices: Sequence[PublicNotice]
    number: int
    pages: int
    total: int


def page_of(actor: Actor, chosen: Chosen, number: int, today: date) -> Page:
    """The notices in reach, the one that ends last first."""
    statement = _within(actor, Action.VIEW_PROJECTS)
    if chosen.stage:
        statement = statement.where(PublicNotice.stage == chosen.stage)
    if chosen.shown is Shown.RUNNING:
        statement = statement.where(PublicNotice.to_on >= today)
    elif chosen.shown is Shown.OVER:
        statement = statement.where(PublicNotice.to_on < today)
    counted = statement.with_only_columns(sa.func.count(PublicNotice.id))
    total = db.session.scalar(counted) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    number = max(1, min(number, pages))
    found = db.session.scalars(
        statement.options(
            contains_eager(PublicNotice.project), selectinload(PublicNotice.objections)
        )
        .order_by(PublicNotice.to_on.desc(), PublicNotice.id.desc())
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    ).all()
    return Page(found, number, pages, total)


def likely_stage(project: Project) -> NoticeStage:
    """What a notice hung now is probably about, by how far the works are."""
    if NoticeStage.COMPLETION not in project.notice_stages:
        return NoticeStage.APPLICATION
    dates = dates_of(executions_of([project.id]).get(project.id))
    if dates["finished_on"]:
        return NoticeStage.COMPLETION
    begun = dates["tendered_on"] or dates["started_on"]
    return NoticeStage.START if begun else NoticeStage.PLAN


def photos_asked(actor: Actor, today: date) -> list[PublicNotice]:
    """The notices whose board this person photographs today, the one that ends first at the top.

    The village looks after its boards, the township after its own; whoever recorded a notice is asked too.
    """
    if not holds(actor, Action.RECORD_NOTICE):
        return []
    own = PublicNotice.level == notice_levels(actor)[0]
    statement = _within(actor, Action.RECORD_NOTICE).where(
        sa.or_(own, PublicNotice.recorded_by_id == actor.user_id),
        PublicNotice.from_on <= today,
        PublicNotice.to_on >= today - timedelta(LAST_PHOTO_DAYS),
        sa.or_(
            PublicNotice.photo_id.is_(None),
            sa.and_(PublicNotice.last_photo_id.is_(None), PublicNotice.to_on <= today),
        ),
    )
    statement = statement.options(contains_eager(PublicNotice.project))
    return list(db.session.scalars(statement.order_by(PublicNotice.to_on, PublicNotice.id)))


def objections_waiting(actor: Actor) -> list[Objection]:
    """The open objections that this person can do something about: answer, or close another's answer."""
    if not holds(actor, Action.RECORD_NOTICE):
        return []
    statement = (
        sa.select(Objection)
        .join(Objection.notice)
        .join(PublicNotice.project)
        .where(
            Objection.closed_on.is_(None),
            sa.or_(
                Objection.answer == "",
                sa.and_(
                    sa.true() if may_close(actor) else sa.false(),
                    PublicNotice.recorded_by_id != actor.user_id,
                    Objection.answered_by_id.is_distinct_from(actor.user_id),
                ),
            ),
        )
        .options(joinedload(Objection.notice).joinedload(PublicNotice.project))
    )
    statement = visible(statement, Project, actor, Action.RECORD_NOTICE)
    return list(db.session.scalars(statement.order_by(Objection.received_on, Objection.id)))


def _within(actor: Actor, action: Action) -> sa.Select[Any]:
    statement = sa.select(PublicNotice).join(PublicNotice.project)
    return visible(statement, Project, actor, action)
