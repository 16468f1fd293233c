"""Finds identity numbers: 18 digits with place, birthday and check digit, and the 15 digits before 1999."""

import re
from collections.abc import Iterator
from datetime import date

from portal.rules.privacy.digits import GAP, ONE, Written, plain, written

LENGTH = 18
_ANY_GAP = GAP.replace("[", r"[()|\t", 1)
"""Also brackets around the birthday, and the edge of a cell."""
_NUMBER = (
    re.compile(rf"(?<![0-9])(?=([1-9](?:{_ANY_GAP}[0-9]){{16}}{_ANY_GAP}[0-9Xx])(?![0-9]))"),
)
_OLD = re.compile(
    rf"(?<![0-9A-Za-z])[1-9][0-9]{{5}}{ONE}?[0-9]{{6}}{ONE}?[0-9]{{3}}(?![0-9A-Za-z])"
)
_EDGE = re.compile(r"[|\t]")
_LABEL = re.compile(r"(?:身份证|证件)[号码件为是\s:：（(]{0,8}$")
_LONGEST_LABEL = 12
_REST_OF_DATE = re.compile("[-/.][0-9]{1,2}(?![0-9])")
_PARTS = frozenset({6, 10, 12, 14, 17})
"""After place, year, month, day and order: where cells divide a number."""
_BIRTH_YEARS = range(1900, 2031)
"""Years in which a person named in a paper can be born; a later one is an amount or a code."""
_PROVINCES = frozenset(
    {
        *("11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37"),
        *("41", "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64"),
        *("65", "71", "81", "82", "83", "91"),
    }
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"


def identities(text: str) -> Iterator[str]:
    """The identity numbers in folded text; one called so is one, also with a mistyped check digit."""
    end = 0
    for number in written(_NUMBER, text):
        if number.begin < end or not _is_one_number(number):
            continue
        if _is_identity(number.digits) or (tells_birthday(number.digits) and _is_labelled(number)):
            end = number.end
            yield number.digits


def old_identities(text: str) -> Iterator[str]:
    """The same for those of 15 digits: place and day of birth, no check digit."""
    for match in _OLD.finditer(text):
        number = plain(match[0])
        if is_place(number) and _is_birthday(f"19{number[6:12]}"):
            yield number


def is_place(number: str) -> bool:
    """Whether a number begins with the code of a province."""
    return number[:2] in _PROVINCES


def tells_birthday(number: str) -> bool:
    """Whether 18 digits tell place and birthday, whatever their last digits are."""
    return len(number) == LENGTH and is_place(number) and _is_birthday(number[6:14])


def _is_labelled(number: Written) -> bool:
    in_front = number.text[max(number.begin - _LONGEST_LABEL, 0) : number.begin]
    return _LABEL.search(in_front) is not None


def _is_identity(number: str) -> bool:
    """GB 11643-1999: province, day of birth, check digit modulo 11-2."""
    if not tells_birthday(number):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return _CHECK_DIGITS[total % 11] == number[-1]


def _is_one_number(number: Written) -> bool:
    """Whether its groups belong together: neither a date among codes nor amounts in a row."""
    if not number.gaps:
        return True
    if number.begins_in_decimals or number.ends_in_amount:
        return False
    if _REST_OF_DATE.match(number.text, number.end):
        return False
    edges = [bool(_EDGE.search(gap)) for _place, gap in number.gaps]
    if any(edges) and not all(edges):
        return False
    if any(edges) or number.mixes_dots:
        return {place for place, _gap in number.gaps} <= _PARTS
    return True


def _is_birthday(text: str) -> bool:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:])).year in _BIRTH_YEARS
    except ValueError:
        return False
