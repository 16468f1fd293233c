"""Real scheduler processes on one database."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.db import db
from portal.mail.models import InboxMessage, OutboxMail
from portal.rules.vocabulary import MailState
from portal.scheduler.models import JobRun, Lease
from tests.clocks import arrive

ROOT = Path(__file__).parents[2]
# The process itself with every interval shortened, and reminders due at any hour: of the clocks alone.
FAST = """
from dataclasses import replace
from datetime import time, timedelta
from portal.app import create_app
from portal.scheduler import leases, process
leases.LIFE, process.TICK_SECONDS, process.BEAT_SECONDS = timedelta(seconds=6), 0.5, 0.5
process.JOBS = tuple(replace(job, at=job.at and time(0)) for job in process.JOBS
    if job.name not in {"site", "duties"})
process.serve(create_app())
"""


@pytest.fixture
def start(app: Flask) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Start a process on the database of this test; what still runs in the end is killed."""
    begun: list[subprocess.Popen[bytes]] = []
    environment = {
        **os.environ,
        "PORTAL_INSTANCE": str(app.config["INSTANCE"]),
        "PORTAL_INSECURE_HTTP": "1",
        "PORTAL_TODAY": "2023-01-22",
    }

    def begin(*command: str) -> subprocess.Popen[bytes]:
        begun.append(subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment))
        return begun[-1]

    yield begin
    for process in begun:
        process.kill()
        process.wait()


def wait_for(condition: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)
        db.session.rollback()


def holder() -> int | None:
    """The process id of the leading scheduler."""
    db.session.rollback()
    name = db.session.scalar(sa.select(Lease.holder))
    return int(name.split(":")[1]) if name else None


def count(model: type, *conditions: sa.ColumnElement[bool]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model).where(*conditions))


def test_r7_three_schedulers_send_once_and_the_next_takes_over(
    app: Flask, start: Callable[..., subprocess.Popen[bytes]]
) -> None:
    arrive()
    processes = {process.pid: process for process in [start("-c", FAST) for _ in range(3)]}
    wait_for(lambda: count(OutboxMail, OutboxMail.state == MailState.SENT) == 3)
    first = holder()
    time.sleep(2)
    assert holder() == first, "the lease stays where it is"
    processes[first].kill()
    wait_for(lambda: holder() not in {first, None})
    time.sleep(1)
    db.session.rollback()
    assert count(JobRun, JobRun.job == "remind") == 1
    assert count(InboxMessage) == count(OutboxMail) == 3


def test_a_scheduler_that_is_told_to_stop_leaves_its_place(
    app: Flask, start: Callable[..., subprocess.Popen[bytes]]
) -> None:
    process = start("-m", "flask", "--app", "wsgi", "scheduler")
    wait_for(lambda: holder() == process.pid)
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    assert holder() is None
