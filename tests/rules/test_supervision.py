"""Days and numbers of plans, bulletins and letters."""

from datetime import date

import pytest

from portal.rules.supervision import bulletin_day, month_after, month_span, next_number, proposed
from portal.rules.vocabulary import BulletinKind
from tests.ledger import wan


@pytest.mark.parametrize(
    ("open_amount", "month", "planned"),
    [
        ("90", 4, "10"),
        ("100", 4, "11.12"),
        ("100", 12, "100"),
        ("0.003", 1, "0.003"),
        ("563.504288", 12, "563.504288"),
    ],
)
def test_a_plan_spreads_what_is_open_to_the_end_of_december(open_amount, month, planned):
    assert proposed(wan(open_amount), month) == wan(planned)


@pytest.mark.parametrize("open_amount", [1, 9_999, 10_001, 1_234_567_891])
def test_twelve_months_as_proposed_pay_everything(open_amount):
    left = open_amount
    for month in range(1, 13):
        share = proposed(left, month)
        assert 0 <= share <= left
        left -= share
    assert left == 0


def test_months_end_and_follow_each_other():
    assert month_span(2024, 2) == (date(2024, 2, 1), date(2024, 2, 29))
    assert (month_after(2023, 11), month_after(2023, 12)) == ((2023, 12), (2024, 1))


@pytest.mark.parametrize(
    ("kind", "today", "due"),
    [
        (BulletinKind.MONTHLY, (2023, 3, 30), (2023, 2, 28)),
        (BulletinKind.MONTHLY, (2023, 3, 31), (2023, 3, 31)),
        (BulletinKind.MONTHLY, (2024, 1, 5), (2023, 12, 31)),
        (BulletinKind.TEN_DAY, (2023, 3, 9), (2023, 2, 28)),
        (BulletinKind.TEN_DAY, (2023, 3, 10), (2023, 3, 10)),
        (BulletinKind.TEN_DAY, (2023, 3, 29), (2023, 3, 20)),
        (BulletinKind.TEN_DAY, (2024, 2, 29), (2024, 2, 29)),
        (BulletinKind.WEEKLY, (2023, 3, 20), (2023, 3, 19)),
        (BulletinKind.WEEKLY, (2023, 3, 19), (2023, 3, 19)),
    ],
)
def test_each_kind_of_bulletin_has_its_days(kind, today, due):
    assert bulletin_day(kind, date(*today)) == date(*due)


@pytest.mark.parametrize(
    ("numbers", "following"),
    [
        ([], "农领办通〔2023〕1号"),
        (["阿农领办通〔2023〕6号"], "阿农领办通〔2023〕7号"),
        (["阿农领办通〔2023〕6号", "阿农领办通〔2023〕5号"], "阿农领办通〔2023〕7号"),
        (["阿农领办通〔2022〕31号"], "阿农领办通〔2023〕1号"),
        (["农领办通〔2023〕3号", "阿农领办通〔2023〕4号", "口头通报"], "阿农领办通〔2023〕5号"),
    ],
)
def test_a_number_follows_the_latest_of_its_form(numbers, following):
    assert next_number(numbers, "农领办通", 2023) == following
