"""What the pages on pace keep: figures that were frozen on a day."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Instant
from portal.rules.access import Scope


class Snapshot(Base):
    """支出进度快照: a fund year's figures as they stood at the end of ``day``; append-only.

    ``content`` is JSON in one fixed form, ``sha256`` its hash; later edits never touch it. ``checkpoint`` is
    the code of the dated checkpoint that took it, empty where somebody did.
    """

    __tablename__ = "snapshot"
    scope_columns = {Scope.COUNTY: "county_id"}

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    fund_year: Mapped[int]
    day: Mapped[date]
    checkpoint: Mapped[str] = mapped_column(sa.String(40), default="")
    reason: Mapped[str] = mapped_column(sa.String(200), default="")
    content: Mapped[str] = mapped_column(sa.Text)
    sha256: Mapped[str] = mapped_column(sa.String(64))
    taken_by_id: Mapped[int]
    taken_by: Mapped[str] = mapped_column(sa.String(80))
    taken_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (sa.Index("ix_snapshot_county_year", "county_id", "fund_year", "day"),)
