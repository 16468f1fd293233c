"""Duties of disclosure for tests: what happened, what was hung and published, and how the duty stands."""

from datetime import date
from typing import Any

import sqlalchemy as sa

from portal.db import db, unit_of_work
from portal.disclosure.models import DisclosureDuty, DisclosureItem
from portal.duties import operations
from portal.implementation.models import Execution
from portal.library.models import Project, PublicNotice
from portal.rules.access import SYSTEM
from portal.rules.vocabulary import (
    Channel,
    DisclosureForm,
    DisclosureKind,
    DisclosureStatus,
    NoticeLevel,
    NoticeStage,
)
from tests import ledger, works
from tests.ledger import TODAY
from tests.world import World

ADMITTED = date(2023, 3, 1)


def admit(world: World, name: str = "东村道路", on: date | None = ADMITTED) -> Project:
    """A project of 东村 in the library since a day."""
    project = ledger.add_project(world, name)
    with unit_of_work(SYSTEM, "test"):
        project.admitted_on = on
    return project


def start(project: Project, on: date | None) -> Execution:
    """The works begin on a day; None: it was a mistake."""
    with unit_of_work(SYSTEM, "test"):
        found = db.session.scalar(sa.select(Execution).filter_by(project_id=project.id))
        execution = found or Execution(
            county_id=project.county_id, project_id=project.id, recorded_by_id=1
        )
        db.session.add(execution)
        execution.started_on = on
        return execution


def finish(project: Project, on: date) -> None:
    """The works end on a day."""
    execution = start(project, on)
    with unit_of_work(SYSTEM, "test"):
        execution.finished_on = on


def hang(
    world: World,
    project: Project,
    stage: NoticeStage,
    on: date,
    *,
    level: NoticeLevel = NoticeLevel.VILLAGE,
    place: str = "公开栏",
    by: str = "town_leader",
    photographed: bool = True,
) -> PublicNotice:
    """A notice of ten days on a board."""
    photo = works.add_photo(world) if photographed else None
    with unit_of_work(SYSTEM, "test"):
        notice = PublicNotice(
            county_id=project.county_id,
            project_id=project.id,
            level=level,
            stage=stage,
            from_on=on,
            to_on=date.fromordinal(on.toordinal() + 10),
            place=place,
            photo_id=photo.id if photo else None,
            recorded_by_id=world.user(by).id,
        )
        db.session.add(notice)
        return notice


def publish(world: World, kind: DisclosureKind, on: date = TODAY, **covers: Any) -> DisclosureItem:
    """An item that is public since a day; ``covers`` are its documents and projects."""
    with unit_of_work(SYSTEM, "test"):
        item = DisclosureItem(
            county_id=world.ids["county"],
            code=f"item-{db.session.query(DisclosureItem).count()}",
            kind=kind,
            form=DisclosureForm.ANNOUNCEMENT,
            status=DisclosureStatus.PUBLISHED,
            year=2023,
            title="公告",
            drafted_by_id=1,
            drafted_on=on,
            decided_by_id=2,
            published_on=on,
            **covers,
        )
        db.session.add(item)
        return item


def withdraw(item: DisclosureItem) -> None:
    """The item is not public any more."""
    with unit_of_work(SYSTEM, "test"):
        item.status = DisclosureStatus.WITHDRAWN


def prove(world: World, duty: DisclosureDuty, person: str = "lead_office", **proof: Any) -> None:
    """A person records a web page as the proof."""
    usual = {
        "channel": Channel.WEBSITE,
        "met_on": TODAY,
        "address": "http://www.example.gov.cn/1.html",
    }
    actor = world.actor(person)
    with unit_of_work(actor, "test"):
        operations.record_proof([duty], **usual | proof, actor=actor, on=TODAY)


def duties(*rules: str) -> list[DisclosureDuty]:
    """The duties of these rules, or all, as the database has them now."""
    db.session.rollback()
    statement = sa.select(DisclosureDuty).order_by(DisclosureDuty.id)
    if rules:
        statement = statement.where(DisclosureDuty.rule.in_(rules))
    return list(db.session.scalars(statement.execution_options(populate_existing=True)))


def duty(rule: str) -> DisclosureDuty:
    """The only duty of this rule."""
    (found,) = duties(rule)
    return found
