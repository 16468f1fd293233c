"""What the demo's townships and villages hung on their boards, and where its county told the public."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

import sqlalchemy as sa

from portal.boards.operations import record_notice
from portal.db import db
from portal.demo.county import Demo
from portal.demo.pictures import board_photo
from portal.demo.replay import Event
from portal.disclosure.models import DisclosureDuty
from portal.duties.facts import SOURCES
from portal.duties.operations import record_proof, settle, subjects_since
from portal.rules.vocabulary import (
    Channel,
    DisclosureEvent,
    DisclosureLevel,
    NoticeLevel,
    NoticeStage,
)

Row = dict[str, str]
POSTED = timedelta(11)


def boards(demo: Demo) -> Iterator[Event]:
    """The notices of ``boards.csv``, each hung on its day."""
    for row in demo.rows("boards"):
        yield Event(date.fromisoformat(row["posted_on"]), partial(_hang, demo, row))


def record_proofs(demo: Demo, today: date) -> None:
    """The web pages of ``proofs.csv`` as proofs of the county's duties, as far as their day has come."""
    settle({event: subjects_since(event, 0) for event in SOURCES}, today)
    for row in demo.rows("proofs"):
        on = date.fromisoformat(row["posted_on"])
        if on > today:
            continue
        received = DisclosureEvent(row["event"]) is DisclosureEvent.RECEIVED
        record_proof(
            _of_document(demo, row) if received else _of_batch(demo, row),
            channel=Channel.WEBSITE,
            met_on=on,
            address=row["address"],
            actor=demo.finance_officer if received else demo.custodian,
            on=on,
        )


def _hang(demo: Demo, row: Row, on: date) -> None:
    project, level = demo.project(row["project"]), NoticeLevel(row["level"])
    poster = demo.local_officer(project)
    record_notice(
        project,
        actor=poster,
        stage=NoticeStage(row["stage"]),
        level=level,
        from_on=on,
        to_on=on + POSTED,
        place=f"{row['board']}公开栏",
        photo=board_photo(demo, poster),
        on=on,
    )


def _of_document(demo: Demo, row: Row) -> list[DisclosureDuty]:
    document_id = demo.document(row["subject"]).id
    return _duties(DisclosureEvent.RECEIVED, DisclosureDuty.subject_id == document_id)


def _of_batch(demo: Demo, row: Row) -> list[DisclosureDuty]:
    """The projects that this batch was the first to give money to: they arose on the day of its approval."""
    approved_on = next(
        batch["approved_on"] for batch in demo.rows("batches") if batch["key"] == row["subject"]
    )
    arisen = DisclosureDuty.arisen_on == date.fromisoformat(approved_on)
    return _duties(DisclosureEvent.PLANNED, arisen)


def _duties(event: DisclosureEvent, condition: sa.ColumnElement[bool]) -> list[DisclosureDuty]:
    statement = sa.select(DisclosureDuty).where(
        DisclosureDuty.rule.startswith(event.value),
        DisclosureDuty.level == DisclosureLevel.COUNTY,
        condition,
    )
    return list(db.session.scalars(statement.order_by(DisclosureDuty.id)))
