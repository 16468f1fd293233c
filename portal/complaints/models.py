"""Complaints (投诉举报) and what became of them."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organization
from portal.db import Base, LabelledColumn
from portal.disclosure.models import DisclosureItem
from portal.files.models import StoredFile
from portal.library.models import Project
from portal.rules.access import Scope
from portal.rules.vocabulary import ComplaintChannel, ComplaintResult, ComplaintStatus
from portal.steps import StepTaken


class Complaint(Base):
    """A complaint from any channel, the office that answers it, and the summary for the public.

    ``contact`` is how to reach the person, encrypted with a key outside the database and erased when the
    complaint is closed; nothing can be searched by it. ``organization_id`` is the office it was
    assigned to, None before that. ``summary`` names nobody and may be published with an item.
    """

    __tablename__ = "complaint"
    scope_columns = {
        Scope.OWN: "organization_id",
        Scope.TOWNSHIP: "township_id",
        Scope.DEPARTMENT: "department_id",
        Scope.COUNTY: "county_id",
    }

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    code: Mapped[str] = mapped_column(sa.String(40))
    channel: Mapped[ComplaintChannel] = mapped_column(LabelledColumn(ComplaintChannel))
    status: Mapped[ComplaintStatus] = mapped_column(
        LabelledColumn(ComplaintStatus), default=ComplaintStatus.RECEIVED
    )
    received_on: Mapped[date]
    content: Mapped[str] = mapped_column(sa.Text)
    contact: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    project_id: Mapped[int | None] = mapped_column(sa.ForeignKey("project.id"), index=True)
    registered_by_id: Mapped[int]
    registered_on: Mapped[date]

    organization_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("organization.id"), index=True
    )
    township_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organization.id"), index=True)
    department_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organization.id"))
    assigned_by_id: Mapped[int | None]
    assigned_on: Mapped[date | None]
    due_on: Mapped[date | None]
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    result: Mapped[ComplaintResult | None] = mapped_column(LabelledColumn(ComplaintResult))
    answered_by_id: Mapped[int | None]
    answered_on: Mapped[date | None]
    closed_by_id: Mapped[int | None]
    closed_on: Mapped[date | None]
    summary: Mapped[str] = mapped_column(sa.Text, default="")
    item_id: Mapped[int | None] = mapped_column(sa.ForeignKey("disclosure_item.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)

    project: Mapped[Project | None] = relationship()
    organization: Mapped[Organization | None] = relationship(foreign_keys=organization_id)
    item: Mapped[DisclosureItem | None] = relationship()
    steps: Mapped[list["ComplaintStep"]] = relationship(order_by="ComplaintStep.id")
    scans: Mapped[list["ComplaintScan"]] = relationship(order_by="ComplaintScan.id")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.UniqueConstraint("county_id", "code"),
        sa.Index("ix_complaint_county_status", "county_id", "status"),
        sa.CheckConstraint("closed_by_id <> answered_by_id", name="two_people"),
    )


class ComplaintScan(Base):
    """A page of the letter, for those who may read the complaint; never part of what is published."""

    __tablename__ = "complaint_scan"

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    complaint_id: Mapped[int] = mapped_column(sa.ForeignKey("complaint.id"), index=True)
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_file.id"))

    file: Mapped[StoredFile] = relationship()


class ComplaintStep(StepTaken, Base):
    """The story of a complaint: who took which step, when, with what words."""

    __tablename__ = "complaint_step"

    complaint_id: Mapped[int] = mapped_column(sa.ForeignKey("complaint.id"), index=True)
    to_status: Mapped[ComplaintStatus] = mapped_column(LabelledColumn(ComplaintStatus))
