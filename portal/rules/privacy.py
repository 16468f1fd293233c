"""Finds private data in text: identity numbers, mobile numbers, bank accounts (个人信息保护法第二十五条).

Text is folded first (full-width digits, zero-width characters), and separators between digits do not
hide a number. What only looks similar - amounts, dates, document numbers, project codes, unit codes - passes.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from datetime import date
from typing import NamedTuple

from portal.rules.vocabulary import Labelled

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2063\ufeff]")
_GAP = r"[ \-.·_/\u2010-\u2015]"
_LONG = re.compile(
    rf"[0-9](?:{_GAP}?[0-9]){{10}}"
)  # nothing shorter is looked for, most text has none
_ALONE = r"(?<![0-9A-Za-z]){}(?![0-9A-Za-z])"
_IDENTITY = re.compile(_ALONE.format(rf"[1-9](?:{_GAP}?[0-9]){{16}}{_GAP}?[0-9Xx]"))
_OLD_IDENTITY = re.compile(_ALONE.format(r"[1-9][0-9]{14}"))
_MOBILE = re.compile(
    rf"(?<![0-9])(?:1[3-9][0-9](?:{_GAP}?[0-9]{{4}}){{2}}"
    rf"|1(?P<gap>{_GAP})[3-9](?:(?P=gap)[0-9]){{9}})(?![0-9])"
)
_ACCOUNT = re.compile(
    _ALONE.format(
        rf"[3-69](?:[0-9]{{15,18}}|[0-9]{{3}}(?:{_GAP}[0-9]{{4}}){{3}}(?:{_GAP}?[0-9]{{1,3}})?)"
    )
)
_PROVINCES = frozenset(
    {
        *("11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37"),
        *("41", "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64"),
        *("65", "71", "81", "82", "91"),
    }
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_SHOWN = 3


class Private(Labelled):
    """What was found."""

    IDENTITY = "identity", "身份证号"
    MOBILE = "mobile", "手机号"
    ACCOUNT = "account", "银行账号"


class Finding(NamedTuple):
    """A kind of private data and the number itself, digits only."""

    kind: Private
    number: str

    @property
    def masked(self) -> str:
        """How a message may name it: the first three digits and its length."""
        return f"{self.kind.label}{self.number[:_SHOWN]}{'*' * (len(self.number) - _SHOWN)}"


def private_data(text: str, duty_phones: Collection[str] = ()) -> tuple[Finding, ...]:
    """Return each private number in the text once, in order of kind; duty telephones are allowed.

    ``duty_phones`` are numbers as they are published, with or without separators.
    """
    allowed = {_digits(phone) for phone in duty_phones}
    found = dict.fromkeys(_findings(folded(text)))
    return tuple(finding for finding in found if finding.number not in allowed)


def folded(text: str) -> str:
    """The text with full-width and similar forms folded and invisible characters removed."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))


def _findings(text: str) -> Iterator[Finding]:
    if not _LONG.search(text):
        return
    for kind, pattern, is_real in _KINDS:
        for match in pattern.finditer(text):
            number = _digits(match[0])
            if is_real(number):
                yield Finding(kind, number)


def _digits(text: str) -> str:
    return re.sub(r"[^0-9X]", "", folded(text).upper())


def _is_identity(number: str) -> bool:
    """GB 11643-1999: province, day of birth, check digit modulo 11-2."""
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return (
        number[:2] in _PROVINCES
        and _is_day(number[6:14])
        and _CHECK_DIGITS[total % 11] == number[17]
    )


def _is_old_identity(number: str) -> bool:
    """The 15 digits of before 1999: province and day of birth, no check digit."""
    return number[:2] in _PROVINCES and _is_day(f"19{number[6:12]}")


def _is_day(text: str) -> bool:
    try:
        date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return False
    return True


def _passes_luhn(number: str) -> bool:
    """ISO/IEC 7812-1: the check digit of payment cards."""
    doubled = (int(digit) * 2 for digit in number[-2::-2])
    return (sum(map(int, number[::-2])) + sum(d - 9 if d > 9 else d for d in doubled)) % 10 == 0


_KINDS: tuple[tuple[Private, re.Pattern[str], Callable[[str], bool]], ...] = (
    (Private.IDENTITY, _IDENTITY, _is_identity),
    (Private.IDENTITY, _OLD_IDENTITY, _is_old_identity),
    (Private.MOBILE, _MOBILE, lambda _number: True),
    (Private.ACCOUNT, _ACCOUNT, _passes_luhn),
)
