"""One scheduler leads, a second one waits; a clock that went back locks nobody out."""

import logging
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.db import db
from portal.scheduler import leases
from portal.scheduler.models import Lease

NOW = datetime(2023, 3, 20, 0, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_r7_the_second_waits_and_takes_over_within_a_minute(either_app: Flask) -> None:
    assert leases.hold("first", NOW)
    assert not leases.hold("second", NOW + 15 * SECOND)
    assert leases.hold("first", NOW + 15 * SECOND), "the holder renews"
    beats = (NOW + (15 + waited) * SECOND for waited in (15, 30, 45, 60))
    assert any(leases.hold("second", beat) for beat in beats)
    assert not leases.hold("first", NOW + 76 * SECOND), "who slept does not come back"


def test_r7_of_four_at_once_one_leads(either_app: Flask) -> None:
    barrier, leading = Barrier(4), []

    def work(name: str) -> None:
        with either_app.app_context():
            barrier.wait()
            if leases.hold(name, NOW):
                leading.append(name)
            db.session.remove()

    threads = [Thread(target=work, args=[str(number)]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(leading) == 1


def test_who_leaves_lets_the_next_begin_at_once(either_app: Flask) -> None:
    leases.hold("first", NOW)
    leases.release("second")
    assert not leases.hold("second", NOW)
    leases.release("first")
    assert leases.hold("second", NOW)


def test_r16_a_clock_that_went_back_a_day_warns_and_locks_nobody_out(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    leases.hold("first", NOW)
    with caplog.at_level(logging.WARNING):
        assert leases.hold("second", NOW - timedelta(days=1))
    assert "the clock went back" in caplog.text
    assert db.session.scalar(sa.select(Lease.holder)) == "second"


def test_r16_a_correction_of_a_minute_is_no_alarm(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    leases.hold("first", NOW)
    leases.hold("first", NOW - timedelta(minutes=1))
    assert caplog.text == ""
