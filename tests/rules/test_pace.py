"""The pace of the year in three readings, and the age of money."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from portal.rules import book
from portal.rules.book import BookError
from portal.rules.money import round2
from portal.rules.pace import AgeStart, band_of, elapsed, pace_of, turns
from portal.rules.vocabulary import PaceMethod


@pytest.mark.parametrize(
    ("day", "method", "percent"),
    [
        (date(2023, 7, 15), PaceMethod.DAY, "53.70"),
        (date(2023, 7, 15), PaceMethod.HALF_MONTH, "54.17"),
        (date(2023, 7, 15), PaceMethod.MONTH_END, "58.33"),
        (date(2023, 10, 15), PaceMethod.DAY, "78.90"),
        (date(2023, 10, 15), PaceMethod.HALF_MONTH, "79.17"),
        (date(2023, 10, 15), PaceMethod.MONTH_END, "83.33"),
        (date(2023, 7, 16), PaceMethod.HALF_MONTH, "58.33"),
        (date(2024, 2, 29), PaceMethod.DAY, "16.39"),
        (date(2023, 1, 1), PaceMethod.DAY, "0.27"),
    ],
)
def test_the_three_readings(day: date, method: PaceMethod, percent: str) -> None:
    assert round2(100 * elapsed(method, day)) == Decimal(percent)


@pytest.mark.parametrize("method", list(PaceMethod))
def test_every_reading_ends_at_the_whole_year_and_never_falls(method: PaceMethod) -> None:
    days = [date.fromordinal(n) for n in range(date(2023, 1, 1).toordinal(), 738885 + 1)]
    shares = [elapsed(method, day) for day in days]
    assert days[-1] == date(2023, 12, 31)
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_a_fund_year_is_held_against_its_own_year() -> None:
    assert pace_of(PaceMethod.DAY, 2023, date(2022, 12, 31)) == 0
    assert pace_of(PaceMethod.DAY, 2023, date(2023, 7, 15)) == Fraction(196, 365)
    assert pace_of(PaceMethod.DAY, 2022, date(2023, 7, 15)) == 1


def test_money_grows_older_by_budget_year_or_from_its_receipt() -> None:
    received = date(2022, 12, 15)
    assert turns(1, 2023, received, AgeStart.FISCAL_YEAR) == date(2024, 1, 1)
    assert turns(1, 2023, received, AgeStart.RECEIVED) == date(2023, 12, 15)
    assert turns(2, 2023, None, AgeStart.RECEIVED) == date(2025, 1, 1)
    assert turns(1, 2024, date(2024, 2, 29), AgeStart.RECEIVED) == date(2025, 3, 1)


def test_the_bands_of_the_default_book() -> None:
    pace = book.load().pace
    found = [band_of(pace, year, None, date(2023, 12, 25)) for year in (2023, 2022, 2021)]
    assert [band.label for band in found] == ["1年以内", "1至2年", "2年以上"]
    assert [band.floor_percent for band in found] == [85, 95, None]


def test_the_checkpoints_of_the_default_book() -> None:
    checkpoints = book.load().pace.checkpoints
    assert [checkpoint.on(2023).isoformat() for checkpoint in checkpoints] == [
        "2023-07-15",
        "2023-10-15",
        "2023-12-31",
    ]


def test_faults_are_named(tmp_path: Path) -> None:
    text = (book.DEFAULT_FOLDER / "pace.toml").read_text("utf-8")
    text = text.replace("07-15", "02-29").replace("years = 2\n", "years = 1\n")
    (tmp_path / "pace.toml").write_text(text, "utf-8")
    with pytest.raises(BookError) as refused:
        book.load(tmp_path)
    assert refused.value.problems == (
        'pace.toml，checkpoint "july"：on 应填每年的一天，例如 "07-15"，现在是 "02-29"',
        "pace.toml，[age]：各档的 years 应逐档增大，只有最后一档不填",
    )
