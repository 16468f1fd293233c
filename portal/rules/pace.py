"""序时进度: how much of a year counts as gone on a day, and how old a fund year's money is."""

from calendar import isleap
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from portal.rules.days import anniversary
from portal.rules.tables import Row
from portal.rules.vocabulary import Labelled, PaceMethod

_MONTHS = 12
_FIRST_HALF = 15


class AgeStart(Labelled):
    """From when the age of money counts; the assessment's own text leaves it open (S2)."""

    FISCAL_YEAR = "fiscal_year", "按预算年度计算"
    RECEIVED = "received", "按收文日期计算"


@dataclass(frozen=True)
class Checkpoint:
    """A day of the year on which the figures are frozen."""

    code: str
    label: str
    month: int
    day: int

    def on(self, year: int) -> date:
        """The checkpoint of a year."""
        return date(year, self.month, self.day)


@dataclass(frozen=True)
class AgeBand:
    """执行率 by the age of the money: full points at ``full_percent``, none below ``floor_percent``.

    The band reaches up to ``years`` (None: without end). Without the two rates the band should hold no
    money at all.
    """

    label: str
    years: int | None
    full_percent: Decimal | None
    floor_percent: Decimal | None
    basis: str


@dataclass(frozen=True)
class Pace:
    """``pace.toml``: the default reading of the pace, the checkpoints, and the bands of age."""

    method: PaceMethod
    basis: str
    checkpoints: tuple[Checkpoint, ...]
    age_start: AgeStart
    bands: tuple[AgeBand, ...]


def elapsed(method: PaceMethod, day: date) -> Fraction:
    """Return the part of its year that counts as gone on ``day``; a half-month or month begun counts whole.

    15 July 2023 is 196/365, 13/24 or 7/12 (DOMAIN §7: the three readings of S2's checkpoint).
    """
    if method is PaceMethod.DAY:
        return Fraction(day.timetuple().tm_yday, 366 if isleap(day.year) else 365)
    if method is PaceMethod.HALF_MONTH:
        return Fraction(2 * day.month - (day.day <= _FIRST_HALF), 2 * _MONTHS)
    return Fraction(day.month, _MONTHS)


def pace_of(method: PaceMethod, fund_year: int, day: date) -> Fraction:
    """Return :func:`elapsed` as a fund year sees it: nothing before the year, all of it afterwards."""
    if day.year != fund_year:
        return Fraction(int(day.year > fund_year))
    return elapsed(method, day)


def counted_from(fund_year: int, received_on: date | None, start: AgeStart) -> date:
    """Return the day from which the age of money counts."""
    if start is AgeStart.FISCAL_YEAR or received_on is None:
        return date(fund_year, 1, 1)
    return received_on


def turns(years: int, fund_year: int, received_on: date | None, start: AgeStart) -> date:
    """Return the first day on which the money is ``years`` old.

    Money without a day of receipt counts by its budget year.
    """
    return anniversary(counted_from(fund_year, received_on, start), years)


def band_of(pace: Pace, fund_year: int, received_on: date | None, day: date) -> AgeBand:
    """Return the band that the money's age falls in on ``day``."""
    return next(
        band
        for band in pace.bands
        if band.years is None or day < turns(band.years, fund_year, received_on, pace.age_start)
    )


def read_pace(file: Row) -> Pace:
    """Read ``pace.toml``."""
    age = file.row("age")
    pace = Pace(
        method=file.member("method", PaceMethod),
        basis=file.text("basis"),
        checkpoints=tuple(map(_checkpoint, file.rows("checkpoint"))),
        age_start=age.member("start", AgeStart),
        bands=tuple(map(_band, age.rows("band"))),
    )
    age.text("basis")
    age.close()
    _check_bands(pace.bands, age)
    if len({checkpoint.code for checkpoint in pace.checkpoints}) < len(pace.checkpoints):
        file.wrong("有两个 checkpoint 的 code 相同")
    return pace


def _checkpoint(row: Row) -> Checkpoint:
    code, label, (month, day) = row.code(), row.text("label"), row.month_day("on")
    row.close()
    return Checkpoint(code, label, month, day)


def _band(row: Row) -> AgeBand:
    band = AgeBand(
        label=row.text("label"),
        years=row.whole("years") if row.has("years") else None,
        full_percent=row.number("full_percent") if row.has("full_percent") else None,
        floor_percent=row.number("floor_percent") if row.has("floor_percent") else None,
        basis=row.text("basis"),
    )
    row.close()
    return band


def _check_bands(bands: tuple[AgeBand, ...], row: Row) -> None:
    ends = [band.years for band in bands]
    known = [years for years in ends if years is not None]
    if (
        not ends
        or ends[-1] is not None
        or len(known) != len(ends) - 1
        or known != sorted(set(known))
    ):
        row.wrong("各档的 years 应逐档增大，只有最后一档不填")
