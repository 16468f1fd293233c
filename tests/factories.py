"""One object of each kind at a place, written as rows: what a sweep over all routes needs to point at."""

import json
from dataclasses import dataclass
from datetime import date

from portal.accounts.models import Organization
from portal.accounts.operations import add_user
from portal.clock import real_now
from portal.closing.models import YearClosing
from portal.complaints.models import Complaint
from portal.db import Base, db, unit_of_work
from portal.disclosure.models import DisclosureDuty, DisclosureItem
from portal.files.models import StoredFile
from portal.files.operations import store
from portal.funds.models import Allocation, AllocationBatch, FundDocument, Placement
from portal.implementation.models import Contract, ProjectChange
from portal.library.models import Attachment, Objection, PlanImport, Project, PublicNotice
from portal.mail.models import InboxMessage, OutboxMail
from portal.pace.frozen import PARTS, written
from portal.pace.models import Snapshot
from portal.payments.models import Payment, PaymentPart, TreasuryList
from portal.performance.models import Assessment, AssessmentEvidence, PerformanceForm
from portal.privacy.models import PrivacyOverride
from portal.publication.differences import GROUPS
from portal.publication.models import BundleStep, SiteBundle
from portal.rules.access import SYSTEM
from portal.rules.scoring.scheme import shipped_text
from portal.rules.vocabulary import (
    AttachmentCategory,
    BulletinKind,
    BundleStatus,
    ChangeKind,
    ComplaintChannel,
    ComplaintStatus,
    ContractKind,
    DisclosureForm,
    DisclosureKind,
    DisclosureLevel,
    FormKind,
    FundingTier,
    NoticeLevel,
    PaymentKind,
    Role,
    TenderMethod,
)
from portal.rules.workflow import Move
from portal.supervision.bulletins import figures_of, frozen
from portal.supervision.models import Bulletin, PaymentPlan, PlanLine, SupervisionLetter

DAY = date(2023, 3, 20)
SNAPSHOT = written(
    {"received": 0, "allocated": 0, "paid": 0, "last_posting": 0} | {key: [] for key in PARTS}
)
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
        rows |= _works(rows["project_id"], rows["file_id"])
        rows |= _supervision(place, rows["project_id"])
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
        rows |= _payments(place, rows)
        rows["duty_id"] = _duty(rows["project_id"])
        rows["form_id"] = _performance(rows["project_id"])
        rows |= _assessment(place, rows)
        rows["bundle_id"] = _bundle(place, rows["project_id"].id)
        rows["complaint_id"] = _complaint(place)
    return rows


def _complaint(place: Place) -> Complaint:
    return _new(
        Complaint,
        county_id=place.county.id,
        code=f"test-{place.name}",
        channel=ComplaintChannel.HOTLINE,
        status=ComplaintStatus.ASSIGNED,
        received_on=DAY,
        content="路没有修完",
        registered_by_id=NOBODY,
        registered_on=DAY,
        organization_id=place.organization.id,
        township_id=place.township.id if place.township else None,
        department_id=place.department.id,
        assigned_by_id=NOBODY,
        assigned_on=DAY,
        due_on=DAY,
    )


def _bundle(place: Place, number: int) -> SiteBundle:
    return _new(
        SiteBundle,
        county_id=place.county.id,
        number=number,
        day=DAY,
        files=1,
        manifest_sha256="0" * 64,
        sha256="0" * 64,
        size=1,
        added=1,
        changed=0,
        removed=0,
        differences=json.dumps({group: [0, 0, 0] for group in GROUPS}),
        made_by_id=NOBODY,
        made_on=DAY,
        steps=[
            BundleStep(
                county_id=place.county.id,
                move=Move.SUBMIT,
                to_status=BundleStatus.SUBMITTED,
                actor_id=NOBODY,
                actor_name="某人",
                on=DAY,
            )
        ],
    )


def _duty(project: Project) -> DisclosureDuty:
    return _new(
        DisclosureDuty,
        county_id=project.county_id,
        organization_id=project.organization_id,
        township_id=project.township_id,
        department_id=project.department_id,
        rule="planned_village",
        level=DisclosureLevel.VILLAGE,
        subject_kind="project",
        subject_id=project.id,
        year=2023,
        title=project.name,
        arisen_on=DAY,
        due_on=DAY,
    )


def _assessment(place: Place, rows: dict[str, Base]) -> dict[str, Base]:
    assessment = _new(
        Assessment,
        county_id=place.county.id,
        year=2000 + rows["project_id"].id,
        counted_on=DAY,
        scheme=shipped_text("heilongjiang-county-2023"),
        begun_by_id=NOBODY,
        begun_on=DAY,
    )
    evidence = _new(
        AssessmentEvidence,
        county_id=place.county.id,
        assessment_id=assessment.id,
        no="1",
        title="预算通知",
        file_id=rows["file_id"].id,
    )
    return {"assessment_id": assessment, "evidence_id": evidence}


