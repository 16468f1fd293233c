"""SECURITY D1: money is parsed strictly, formatted exactly and rounded by one rule."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.money import (
    MAX_FEN,
    MoneyError,
    in_words,
    parse_wan,
    parse_yuan,
    percent,
    round2,
    wan,
    wan_exact,
    yuan,
)

AMOUNTS = st.integers(min_value=0, max_value=MAX_FEN)


@given(AMOUNTS)
def test_d1_what_is_formatted_is_parsed_back(fen: int) -> None:
    assert parse_yuan(yuan(fen)) == fen
    assert parse_wan(wan_exact(fen)) == fen


@given(AMOUNTS)
def test_d1_full_width_and_thousands_commas_mean_the_same(fen: int) -> None:
    grouped = f"{fen // 100:,}.{fen % 100:02d}"
    full_width = grouped.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789,."})
    assert parse_yuan(grouped) == parse_yuan(full_width) == fen


@given(st.text())
def test_d1_any_text_is_an_amount_or_a_chinese_refusal(text: str) -> None:
    outcome = _parsed_or_refused(text)
    if isinstance(outcome, int):
        assert 0 <= outcome <= MAX_FEN
    else:
        assert "金额" in outcome or "最多写 6 位小数" in outcome


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("0", 0),
        ("１２３", 12300),
        ("1,234.5", 123450),
        ("305.00  ", 30500),
        ("\u00a012\u3000", 1200),
        ("1\u200b2\ufeff", 1200),
        ("0.01", 1),
        ("100000000000", MAX_FEN),
    ],
)
def test_d1_accepted_yuan(text: str, fen: int) -> None:
    assert parse_yuan(text) == fen


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "请填写金额"),
        ("  \u200b ", "请填写金额"),
        ("0.001", "最多写 2 位小数"),
        ("-1", "不能为负数"),
        ("－1", "不能为负数"),
        ("−1", "不能为负数"),
        ("1e5", "科学计数法"),
        ("NaN", "只写数字"),
        ("Infinity", "只写数字"),
        ("١٢", "只写数字"),
        ("12,34", "位置不对"),
        ("1,2345", "位置不对"),
        (",123", "位置不对"),
        ("1..2", "只写数字"),
        ("5.", "位置不对"),
        (".5", "只写数字"),
        ("￥1", "只写数字"),
        ("1万", "只写数字"),
        ("1²", "只写数字"),
        ("①", "只写数字"),
        ("½", "只写数字"),
        ("1 234", "只写数字"),
        ("0x10", "只写数字"),
        ("+5", "只写数字"),
        ("\u202e321", "只写数字"),
        ("=1+1", "只写数字"),
        ("99999999999999", "超过 1000 亿元"),
        ("100000000000.01", "超过 1000 亿元"),
        ("9" * 9000, "超过 1000 亿元"),
    ],
)
def test_d1_refused_yuan(text: str, reason: str) -> None:
    with pytest.raises(MoneyError, match=reason):
        parse_yuan(text)


def test_d1_wan_takes_six_decimals_and_no_seventh() -> None:
    assert parse_wan("563.504288") == 563_504_288
    with pytest.raises(MoneyError, match="最多写 6 位小数，您写了 7 位"):
        parse_wan("563.5042881")


def test_a_long_refused_text_is_shown_short() -> None:
    with pytest.raises(MoneyError) as refusal:
        parse_yuan("字" * 5000)
    assert len(str(refusal.value)) < 100


@pytest.mark.parametrize(
    ("fen", "rounded", "exact"),
    [
        (305_000_000, "305.00", "305.00"),
        (563_504_288, "563.50", "563.504288"),
        (718_770, "0.72", "0.71877"),
        (4_999, "0.00", "0.004999"),
        (5_000, "0.01", "0.005"),
        (-5_000, "-0.01", "-0.005"),
        (0, "0.00", "0.00"),
    ],
)
def test_wan_is_rounded_half_up_or_exact(fen: int, rounded: str, exact: str) -> None:
    assert (wan(fen), wan_exact(fen)) == (rounded, exact)


def test_yuan_keeps_the_sign_of_a_difference() -> None:
    assert (yuan(-5), yuan(-12_345)) == ("-0.05", "-123.45")


def test_shares_of_the_year_2023_are_those_of_the_report_but_for_its_truncated_one() -> None:
    parts = [2399_000_000, 2084_000_000, 386_000_000, 81_680_000]
    shares = [percent(part, 4950_680_000) for part in parts]
    assert shares == [Decimal("48.46"), Decimal("42.10"), Decimal("7.80"), Decimal("1.65")]


def test_nothing_has_no_share() -> None:
    assert percent(5, 0) is None


@given(st.fractions())
def test_rounding_moves_by_half_a_hundredth_at_most_and_is_even_handed(value: Fraction) -> None:
    assert abs(Fraction(round2(value)) - value) <= Fraction(1, 200)
    assert Fraction(round2(-value)) == -Fraction(round2(value))


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        # The examples of the central bank's rule for filling in bills.
        (140_950, "人民币壹仟肆佰零玖元伍角"),
        (600_714, "人民币陆仟零柒元壹角肆分"),
        (168_032, "人民币壹仟陆佰捌拾元叁角贰分"),
        (10_700_053, "人民币壹拾万柒仟元伍角叁分"),
        (1_640_902, "人民币壹万陆仟肆佰零玖元零贰分"),
        (32_504, "人民币叁佰贰拾伍元零肆分"),
        # The seams between groups.
        (0, "人民币零元整"),
        (5, "人民币伍分"),
        (50, "人民币伍角"),
        (305_000_000, "人民币叁佰零伍万元整"),
        (100_005_000_00, "人民币壹亿零伍仟元整"),
        (1_000_050_000_00, "人民币壹拾亿零伍万元整"),
        (MAX_FEN, "人民币壹仟亿元整"),
    ],
)
def test_capital_numerals(fen: int, words: str) -> None:
    assert in_words(fen) == words


@given(AMOUNTS)
def test_capital_numerals_read_back_to_the_amount(fen: int) -> None:
    assert _read_words(in_words(fen)) == fen


@pytest.mark.parametrize("fen", [-1, MAX_FEN + 1])
def test_capital_numerals_refuse_what_no_bill_can_bear(fen: int) -> None:
    with pytest.raises(ValueError, match="cannot write"):
        in_words(fen)


def _parsed_or_refused(text: str) -> int | str:
    try:
        return parse_wan(text)
    except MoneyError as refusal:
        return str(refusal)


def _read_words(words: str) -> int:
    """An independent reader: a digit waits for the unit behind it."""
    units = {"分": 1, "角": 10, "元": 100}
    total = group = digit = 0
    for char in words.removeprefix("人民币").removesuffix("整"):
        if char in "零壹贰叁肆伍陆柒捌玖":
            digit = "零壹贰叁肆伍陆柒捌玖".index(char)
        elif char in "拾佰仟":
            group, digit = group + digit * 10 ** (1 + "拾佰仟".index(char)), 0
        elif char in "万亿":
            total, group, digit = total + (group + digit) * {"万": 10**6, "亿": 10**10}[char], 0, 0
        else:
            total, group, digit = total + (group + digit) * units[char], 0, 0
    return total
