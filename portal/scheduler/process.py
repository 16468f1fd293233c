"""The clock process: APScheduler as a bare clock, because what is due is always asked of the database."""

import logging
import os
import secrets
import signal
import socket
import time
from threading import Event

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from portal import clock
from portal.scheduler import leases
from portal.scheduler.jobs import JOBS, Job, run_if_due

log = logging.getLogger(__name__)

TICK_SECONDS = 60
BEAT_SECONDS = 15
GLANCE_SECONDS = 0.2
CAREFUL = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}


def serve(app: Flask) -> None:
    """Run until told to stop. It may run twice: only the holder of the lease works.

    The signal only leaves a mark: an exception raised at any moment could be swallowed inside a library.
    """
    scheduler = BackgroundScheduler(timezone=clock.SHANGHAI)
    process = _Process(app, scheduler)
    for job in JOBS:
        scheduler.add_job(
            process.tick,
            "interval",
            seconds=TICK_SECONDS,
            args=[job],
            id=job.name,
            next_run_time=clock.real_now(),
            **CAREFUL,
        )
    scheduler.add_job(process.beat, "interval", seconds=BEAT_SECONDS, **CAREFUL)
    told_to_stop: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: told_to_stop.append(number))
    process.beat()
    scheduler.start()
    try:
        while not told_to_stop:
            time.sleep(GLANCE_SECONDS)
    finally:
        scheduler.shutdown()
        process.leave()


class _Process:
    """This process among the schedulers of one database."""

    def __init__(self, app: Flask, scheduler: BackgroundScheduler) -> None:
        self._app = app
        self._scheduler = scheduler
        self._holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._leads = Event()

    def beat(self) -> None:
        """Renew the lease; after a takeover everything due is done at once."""
        holds = False
        try:
            with self._app.app_context():
                holds = leases.hold(self._holder, clock.real_now())
        finally:
            if not holds:
                self._leads.clear()
        if holds and not self._leads.is_set():
            self._leads.set()
            log.warning("this scheduler leads now: %s", self._holder)
            self._hurry()

    def tick(self, job: Job) -> None:
        """Do the job if it is due and this process leads."""
        if not self._leads.is_set():
            return
        with self._app.app_context():
            if summary := run_if_due(job, clock.now()):
                log.info("%s: %s", job.name, summary)

    def leave(self) -> None:
        """Let the next scheduler begin at once."""
        with self._app.app_context():
            leases.release(self._holder)

    def _hurry(self) -> None:
        if self._scheduler.running:
            for job in JOBS:
                self._scheduler.modify_job(job.name, next_run_time=clock.real_now())
