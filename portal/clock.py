"""The day and the time in Asia/Shanghai. Nothing else in the code reads a clock.

A demo or a test stands on a fixed day (``STANDING_DAY``): ``today()`` is that day and ``now()`` is that
day with the real time of day. Session limits and throttles always use the real clock.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from flask import current_app

SHANGHAI = ZoneInfo("Asia/Shanghai")


def today() -> date:
    """The date on which the county stands."""
    standing: date | None = current_app.config["STANDING_DAY"]
    return standing or datetime.now(SHANGHAI).date()


def now() -> datetime:
    """``today()`` with the real time of day, as an instant."""
    return datetime.combine(today(), datetime.now(SHANGHAI).timetz())


def real_now() -> datetime:
    """The real instant in UTC, for sessions, throttles, leases and mail retries."""
    return datetime.now(UTC)
