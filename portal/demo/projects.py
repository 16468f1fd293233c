"""The demo's projects, each taken from the applicant's draft to the library by the real steps."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app

from portal.accounts.models import Organization
from portal.boards.operations import record_notice
from portal.db import db
from portal.demo.county import Demo, organization
from portal.demo.pictures import board_photo
from portal.demo.texts import MARK, Wording, targets_for, wording_for
from portal.library import operations
from portal.library.models import Project
from portal.library.operations import TargetLine
from portal.rules import money
from portal.rules.access import Actor
from portal.rules.project_types import ProjectType
from portal.rules.vocabulary import (
    Comparison,
    FundingTier,
    NoticeLevel,
    NoticeStage,
    OrganizationKind,
    Role,
)
from portal.rules.workflow import Move

DESKS = ("village", "town", "department", "county")
"""Where an application of ``applications.csv`` lies, from below."""


def add_library(demo: Demo) -> None:
    """Admit the projects of the year; the amounts by source follow the demo's split of documents."""
    sources = _sources(demo)
    for row in demo.rows("projects"):
        project, applicant = _apply(
            demo,
            name=row["name"],
            home=_home(demo, row),
            department=organization(row["department"] or demo.office),
            year=demo.year,
            on=demo.applied_on,
            amounts=sources[row["seq"]],
            villages=_villages(row),
        )
        submit(demo, project, applicant, on=demo.submitted_on)
        pass_town(demo, project, on=demo.town_passed_on)
        pass_department(demo, project, on=demo.department_passed_on)
        admit(demo, project, on=demo.admitted_on)


def add_open_applications(demo: Demo, today: date) -> None:
    """Applications for the coming year, one at each desk, so that everybody has work."""
    for row in demo.rows("applications"):
        village, reached = organization(row["village"]), DESKS.index(row["desk"])
        project, applicant = _apply(
            demo,
            name=row["name"],
            home=village,
            department=organization(demo.office),
            year=today.year + 1,
            on=today - timedelta(days=40),
            amounts={"central_amount": money.parse_wan(row["amount_wan"])},
            villages=[village],
        )
        if reached > 0:
            submit(demo, project, applicant, on=today - timedelta(days=28))
        if reached > 1:
            pass_town(demo, project, on=today - timedelta(days=12))
        if reached > 2:
            pass_department(demo, project, on=today - timedelta(days=5))


def _apply(
    demo: Demo,
    *,
    name: str,
    home: Organization,
    department: Organization,
    year: int,
    on: date,
    amounts: dict[str, int],
    villages: list[Organization],
) -> tuple[Project, Actor]:
    applicant = _applicant(demo, home)
    wording = wording_for(demo, name)
    project = operations.create_application(
        actor=applicant,
        organization=home,
        department=department,
        year=year,
        name=name,
        on=on,
    )
    operations.save_application(
        project,
        actor=applicant,
        fields=_fields(wording, home, year, villages) | amounts,
        targets=[
            TargetLine(level, target, Comparison.AT_LEAST, value, unit)
            for level, target, value, unit in targets_for(wording)
        ],
        villages=villages,
    )
    return project, applicant


def _fields(
    wording: Wording, home: Organization, year: int, villages: list[Organization]
) -> dict[str, Any]:
    """The texts and counts of an application, all of them illustrative."""
    return {
        "project_type": _type_code(wording.project_type),
        "nature": wording.nature,
        "site": "、".join(v.name for v in villages) or home.name,
        "start_on": date(year, 4, 10),
        "finish_on": date(year, 10, 31),
        "responsible_unit": f"{home.name}"
        + ("村民委员会" if villages and home in villages else ""),
        "responsible_person": "示范人员",
        "implementing_unit": home.name,
        "tasks": wording.tasks,
        "beneficiaries": "脱贫户 12 户 27 人，监测对象 2 户 5 人",
        "benefiting_households": 60,
        "benefiting_people": 168,
        "lifted_households": 12,
        "lifted_people": 27,
        "monitored_households": 2,
        "monitored_people": 5,
        "goal": f"{year} 年 10 月底前完成：{wording.tasks}",
        "benefit_linkage": wording.benefit,
        "illustrative": MARK,
    }


