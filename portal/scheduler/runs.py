"""Which daily job was done for which day."""

from datetime import date

import sqlalchemy as sa

from portal import clock
from portal.db import db, execute_unaudited, insert_new
from portal.scheduler.models import JobRun


def claim(job: str, day: date, summary: str = "") -> bool:
    """Take a day for this transaction; False when it was done, whoever did it.

    The row leaves together with the work: after a crash the day is free again.
    """
    row = insert_new(JobRun).values(job=job, day=day, finished_at=clock.real_now(), summary=summary)
    return execute_unaudited(row.returning(JobRun.id)).first() is not None


def last_day(job: str, before: date | None = None) -> date | None:
    """The latest day for which the job was done, or the latest before a day."""
    statement = sa.select(sa.func.max(JobRun.day)).where(JobRun.job == job)
    if before:
        statement = statement.where(JobRun.day < before)
    return db.session.scalar(statement)


def describe(job: str, day: date, summary: str) -> None:
    """Say what the run of a day did."""
    row = sa.update(JobRun).where(JobRun.job == job, JobRun.day == day)
    execute_unaudited(row.values(summary=summary[:300]))
