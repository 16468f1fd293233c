"""What the clock process has done, and which process may do it."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Instant


class JobRun(Base):
    """A job was done for a day; the unique key is the guard against a second run."""

    __tablename__ = "job_run"
    audited = False

    id: Mapped[int] = mapped_column(primary_key=True)
    job: Mapped[str] = mapped_column(sa.String(40))
    day: Mapped[date]
    finished_at: Mapped[datetime] = mapped_column(Instant)
    summary: Mapped[str] = mapped_column(sa.String(300), default="")

    __table_args__ = (sa.UniqueConstraint("job", "day"),)


class Lease(Base):
    """The scheduler that leads until ``until``; its heartbeat is shown on the health page."""

    __tablename__ = "lease"
    audited = False

    name: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    holder: Mapped[str] = mapped_column(sa.String(80))
    until: Mapped[datetime] = mapped_column(Instant)
    beat_at: Mapped[datetime] = mapped_column(Instant)
