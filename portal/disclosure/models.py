"""What is disclosed: items on their way to the public, what they cover, and what was approved."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organization
from portal.db import Base, LabelledColumn
from portal.files.models import StoredFile
from portal.funds.models import FundDocument
from portal.library.models import Project, PublicNotice
from portal.rules.access import Scope
from portal.rules.vocabulary import (
    Channel,
    DisclosureForm,
    DisclosureKind,
    DisclosureLevel,
    DisclosureStatus,
)
from portal.steps import StepTaken

PROJECTS, FUNDS, NOTICES = "projects", "funds", "notices"
"""The folders of the public site in which an address can lie."""

Code = sa.String(80).with_variant(sa.String(80, collation="C"), "postgresql")
"""A public address; both databases compare it byte by byte, as the site's generator does."""

disclosure_document = sa.Table(
    "disclosure_document",
    Base.metadata,
    sa.Column("item_id", sa.ForeignKey("disclosure_item.id"), primary_key=True),
    sa.Column("document_id", sa.ForeignKey("fund_document.id"), primary_key=True, index=True),
)
disclosure_project = sa.Table(
    "disclosure_project",
    Base.metadata,
    sa.Column("item_id", sa.ForeignKey("disclosure_item.id"), primary_key=True),
    sa.Column("project_id", sa.ForeignKey("project.id"), primary_key=True, index=True),
)


class DisclosureItem(Base):
    """A notice on its way to the public, with the fund documents and projects that it covers.

    A correction is a new item with the same ``code`` and the next ``edition``; ``correction`` says what was
    wrong. ``closed_on`` and ``closing_reason`` are set when an item is corrected or withdrawn. ``phones`` has
    one duty telephone a line: name, blank, number.
    """

    __tablename__ = "disclosure_item"
    scope_columns = {Scope.COUNTY: "county_id"}

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    code: Mapped[str] = mapped_column(Code)
    edition: Mapped[int] = mapped_column(default=1)
    kind: Mapped[DisclosureKind] = mapped_column(LabelledColumn(DisclosureKind))
    form: Mapped[DisclosureForm] = mapped_column(LabelledColumn(DisclosureForm))
    status: Mapped[DisclosureStatus] = mapped_column(
        LabelledColumn(DisclosureStatus), default=DisclosureStatus.DRAFT
    )
    year: Mapped[int]

    title: Mapped[str] = mapped_column(sa.String(120))
    body: Mapped[str] = mapped_column(sa.Text, default="")
    unit: Mapped[str] = mapped_column(sa.String(80), default="")
    phones: Mapped[str] = mapped_column(sa.String(400), default="")
    address: Mapped[str] = mapped_column(sa.String(200), default="")
    from_on: Mapped[date | None]
    to_on: Mapped[date | None]

    drafted_by_id: Mapped[int]
    drafted_on: Mapped[date]
    edited_by_id: Mapped[int | None]
    decided_by_id: Mapped[int | None]
    published_on: Mapped[date | None] = mapped_column(index=True)
    supersedes_id: Mapped[int | None] = mapped_column(sa.ForeignKey("disclosure_item.id"))
    correction: Mapped[str] = mapped_column(sa.String(300), default="")
    closed_on: Mapped[date | None]
    closing_reason: Mapped[str] = mapped_column(sa.String(300), default="")
    version: Mapped[int] = mapped_column(default=1)

    supersedes: Mapped["DisclosureItem | None"] = relationship(remote_side="DisclosureItem.id")
    documents: Mapped[list[FundDocument]] = relationship(
        secondary=disclosure_document, order_by=FundDocument.id
    )
    projects: Mapped[list[Project]] = relationship(
        secondary=disclosure_project, order_by=Project.id
    )
    steps: Mapped[list["DisclosureStep"]] = relationship(order_by="DisclosureStep.id")
    attachments: Mapped[list["DisclosureAttachment"]] = relationship(
        cascade="all, delete-orphan", order_by="DisclosureAttachment.id"
    )

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.UniqueConstraint("county_id", "code", "edition"),
        sa.Index("ix_disclosure_item_county_status", "county_id", "status"),
        sa.CheckConstraint("decided_by_id <> drafted_by_id", name="two_people"),
        sa.CheckConstraint(
            "status IN ('draft', 'submitted')"
            " OR (decided_by_id IS NOT NULL AND published_on IS NOT NULL)",
            name="published_by_somebody",
        ),
        sa.CheckConstraint("to_on >= from_on", name="days_in_order"),
    )

    @property
    def category(self) -> str:
        """The heading under which the public finds it."""
        if self.kind is DisclosureKind.ANNOUNCEMENT:
            return DisclosureForm.ANNOUNCEMENT.label
        return self.kind.label

    @property
    def standing(self) -> bool:
        """Whether the public sees this edition now."""
        return self.status is DisclosureStatus.PUBLISHED


