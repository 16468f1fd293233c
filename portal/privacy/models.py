"""What the gate found in a build that it stopped, and what two people let through nevertheless."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, LabelledColumn
from portal.rules.access import Scope
from portal.rules.vocabulary import OverrideStatus


class PrivacyFinding(Base):
    """One finding of a build that was stopped; ``digest`` and ``masked`` as in :class:`PrivacyOverride`."""

    __tablename__ = "privacy_finding"
    scope_columns = {Scope.COUNTY: "county_id"}

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    build_id: Mapped[int] = mapped_column(sa.ForeignKey("site_build.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(32))
    digest: Mapped[str] = mapped_column(sa.String(64))
    masked: Mapped[str] = mapped_column(sa.String(80))
    place: Mapped[str] = mapped_column(sa.String(200))


class PrivacyOverride(Base):
    """放行: what looks like private data and is none, let through by a second person, with the reason.

    ``digest`` is the keyed hash of kind and number: the number itself is not kept.
    """

    __tablename__ = "privacy_override"
    scope_columns = {Scope.COUNTY: "county_id"}

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    kind: Mapped[str] = mapped_column(sa.String(32))
    digest: Mapped[str] = mapped_column(sa.String(64))
    masked: Mapped[str] = mapped_column(sa.String(80))
    place: Mapped[str] = mapped_column(sa.String(200))
    reason: Mapped[str] = mapped_column(sa.String(300))
    status: Mapped[OverrideStatus] = mapped_column(
        LabelledColumn(OverrideStatus), default=OverrideStatus.ASKED
    )
    asked_by_id: Mapped[int]
    asked_on: Mapped[date]
    decided_by_id: Mapped[int | None]
    decided_on: Mapped[date | None]
    words: Mapped[str] = mapped_column(sa.String(300), default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.Index("ix_privacy_override_county_digest", "county_id", "digest"),
        sa.CheckConstraint("decided_by_id <> asked_by_id", name="two_people"),
    )
