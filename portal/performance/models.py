"""The performance chain of projects and the yearly assessment of the county."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, LabelledColumn, MoneyColumn
from portal.files.models import StoredFile
from portal.library.models import Project
from portal.rules.access import Scope
from portal.rules.vocabulary import (
    AssessmentStatus,
    Comparison,
    DeviationCause,
    FormKind,
    FormStatus,
    Likelihood,
    ManagementAspect,
    MoneySource,
    TargetLevel,
)
from portal.steps import StepTaken


class PerformanceForm(Base):
    """绩效表: a project's declaration (F4), monitoring (F5) or self-evaluation (F6), or the county's F6b.

    ``month`` is the last month that a monitoring covers, None for the others. The amounts are fen as the
    ledger had them when the form was handed in: 年初预算数, 全年预算数 (A), 全年执行数 (B), 预计执行数.
    主管部门 and 资金使用单位 are texts of the county's form only.
    """

    __tablename__ = "performance_form"
    scope_columns = {
        Scope.OWN: "organization_id",
        Scope.TOWNSHIP: "township_id",
        Scope.DEPARTMENT: "department_id",
        Scope.COUNTY: "county_id",
    }

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    organization_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organization.id"))
    township_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organization.id"))
    department_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organization.id"))
    project_id: Mapped[int | None] = mapped_column(sa.ForeignKey("project.id"), index=True)
    kind: Mapped[FormKind] = mapped_column(LabelledColumn(FormKind))
    year: Mapped[int]
    month: Mapped[int | None]
    status: Mapped[FormStatus] = mapped_column(LabelledColumn(FormStatus), default=FormStatus.DRAFT)
    goal: Mapped[str] = mapped_column(sa.Text, default="")
    achieved: Mapped[str] = mapped_column(sa.Text, default="")
    initial_amount: Mapped[int] = mapped_column(MoneyColumn, default=0)
    budget_amount: Mapped[int] = mapped_column(MoneyColumn, default=0)
    executed_amount: Mapped[int] = mapped_column(MoneyColumn, default=0)
    expected_amount: Mapped[int] = mapped_column(MoneyColumn, default=0)
    central_department: Mapped[str] = mapped_column(sa.String(120), default="")
    local_department: Mapped[str] = mapped_column(sa.String(120), default="")
    fund_user: Mapped[str] = mapped_column(sa.String(200), default="")
    written_by_id: Mapped[int]
    written_on: Mapped[date]
    submitted_on: Mapped[date | None]
    approved_on: Mapped[date | None]
    approved_by_id: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)

    project: Mapped[Project | None] = relationship()
    lines: Mapped[list["IndicatorLine"]] = relationship(
        back_populates="form", order_by="IndicatorLine.position", cascade="all, delete-orphan"
    )
    notes: Mapped[list["ManagementNote"]] = relationship(
        order_by="ManagementNote.id", cascade="all, delete-orphan"
    )
    amounts: Mapped[list["FormAmount"]] = relationship(
        order_by="FormAmount.id", cascade="all, delete-orphan"
    )
    steps: Mapped[list["FormStep"]] = relationship(order_by="FormStep.id")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.UniqueConstraint("county_id", "kind", "project_id", "year", "month"),
        sa.Index("ix_performance_form_status", "county_id", "year", "kind", "status"),
    )


class IndicatorLine(Base):
    """绩效指标 of a form; ``weight`` and ``score`` are hundredths of a point, None before they are given."""

    __tablename__ = "indicator_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    form_id: Mapped[int] = mapped_column(sa.ForeignKey("performance_form.id"), index=True)
    position: Mapped[int]
    level: Mapped[TargetLevel] = mapped_column(LabelledColumn(TargetLevel))
    name: Mapped[str] = mapped_column(sa.String(120))
    comparison: Mapped[Comparison] = mapped_column(LabelledColumn(Comparison))
    value: Mapped[str] = mapped_column(sa.String(40))
    unit: Mapped[str] = mapped_column(sa.String(20), default="")
    core: Mapped[bool] = mapped_column(default=False)
    achieved: Mapped[str] = mapped_column(sa.String(40), default="")
    expected: Mapped[str] = mapped_column(sa.String(40), default="")
    cause: Mapped[DeviationCause | None] = mapped_column(LabelledColumn(DeviationCause))
    explanation: Mapped[str] = mapped_column(sa.String(500), default="")
    remedy: Mapped[str] = mapped_column(sa.String(500), default="")
    likelihood: Mapped[Likelihood | None] = mapped_column(LabelledColumn(Likelihood))
    weight: Mapped[int | None]
    score: Mapped[int | None]

    form: Mapped[PerformanceForm] = relationship(back_populates="lines")

    __table_args__ = (
        sa.CheckConstraint("score >= 0 AND score <= weight", name="score_within_weight"),
    )


class FormAmount(Base):
    """The amounts of one source of a form's money as the ledger had them when it was handed in.

    Fen; None where the ledger does not know them.
    """

    __tablename__ = "form_amount"

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    form_id: Mapped[int] = mapped_column(sa.ForeignKey("performance_form.id"), index=True)
    source: Mapped[MoneySource] = mapped_column(LabelledColumn(MoneySource))
    initial_amount: Mapped[int | None] = mapped_column(MoneyColumn)
    budget_amount: Mapped[int | None] = mapped_column(MoneyColumn)
    executed_amount: Mapped[int | None] = mapped_column(MoneyColumn)

    __table_args__ = (sa.UniqueConstraint("form_id", "source"),)


class ManagementNote(Base):
    """资金管理情况: one aspect of the regional form, how it stands and what is mended (F6b)."""

    __tablename__ = "management_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    form_id: Mapped[int] = mapped_column(sa.ForeignKey("performance_form.id"), index=True)
    aspect: Mapped[ManagementAspect] = mapped_column(LabelledColumn(ManagementAspect))
    words: Mapped[str] = mapped_column(sa.Text, default="")
    problems: Mapped[str] = mapped_column(sa.Text, default="")

    __table_args__ = (sa.UniqueConstraint("form_id", "aspect"),)


class FormStep(StepTaken, Base):
    """The business story of a form: who handed it in, returned or approved it, with what words."""

    __tablename__ = "form_step"

    form_id: Mapped[int] = mapped_column(sa.ForeignKey("performance_form.id"), index=True)
    to_status: Mapped[FormStatus] = mapped_column(LabelledColumn(FormStatus))


class Assessment(Base):
    """年度绩效自评: one year of a county, scored by a scheme, signed by two departments, then frozen.

    ``scheme`` is the text of the table that it is scored by. With the second signature ``content`` holds
    everything as JSON in one fixed form and ``sha256`` its hash; the sheet and the report are kept as files
    and give the same bytes for ever.
    """

    __tablename__ = "assessment"
    scope_columns = {Scope.COUNTY: "county_id"}

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    year: Mapped[int]
    counted_on: Mapped[date]
    scheme: Mapped[str] = mapped_column(sa.Text)
    status: Mapped[AssessmentStatus] = mapped_column(
        LabelledColumn(AssessmentStatus), default=AssessmentStatus.OPEN
    )
    not_applicable: Mapped[str] = mapped_column(sa.String(200), default="")
    begun_by_id: Mapped[int]
    begun_on: Mapped[date]
    finance_signed_by_id: Mapped[int | None]
    finance_signed_by: Mapped[str] = mapped_column(sa.String(80), default="")
    finance_signed_on: Mapped[date | None]
    agriculture_signed_by_id: Mapped[int | None]
    agriculture_signed_by: Mapped[str] = mapped_column(sa.String(80), default="")
    agriculture_signed_on: Mapped[date | None]
    content: Mapped[str] = mapped_column(sa.Text, default="")
    sha256: Mapped[str] = mapped_column(sa.String(64), default="")
    sheet_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"))
    report_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"))
    version: Mapped[int] = mapped_column(default=1)

    sheet: Mapped[StoredFile | None] = relationship(foreign_keys=sheet_id)
    report: Mapped[StoredFile | None] = relationship(foreign_keys=report_id)
    facts: Mapped[list["AssessmentFact"]] = relationship(order_by="AssessmentFact.id")
    claims: Mapped[list["AssessmentClaim"]] = relationship(order_by="AssessmentClaim.id")
    evidence: Mapped[list["AssessmentEvidence"]] = relationship(order_by="AssessmentEvidence.id")
    sections: Mapped[list["ReportSection"]] = relationship(order_by="ReportSection.id")
    answers: Mapped[list["FindingAnswer"]] = relationship(order_by="FindingAnswer.id")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.UniqueConstraint("county_id", "year"),
        sa.CheckConstraint("finance_signed_by_id <> agriculture_signed_by_id", name="two_people"),
    )


class AssessmentFact(Base):
    """A fact that people enter because no ledger knows it; ``content`` is JSON as its formula asks."""

    __tablename__ = "assessment_fact"

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    assessment_id: Mapped[int] = mapped_column(sa.ForeignKey("assessment.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(60))
    content: Mapped[str] = mapped_column(sa.Text)
    entered_by_id: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (sa.UniqueConstraint("assessment_id", "name"),)


class AssessmentClaim(Base):
    """Points (hundredths) that officials claim for a line, with the reason for the difference."""

    __tablename__ = "assessment_claim"

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    assessment_id: Mapped[int] = mapped_column(sa.ForeignKey("assessment.id"), index=True)
    no: Mapped[str] = mapped_column(sa.String(10))
    points: Mapped[int]
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    entered_by_id: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (sa.UniqueConstraint("assessment_id", "no"),)


class AssessmentEvidence(Base):
    """佐证材料: a file for one line."""

    __tablename__ = "assessment_evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    assessment_id: Mapped[int] = mapped_column(sa.ForeignKey("assessment.id"), index=True)
    no: Mapped[str] = mapped_column(sa.String(10))
    title: Mapped[str] = mapped_column(sa.String(120))
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_file.id"))
    removed_on: Mapped[date | None]

    file: Mapped[StoredFile] = relationship()


class ReportSection(Base):
    """A paragraph of the report that people write; it is kept between runs."""

    __tablename__ = "report_section"

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    assessment_id: Mapped[int] = mapped_column(sa.ForeignKey("assessment.id"), index=True)
    key: Mapped[str] = mapped_column(sa.String(60))
    text: Mapped[str] = mapped_column(sa.Text)
    written_by_id: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (sa.UniqueConstraint("assessment_id", "key"),)


class FindingAnswer(Base):
    """Why a contradiction that the cross-check found stays as it is; ``finding`` is its digest."""

    __tablename__ = "finding_answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    assessment_id: Mapped[int] = mapped_column(sa.ForeignKey("assessment.id"), index=True)
    finding: Mapped[str] = mapped_column(sa.String(64))
    words: Mapped[str] = mapped_column(sa.String(500))
    answered_by_id: Mapped[int]

    __table_args__ = (sa.UniqueConstraint("assessment_id", "finding"),)
