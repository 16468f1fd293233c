"""Applications for tests, made through the real operations inside an open unit of work."""

from datetime import date, timedelta

from portal.accounts.models import Organization
from portal.boards.operations import record_notice
from portal.db import db
from portal.files.operations import keep
from portal.library import operations
from portal.library.models import Project
from portal.library.operations import TargetLine
from portal.rules.vocabulary import (
    Comparison,
    ConstructionNature,
    NoticeLevel,
    NoticeStage,
    TargetLevel,
)
from portal.rules.workflow import Move
from tests.world import World

DAY = date(2023, 3, 20)
FIELDS = {
    "name": "东村烘干塔续建项目",
    "project_type": "crop_base",
    "nature": ConstructionNature.CONTINUED,
    "site": "甲镇东村三屯",
    "start_on": date(2023, 4, 1),
    "finish_on": date(2023, 10, 31),
    "responsible_unit": "甲镇人民政府",
    "tasks": "续建烘干塔1座",
    "central_amount": 1_100_000,
    "beneficiaries": "脱贫户12户27人",
    "goal": "提高粮食烘干能力",
    "benefit_linkage": "收益归村集体，六成分给脱贫户",
}
TARGETS = (TargetLine(TargetLevel.QUANTITY, "烘干塔", Comparison.AT_LEAST, "1", "座"),)


def begin(world: World, username: str = "village_clerk", *, department: str = "rural") -> Project:
    """A draft of the person's own organization."""
    actor = world.actor(username)
    return operations.create_application(
        actor=actor,
        organization=db.session.get_one(Organization, actor.organization_id),
        department=db.session.get_one(Organization, world.ids[department]),
        year=2023,
        name="东村烘干塔续建项目",
        on=DAY - timedelta(60),
    )


def fill_in(project: Project, world: World, username: str = "village_clerk") -> None:
    """Complete the application."""
    operations.save_application(
        project, actor=world.actor(username), fields=FIELDS, targets=TARGETS
    )


def post_notice(
    project: Project, world: World, username: str, level: NoticeLevel, days: int = 10
) -> None:
    """A notice that hung for some days and is over on DAY."""
    actor, from_on = world.actor(username), DAY - timedelta(days + 1)
    record_notice(
        project,
        actor=actor,
        stage=NoticeStage.APPLICATION,
        level=level,
        from_on=from_on,
        to_on=DAY - timedelta(1),
        place="村部公示栏",
        photo=keep(b"\xff\xd8\xff", name="公示栏.jpg", mime="image/jpeg", actor=actor),
        on=from_on,
    )


def submitted(world: World) -> Project:
    """A village's project under the township's review, posted on both boards."""
    project = begin(world)
    fill_in(project, world)
    post_notice(project, world, "village_clerk", NoticeLevel.VILLAGE)
    post_notice(project, world, "town_reviewer", NoticeLevel.TOWNSHIP)
    step(project, world, "village_clerk", Move.SUBMIT)
    return project


def under_decision(world: World) -> Project:
    """A project that waits for the leading group."""
    project = submitted(world)
    step(project, world, "town_reviewer", Move.PASS)
    step(project, world, "dept_reviewer", Move.PASS)
    return project


def step(project: Project, world: World, username: str, move: Move, **facts: object) -> None:
    """One step, with a reason and the minutes' number where they are asked for."""
    facts = {"words": "情况属实", "minutes_number": "会议纪要〔2023〕1号", **facts}
    operations.take_step(project, move, actor=world.actor(username), on=DAY, **facts)
