"""The works of the demo's projects: a row of ``works.csv`` tells one from the tender to the settlement."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

import sqlalchemy as sa

from portal.boards.operations import record_notice
from portal.db import db
from portal.demo.county import Demo
from portal.demo.landscapes import photos_of
from portal.demo.pictures import board_photo
from portal.demo.replay import Event
from portal.implementation import changing, contracting, operations
from portal.implementation.contracting import ContractPaper
from portal.implementation.models import Contract
from portal.library.models import Project
from portal.rules import money
from portal.rules.vocabulary import (
    AcceptanceLevel,
    ChangeKind,
    ContractKind,
    NoticeLevel,
    NoticeStage,
    Role,
    TenderMethod,
)
from portal.rules.workflow import Move

Row = dict[str, str]
DATES = ("tendered_on", "started_on", "finished_on")
LOOKS = ((AcceptanceLevel.SELF, 6), (AcceptanceLevel.TOWNSHIP, 3), (AcceptanceLevel.COUNTY, 0))
"""How many days before the last look each level looks."""

WORDS = {0: "开工前", 30: "基础部分完成", 60: "主体部分完成", 100: "全部完工"}
RETENTION = timedelta(365)
POSTED = timedelta(10)


def works(demo: Demo) -> Iterator[Event]:
    """Everything that was recorded of the works; an empty cell has not happened in the whole story."""
    for row in demo.rows("works"):
        days = {name: date.fromisoformat(row[name]) for name in row if _is_day(name, row)}
        for name, what in (
            *((name, _date) for name in DATES),
            ("signed_on", _sign),
            ("settled_on", _settle),
        ):
            if name in days:
                yield Event(days[name], partial(what, demo, row))
        if "finished_on" in days:
            yield from _progress(demo, row, days["started_on"], days["finished_on"])
        if "accepted_on" in days:
            yield from _looks(demo, row, days["accepted_on"])


def changes(demo: Demo) -> Iterator[Event]:
    """What the leading group decided about projects under way."""
    for row in demo.rows("changes"):
        yield Event(date.fromisoformat(row["decided_on"]), partial(_change, demo, row))


def signed_contract(project: Project) -> Contract | None:
    """The contract of a project, as far as it is signed."""
    return db.session.scalar(sa.select(Contract).filter_by(project_id=project.id, void=False))


def _is_day(name: str, row: Row) -> bool:
    return name.endswith("_on") and bool(row[name])


def _date(demo: Demo, row: Row, on: date) -> None:
    """All days up to this one: the form is written as a whole."""
    project = demo.project(row["project"])
    known = {name: date.fromisoformat(row[name]) for name in DATES if row[name]}
    reached = {name: day for name, day in known.items() if day <= on}
    operations.record_dates(project, reached, actor=demo.local_officer(project), on=on)


def _sign(demo: Demo, row: Row, on: date) -> None:
    project = demo.project(row["project"])
    retention = money.parse_wan(row["retention_wan"])
    paper = ContractPaper(
        kind=ContractKind(row["kind"]),
        name=f"{project.name}{ContractKind(row['kind']).label[:2]}合同（示范）",
        contractor=row["contractor"],
        method=TenderMethod(row["method"]),
        signed_on=on,
        amount=money.parse_wan(row["price_wan"]),
        number=f"示范合同〔{on.year}〕{row['project']}号",
        retention_amount=retention,
        retention_due_on=_released(row) if retention else None,
    )
    contracting.add_contract(project, paper, actor=demo.local_officer(project), on=on)


def _released(row: Row) -> date:
    return date.fromisoformat(row["accepted_on"]) + RETENTION


def _progress(demo: Demo, row: Row, started_on: date, finished_on: date) -> Iterator[Event]:
    quarter = (finished_on - started_on) / 4
    photographed = any(one["project"] == row["project"] for one in demo.rows("photos"))
    for percent, on in (
        *([(0, started_on)] if photographed else []),
        (30, started_on + quarter),
        (60, started_on + 2 * quarter),
        (100, finished_on),
    ):
        yield Event(on, partial(_report, demo, row, percent))


def _report(demo: Demo, row: Row, percent: int, on: date) -> None:
    project = demo.project(row["project"])
    officer = demo.local_officer(project)
    operations.report_progress(
        project,
        percent,
        words=f"{WORDS[percent]}（示范）",
        photos=photos_of(demo, row["project"], percent, on, officer),
        actor=officer,
        on=on,
    )


def _looks(demo: Demo, row: Row, accepted_on: date) -> Iterator[Event]:
    for level, before in LOOKS:
        yield Event(accepted_on - timedelta(before), partial(_accept, demo, row, level))


def _accept(demo: Demo, row: Row, level: AcceptanceLevel, on: date) -> None:
    project = demo.project(row["project"])
    assert project.township
    assert project.department
    looks = {
        AcceptanceLevel.SELF: lambda: demo.local_officer(project),
        AcceptanceLevel.TOWNSHIP: lambda: demo.somebody(Role.TOWN_LEADER, project.township),
        AcceptanceLevel.COUNTY: lambda: demo.somebody(Role.DEPT_REVIEWER, project.department),
    }
    operations.record_acceptance(
        project,
        level,
        accepted_on=on,
        passed=True,
        opinion="按设计完成，质量合格（示范）",
        people="验收组（示范）",
        actor=looks[level](),
        on=on,
    )


def _settle(demo: Demo, row: Row, on: date) -> None:
    project = demo.project(row["project"])
    contract = signed_contract(project)
    assert contract
    contracting.settle_contract(
        contract,
        amount=contract.amount,
        settled_on=on,
        settled_by="示范会计师事务所",
        retention_amount=contract.retention_amount,
        retention_due_on=contract.retention_due_on,
        actor=demo.local_officer(project),
        on=on,
    )
    _post_notice(demo, project, on + timedelta(1))


def _post_notice(demo: Demo, project: Project, from_on: date) -> None:
    """The settled price hangs on the township's board before the last money."""
    assert project.township
    poster = demo.local_officer(project)
    record_notice(
        project,
        actor=poster,
        stage=NoticeStage.COMPLETION,
        level=NoticeLevel.TOWNSHIP,
        from_on=from_on,
        to_on=from_on + POSTED,
        place=f"{project.township.name}公开栏",
        photo=board_photo(demo, poster),
        on=from_on,
    )


def _change(demo: Demo, row: Row, on: date) -> None:
    project = demo.project(row["project"])
    proposed_on = date.fromisoformat(row["proposed_on"])
    change = changing.propose_change(
        project,
        ChangeKind(row["kind"]),
        reason=row["reason"],
        details="",
        finish_on=None,
        actor=demo.local_officer(project),
        on=proposed_on,
    )
    changing.take_step(
        change, Move.APPROVE, actor=demo.approver, on=on, minutes_number=row["minutes_number"]
    )
