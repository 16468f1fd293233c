"""Runs of the public site's generator."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Instant, LabelledColumn
from portal.rules.access import Scope
from portal.rules.vocabulary import BuildState


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