def submit(demo: Demo, project: Project, applicant: Actor, *, on: date) -> None:
    """Post the application in the village where it has one, then hand it up."""
    if project.organization.kind is OrganizationKind.VILLAGE:
        _post(demo, project, applicant, NoticeLevel.VILLAGE, project.organization, on)
    operations.take_step(project, Move.SUBMIT, actor=applicant, on=on)


def pass_town(demo: Demo, project: Project, *, on: date) -> None:
    """Post and pass at the township; its leader looks at what the township itself applied for."""
    township = project.township
    if township is None:
        return
    role = (
        Role.TOWN_LEADER
        if project.organization.kind is OrganizationKind.TOWNSHIP
        else Role.TOWN_REVIEWER
    )
    reviewer = demo.somebody(role, township)
    _post(demo, project, reviewer, NoticeLevel.TOWNSHIP, township, on)
    operations.take_step(project, Move.PASS, actor=reviewer, on=on, words="情况属实，同意上报")


def pass_department(demo: Demo, project: Project, *, on: date) -> None:
    """Pass at the department; a colleague looks at what the department itself applied for."""
    assert project.department
    own = project.organization.kind is OrganizationKind.DEPARTMENT
    reviewer = demo.somebody(Role.DEPT_REVIEWER, project.department, second=own)
    operations.take_step(project, Move.PASS, actor=reviewer, on=on, words="符合入库条件")


def admit(demo: Demo, project: Project, *, on: date) -> None:
    """Admit by the leading group's minutes."""
    minutes = demo.admission_minutes
    operations.take_step(project, Move.ADMIT, actor=demo.approver, on=on, minutes_number=minutes)


def _post(
    demo: Demo,
    project: Project,
    poster: Actor,
    level: NoticeLevel,
    place: Organization,
    before: date,
) -> None:
    from_on = before - timedelta(days=11)
    record_notice(
        project,
        actor=poster,
        stage=NoticeStage.APPLICATION,
        level=level,
        from_on=from_on,
        to_on=before - timedelta(days=1),
        place=f"{place.name}公开栏",
        photo=board_photo(demo, poster),
        on=from_on,
    )


def _applicant(demo: Demo, home: Organization) -> Actor:
    role = {
        OrganizationKind.VILLAGE: Role.VILLAGE_CLERK,
        OrganizationKind.TOWNSHIP: Role.TOWN_REVIEWER,
        OrganizationKind.DEPARTMENT: Role.DEPT_REVIEWER,
    }[home.kind]
    return demo.somebody(role, home)


def _home(demo: Demo, row: dict[str, str]) -> Organization:
    """Who applies: the one village, the township for several or none, the office for the county."""
    villages = _villages(row)
    if len(villages) == 1:
        return villages[0]
    return _named(row["township"]) if row["township"] else organization(demo.office)


def _villages(row: dict[str, str]) -> list[Organization]:
    return [_named(name) for name in row["village"].split("、") if name]


def _named(name: str) -> Organization:
    return db.session.scalars(sa.select(Organization).where(Organization.name == name)).one()


def _type_code(label: str) -> str:
    types: list[ProjectType] = list(current_app.extensions["book"].project_types.values())
    return next(kind.code for kind in types if kind.is_leaf and kind.label == label)


COLUMN_OF_TIER = {
    FundingTier.CENTRAL: "central_amount",
    FundingTier.PROVINCIAL: "provincial_amount",
    FundingTier.MUNICIPAL: "municipal_amount",
    FundingTier.COUNTY: "county_amount",
}


def _sources(demo: Demo) -> dict[str, dict[str, int]]:
    """Project number -> amount by source column, in fen."""
    tiers = {
        str(number): next(t for t in FundingTier if t.label == row["level"])
        for number, row in enumerate(demo.rows("fund_documents"), start=1)
    }
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in demo.rows("allocations"):
        column = COLUMN_OF_TIER[tiers[row["document"]]]
        found[row["project_seq"]][column] += money.parse_wan(row["amount_wan"])
    return {seq: dict(amounts) for seq, amounts in found.items()}
