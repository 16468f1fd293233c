"""One scheduler leads: whoever holds the lease row. A second one waits and takes over within a minute."""

import logging
from datetime import datetime, timedelta

import sqlalchemy as sa

from portal.db import db, execute_unaudited, insert_new, unit_of_work
from portal.rules.access import SYSTEM
from portal.scheduler.models import Lease

log = logging.getLogger(__name__)

NAME = "scheduler"
LIFE = timedelta(seconds=45)
JUMP = timedelta(minutes=5)


def hold(holder: str, now: datetime) -> bool:
    """Take or keep the lease by compare-and-set; the heartbeat is written with it.

    A lease that ends further ahead than any lease lasts was written before the clock went back: it is void.
    """
    free = sa.or_(Lease.holder == holder, Lease.until <= now, Lease.until > now + LIFE)
    renewed = (
        sa.update(Lease)
        .where(Lease.name == NAME, free)
        .values(holder=holder, until=now + LIFE, beat_at=now)
    )
    with unit_of_work(SYSTEM, "lease"):
        _warn_of_a_jump(now)
        if execute_unaudited(renewed).rowcount == 1:
            return True
        first = insert_new(Lease).values(name=NAME, holder=holder, until=now + LIFE, beat_at=now)
        return execute_unaudited(first.returning(Lease.name)).first() is not None


def release(holder: str) -> None:
    """Give the lease up, so that the next start need not wait for its end."""
    with unit_of_work(SYSTEM, "lease"):
        execute_unaudited(sa.delete(Lease).where(Lease.name == NAME, Lease.holder == holder))


def _warn_of_a_jump(now: datetime) -> None:
    beat_at = db.session.scalar(sa.select(Lease.beat_at).where(Lease.name == NAME))
    if beat_at and beat_at - now > JUMP:
        log.warning(
            "the clock went back from %s to %s: nothing is sent twice, but check the time service",
            beat_at.isoformat(timespec="seconds"),
            now.isoformat(timespec="seconds"),
        )
