"""Days are days of Asia/Shanghai, wherever the machine believes to be."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask

from portal import clock
from portal.rules.days import DayKind, Holidays, last_day
from portal.wording import moment
from tests.clocks import arrive

ROOT = Path(__file__).parents[2]


def freeze(monkeypatch: pytest.MonkeyPatch, app: Flask, instant: datetime) -> None:
    """The one reader of the machine's clock sees this instant; the county stands on no day of its own."""

    class Frozen(datetime):
        @classmethod
        def now(cls, tz=None):
            return instant.astimezone(tz)

    monkeypatch.setattr(clock, "datetime", Frozen)
    app.config["STANDING_DAY"] = None


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 3, 1, 15, 59, tzinfo=UTC), date(2026, 3, 1)),
        (datetime(2026, 3, 1, 16, 1, tzinfo=UTC), date(2026, 3, 2)),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2028, 2, 28, 16, 0, tzinfo=UTC), date(2028, 2, 29)),
    ],
)
def test_r16_the_day_changes_at_16_utc(
    app: Flask, monkeypatch: pytest.MonkeyPatch, instant: datetime, day: date
) -> None:
    freeze(monkeypatch, app, instant)
    assert clock.today() == day
    assert clock.now().date() == day


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Shanghai"])
def test_r16_a_machine_in_another_time_zone_reminds_on_the_same_day(app: Flask, zone: str) -> None:
    arrive()
    environment = {
        **os.environ,
        "TZ": zone,
        "PORTAL_INSTANCE": str(app.config["INSTANCE"]),
        "PORTAL_INSECURE_HTTP": "1",
        "PORTAL_TODAY": "2023-01-22",
    }
    command = ["-m", "flask", "--app", "wsgi", "remind", "--date", "2023-01-22", "--dry-run"]
    shown = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert shown.returncode == 0, shown.stderr
    assert (
        "哈财指(农)〔2023〕6号 尚有 1976.00 万元未落实，剩 7 天（2023年1月29日到期）"
        in shown.stdout
    )


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2026, 1, 31), 45, date(2026, 3, 17)),
        (date(2028, 1, 15), 45, date(2028, 2, 29)),
        (date(2022, 12, 15), 45, date(2023, 1, 29)),
    ],
)
def test_r16_forty_five_days_across_the_ends_of_months_and_years(
    start: date, days: int, end: date
) -> None:
    assert last_day(start, days, DayKind.NATURAL, Holidays()) == end


def test_r16_an_instant_of_summer_time_1988_is_shown(app: Flask) -> None:
    """China moved its clocks from 1986 to 1991."""
    assert moment(datetime(1988, 7, 1, 4, 0, tzinfo=UTC)) == "1988-07-01 13:00"
