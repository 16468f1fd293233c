"""Fund documents, the batches that arrange their money, and the single allocations."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, LabelledColumn, MoneyColumn
from portal.files.models import StoredFile
from portal.library.models import Project
from portal.rules import money
from portal.rules.access import Scope
from portal.rules.vocabulary import BatchStatus, FundingTier, FundTask
from portal.steps import StepTaken


class FundDocument(Base):
    """资金（指标）文件: money that arrived by a numbered paper (form F3). Amounts in fen.

    ``received_on`` starts the 45-day clock; a document without it has none. ``arranged_amount`` is a
    counter of what is spoken for (:mod:`portal.funds.counting`); its CHECK makes overspending
    impossible for every writer, and ``verify`` recomputes it.
    """

    __tablename__ = "fund_document"
    scope_columns = {Scope.COUNTY: "county_id"}

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    code: Mapped[str] = mapped_column(sa.String(80))
    number: Mapped[str | None] = mapped_column(sa.String(80))
    parent_number: Mapped[str] = mapped_column(sa.String(80), default="")
    title: Mapped[str] = mapped_column(sa.String(200))
    issuer: Mapped[str] = mapped_column(sa.String(120), default="")
    issued_on: Mapped[date | None]
    received_on: Mapped[date | None] = mapped_column(index=True)
    reported_on: Mapped[date | None]
    year: Mapped[int]
    fund_name: Mapped[str] = mapped_column(sa.String(120), default="")
    tier: Mapped[FundingTier] = mapped_column(LabelledColumn(FundingTier))
    task: Mapped[FundTask | None] = mapped_column(LabelledColumn(FundTask))
    amount: Mapped[int] = mapped_column(MoneyColumn)
    arranged_amount: Mapped[int] = mapped_column(MoneyColumn, default=0)
    earmark: Mapped[str] = mapped_column(sa.String(200), default="")
    direct: Mapped[bool] = mapped_column(default=False)
    advance_issue: Mapped[bool] = mapped_column(default=False)
    reissued: Mapped[bool] = mapped_column(default=False)
    revenue_code: Mapped[str] = mapped_column(sa.String(20), default="")
    functional_code: Mapped[str] = mapped_column(sa.String(20), default="")
    government_code: Mapped[str] = mapped_column(sa.String(20), default="")
    department_code: Mapped[str] = mapped_column(sa.String(20), default="")
    remark: Mapped[str] = mapped_column(sa.Text, default="")
    scan_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"))
    registered_by_id: Mapped[int]
    registered_on: Mapped[date]
    version: Mapped[int] = mapped_column(default=1)

    scan: Mapped[StoredFile | None] = relationship()
    allocations: Mapped[list["Allocation"]] = relationship(back_populates="document")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.UniqueConstraint("county_id", "code"),
        sa.UniqueConstraint("county_id", "number"),
        sa.Index("ix_fund_document_unreported", "reported_on", "received_on"),
        sa.CheckConstraint("amount > 0", name="amount_above_zero"),
        sa.CheckConstraint(
            "arranged_amount >= 0 AND arranged_amount <= amount", name="never_above_amount"
        ),
    )

    @property
    def rest(self) -> int:
        """What is not yet arranged, in fen."""
        return self.amount - self.arranged_amount

    @property
    def short_name(self) -> str:
        """The number, or the title where the paper bears none."""
        return self.number or self.title


class AllocationBatch(Base):
    """资金安排批次: allocations that one approval places on projects (approval, date, minutes).

    With a ``reason`` it is an adjustment (资金调整): it takes money back from projects by negative lines,
    and may place it anew, in one approval.
    """

    __tablename__ = "allocation_batch"
    scope_columns = {Scope.COUNTY: "county_id"}

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    title: Mapped[str] = mapped_column(sa.String(120))
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    status: Mapped[BatchStatus] = mapped_column(
        LabelledColumn(BatchStatus), default=BatchStatus.DRAFT
    )
    approval_number: Mapped[str] = mapped_column(sa.String(120), default="")
    approved_on: Mapped[date | None] = mapped_column(index=True)
    approved_by: Mapped[str] = mapped_column(sa.String(80), default="")
    minutes_number: Mapped[str] = mapped_column(sa.String(120), default="")
    minutes_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"))
    drafted_by_id: Mapped[int]
    decided_by_id: Mapped[int | None]
    words: Mapped[str] = mapped_column(sa.Text, default="")
    illustrative: Mapped[str] = mapped_column(sa.String(200), default="")
    version: Mapped[int] = mapped_column(default=1)

    minutes: Mapped[StoredFile | None] = relationship()
    allocations: Mapped[list["Allocation"]] = relationship(
        back_populates="batch", order_by="Allocation.id"
    )
    steps: Mapped[list["BatchStep"]] = relationship(order_by="BatchStep.id")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (sa.CheckConstraint("decided_by_id <> drafted_by_id", name="two_people"),)

    @property
    def lines(self) -> list["Allocation"]:
        """The lines that count."""
        return [line for line in self.allocations if not line.void]

    @property
    def amount(self) -> int:
        """What the batch places on projects beyond what it takes back, in fen."""
        return sum(line.amount for line in self.lines)

    @property
    def taken_back(self) -> int:
        """What an adjustment takes back, in fen."""
        return -sum(line.amount for line in self.lines if line.amount < 0)

    @property
    def in_words(self) -> str:
        """The sum as a sentence has it: 406.00 万元, or of an adjustment both directions."""
        if not self.reason:
            return f"{money.wan_exact(self.amount)} 万元"
        placed = money.wan_exact(self.amount + self.taken_back)
        return f"收回 {money.wan_exact(self.taken_back)} 万元，重新安排 {placed} 万元"


class BatchStep(StepTaken, Base):
    """The business story of a batch: who took which step, when, with what words."""

    __tablename__ = "batch_step"

    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("allocation_batch.id"), index=True)
    to_status: Mapped[BatchStatus] = mapped_column(LabelledColumn(BatchStatus))


class Allocation(Base):
    """资金安排: an amount of one document for one project in one batch, in fen.

    A line of a draft that is taken out becomes void with its amount kept: the trail never loses money.
    A negative line takes money back; ``changes_id`` is the approved line that it changes, and what was
    approved is never edited.
    """

    __tablename__ = "allocation"
    scope_columns = {Scope.COUNTY: "county_id"}

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("allocation_batch.id"), index=True)
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("fund_document.id"), index=True)
    project_id: Mapped[int] = mapped_column(sa.ForeignKey("project.id"), index=True)
    amount: Mapped[int] = mapped_column(MoneyColumn)
    purpose: Mapped[str] = mapped_column(sa.String(200), default="")
    entered_by_id: Mapped[int]
    void: Mapped[bool] = mapped_column(default=False)
    changes_id: Mapped[int | None] = mapped_column(sa.ForeignKey("allocation.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)

    batch: Mapped[AllocationBatch] = relationship(back_populates="allocations")
    document: Mapped[FundDocument] = relationship(back_populates="allocations")
    project: Mapped[Project] = relationship()
    changes: Mapped["Allocation | None"] = relationship(remote_side="Allocation.id")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.CheckConstraint(
            "amount > 0 OR (amount < 0 AND changes_id IS NOT NULL)", name="taken_back_from_a_line"
        ),
    )


class Placement(Base):
    """到项目资金: what approved batches place of one document on one project, and what of it is used.

    Three counters in fen, each the sum of rows elsewhere (approved lines, payment requests under way,
    postings); the CHECK keeps paid within allocated for every writer, and ``verify`` recomputes them.
    """

    __tablename__ = "placement"
    scope_columns = {Scope.COUNTY: "county_id"}

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("fund_document.id"))
    project_id: Mapped[int] = mapped_column(sa.ForeignKey("project.id"), index=True)
    allocated_amount: Mapped[int] = mapped_column(MoneyColumn, default=0)
    requested_amount: Mapped[int] = mapped_column(MoneyColumn, default=0)
    paid_amount: Mapped[int] = mapped_column(MoneyColumn, default=0)
    version: Mapped[int] = mapped_column(default=1)

    document: Mapped[FundDocument] = relationship()
    project: Mapped[Project] = relationship()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.UniqueConstraint("document_id", "project_id"),
        sa.CheckConstraint(
            "requested_amount >= 0 AND paid_amount >= 0"
            " AND requested_amount + paid_amount <= allocated_amount",
            name="paid_within_allocated",
        ),
    )

    @property
    def rest(self) -> int:
        """What may still be asked for, in fen."""
        return self.allocated_amount - self.requested_amount - self.paid_amount


class OpeningFigure(Base):
    """Arranged money of a year before the portal was in use, in fen: what this year is held against."""

    __tablename__ = "opening_figure"
    scope_columns = {Scope.COUNTY: "county_id"}

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    year: Mapped[int]
    industry_amount: Mapped[int] = mapped_column(MoneyColumn)
    total_amount: Mapped[int] = mapped_column(MoneyColumn)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.UniqueConstraint("county_id", "year"),
        sa.CheckConstraint(
            "industry_amount >= 0 AND industry_amount <= total_amount AND total_amount > 0",
            name="part_of_total",
        ),
    )


class OpeningPayment(Base):
    """Fen paid by a day of a year's money that is older than the portal; the latest day counts."""

    __tablename__ = "opening_payment"
    scope_columns = {Scope.COUNTY: "county_id"}

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    year: Mapped[int]
    counted_on: Mapped[date]
    paid_amount: Mapped[int] = mapped_column(MoneyColumn)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.UniqueConstraint("county_id", "year", "counted_on"),
        sa.CheckConstraint("paid_amount >= 0", name="not_negative"),
    )
