"""Payments, the checks they passed, the postings that are the ledger, and the treasury's own list."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, LabelledColumn, MoneyColumn
from portal.files.models import StoredFile
from portal.funds.models import FundDocument, Placement
from portal.implementation.models import Contract
from portal.library.models import Project
from portal.rules.access import Scope
from portal.rules.vocabulary import PaymentKind, PaymentOrigin, PaymentStatus
from portal.steps import StepTaken


class Payment(Base):
    """支付: money asked for one project, checked gate by gate, then paid (form F11).

    ``gate`` is the code of the gate it waits at, empty before and after. ``approved_on`` is the day of the
    last gate and starts the five-day clock. A reversal is a payment of its own with negative parts that
    names what it reverses; nothing that was paid is ever edited.
    """

    __tablename__ = "payment"
    scope_columns = {
        Scope.OWN: "organization_id",
        Scope.TOWNSHIP: "township_id",
        Scope.DEPARTMENT: "department_id",
        Scope.COUNTY: "county_id",
    }

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    organization_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    township_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organization.id"))
    department_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organization.id"))
    code: Mapped[str] = mapped_column(sa.String(80))
    project_id: Mapped[int] = mapped_column(sa.ForeignKey("project.id"), index=True)
    contract_id: Mapped[int | None] = mapped_column(sa.ForeignKey("contract.id"), index=True)
    kind: Mapped[PaymentKind] = mapped_column(LabelledColumn(PaymentKind))
    origin: Mapped[PaymentOrigin] = mapped_column(
        LabelledColumn(PaymentOrigin), default=PaymentOrigin.REQUEST
    )
    status: Mapped[PaymentStatus] = mapped_column(
        LabelledColumn(PaymentStatus), default=PaymentStatus.DRAFT
    )
    gate: Mapped[str] = mapped_column(sa.String(40), default="")
    payee: Mapped[str] = mapped_column(sa.String(120))
    purpose: Mapped[str] = mapped_column(sa.String(200), default="")
    without_contract: Mapped[str] = mapped_column(sa.String(200), default="")
    voucher_number: Mapped[str] = mapped_column(sa.String(80), default="")
    invoice_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"))
    acceptance_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"))
    requested_by_id: Mapped[int]
    requested_on: Mapped[date]
    approved_on: Mapped[date | None] = mapped_column(index=True)
    paid_on: Mapped[date | None]
    recorded_by_id: Mapped[int | None]
    reverses_id: Mapped[int | None] = mapped_column(sa.ForeignKey("payment.id"), index=True)
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    illustrative: Mapped[str] = mapped_column(sa.String(200), default="")
    version: Mapped[int] = mapped_column(default=1)

    project: Mapped[Project] = relationship()
    contract: Mapped[Contract | None] = relationship()
    invoice: Mapped[StoredFile | None] = relationship(foreign_keys=invoice_id)
    acceptance: Mapped[StoredFile | None] = relationship(foreign_keys=acceptance_id)
    reverses: Mapped["Payment | None"] = relationship(remote_side="Payment.id")
    parts: Mapped[list["PaymentPart"]] = relationship(
        back_populates="payment", order_by="PaymentPart.id", cascade="all, delete-orphan"
    )
    checks: Mapped[list["PaymentCheck"]] = relationship(order_by="PaymentCheck.id")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.UniqueConstraint("county_id", "code"),
        sa.Index("ix_payment_county_status", "county_id", "status", "gate"),
    )

    @property
    def amount(self) -> int:
        """The sum of the parts, in fen; negative for a reversal."""
        return sum(part.amount for part in self.parts)


class PaymentPart(Base):
    """来源拆分: what a payment takes of one document, in fen; negative where it reverses."""

    __tablename__ = "payment_part"

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    payment_id: Mapped[int] = mapped_column(sa.ForeignKey("payment.id"), index=True)
    placement_id: Mapped[int] = mapped_column(sa.ForeignKey("placement.id"), index=True)
    amount: Mapped[int] = mapped_column(MoneyColumn)

    payment: Mapped[Payment] = relationship(back_populates="parts")
    placement: Mapped[Placement] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("payment_id", "placement_id"),
        sa.CheckConstraint("amount <> 0", name="amount_not_zero"),
    )


class PaymentCheck(StepTaken, Base):
    """The business story of a payment: which gate or step, who, when, with what opinion."""

    __tablename__ = "payment_check"

    payment_id: Mapped[int] = mapped_column(sa.ForeignKey("payment.id"), index=True)
    gate: Mapped[str] = mapped_column(sa.String(40), default="")
    to_status: Mapped[PaymentStatus] = mapped_column(LabelledColumn(PaymentStatus))


class Posting(Base):
    """记账: fen of one document that left the treasury for one project on a day; append-only (L2).

    Every total of paid money is a sum of these rows. A reversal is a negative row, never an edit.
    ``fund_year`` repeats the document's year, so that a year's curve is read from one index.
    """

    __tablename__ = "posting"
    scope_columns = {Scope.COUNTY: "county_id"}

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    payment_id: Mapped[int] = mapped_column(sa.ForeignKey("payment.id"), index=True)
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("fund_document.id"))
    project_id: Mapped[int] = mapped_column(sa.ForeignKey("project.id"))
    fund_year: Mapped[int]
    paid_on: Mapped[date]
    amount: Mapped[int] = mapped_column(MoneyColumn)
    posted_by_id: Mapped[int]
    posted_on: Mapped[date]

    payment: Mapped[Payment] = relationship()
    document: Mapped[FundDocument] = relationship()
    project: Mapped[Project] = relationship()

    __table_args__ = (
        sa.CheckConstraint("amount <> 0", name="amount_not_zero"),
        sa.Index("ix_posting_year", "county_id", "fund_year", "paid_on", "amount"),
        sa.Index("ix_posting_document", "document_id", "paid_on", "amount"),
        sa.Index("ix_posting_project", "project_id", "paid_on", "document_id", "amount"),
    )


class GateKeeper(Base):
    """Who sits at a gate; a gate without a keeper is open to all who may check payments."""

    __tablename__ = "gate_keeper"
    scope_columns = {Scope.COUNTY: "county_id"}

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    gate: Mapped[str] = mapped_column(sa.String(40))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))

    __table_args__ = (sa.UniqueConstraint("county_id", "gate", "user_id"),)


class TreasuryList(Base):
    """A list of payments from the treasury's system, uploaded to be matched line by line, booked once."""

    __tablename__ = "treasury_list"
    scope_columns = {Scope.COUNTY: "county_id"}

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    filename: Mapped[str] = mapped_column(sa.String(160))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    uploaded_by_id: Mapped[int]
    uploaded_on: Mapped[date]
    booked_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    lines: Mapped[list["TreasuryLine"]] = relationship(
        back_populates="list", order_by="TreasuryLine.number"
    )

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (sa.UniqueConstraint("county_id", "sha256"),)


