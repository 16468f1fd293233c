"""How the installation is doing: what ``verify`` checks of the data, what ``doctor`` says of the rest."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app

from portal import clock
from portal.audit.queries import broken_links
from portal.db import db
from portal.files.models import StoredFile
from portal.files.store import Store, StoredFileDamaged
from portal.ledger_health import ledger_problems
from portal.mail.models import OutboxMail
from portal.publication.bundle_store import bundle_problems
from portal.publication.queries import site_problems
from portal.rules.vocabulary import MailState
from portal.scheduler.models import Lease

STALE = timedelta(minutes=10)
LEAST_FREE = 500 * 1024 * 1024


@dataclass(frozen=True)
class Sign:
    """One line of the health report."""

    well: bool
    text: str


def signs() -> Iterator[Sign]:
    """Tables, scheduler, mail and disk, then each problem of the data."""
    yield _tables()
    if not sa.inspect(db.engine).has_table(Lease.__tablename__):
        return
    yield _scheduler()
    yield _mail()
    yield _disk()
    found = list(problems())
    yield from (Sign(False, problem) for problem in found)
    if not found:
        yield Sign(True, "audit chain, ledger, stored files and public site are in order")


def _tables() -> Sign:
    with db.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    folder = current_app.extensions["migrate"].directory
    newest = ScriptDirectory(folder).get_current_head()
    return Sign(current == newest, f"tables at revision {current}, the code expects {newest}")


def _scheduler() -> Sign:
    beat_at = db.session.scalar(sa.select(Lease.beat_at))
    if beat_at is None:
        return Sign(False, "no scheduler has run yet: start flask scheduler")
    silent = clock.real_now() - beat_at
    return Sign(
        silent < STALE, f"the scheduler was last heard {silent.total_seconds():.0f} seconds ago"
    )


def _mail() -> Sign:
    failed = db.session.scalar(
        sa.select(sa.func.count()).where(OutboxMail.state == MailState.FAILED)
    )
    return Sign(not failed, f"{failed} mails could not be delivered")


def _disk() -> Sign:
    free = shutil.disk_usage(current_app.config["INSTANCE"]).free
    return Sign(free > LEAST_FREE, f"{free // 1024 // 1024} MB free for the run-time folder")


def problems() -> Iterator[str]:
    """Each broken record in one line, named; nothing when everything is in order."""
    yield from broken_links()
    yield from ledger_problems()
    yield from file_problems()
    yield from site_problems()
    yield from bundle_problems()


def file_problems() -> Iterator[str]:
    """Stored files that are missing or whose bytes no longer fit their hash."""
    store = Store(current_app.config["INSTANCE"] / "uploads")
    for sha256, name in db.session.execute(sa.select(StoredFile.sha256, StoredFile.name)):
        try:
            store.open_verified(sha256)
        except StoredFileDamaged as damaged:
            yield f"{name}: {damaged}"
