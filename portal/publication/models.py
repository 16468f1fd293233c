"""Runs of the public site's generator, what may pass its gate, and the bundles that carry the site away."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organization
from portal.db import Base, Instant, LabelledColumn
from portal.rules.access import Scope
from portal.rules.vocabulary import BuildState, BundleStatus
from portal.steps import StepTaken


class SiteBuild(Base):
    """One run: asked for by a person or due by itself, and what came of it.

    ``audit_seq`` is how far the trail had come when the data was read: what follows it is what the next build
    has to look at. ``manifest_sha256`` ties the published files to the audit chain (P7).
    """

    __tablename__ = "site_build"
    scope_columns = {Scope.COUNTY: "county_id"}

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"), index=True)
    state: Mapped[BuildState] = mapped_column(LabelledColumn(BuildState))
    asked_by_id: Mapped[int]
    asked_at: Mapped[datetime] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    day: Mapped[date]
    audit_seq: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    files: Mapped[int] = mapped_column(default=0)
    written: Mapped[int] = mapped_column(default=0)
    removed: Mapped[int] = mapped_column(default=0)
    manifest_sha256: Mapped[str] = mapped_column(sa.String(64), default="")
    message: Mapped[str] = mapped_column(sa.Text, default="")


class SiteBundle(Base):
    """移交包: the built site with its manifest, signed, for the machine of the county's own portal.

    ``number`` counts the bundles of a county; ``base_number`` is the last delivered one, against which the
    differences were counted (``differences``: JSON, group -> how many pages are new, changed, removed).
    ``manifest_sha256`` is that of the site, as its build recorded it; ``sha256`` and ``size`` of the file.
    """

    __tablename__ = "site_bundle"
    scope_columns = {Scope.COUNTY: "county_id"}

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    number: Mapped[int]
    base_number: Mapped[int | None]
    status: Mapped[BundleStatus] = mapped_column(
        LabelledColumn(BundleStatus), default=BundleStatus.SUBMITTED
    )
    day: Mapped[date]
    files: Mapped[int]
    manifest_sha256: Mapped[str] = mapped_column(sa.String(64))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    size: Mapped[int] = mapped_column(sa.BigInteger)
    added: Mapped[int]
    changed: Mapped[int]
    removed: Mapped[int]
    differences: Mapped[str] = mapped_column(sa.Text)
    made_by_id: Mapped[int]
    made_on: Mapped[date]
    decided_by_id: Mapped[int | None]
    decided_on: Mapped[date | None]
    delivered_by_id: Mapped[int | None]
    delivered_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    county: Mapped[Organization] = relationship()
    steps: Mapped[list["BundleStep"]] = relationship(order_by="BundleStep.id")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.UniqueConstraint("county_id", "number"),
        sa.CheckConstraint("decided_by_id <> made_by_id", name="two_people"),
    )

    @property
    def file_name(self) -> str:
        """What the file is called, here and on the way."""
        return f"bundle-{self.county.code}-{self.number}.zip"


class BundleStep(StepTaken, Base):
    """The story of a bundle: who made, approved, handed it over, when, with what words."""

    __tablename__ = "bundle_step"

    bundle_id: Mapped[int] = mapped_column(sa.ForeignKey("site_bundle.id"), index=True)
    to_status: Mapped[BundleStatus] = mapped_column(LabelledColumn(BundleStatus))