class TreasuryLine(Base):
    """One line of the list, as it was read, and what it was matched with."""

    __tablename__ = "treasury_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    list_id: Mapped[int] = mapped_column(sa.ForeignKey("treasury_list.id"), index=True)
    number: Mapped[int]
    paid_on: Mapped[date]
    voucher_number: Mapped[str] = mapped_column(sa.String(80))
    payee: Mapped[str] = mapped_column(sa.String(120))
    amount: Mapped[int] = mapped_column(MoneyColumn)
    summary: Mapped[str] = mapped_column(sa.String(200), default="")
    document_number: Mapped[str] = mapped_column(sa.String(80), default="")
    project_name: Mapped[str] = mapped_column(sa.String(120), default="")
    payment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("payment.id"))
    placement_id: Mapped[int | None] = mapped_column(sa.ForeignKey("placement.id"))
    passed_over: Mapped[str] = mapped_column(sa.String(200), default="")
    version: Mapped[int] = mapped_column(default=1)

    list: Mapped[TreasuryList] = relationship(back_populates="lines")
    payment: Mapped[Payment | None] = relationship()
    placement: Mapped[Placement | None] = relationship()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.UniqueConstraint("list_id", "number"),
        sa.CheckConstraint("amount <> 0", name="amount_not_zero"),
    )
