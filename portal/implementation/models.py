"""The works of a project: contracts, dates, acceptance, changes and reports of progress."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, LabelledColumn, MoneyColumn
from portal.files.models import StoredFile
from portal.library.models import Project
from portal.rules.access import Scope
from portal.rules.vocabulary import (
    AcceptanceLevel,
    ChangeKind,
    ChangeStatus,
    ContractKind,
    TenderMethod,
)


class Execution(Base):
    """实施情况: the dates of a project's works; a day that has not come yet is None.

    ``reviewed_on`` is the approval of design and estimate (概算评审批复), ``claimed_on`` the day on which
    the last money was asked for (报账). One row per project, made by its first entry.
    """

    __tablename__ = "execution"

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    project_id: Mapped[int] = mapped_column(sa.ForeignKey("project.id"), unique=True)
    designed_on: Mapped[date | None]
    reviewed_on: Mapped[date | None]
    tendered_on: Mapped[date | None]
    started_on: Mapped[date | None]
    finished_on: Mapped[date | None]
    claimed_on: Mapped[date | None]
    recorded_by_id: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)

    project: Mapped[Project] = relationship()

    __mapper_args__ = {"version_id_col": version}


class Contract(Base):
    """合同: who does what for how much, in fen.

    ``settlement_amount`` is the price after the settlement audit (结算审计); from then on it is the limit of
    payments. ``retention_amount`` (质保金) stays back until ``retention_due_on``.
    """

    __tablename__ = "contract"

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    project_id: Mapped[int] = mapped_column(sa.ForeignKey("project.id"), index=True)
    kind: Mapped[ContractKind] = mapped_column(LabelledColumn(ContractKind))
    number: Mapped[str] = mapped_column(sa.String(80), default="")
    name: Mapped[str] = mapped_column(sa.String(120))
    contractor: Mapped[str] = mapped_column(sa.String(120))
    method: Mapped[TenderMethod] = mapped_column(LabelledColumn(TenderMethod))
    signed_on: Mapped[date]
    expires_on: Mapped[date | None]
    amount: Mapped[int] = mapped_column(MoneyColumn)
    settlement_amount: Mapped[int | None] = mapped_column(MoneyColumn)
    settled_on: Mapped[date | None]
    settled_by: Mapped[str] = mapped_column(sa.String(120), default="")
    retention_amount: Mapped[int] = mapped_column(MoneyColumn, default=0)
    retention_due_on: Mapped[date | None] = mapped_column(index=True)
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"))
    recorded_by_id: Mapped[int]
    void: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    project: Mapped[Project] = relationship()
    file: Mapped[StoredFile | None] = relationship()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.CheckConstraint("amount > 0", name="amount_above_zero"),
        sa.CheckConstraint(
            "retention_amount >= 0 AND retention_amount <= amount", name="retention_within_price"
        ),
        sa.CheckConstraint("settlement_amount >= 0", name="settlement_not_negative"),
    )

    @property
    def limit(self) -> int:
        """What may be paid on the contract in all, in fen: the settled price, before that the agreed one."""
        return self.amount if self.settlement_amount is None else self.settlement_amount


class Acceptance(Base):
    """验收: one look at the finished work, at one of three levels."""

    __tablename__ = "acceptance"

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    project_id: Mapped[int] = mapped_column(sa.ForeignKey("project.id"), index=True)
    level: Mapped[AcceptanceLevel] = mapped_column(LabelledColumn(AcceptanceLevel))
    accepted_on: Mapped[date]
    passed: Mapped[bool]
    opinion: Mapped[str] = mapped_column(sa.Text, default="")
    people: Mapped[str] = mapped_column(sa.String(200), default="")
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"))
    actor_id: Mapped[int]
    actor_name: Mapped[str] = mapped_column(sa.String(40))

    project: Mapped[Project] = relationship()
    file: Mapped[StoredFile | None] = relationship()


class ProjectChange(Base):
    """暂缓、恢复、变更、终止: what was asked of the leading group, and what it decided.

    The decision stands from ``decided_on``; the latest approved suspension or termination holds until a
    later approved resumption.
    """

    __tablename__ = "project_change"
    scope_columns = {
        Scope.TOWNSHIP: "township_id",
        Scope.DEPARTMENT: "department_id",
        Scope.COUNTY: "county_id",
    }

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    township_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organization.id"))
    department_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organization.id"))
    project_id: Mapped[int] = mapped_column(sa.ForeignKey("project.id"), index=True)
    kind: Mapped[ChangeKind] = mapped_column(LabelledColumn(ChangeKind))
    status: Mapped[ChangeStatus] = mapped_column(
        LabelledColumn(ChangeStatus), default=ChangeStatus.SUBMITTED
    )
    reason: Mapped[str] = mapped_column(sa.Text)
    details: Mapped[str] = mapped_column(sa.Text, default="")
    finish_on: Mapped[date | None]
    proposed_by_id: Mapped[int]
    proposed_by: Mapped[str] = mapped_column(sa.String(80))
    proposed_on: Mapped[date]
    decided_by_id: Mapped[int | None]
    decided_by: Mapped[str] = mapped_column(sa.String(80), default="")
    decided_on: Mapped[date | None]
    minutes_number: Mapped[str] = mapped_column(sa.String(120), default="")
    words: Mapped[str] = mapped_column(sa.Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    project: Mapped[Project] = relationship()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (sa.CheckConstraint("decided_by_id <> proposed_by_id", name="two_people"),)


class ProgressReport(Base):
    """形象进度: the share of the works that is done on a day, in percent, with words and photos."""

    __tablename__ = "progress_report"

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    project_id: Mapped[int] = mapped_column(sa.ForeignKey("project.id"), index=True)
    percent: Mapped[int]
    words: Mapped[str] = mapped_column(sa.Text, default="")
    reported_on: Mapped[date]
    reported_by_id: Mapped[int]
    reported_by: Mapped[str] = mapped_column(sa.String(80))

    project: Mapped[Project] = relationship()
    photos: Mapped[list["ProgressPhoto"]] = relationship(order_by="ProgressPhoto.id")

    __table_args__ = (
        sa.CheckConstraint("percent >= 0 AND percent <= 100", name="share_of_the_whole"),
    )


class ProgressPhoto(Base):
    """A picture of the works; ``taken_on`` is the day it shows."""

    __tablename__ = "progress_photo"

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    report_id: Mapped[int] = mapped_column(sa.ForeignKey("progress_report.id"), index=True)
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_file.id"))
    taken_on: Mapped[date]

    file: Mapped[StoredFile] = relationship()
