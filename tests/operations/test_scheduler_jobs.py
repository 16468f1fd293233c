"""When a job is due, what it records, and that nothing is done twice."""

import os
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import clock
from portal.accounts.models import User
from portal.db import db, unit_of_work
from portal.disclosure.models import DisclosureDuty
from portal.files.operations import store
from portal.mail.models import OutboxMail
from portal.mail.operations import queue
from portal.rules.access import SYSTEM
from portal.scheduler.jobs import JOBS, run_if_due
from portal.scheduler.models import JobRun
from portal.scheduler.runs import last_day
from tests.clocks import arrive
from tests.duties import admit
from tests.world import World

BY_NAME = {job.name: job for job in JOBS}
REMIND = BY_NAME["remind"]


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2023, 1, day, hour, minute, tzinfo=clock.SHANGHAI)


def mails() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count(OutboxMail.id)))


def test_reminders_leave_at_half_past_seven_once_a_day(either_app: Flask) -> None:
    arrive()
    assert run_if_due(REMIND, at(22, 7, 29)) is None
    assert run_if_due(REMIND, at(22, 7, 30)) == "提醒 1 件"
    assert run_if_due(REMIND, at(22, 7, 31)) is None
    assert mails() == 3
    [run] = db.session.scalars(sa.select(JobRun))
    assert (run.job, run.day, run.summary) == ("remind", date(2023, 1, 22), "提醒 1 件")


def test_r6_a_machine_that_slept_three_days_runs_once_for_all(app: Flask) -> None:
    arrive()
    run_if_due(REMIND, at(20, 8))
    assert run_if_due(REMIND, at(23, 5)) is None, "not in the night"
    assert run_if_due(REMIND, at(23, 8)) == "提醒 1 件"
    assert [run_if_due(REMIND, at(23, 8, minute)) for minute in range(1, 11)] == [None] * 10
    assert mails() == 3


def test_r16_a_clock_that_went_back_sends_nothing_again(app: Flask) -> None:
    arrive()
    run_if_due(REMIND, at(23, 8))
    count = mails()
    assert run_if_due(REMIND, at(22, 8)) is None
    assert run_if_due(REMIND, at(23, 9)) is None
    assert mails() == count


def test_work_that_fails_leaves_its_day_free(either_app: Flask) -> None:
    def broken(_day: date) -> str:
        person = db.session.scalars(sa.select(User)).first()
        assert queue(person, subject="半途", body="而废", dedupe_key="half")
        raise OSError("the disk went away")

    with pytest.raises(OSError, match="disk"):
        run_if_due(replace(REMIND, work=broken), at(22, 8))
    assert mails() == 0
    assert last_day("remind") is None
    assert run_if_due(REMIND, at(22, 8)) == "提醒 0 件"


def test_mail_goes_out_at_every_tick(app: Flask) -> None:
    arrive()
    run_if_due(REMIND, at(22, 8))
    assert run_if_due(BY_NAME["mail"], at(22, 8)) == "已发送 3 封"
    assert not run_if_due(BY_NAME["mail"], at(22, 8, 1))


def test_r5_uploads_that_no_row_names_are_swept_after_a_day(app: Flask) -> None:
    old, fresh = store().put(b"left by a crash"), store().put(b"being uploaded")
    yesterday = (clock.real_now() - timedelta(hours=25)).timestamp()
    os.utime(store().path(old), (yesterday, yesterday))
    assert run_if_due(BY_NAME["sweep"], at(22, 8)) == "清理 1 个无主文件"
    assert list(store()) == [fresh]


def test_the_table_names_each_job_once() -> None:
    assert len(BY_NAME) == len(JOBS)
    assert {"remind", "mail", "sweep", "site"} <= BY_NAME.keys()


def test_a_duty_that_was_left_behind_is_there_after_the_night(either_app: Flask) -> None:
    admit(World())
    with unit_of_work(SYSTEM, "test"):
        for duty in db.session.query(DisclosureDuty):
            db.session.delete(duty)
    night = datetime(2023, 3, 21, 0, 30, tzinfo=clock.SHANGHAI)
    assert run_if_due(BY_NAME["duties"], night) == "核对公开任务，更新 3 项"
    db.session.rollback()
    assert db.session.query(DisclosureDuty).count() == 3
