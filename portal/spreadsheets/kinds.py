"""Kinds of columns: how a cell becomes a value, and a value a cell."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.rules.money import FEN_PER_WAN, FEN_PER_YUAN, parse_wan, parse_yuan
from portal.spreadsheets.cells import Cell, narrow, plain_number

EXACT_DIGITS = 15  # Excel stores no more; the digits of a longer number are lost for good
LARGEST_EXACT = 10**EXACT_DIGITS
DAY_NOTATION = re.compile(r"(\d{4})([-/.年])(\d{1,2})(?:[-/.月])(\d{1,2})日?(?:\d\d:\d\d:\d\d)?")
COMPACT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
WHOLE_NUMBER = re.compile(r"-?\d{1,15}")


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of value is read and written.

    ``parse`` takes a non-empty cell and raises ValueError with a sentence in Chinese; ``show`` is its
    inverse and gives text, a number or a date; ``number_format`` is Excel's.
    """

    parse: Callable[[Cell], object]
    show: Callable[[Any], str | int | float | date]
    number_format: str = "@"
    unit: str = ""
    choices: tuple[str, ...] = ()


def text(limit: int = 500) -> Kind:
    """Text of at most ``limit`` characters."""

    def parse(cell: Cell) -> str:
        shown = cell if isinstance(cell, str) else _digits(cell)
        if len(shown) > limit:
            raise ValueError(f"有 {len(shown)} 字，最多 {limit} 字，请缩短")
        return shown

    return Kind(parse, str)


def choice(values: Mapping[str, object]) -> Kind:
    """One of the Chinese words of ``values``; the value is what stands under the word."""
    words = {narrow(word): value for word, value in values.items()}
    shown = {value: word for word, value in values.items()}

    def parse(cell: Cell) -> object:
        try:
            return words[narrow(cell)]
        except KeyError:
            raise ValueError(f"请填写其中之一：{'、'.join(values)}") from None

    return Kind(parse, shown.__getitem__, choices=tuple(values))


def _digits(cell: int | float) -> str:
    if abs(cell) >= LARGEST_EXACT:
        raise ValueError("超过 15 位的数字在 Excel 中已丢失末尾几位，请把单元格设为文本格式后重填")
    return plain_number(cell)


def _parse_integer(cell: Cell) -> int:
    if isinstance(cell, int):
        return cell
    digits = narrow(cell)
    if not WHOLE_NUMBER.fullmatch(digits):
        raise ValueError("请填写整数，例如 12")
    return int(digits)


def _parse_wan(cell: Cell) -> int:
    return _parse_money(cell, FEN_PER_WAN, parse_wan)


def _parse_yuan(cell: Cell) -> int:
    return _parse_money(cell, FEN_PER_YUAN, parse_yuan)


def _parse_money(cell: Cell, fen_per_unit: int, parse: Callable[[str], int]) -> int:
    """Read text as typed; a stored number is exact when it is the double nearest to whole fen."""
    if isinstance(cell, str):
        return parse(cell)
    fen = round(cell * fen_per_unit)
    if 0 <= fen < LARGEST_EXACT // 100 and fen / fen_per_unit == cell:
        return fen
    return parse(plain_number(cell))


def _parse_day(cell: Cell) -> date:
    written = narrow(cell)
    if match := DAY_NOTATION.fullmatch(written):
        year, month, day = int(match[1]), int(match[3]), int(match[4])
    elif match := COMPACT_DAY.fullmatch(written):
        year, month, day = int(match[1]), int(match[2]), int(match[3])
    else:
        raise ValueError("请填写日期，年份写四位，例如 2023-01-31")
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"没有 {year}年{month}月{day}日 这一天，请核对") from None


TEXT = text()
INTEGER = Kind(_parse_integer, int, "0")
WAN = Kind(_parse_wan, lambda fen: fen / FEN_PER_WAN, "0.00####", unit="万元")
YUAN = Kind(_parse_yuan, lambda fen: fen / FEN_PER_YUAN, "0.00", unit="元")
DAY = Kind(_parse_day, lambda day: day, "yyyy-mm-dd")