def _performance(project: Project) -> PerformanceForm:
    return _new(
        PerformanceForm,
        county_id=project.county_id,
        organization_id=project.organization_id,
        township_id=project.township_id,
        department_id=project.department_id,
        project_id=project.id,
        kind=FormKind.DECLARATION,
        year=2023,
        written_by_id=NOBODY,
        written_on=DAY,
    )


def _payments(place: Place, rows: dict[str, Base]) -> dict[str, Base]:
    county = {"county_id": place.county.id}
    placement = _new(
        Placement,
        **county,
        document_id=rows["document_id"].id,
        project_id=rows["project_id"].id,
        allocated_amount=1_000_000,
    )
    payment = _new(
        Payment,
        **county,
        organization_id=place.organization.id,
        township_id=place.township and place.township.id,
        department_id=place.department.id,
        code=f"p-{place.name}-p01",
        project_id=rows["project_id"].id,
        kind=PaymentKind.PROGRESS,
        payee="某公司",
        requested_by_id=NOBODY,
        requested_on=DAY,
        parts=[PaymentPart(**county, placement=placement, amount=1_000)],
    )
    uploaded = _new(
        TreasuryList,
        **county,
        filename="清单.xlsx",
        sha256=f"{payment.id:064}",
        uploaded_by_id=NOBODY,
        uploaded_on=DAY,
    )
    return {"payment_id": payment, "list_id": uploaded}


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
    notice = _new(
        PublicNotice,
        **of_project,
        level=NoticeLevel.VILLAGE,
        from_on=date(2023, 3, 1),
        to_on=date(2023, 3, 12),
        place="公示栏",
        photo_id=file.id,
        recorded_by_id=NOBODY,
    )
    return {
        "project_id": project,
        "file_id": file,
        "notice_id": notice,
        "objection_id": _new(
            Objection,
            **county,
            notice_id=notice.id,
            received_on=DAY,
            content="异议",
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
        "snapshot_id": _new(
            Snapshot,
            **county,
            fund_year=2023,
            day=DAY,
            reason="报送",
            content=SNAPSHOT,
            sha256="0" * 64,
            taken_by_id=NOBODY,
            taken_by="某人",
            taken_at=real_now(),
        ),
        "batch_id": _new(
            AllocationBatch, **county, title=f"批次 {place.name}", drafted_by_id=NOBODY
        ),
        "closing_id": _new(
            YearClosing,
            **county,
            year=2022,
            proposed_by_id=NOBODY,
            proposed_by="某人",
            proposed_on=DAY,
        ),
        "override_id": _new(
            PrivacyOverride,
            **county,
            kind="mobile",
            digest=f"{place.name:0>64}",
            masked="手机号138********",
            place="第1行",
            reason="这是设备编号，不是手机号",
            asked_by_id=NOBODY,
            asked_on=DAY,
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


def _works(project: Project, file: StoredFile) -> dict[str, Base]:
    of_project = {"county_id": project.county_id, "project_id": project.id}
    return {
        "contract_id": _new(
            Contract,
            **of_project,
            kind=ContractKind.WORKS,
            name="施工合同",
            contractor="某建筑公司",
            method=TenderMethod.PUBLIC,
            signed_on=DAY,
            amount=1_000_000,
            file_id=file.id,
            recorded_by_id=NOBODY,
        ),
        "change_id": _new(
            ProjectChange,
            **of_project,
            township_id=project.township_id,
            department_id=project.department_id,
            kind=ChangeKind.SUSPEND,
            reason="征地未完成",
            proposed_by_id=NOBODY,
            proposed_by="某人",
            proposed_on=DAY,
        ),
    }


def _supervision(place: Place, project: Project) -> dict[str, Base]:
    county = {"county_id": place.county.id}
    unit = place.township or place.organization
    content, sha256 = frozen(figures_of(place.county.id, 2023, DAY, office=place.organization))
    plan = _new(
        PaymentPlan,
        **county,
        year=2023,
        month=project.id,
        drafted_by_id=NOBODY,
        drafted_on=DAY,
        issued_on=DAY,
    )
    bulletin = _new(
        Bulletin,
        **county,
        kind=BulletinKind.MONTHLY,
        fund_year=2023,
        day=DAY,
        number=f"通〔2023〕{place.name}号",
        title="通报",
        content=content,
        sha256=sha256,
        issued_by_id=NOBODY,
        issued_by="某人",
        issued_on=DAY,
    )
    return {
        "plan_id": plan,
        "plan_line_id": _new(
            PlanLine,
            **county,
            plan_id=plan.id,
            unit_id=unit.id,
            project_id=project.id,
            amount=1_000_000,
        ),
        "bulletin_id": bulletin,
        "letter_id": _new(
            SupervisionLetter,
            **county,
            bulletin_id=bulletin.id,
            unit_id=unit.id,
            number=f"督〔2023〕{place.name}号",
            body="请加快支付。",
            answer_by_on=DAY,
            drafted_by_id=NOBODY,
            issued_on=DAY,
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
