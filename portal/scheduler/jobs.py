"""What the clock process does, as one table."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from flask import current_app

from portal import clock
from portal.accounts.queries import people_with
from portal.db import db, unit_of_work
from portal.deadlines import operations as deadlines
from portal.duties.facts import SOURCES
from portal.duties.operations import settle, subjects_since
from portal.files.models import StoredFile
from portal.files.operations import store
from portal.mail.sending import send_pending
from portal.pace.operations import take_due_snapshots
from portal.publication.operations import build_due_sites
from portal.rules.access import SYSTEM
from portal.rules.vocabulary import Role
from portal.scheduler import runs


@dataclass(frozen=True)
class Job:
    """``at`` is the time from which a daily job is due; None runs at every tick, in units of its own.

    ``work`` returns a line for the record. A daily job works inside one unit together with its ``JobRun``.
    """

    name: str
    at: time | None
    work: Callable[[date], str]


def run_if_due(job: Job, now: datetime) -> str | None:
    """Do the job if ``now`` asks for it; the line for the record, or None when there was nothing to do.

    Days on which the machine was off need no run of their own: the work looks back to the last one. A clock
    that went back finds its day done.
    """
    day = now.date()
    if job.at is None:
        return job.work(day)
    if now.time() < job.at:
        return None
    with unit_of_work(SYSTEM, job.name):
        last = runs.last_day(job.name)
        if (last and last >= day) or not runs.claim(job.name, day):
            return None
        summary = job.work(day)
        runs.describe(job.name, day, summary)
        return summary


def send_mail(_day: date) -> str:
    """Send what is due in the outbox."""
    counts = send_pending(clock.real_now(), lead_office)
    return "，".join(f"{state.label} {count} 封" for state, count in counts.items())


def lead_office(county_id: int) -> list[int]:
    """Who hears that a mail could not be delivered (R9)."""
    return [person.id for person in people_with(Role.LEAD_OFFICE, county_id=county_id)]


def _remind(day: date) -> str:
    return f"提醒 {len(deadlines.remind(day))} 件"


def _sweep_files(_day: date) -> str:
    """Delete uploads that no row names since a day: what a crash between file and row leaves behind (R5)."""
    known = set(db.session.scalars(sa.select(StoredFile.sha256)))
    swept = store().sweep_orphans(known, older_than=clock.real_now() - timedelta(days=1))
    return f"清理 {len(swept)} 个无主文件"


def _take_snapshots(day: date) -> str:
    """Freeze the figures of the checkpoints that are over."""
    return f"固定 {len(take_due_snapshots(current_app.extensions['book'].pace, day))} 份进度数"


def _settle_duties(day: date) -> str:
    """Mend what two people writing at once left behind; the commits themselves do all else."""
    subjects = {event: subjects_since(event, day.year - 1) for event in SOURCES}
    return f"核对公开任务，更新 {settle(subjects, day)} 项"


def _build_sites(_day: date) -> str:
    """Bring the public sites up to what is published."""
    return build_due_sites()


JOBS = (
    Job("duties", time(0, 10), _settle_duties),
    Job("snapshots", time(0, 30), _take_snapshots),
    Job(deadlines.JOB, time(7, 30), _remind),
    Job("mail", None, send_mail),
    Job("site", None, _build_sites),
    Job("sweep", time(3, 0), _sweep_files),
)
