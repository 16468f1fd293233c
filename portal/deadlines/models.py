"""What the clock has done: one row per reminder given, so that none is given twice."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Instant


class Reminder(Base):
    """Person reminded of a subject at a step of a rule; the unique key makes it exactly-once.

    ``step`` = days left (negative: days overdue). ``covered`` marks steps skipped while the machine was
    off: the later line stands for them.
    """

    __tablename__ = "reminder"
    audited = False

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(index=True)
    rule: Mapped[str] = mapped_column(sa.String(64))
    subject: Mapped[str] = mapped_column(sa.String(80))
    step: Mapped[int]
    user_id: Mapped[int] = mapped_column(index=True)
    covered: Mapped[bool] = mapped_column(default=False)
    for_day: Mapped[date]
    queued_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (sa.UniqueConstraint("rule", "subject", "step", "user_id"),)
