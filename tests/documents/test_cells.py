import random
from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.spreadsheets.cells import Raw, clean, clean_text, column_letter, narrow, plain_number
from portal.spreadsheets.kinds import DAY, INTEGER, TEXT, WAN, YUAN, Kind, choice, text


@pytest.mark.parametrize(
    ("raw", "cell"),
    [
        ("\u00a0红星\u200b镇\u3000", "红星镇"),
        ("（一期）", "（一期）"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("e\u0301", "é"),
        ("a\x07b\x00", "ab"),
        ("𠮷\ue000", "𠮷\ue000"),
        ("红\u3000星", "红 星"),
        (3.0, 3),
        (-0.0, 0),
        (12.5, 12.5),
        (float("nan"), "nan"),
        (float("inf"), "inf"),
        (True, "是"),
        (date(2023, 1, 31), "2023-01-31"),
        (datetime(2023, 1, 31), "2023-01-31"),  # noqa: DTZ001
        (datetime(2023, 1, 31, 8, 30), "2023-01-31 08:30:00"),  # noqa: DTZ001
        (time(8, 30), "08:30:00"),
    ],
)
def test_cells_become_clean_text_or_numbers(raw: Raw, cell: object) -> None:
    assert clean(raw) == cell
    assert type(clean(raw)) is type(cell)


@given(st.text())
def test_cleaning_twice_changes_nothing(raw: str) -> None:
    assert clean_text(clean_text(raw)) == clean_text(raw)


@pytest.mark.parametrize(
    ("position", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (199, "GR"), (702, "AAA")]
)
def test_columns_have_the_letters_of_excel(position: int, letters: str) -> None:
    assert column_letter(position) == letters


def test_numbers_are_written_as_excel_shows_them() -> None:
    assert plain_number(3 * 1234.57) == "3703.71"
    assert plain_number(1e-06) == "0.000001"
    assert narrow("１２ ３．５") == "123.5"


READ = [
    (INTEGER, 12, 12),
    (INTEGER, "１２", 12),
    (WAN, 563.504288, 563_504_288),
    (WAN, "１，２３４．５", 1_234_500_000),
    (WAN, 1e-06, 1),
    (WAN, 0, 0),
    (WAN, 3 * 1234.57, 3_703_710_000),
    (YUAN, 0.1, 10),
    (DAY, "2023-01-31", date(2023, 1, 31)),
    (DAY, "2023-01-31 08:30:00", date(2023, 1, 31)),
    (DAY, "2026.1.5", date(2026, 1, 5)),
    (DAY, "２０２６／１／５", date(2026, 1, 5)),
    (DAY, "2026年1月5日", date(2026, 1, 5)),
    (DAY, 20260105, date(2026, 1, 5)),
    (TEXT, 12, "12"),
    (TEXT, 0.5, "0.5"),
    (choice({"产业发展": 1}), "产业 发展", 1),
]
REFUSED = [
    (INTEGER, 1.5, "整数"),
    (INTEGER, "十二", "整数"),
    (WAN, -1, "负数"),
    (WAN, "1e5", "科学计数法"),
    (WAN, "nan", "金额"),
    (WAN, "inf", "金额"),
    (WAN, 0.0000001, "6 位小数"),
    (WAN, 1e300, "1000 亿元"),
    (YUAN, 0.001, "2 位小数"),
    (DAY, "2026年13月1日", "13月"),
    (DAY, "1900-02-29", "1900年2月29日"),
    (DAY, "26-1-5", "四位"),
    (DAY, 45000, "四位"),
    (TEXT, 230112199001011200, "丢失"),
    (text(3), "太长的字", "有 4 字，最多 3 字"),
    (choice({"产业发展": 1, "其他": 2}), "旅游", "产业发展、其他"),
]


@pytest.mark.parametrize(("kind", "cell", "value"), READ)
def test_cells_are_read_as_people_write_them(kind: Kind, cell: str | float, value: object) -> None:
    assert kind.parse(cell) == value


@pytest.mark.parametrize(("kind", "cell", "reason"), REFUSED)
def test_d1_cells_that_cannot_be_meant_are_refused(
    kind: Kind, cell: str | float, reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        kind.parse(cell)


@given(st.integers(0, 10**13))
def test_d1_every_amount_survives_a_spreadsheet(fen: int) -> None:
    for kind in (WAN, YUAN):
        shown = kind.show(fen)
        assert isinstance(shown, float)
        assert kind.parse(shown) == kind.parse(clean(shown)) == fen
        assert kind.parse(plain_number(shown)) == fen


def test_d1_every_quick_reading_of_a_number_equals_the_careful_one() -> None:
    rng = random.Random(45)
    for _ in range(2_000):
        cell = round(rng.random() * 10 ** rng.randrange(7), rng.randrange(7))
        assert WAN.parse(cell) == WAN.parse(plain_number(cell))
