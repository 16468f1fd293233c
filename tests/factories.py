"""One object of each kind at a place, written as rows: what a sweep over all routes needs to point at."""

from dataclasses import dataclass
from datetime import date

from portal.accounts.models import Organization
from portal.accounts.operations import add_user
from portal.clock import real_now
from portal.db import Base, db, unit_of_work
from portal.disclosure.models import DisclosureItem
from portal.files.models import StoredFile
from portal.files.operations import store
from portal.funds.models import Allocation, AllocationBatch, FundDocument
from portal.library.models import Attachment, PlanImport, Project, PublicNotice
from portal.mail.models import InboxMessage, OutboxMail
from portal.rules.access import SYSTEM
from portal.rules.vocabulary import (
    AttachmentCategory,
    DisclosureForm,
    DisclosureKind,
    FundingTier,
    NoticeLevel,
    Role,
)

DAY = date(2023, 3, 20)
NOBODY = 9_000
"""An author who is none of the people of the test, so that no rule of two persons interferes."""


@dataclass(frozen=True)
class Place:
    """Whose objects these are; a project belongs to the first unit, the township and the department."""

    name: str
    organization: Organization
    township: Organization | None
    department: Organization
    county: Organization


def _new(model: type[Base], **facts: object) -> Base:
    row = model(**facts)
    db.session.add(row)
    db.session.flush()
    return row


def one_of_each(place: Place) -> dict[str, Base]:
    """Argument of a route -> the row that it names; the row says by itself who reaches it."""
    with unit_of_work(SYSTEM, "test_factories"):
        rows = _library(place) | _funds(place) | _letters(place)
        rows["organization_id"] = place.organization
        rows["user_id"], _password = add_user(
            username=f"clerk-{place.name}",
            name="某人",
            organization=place.organization,
            roles=[Role.VILLAGE_CLERK],
        )
        line = {"batch_id": rows["batch_id"].id, "document_id": rows["document_id"].id}
        rows["line_id"] = _new(
            Allocation,
            county_id=place.county.id,
            project_id=rows["project_id"].id,
            amount=1_000_000,
            entered_by_id=NOBODY,
            **line,
        )
    return rows


def _library(place: Place) -> dict[str, Base]:
    county = {"county_id": place.county.id}
    project = _new(
        Project,
        **county,
        code=f"p-{place.name}",
        name=f"项目 {place.name}",
        year=2023,
        organization_id=place.organization.id,
        township_id=place.township and place.township.id,
        department_id=place.department.id,
        created_by_id=NOBODY,
        created_on=DAY,
        central_amount=100_000_000,
    )
    file = _new(
        StoredFile,
        **county,
        sha256=store().put(b"%PDF-1.4 of the test"),
        name="纪要.pdf",
        mime="application/pdf",
        size=20,
        uploaded_by_id=NOBODY,
        uploaded_at=real_now(),
    )
    of_project = county | {"project_id": project.id}
    return {
        "project_id": project,
        "file_id": file,
        "notice_id": _new(
            PublicNotice,
            **of_project,
            level=NoticeLevel.VILLAGE,
            from_on=date(2023, 3, 1),
            to_on=date(2023, 3, 12),
            place="公示栏",
            photo_id=file.id,
            recorded_by_id=NOBODY,
        ),
        "attachment_id": _new(
            Attachment, **of_project, category=AttachmentCategory.OTHER, file_id=file.id
        ),
        "import_id": _new(
            PlanImport,
            **county,
            year=2023,
            filename="计划.xlsx",
            sha256="0" * 64,
            content=b"not a workbook",
            uploaded_by_id=NOBODY,
            uploaded_on=DAY,
        ),
    }


def _funds(place: Place) -> dict[str, Base]:
    county = {"county_id": place.county.id}
    return {
        "document_id": _new(
            FundDocument,
            **county,
            code=f"d-{place.name}",
            number=f"财指〔2023〕{place.name}号",
            title="下达资金",
            year=2023,
            tier=FundingTier.CENTRAL,
            amount=100_000_000,
            arranged_amount=1_000_000,
            received_on=DAY,
            registered_by_id=NOBODY,
            registered_on=DAY,
        ),
        "batch_id": _new(
            AllocationBatch, **county, title=f"批次 {place.name}", drafted_by_id=NOBODY
        ),
        "item_id": _new(
            DisclosureItem,
            **county,
            code=f"n-{place.name}",
            kind=DisclosureKind.ANNOUNCEMENT,
            form=DisclosureForm.ANNOUNCEMENT,
            year=2023,
            title="公告",
            drafted_by_id=NOBODY,
            drafted_on=DAY,
        ),
    }


def _letters(place: Place) -> dict[str, Base]:
    letter = {"dedupe_key": f"test-{place.name}", "subject": "提醒", "body": "请办理。"}
    return {
        "mail_id": _new(
            OutboxMail,
            county_id=place.county.id,
            user_id=1,
            address="a@example.cn",
            due_at=real_now(),
            queued_at=real_now(),
            **letter,
        ),
        "message_id": _new(InboxMessage, user_id=1, received_at=real_now(), **letter),
    }
