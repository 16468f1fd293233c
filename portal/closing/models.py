"""The closing of a year: what is left of each document and project, carried over to the next."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, LabelledColumn, MoneyColumn
from portal.funds.models import FundDocument
from portal.library.models import Project
from portal.rules.access import Scope
from portal.rules.vocabulary import ClosingStatus


class YearClosing(Base):
    """年度结账: the year's last day on which money moves; from the approval nothing is booked into it."""

    __tablename__ = "year_closing"
    scope_columns = {Scope.COUNTY: "county_id"}

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    year: Mapped[int]
    status: Mapped[ClosingStatus] = mapped_column(
        LabelledColumn(ClosingStatus), default=ClosingStatus.SUBMITTED
    )
    proposed_by_id: Mapped[int]
    proposed_by: Mapped[str] = mapped_column(sa.String(80))
    proposed_on: Mapped[date]
    decided_by_id: Mapped[int | None]
    decided_by: Mapped[str] = mapped_column(sa.String(80), default="")
    decided_on: Mapped[date | None]
    words: Mapped[str] = mapped_column(sa.Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    lines: Mapped[list["CarryOver"]] = relationship(
        back_populates="closing", order_by="CarryOver.id"
    )

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.Index(
            "uq_year_closing_closed",
            "county_id",
            "year",
            unique=True,
            sqlite_where=sa.column("status") == ClosingStatus.CLOSED.value,
            postgresql_where=sa.column("status") == ClosingStatus.CLOSED.value,
        ),
        sa.CheckConstraint("decided_by_id <> proposed_by_id", name="two_people"),
    )


class CarryOver(Base):
    """结转: one document's money on one project (None: not placed yet) at the closing, in fen.

    ``opening_amount`` is the rest that the year before carried over, ``added_amount`` what came in the year
    (received, or placed on the project), ``paid_amount`` what was paid in the year; ``rest_amount`` is
    opening + added − paid, and next year's opening.
    """

    __tablename__ = "carry_over"

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    closing_id: Mapped[int] = mapped_column(sa.ForeignKey("year_closing.id"), index=True)
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("fund_document.id"), index=True)
    project_id: Mapped[int | None] = mapped_column(sa.ForeignKey("project.id"), index=True)
    opening_amount: Mapped[int] = mapped_column(MoneyColumn)
    added_amount: Mapped[int] = mapped_column(MoneyColumn)
    paid_amount: Mapped[int] = mapped_column(MoneyColumn)
    rest_amount: Mapped[int] = mapped_column(MoneyColumn)

    closing: Mapped[YearClosing] = relationship(back_populates="lines")
    document: Mapped[FundDocument] = relationship()
    project: Mapped[Project | None] = relationship()

    __table_args__ = (
        sa.CheckConstraint(
            "rest_amount = opening_amount + added_amount - paid_amount AND rest_amount >= 0",
            name="adds_up",
        ),
    )
