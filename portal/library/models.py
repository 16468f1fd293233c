"""The project library: applications, their targets and papers, and the story of their approval."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organization
from portal.db import Base, Instant, LabelledColumn, MoneyColumn
from portal.files.models import StoredFile
from portal.rules.access import Scope
from portal.rules.notices import open_stages, photo_asked
from portal.rules.vocabulary import (
    AttachmentCategory,
    BoardPhoto,
    Comparison,
    ConstructionNature,
    NoticeLevel,
    NoticeStage,
    ProjectStatus,
    ReportClass,
    TargetLevel,
)
from portal.steps import StepTaken

project_village = sa.Table(
    "project_village",
    Base.metadata,
    sa.Column("project_id", sa.ForeignKey("project.id"), primary_key=True),
    sa.Column("village_id", sa.ForeignKey("organization.id"), primary_key=True, index=True),
)


class Project(Base):
    """A project from the draft of its application to the library and beyond (form F1, F1b).

    ``organization_id`` is the unit that applies: a village, a township or a county department.
    The six amounts are the sources of money in fen; ``budget`` is their sum and never typed.
    ``priority`` is the library's own order within the year, 1 first; None comes after all others.
    """

    __tablename__ = "project"
    scope_columns = {
        Scope.OWN: "organization_id",
        Scope.TOWNSHIP: "township_id",
        Scope.DEPARTMENT: "department_id",
        Scope.COUNTY: "county_id",
    }

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    code: Mapped[str] = mapped_column(sa.String(80))
    year: Mapped[int]
    organization_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"), index=True)
    township_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organization.id"), index=True)
    department_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organization.id"), index=True)
    status: Mapped[ProjectStatus] = mapped_column(
        LabelledColumn(ProjectStatus), default=ProjectStatus.DRAFT
    )

    name: Mapped[str] = mapped_column(sa.String(120), default="")
    project_type: Mapped[str] = mapped_column(sa.String(64), default="")
    report_class: Mapped[ReportClass] = mapped_column(
        LabelledColumn(ReportClass), default=ReportClass.OTHER
    )
    nature: Mapped[ConstructionNature | None] = mapped_column(LabelledColumn(ConstructionNature))
    site: Mapped[str] = mapped_column(sa.String(200), default="")
    start_on: Mapped[date | None]
    finish_on: Mapped[date | None]
    responsible_unit: Mapped[str] = mapped_column(sa.String(120), default="")
    responsible_person: Mapped[str] = mapped_column(sa.String(40), default="")
    responsible_phone: Mapped[str] = mapped_column(sa.String(40), default="")
    implementing_unit: Mapped[str] = mapped_column(sa.String(120), default="")
    tasks: Mapped[str] = mapped_column(sa.Text, default="")
    beneficiaries: Mapped[str] = mapped_column(sa.Text, default="")
    goal: Mapped[str] = mapped_column(sa.Text, default="")
    benefit_linkage: Mapped[str] = mapped_column(sa.Text, default="")

    central_amount: Mapped[int] = mapped_column(MoneyColumn, default=0)
    provincial_amount: Mapped[int] = mapped_column(MoneyColumn, default=0)
    provincial_other_amount: Mapped[int] = mapped_column(MoneyColumn, default=0)
    municipal_amount: Mapped[int] = mapped_column(MoneyColumn, default=0)
    county_amount: Mapped[int] = mapped_column(MoneyColumn, default=0)
    other_amount: Mapped[int] = mapped_column(MoneyColumn, default=0)

    benefiting_villages: Mapped[int | None]
    benefiting_households: Mapped[int | None]
    benefiting_people: Mapped[int | None]
    lifted_households: Mapped[int | None]
    lifted_people: Mapped[int | None]
    monitored_households: Mapped[int | None]
    monitored_people: Mapped[int | None]
    for_households: Mapped[bool] = mapped_column(default=False)
    in_lifted_village: Mapped[bool] = mapped_column(default=False)
    preparation: Mapped[str] = mapped_column(sa.Text, default="")
    remark: Mapped[str] = mapped_column(sa.Text, default="")
    illustrative: Mapped[str] = mapped_column(sa.String(200), default="")
    priority: Mapped[int | None]

    created_by_id: Mapped[int]
    created_on: Mapped[date]
    submitted_by_id: Mapped[int | None]
    admitted_by_id: Mapped[int | None]
    admitted_on: Mapped[date | None]
    minutes_number: Mapped[str] = mapped_column(sa.String(80), default="")
    version: Mapped[int] = mapped_column(default=1)

    organization: Mapped[Organization] = relationship(foreign_keys=organization_id)
    township: Mapped[Organization | None] = relationship(foreign_keys=township_id)
    department: Mapped[Organization | None] = relationship(foreign_keys=department_id)
    villages: Mapped[list[Organization]] = relationship(
        secondary=project_village, order_by=Organization.id
    )
    targets: Mapped[list["Target"]] = relationship(
        cascade="all, delete-orphan", order_by="Target.position", back_populates="project"
    )
    steps: Mapped[list["ApprovalStep"]] = relationship(order_by="ApprovalStep.id")
    notices: Mapped[list["PublicNotice"]] = relationship(
        order_by="PublicNotice.from_on", back_populates="project"
    )
    attachments: Mapped[list["Attachment"]] = relationship(order_by="Attachment.id")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.UniqueConstraint("county_id", "code"),
        sa.Index("ix_project_county_year_status", "county_id", "year", "status"),
        sa.CheckConstraint(
            "central_amount >= 0 AND provincial_amount >= 0 AND provincial_other_amount >= 0"
            " AND municipal_amount >= 0 AND county_amount >= 0 AND other_amount >= 0",
            name="amounts_not_negative",
        ),
        sa.CheckConstraint("admitted_by_id <> submitted_by_id", name="two_people"),
    )

    @hybrid_property
    def budget(self) -> int:
        """计划投入资金: the sum of the six sources, in fen."""
        return (
            self.central_amount
            + self.provincial_amount
            + self.provincial_other_amount
            + self.municipal_amount
            + self.county_amount
            + self.other_amount
        )

    @property
    def notice_stages(self) -> tuple[NoticeStage, ...]:
        """What a notice about it that is hung now can be about."""
        return open_stages(self.status)


class ProjectDraft(Base):
    """What the applicant typed last, word for word: nothing typed is lost, not even what is wrong."""

    __tablename__ = "project_draft"
    audited = False

    project_id: Mapped[int] = mapped_column(sa.ForeignKey("project.id"), primary_key=True)
    fields: Mapped[str] = mapped_column(sa.Text)
    saved_by_id: Mapped[int]
    saved_at: Mapped[datetime] = mapped_column(Instant)


class Target(Base):
    """绩效目标: one indicator that is declared with the application (form F4)."""

    __tablename__ = "target"

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    project_id: Mapped[int] = mapped_column(sa.ForeignKey("project.id"), index=True)
    position: Mapped[int]
    level: Mapped[TargetLevel] = mapped_column(LabelledColumn(TargetLevel))
    name: Mapped[str] = mapped_column(sa.String(120))
    comparison: Mapped[Comparison] = mapped_column(LabelledColumn(Comparison))
    value: Mapped[str] = mapped_column(sa.String(40))
    unit: Mapped[str] = mapped_column(sa.String(20), default="")

    project: Mapped[Project] = relationship(back_populates="targets")


class ApprovalStep(StepTaken, Base):
    """The business story of a project: who took which step, when, with what words."""

    __tablename__ = "approval_step"

    project_id: Mapped[int] = mapped_column(sa.ForeignKey("project.id"), index=True)
    from_status: Mapped[ProjectStatus] = mapped_column(LabelledColumn(ProjectStatus))
    to_status: Mapped[ProjectStatus] = mapped_column(LabelledColumn(ProjectStatus))
    organization_name: Mapped[str] = mapped_column(sa.String(80))


class PublicNotice(Base):
    """公示: a paper on the village's or township's board, from and to a day, with objections."""

    __tablename__ = "public_notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    project_id: Mapped[int] = mapped_column(sa.ForeignKey("project.id"), index=True)
    level: Mapped[NoticeLevel] = mapped_column(LabelledColumn(NoticeLevel))
    stage: Mapped[NoticeStage] = mapped_column(
        LabelledColumn(NoticeStage), default=NoticeStage.APPLICATION
    )
    from_on: Mapped[date]
    to_on: Mapped[date]
    place: Mapped[str] = mapped_column(sa.String(120))
    photo_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"))
    photo_on: Mapped[date | None]
    last_photo_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"))
    last_photo_on: Mapped[date | None]
    recorded_by_id: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)

    project: Mapped[Project] = relationship(back_populates="notices")
    photo: Mapped[StoredFile | None] = relationship(foreign_keys=photo_id)
    last_photo: Mapped[StoredFile | None] = relationship(foreign_keys=last_photo_id)
    objections: Mapped[list["Objection"]] = relationship(
        order_by="Objection.id", back_populates="notice"
    )

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (sa.CheckConstraint("to_on >= from_on", name="days_in_order"),)

    @property
    def title(self) -> str:
        """What people call it: 村级公示, or 竣工公示（村级公示）."""
        if self.stage is NoticeStage.APPLICATION:
            return self.level.label
        return f"{self.stage.label}（{self.level.label}）"

    def photo_asked(self, today: date) -> BoardPhoto | None:
        """Which photo of its board is missing on a day."""
        return photo_asked(
            self.from_on,
            self.to_on,
            today,
            first=self.photo_id is not None,
            last=self.last_photo_id is not None,
        )

    @property
    def open_objections(self) -> list["Objection"]:
        """The objections that nobody has closed yet."""
        return [one for one in self.objections if one.closed_on is None]


class Objection(Base):
    """异议: what somebody said against a notice, the answer, and who closed it.

    Who closes is neither who recorded the notice (DOMAIN §2) nor who answered; the person who objected is
    not named. ``answered_on`` is None where an older record does not say it.
    """

    __tablename__ = "objection"

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    notice_id: Mapped[int] = mapped_column(sa.ForeignKey("public_notice.id"), index=True)
    received_on: Mapped[date]
    content: Mapped[str] = mapped_column(sa.Text)
    recorded_by_id: Mapped[int]
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    answered_by_id: Mapped[int | None]
    answered_on: Mapped[date | None]
    closed_by_id: Mapped[int | None]
    closed_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    notice: Mapped[PublicNotice] = relationship(back_populates="objections")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (sa.CheckConstraint("closed_by_id <> answered_by_id", name="two_people"),)


class Attachment(Base):
    """A paper of a project, by category."""

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    project_id: Mapped[int] = mapped_column(sa.ForeignKey("project.id"), index=True)
    category: Mapped[AttachmentCategory] = mapped_column(LabelledColumn(AttachmentCategory))
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_file.id"))
    removed_on: Mapped[date | None]

    file: Mapped[StoredFile] = relationship()


class PlanImport(Base):
    """A plan table (form F1b) that was uploaded: checked on every look, imported once when confirmed.

    ``content`` is emptied by the confirmation; ``sha256`` stays, so that the same file is recognised.
    """

    __tablename__ = "plan_import"
    audited = False
    scope_columns = {Scope.COUNTY: "county_id"}

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"), index=True)
    year: Mapped[int]
    minutes_number: Mapped[str] = mapped_column(sa.String(80), default="")
    admitted_on: Mapped[date | None]
    filename: Mapped[str] = mapped_column(sa.String(160))
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)
    uploaded_by_id: Mapped[int]
    uploaded_on: Mapped[date]
    imported_on: Mapped[date | None]
    added: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
