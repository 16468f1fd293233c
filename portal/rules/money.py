"""Money is integer fen (分). 1 元 = 100 fen, 1 万元 = 1 000 000 fen; text exists only at the edge."""

import math
import re
import unicodedata
from decimal import Decimal
from fractions import Fraction

FEN_PER_YUAN = 100
FEN_PER_WAN = 1_000_000
MAX_FEN = 10**13

_ZERO_WIDTH = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
_PLAIN = re.compile(r"([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.([0-9]+))?")
_MOST_DIGITS = 20


class MoneyError(ValueError):
    """Text that is not an amount; the message is plain Chinese and says what to write instead."""


def parse_yuan(text: str) -> int:
    """Return the fen of an amount typed in 元 (at most 2 decimals).

    Raises:
        MoneyError: not a plain amount from 0 to ``MAX_FEN``.
    """
    return _parse(text, unit="元", decimals=2)


def parse_wan(text: str) -> int:
    """Return the fen of an amount typed in 万元 (at most 6 decimals, which is exactly fen).

    Raises:
        MoneyError: not a plain amount from 0 to ``MAX_FEN``.
    """
    return _parse(text, unit="万元", decimals=6)


def yuan(fen: int) -> str:
    """Format fen as 元 with two decimals: ``"3050000.00"``; exact."""
    return _scaled(fen, 2)


def wan(fen: int) -> str:
    """Format fen as 万元 with two decimals, half up: ``"305.00"``."""
    hundredths = (abs(fen) + 5_000) // 10_000  # round2 without fractions: lists write thousands
    return _scaled(hundredths if fen >= 0 else -hundredths, 2)


def wan_exact(fen: int) -> str:
    """Format fen as 万元 without rounding: two to six decimals, ``"563.504288"``, ``"305.00"``."""
    whole, decimals = _scaled(fen, 6).split(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"


def percent(part: int, whole: int) -> Decimal | None:
    """Return ``part`` of ``whole`` in percent with two decimals, or None where the whole is 0."""
    return round2(Fraction(100 * part, whole)) if whole else None


def round2(value: Fraction) -> Decimal:
    """Round to two decimals, half away from zero: the one rounding rule of money, shares and points."""
    hundredths = math.floor(abs(value) * 100 + Fraction(1, 2))
    return Decimal(f"{hundredths if value >= 0 else -hundredths}e-2")


def in_words(fen: int) -> str:
    """Write an amount in capital numerals (大写金额): ``"人民币叁佰零伍万元整"``.

    Source: 中国人民银行《支付结算办法》附件一《正确填写票据和结算凭证的基本规定》.

    Raises:
        ValueError: the amount is negative or above ``MAX_FEN``.
    """
    if not 0 <= fen <= MAX_FEN:
        raise ValueError(f"cannot write {fen} fen in words")
    whole, cents = divmod(fen, FEN_PER_YUAN)
    return "人民币" + _whole_words(whole, cents) + _cents_words(whole, cents)


def _parse(text: str, *, unit: str, decimals: int) -> int:
    clean = _normalised(text)
    if not clean:
        raise MoneyError(f"请填写金额，单位{unit}，例如 1234.50")
    match = _PLAIN.fullmatch(clean)
    if match is None:
        raise MoneyError(_refusal(clean, unit))
    whole, fraction = match[1].replace(",", "").lstrip("0"), match[2] or ""
    if len(fraction) > decimals:
        raise MoneyError(
            f"{unit}最多写 {decimals} 位小数，您写了 {len(fraction)} 位，请改到 {decimals} 位以内"
        )
    fen = _fen(whole, fraction, FEN_PER_YUAN if unit == "元" else FEN_PER_WAN)
    if fen > MAX_FEN:
        raise MoneyError("金额超过 1000 亿元，请检查单位是“元”还是“万元”")
    return fen


def _normalised(text: str) -> str:
    """Fold full-width forms; leave ``²`` and ``①`` as they are, since NFKC would make digits of them."""
    if any(unicodedata.category(char) == "No" for char in text):
        return text.strip()
    return unicodedata.normalize("NFKC", text).translate(_ZERO_WIDTH).strip()


def _fen(whole: str, fraction: str, per_unit: int) -> int:
    if len(whole) > _MOST_DIGITS:  # int() itself refuses thousands of digits, in English
        return MAX_FEN + 1
    return int(whole or "0") * per_unit + int(Fraction(f"0.{fraction or '0'}") * per_unit)


def _refusal(clean: str, unit: str) -> str:
    found = clean if len(clean) <= 20 else clean[:20] + "…"
    if re.fullmatch(r"[-−–—][0-9][0-9,.]*", clean):
        return f"金额不能为负数，您填的是“{found}”，请填写 0 或更大的数"
    if re.fullmatch(r"[0-9.]+[eE][+-]?[0-9]+", clean):
        return f"金额不能用科学计数法，您填的是“{found}”，请写出全部数字，例如 100000"
    if re.fullmatch(r"[0-9,]+(\.[0-9]*)?", clean):
        return f"金额里逗号或小数点的位置不对：“{found}”，请去掉逗号，或写成 1,234.50 的样子"
    return f"金额只写数字，不写单位、符号和文字，您填的是“{found}”，请改成 1234.50 的样子（单位{unit}）"


def _scaled(fen: int, places: int) -> str:
    whole, rest = divmod(abs(fen), 10**places)
    return f"{'-' if fen < 0 else ''}{whole}.{rest:0{places}d}"


_NUMERALS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")


def _whole_words(whole: int, cents: int) -> str:
    if not whole:
        return "" if cents else "零元"
    words, zero_pending = "", False
    for group in reversed(range(len(_GROUPS))):
        value = whole // 10_000**group % 10_000
        if not value:
            zero_pending = bool(words)
            continue
        needs_zero = bool(words) and (zero_pending or value < 1000)
        words += ("零" if needs_zero else "") + _group_words(value) + _GROUPS[group]
        zero_pending = False
    return words + "元"


def _group_words(value: int) -> str:
    """Write 1..9999; a run of zeros inside is one 零, zeros at the end are silent."""
    words, zero_pending = "", False
    for place in reversed(range(4)):
        digit = value // 10**place % 10
        if digit:
            words += ("零" if zero_pending else "") + _NUMERALS[digit] + _PLACES[place]
        zero_pending = not digit and bool(words)
    return words


def _cents_words(whole: int, cents: int) -> str:
    jiao, fen = divmod(cents, 10)
    if not cents:
        return "整"
    if not jiao:
        return ("零" if whole else "") + f"{_NUMERALS[fen]}分"
    return f"{_NUMERALS[jiao]}角" + (f"{_NUMERALS[fen]}分" if fen else "")
