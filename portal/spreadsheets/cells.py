"""What a cell holds once it is read: text, or a number. Cleaned here and nowhere else."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

Cell = str | int | float
Raw = str | int | float | bool | date | datetime | time | timedelta

RUNS_IN_EXCEL = tuple("=+-@\t\r＝＋－＠")  # a CSV cell that begins so is run as a formula
BREAK = re.compile("\r\n|\r|\u2028|\u2029")


def clean(raw: Raw) -> Cell:
    """Bring a parsed value into the two forms the checks know.

    Whole floats become integers, other numbers stay; dates become ``2023-01-31``, with a time of day
    ``2023-01-31 08:30:00``; truth values 是 and 否; text loses what cannot be seen.
    """
    return CLEANERS[type(raw)](raw)


def clean_text(text: str) -> str:
    """Trim, turn every kind of space into a space, drop zero-width and control characters, apply NFC.

    Full-width digits and brackets stay: in a sentence they are right, and numbers and dates read them.
    """
    if text.isprintable() and unicodedata.is_normalized("NFC", text):
        return text.strip()
    normal = BREAK.sub("\n", unicodedata.normalize("NFC", text))
    return "".join(map(_visible, normal)).strip()


def plain_number(cell: int | float) -> str:
    """Write a number as Excel shows it: 15 significant digits, never in powers of ten.

    The sixteenth digit is noise of binary fractions: 3 × 1234.57 is stored as 3703.7100000000005.
    """
    return str(cell) if isinstance(cell, int) else format(Decimal(f"{cell:.15g}"), "f")


def narrow(cell: Cell) -> str:
    """Return a cell as text with full-width letters, digits and signs made half-width, no spaces."""
    text = cell if isinstance(cell, str) else plain_number(cell)
    return "".join(unicodedata.normalize("NFKC", text).split())


def column_letter(position: int) -> str:
    """Name a column counted from 0: A, B, … Z, AA."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _number(raw: float) -> Cell:
    if raw.is_integer():
        return int(raw)
    return raw if raw - raw == 0 else str(raw)  # infinite and NaN stay readable, and are refused


def _moment(raw: datetime) -> str:
    return raw.date().isoformat() if raw.time() == time() else str(raw)


def _visible(mark: str) -> str:
    if mark == "\n" or not unicodedata.category(mark).startswith(("C", "Z")):
        return mark
    if mark.isspace():
        return " "
    return mark if unicodedata.category(mark) in ("Co", "Cn") else ""


# A table instead of a chain of isinstance: this runs a million times for a large file.
CLEANERS: dict[type, Callable[..., Cell]] = {
    str: clean_text,
    int: int,
    float: _number,
    bool: lambda truth: "是" if truth else "否",
    date: date.isoformat,
    datetime: _moment,
    time: str,
    timedelta: str,
}