class DisclosureStep(StepTaken, Base):
    """The story of an item: who took which step, when, with what words."""

    __tablename__ = "disclosure_step"

    item_id: Mapped[int] = mapped_column(sa.ForeignKey("disclosure_item.id"), index=True)
    to_status: Mapped[DisclosureStatus] = mapped_column(LabelledColumn(DisclosureStatus))


class DisclosedRecord(Base):
    """One address with the content that was approved for it; never changed afterwards.

    What the public sees at an address is the latest record of an item that still stands, so that a
    withdrawal lets an earlier approval speak again. ``subject_id`` is the id of the fund document or the
    project, or the item's own for its notice. ``content`` is JSON.
    """

    __tablename__ = "disclosed_record"

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("disclosure_item.id"))
    folder: Mapped[str] = mapped_column(sa.String(8))
    code: Mapped[str] = mapped_column(Code)
    subject_id: Mapped[int]
    content: Mapped[str] = mapped_column(sa.Text)

    __table_args__ = (
        sa.UniqueConstraint("item_id", "folder", "code"),
        sa.Index("ix_disclosed_record_address", "county_id", "folder", "code"),
        sa.Index("ix_disclosed_record_subject", "folder", "subject_id"),
    )


class DisclosureAttachment(Base):
    """A file that is published with an item; its bytes passed the privacy gate before the approval."""

    __tablename__ = "disclosure_attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("disclosure_item.id"), index=True)
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_file.id"))
    title: Mapped[str] = mapped_column(sa.String(120))

    file: Mapped[StoredFile] = relationship()


class DisclosureDuty(Base):
    """公开任务: something that happened has to be told at one level by a day (form F13).

    Raised by the operation that records the event, in the same unit of work; ``arisen_on`` follows the event
    when that is corrected. ``subject_kind`` and ``subject_id`` name the row of the event. The duty is met
    by an item, by a notice on a board, or by a proof that a person records (``address`` or a photo);
    ``until_on`` is the last day it was to be seen, None: it stands. ``lapsed_on``: the event was undone.
    """

    __tablename__ = "disclosure_duty"
    scope_columns = {
        Scope.OWN: "organization_id",
        Scope.TOWNSHIP: "township_id",
        Scope.DEPARTMENT: "department_id",
        Scope.COUNTY: "county_id",
    }

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    rule: Mapped[str] = mapped_column(sa.String(64))
    level: Mapped[DisclosureLevel] = mapped_column(LabelledColumn(DisclosureLevel))
    subject_kind: Mapped[str] = mapped_column(sa.String(24))
    subject_id: Mapped[int]
    year: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(200))
    organization_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"), index=True)
    township_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organization.id"), index=True)
    department_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organization.id"))
    arisen_on: Mapped[date]
    due_on: Mapped[date]
    lapsed_on: Mapped[date | None]

    met_on: Mapped[date | None]
    until_on: Mapped[date | None]
    channel: Mapped[Channel | None] = mapped_column(LabelledColumn(Channel))
    address: Mapped[str] = mapped_column(sa.String(300), default="")
    item_id: Mapped[int | None] = mapped_column(sa.ForeignKey("disclosure_item.id"), index=True)
    notice_id: Mapped[int | None] = mapped_column(sa.ForeignKey("public_notice.id"), index=True)
    photo_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"))
    met_by_id: Mapped[int | None]
    recorded_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    organization: Mapped[Organization] = relationship(foreign_keys=organization_id)
    item: Mapped[DisclosureItem | None] = relationship()
    notice: Mapped[PublicNotice | None] = relationship()
    photo: Mapped[StoredFile | None] = relationship()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.UniqueConstraint("rule", "subject_kind", "subject_id", "organization_id"),
        sa.Index("ix_disclosure_duty_county_year", "county_id", "year"),
        sa.Index("ix_disclosure_duty_open", "met_on", "due_on"),
        sa.CheckConstraint("met_on IS NULL OR channel IS NOT NULL", name="met_somewhere"),
    )
