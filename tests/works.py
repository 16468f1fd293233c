"""Works for tests: what has happened to a project on site, written as rows."""

from collections.abc import Callable
from datetime import date
from typing import Any

from portal.clock import real_now
from portal.db import Base, db, unit_of_work
from portal.files.models import StoredFile
from portal.files.operations import store
from portal.funds.models import FundDocument, Placement
from portal.implementation.models import Contract, ProgressReport, ProjectChange
from portal.library.models import Objection, Project, PublicNotice
from portal.rules.access import SYSTEM
from portal.rules.vocabulary import (
    ChangeKind,
    ChangeStatus,
    ContractKind,
    NoticeLevel,
    NoticeStage,
    TenderMethod,
)
from tests.ledger import wan
from tests.world import World


def add(model: type[Base], project: Project, **facts: object) -> Base:
    """One row of a project."""
    with unit_of_work(SYSTEM, "test_works"):
        row = model(county_id=project.county_id, project_id=project.id, **facts)
        db.session.add(row)
        db.session.flush()
        return row


def add_contract(project: Project, amount: str | int = 100, **facts: object) -> Contract:
    """A works contract signed on 2023-04-01, in 万元."""
    usual = {
        "kind": ContractKind.WORKS,
        "name": "施工合同",
        "contractor": "某建筑公司",
        "method": TenderMethod.PUBLIC,
        "signed_on": date(2023, 4, 1),
        "amount": wan(amount),
        "recorded_by_id": 9_000,
    }
    return add(Contract, project, **usual | facts)


def add_placement(project: Project, document: FundDocument, amount: str | int) -> Placement:
    """Money of a document on the project, in 万元."""
    return add(Placement, project, document_id=document.id, allocated_amount=wan(amount))


def add_photo(world: World) -> StoredFile:
    """A stored photo of nothing."""
    with unit_of_work(SYSTEM, "test_works"):
        photo = StoredFile(
            county_id=world.ids["county"],
            sha256=store().put(b"\xff\xd8\xff a photo"),
            name="照片.jpg",
            mime="image/jpeg",
            size=13,
            uploaded_by_id=9_000,
            uploaded_at=real_now(),
        )
        db.session.add(photo)
        db.session.flush()
        return photo


def add_change(project: Project, kind: ChangeKind, decided_on: date, **facts: object) -> Base:
    """A change that the leading group approved."""
    usual = {
        "township_id": project.township_id,
        "department_id": project.department_id,
        "status": ChangeStatus.APPROVED,
        "reason": "征地未完成",
        "proposed_by_id": 9_000,
        "proposed_by": "某人",
        "proposed_on": decided_on,
        "decided_by_id": 9_001,
        "decided_by": "某领导",
    }
    return add(ProjectChange, project, kind=kind, decided_on=decided_on, **usual | facts)


def add_report(project: Project, percent: int, reported_on: date) -> Base:
    """A report of progress."""
    return add(
        ProgressReport,
        project,
        percent=percent,
        reported_on=reported_on,
        reported_by_id=9_000,
        reported_by="某人",
    )


def add_completion_notice(
    project: Project, from_on: date, to_on: date, level: NoticeLevel = NoticeLevel.VILLAGE, **facts
) -> PublicNotice:
    """The settled price on a board, photographed on the first day."""
    photo = {"photo_id": add_photo(World()).id, "photo_on": from_on}
    usual = photo | {
        "stage": NoticeStage.COMPLETION,
        "place": "村部公示栏",
        "recorded_by_id": 9_000,
    }
    return add(PublicNotice, project, level=level, from_on=from_on, to_on=to_on, **usual | facts)


def act(world: World, person: str, operation: Callable[..., Any], *facts: Any, **more: Any) -> Any:
    """One operation by one person in a unit of work."""
    actor = world.actor(person)
    with unit_of_work(actor, "test"):
        return operation(*facts, actor=actor, **more)


def add_objection(notice: PublicNotice, **facts: object) -> Objection:
    """What somebody said against a notice on its first day; open unless ``closed_on`` is given."""
    usual = {
        "county_id": notice.county_id,
        "notice_id": notice.id,
        "received_on": notice.from_on,
        "content": "结算价偏高",
        "recorded_by_id": 9_000,
    }
    with unit_of_work(SYSTEM, "test_works"):
        row = Objection(**usual | facts)
        db.session.add(row)
        db.session.flush()
        return row
