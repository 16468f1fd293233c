"""Monthly payment plans, bulletins and letters: how finance keeps the units moving."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organization
from portal.db import Base, LabelledColumn, MoneyColumn
from portal.library.models import Project
from portal.rules.access import Scope
from portal.rules.vocabulary import BulletinKind


class PaymentPlan(Base):
    """月度用款计划 (form F12): what each unit means to pay in a month, issued by the 5th (source S4)."""

    __tablename__ = "payment_plan"
    scope_columns = {Scope.COUNTY: "county_id"}

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    year: Mapped[int]
    month: Mapped[int]
    drafted_by_id: Mapped[int]
    drafted_on: Mapped[date]
    issued_on: Mapped[date | None]
    issued_by: Mapped[str] = mapped_column(sa.String(80), default="")
    version: Mapped[int] = mapped_column(default=1)

    lines: Mapped[list["PlanLine"]] = relationship(
        back_populates="plan", order_by="PlanLine.id", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.UniqueConstraint("county_id", "year", "month"),
        sa.CheckConstraint("month >= 1 AND month <= 12", name="a_month"),
    )


class PlanLine(Base):
    """A project's planned payment of the month, in fen; what was paid is read from the postings.

    ``unit_id`` is the township or department that answers for it; it may explain what was not paid.
    """

    __tablename__ = "plan_line"
    scope_columns = {
        Scope.TOWNSHIP: "unit_id",
        Scope.DEPARTMENT: "unit_id",
        Scope.COUNTY: "county_id",
    }

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("payment_plan.id"), index=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"), index=True)
    project_id: Mapped[int] = mapped_column(sa.ForeignKey("project.id"), index=True)
    amount: Mapped[int] = mapped_column(MoneyColumn)
    explanation: Mapped[str] = mapped_column(sa.String(500), default="")
    explained_by: Mapped[str] = mapped_column(sa.String(80), default="")
    version: Mapped[int] = mapped_column(default=1)

    plan: Mapped[PaymentPlan] = relationship(back_populates="lines")
    unit: Mapped[Organization] = relationship(foreign_keys=unit_id)
    project: Mapped[Project] = relationship()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.UniqueConstraint("plan_id", "project_id"),
        sa.CheckConstraint("amount > 0", name="amount_above_zero"),
    )


class Bulletin(Base):
    """通报: the units ranked by rate against pace on a day; ``content`` is frozen JSON, append-only."""

    __tablename__ = "bulletin"
    scope_columns = {Scope.COUNTY: "county_id"}

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    kind: Mapped[BulletinKind] = mapped_column(LabelledColumn(BulletinKind))
    fund_year: Mapped[int]
    day: Mapped[date]
    number: Mapped[str] = mapped_column(sa.String(80))
    title: Mapped[str] = mapped_column(sa.String(120))
    words: Mapped[str] = mapped_column(sa.Text, default="")
    content: Mapped[str] = mapped_column(sa.Text)
    sha256: Mapped[str] = mapped_column(sa.String(64))
    issued_by_id: Mapped[int]
    issued_by: Mapped[str] = mapped_column(sa.String(80))
    issued_on: Mapped[date]

    letters: Mapped[list["SupervisionLetter"]] = relationship(order_by="SupervisionLetter.id")

    __table_args__ = (sa.UniqueConstraint("county_id", "number"),)


class SupervisionLetter(Base):
    """督办函: asks one unit below the line to act until a day; drafted from a bulletin, then issued."""

    __tablename__ = "supervision_letter"
    scope_columns = {
        Scope.TOWNSHIP: "unit_id",
        Scope.DEPARTMENT: "unit_id",
        Scope.COUNTY: "county_id",
    }

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    bulletin_id: Mapped[int] = mapped_column(sa.ForeignKey("bulletin.id"), index=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"), index=True)
    number: Mapped[str] = mapped_column(sa.String(80))
    body: Mapped[str] = mapped_column(sa.Text)
    answer_by_on: Mapped[date]
    drafted_by_id: Mapped[int]
    issued_on: Mapped[date | None]
    issued_by: Mapped[str] = mapped_column(sa.String(80), default="")
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    answered_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    unit: Mapped[Organization] = relationship(foreign_keys=unit_id)

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (sa.UniqueConstraint("county_id", "number"),)

    @property
    def is_open(self) -> bool:
        """Whether it is issued and waits for its answer."""
        return self.issued_on is not None and self.answered_on is None
