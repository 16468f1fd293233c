"""Finds bank accounts: 16 to 19 digits that pass Luhn, in one piece or in the groups that people write."""

import re
from collections.abc import Iterator

from portal.rules.privacy.digits import ONE, Written, written
from portal.rules.privacy.identities import is_place

CARD = "62"
"""Cards of Chinese banks begin so."""
LENGTHS = range(16, 20)
_SEVERAL = f"{ONE}{{0,3}}"
_START = "(?:(?<![0-9A-Za-z])|(?<![0-9])(?=62))"
"""Letters in front (NO6222…) hide a card of a Chinese bank from nobody; before others they make a code."""
_FORMS = tuple(
    re.compile(rf"{_START}(?=({form})(?![0-9A-Za-z]))")
    for form in (
        "[3-69][0-9]{15,18}",
        rf"[3-69][0-9]{{3}}(?:{_SEVERAL}[0-9]{{4}}){{3}}",
        rf"[3-69][0-9]{{3}}(?:{_SEVERAL}[0-9]{{4}}){{3}}{_SEVERAL}[0-9]{{1,3}}",
        rf"[3-69][0-9]{{5}}{ONE}[0-9]{{10,13}}",
        rf"62[0-9]{{4,13}}{ONE}{{1,3}}[0-9]{{3,13}}",
        rf"62[0-9]{{4,13}}{ONE}{{1,3}}[0-9]{{3,13}}{ONE}{{1,3}}[0-9]{{3,13}}",
    )
)
_AMONG = re.compile(rf"[0-9]{{2,}}{ONE}{{1,3}}$")
_MORE = re.compile(rf"{ONE}{{1,3}}[0-9]{{2,}}")
_LONGEST_GROUP = 22


def accounts(text: str) -> Iterator[str]:
    """The account numbers in folded text."""
    spans: list[range] = []
    for number in written(_FORMS, text):
        if any(number.begin in span for span in spans) or not _is_account(number):
            continue
        spans.append(range(number.begin, number.end))
        yield number.digits


def cards(text: str) -> Iterator[str]:
    """Those that begin as cards of Chinese banks do."""
    return (number for number in accounts(text) if number.startswith(CARD))


def _is_account(number: Written) -> bool:
    digits = number.digits
    if len(digits) not in LENGTHS or not _passes_luhn(digits) or _is_project_code(digits):
        return False
    if number.ends_in_amount or number.mixes_dots:
        return False
    return digits.startswith(CARD) or not number.gaps or not _is_among_others(number)


def _is_among_others(number: Written) -> bool:
    """Whether it begins in an amount, or other numbers stand beside it, as in a row of amounts or years."""
    if number.begins_in_decimals:
        return True
    in_front = number.text[max(number.begin - _LONGEST_GROUP, 0) : number.begin]
    return bool(_AMONG.search(in_front) or _MORE.match(number.text, number.end))


def _is_project_code(number: str) -> bool:
    """Six digits of the place and a year: 510107202300010012 is a project, not a card."""
    return is_place(number) and not number.startswith(CARD) and number[6:8] in ("19", "20")


def _passes_luhn(number: str) -> bool:
    """ISO/IEC 7812-1: the check digit of payment cards."""
    doubled = (int(digit) * 2 for digit in number[-2::-2])
    return (sum(map(int, number[::-2])) + sum(d - 9 if d > 9 else d for d in doubled)) % 10 == 0
