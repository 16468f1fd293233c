"""Finds private numbers in text: identity numbers, telephones, bank accounts, mail addresses.

Text is folded first (full-width digits, zero-width characters), and separators between digits do not hide a
number. Most text holds no run of digits that is long enough; finding that out has to be cheap.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from datetime import date

from portal.rules.privacy.findings import Finding, Private, digits_of, is_allowed

_HIDDEN = "\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff"
_INVISIBLE = re.compile(f"[{_HIDDEN}]")
_SPOKEN = str.maketrans("〇零一幺二三四五六七八九", "001123456789")
_SPOKEN_RUN = re.compile("[〇零一幺二三四五六七八九]{11,}")
_DIGIT = r"0-9\u2460-\u2468\u2474-\u247c\u2488-\u2490\uff10-\uff19\U0001d7ce-\U0001d7ff"
_BETWEEN = r" \-.·_/~…()（）\u2010-\u2015\u2212\uff0d\uff0e\uff0f\u3000\u00a0"
_RUN = re.compile(rf"(?<![0-9])[{_DIGIT}](?:[{_BETWEEN}{_HIDDEN}]{{0,8}}[{_DIGIT}]){{9}}")
_WORDED = re.compile(rf"[话机真系热线室][^0-9０-９\n\t]{{0,12}}[2-8２-８][{_DIGIT}]")
_SPOKEN_DIGITS = re.compile("[〇零一幺二三四五六七八九]{11}")
_POWERED = re.compile(r"[Ee]\+?1[5-8](?![0-9])")
_BOXED = re.compile(r"[\t\n|][0-9][\t\n|][0-9][\t\n|](?:[0-9][\t\n|]){6}")
_WORTH_A_LOOK = (_RUN, _WORDED, _SPOKEN_DIGITS, _POWERED, _BOXED)
"""Ten digits in a row, however they are separated; a word for a telephone before digits; and rarer forms."""

_GAP = r"[ \-.·_/~…\u2010-\u2015\u2212]{0,3}"
_ONE = r"[ \-.·_/~\u2010-\u2015\u2212]"
_ALONE = r"(?<![0-9A-Za-z]){}(?![0-9A-Za-z])"
_BOXES = re.compile(r"(?<![0-9])[0-9](?:[\t\n|][0-9]){9,18}(?:[\t\n|][Xx])?(?![0-9])")
"""One digit in each cell, as printed forms ask for it."""
_HASH = re.compile(
    r"(?<![0-9A-Za-z])(?=[0-9a-f]*[a-f])(?=[0-9a-f]*[0-9])[0-9a-f]{16,64}(?![0-9A-Za-z])"
)
_IDENTITY = re.compile(rf"(?<![0-9])[1-9](?:{_GAP}[0-9]){{16}}{_GAP}[0-9Xx](?![0-9])")
_OLD_IDENTITY = re.compile(
    _ALONE.format(rf"[1-9][0-9]{{5}}(?:{_ONE}?)[0-9]{{6}}(?:{_ONE}?)[0-9]{{3}}")
)
_MOBILE = re.compile(
    rf"(?<![0-9])(?:\(?(?:\+|00)?86\)?{_GAP})?"
    rf"(?P<number>1[3-9][0-9](?:{_GAP}[0-9]{{4}}){{2}}|1[3-9][0-9]{{2}}{_ONE}[0-9]{{3}}{_ONE}[0-9]{{4}}"
    rf"|1(?P<gap>{_ONE})[3-9](?:(?P=gap)[0-9]){{9}})"
    r"(?![0-9]|\.[0-9]{2}(?![0-9])|元|万元|亿元)"
)
_LANDLINE = re.compile(
    rf"(?<![0-9A-Za-z.])(?:\(?(?:\+|00)?86\)?{_GAP})?(?P<number>"
    rf"\((?:0[12][0-9]|0[3-9][0-9]{{2}})\){_GAP}[2-8][0-9]{{2,3}}{_ONE}?[0-9]{{4}}"
    rf"|(?:0[12][0-9]|0[3-9][0-9]{{2}}){_ONE}{{1,3}}[2-8][0-9]{{2,3}}{_ONE}?[0-9]{{4}}"
    rf"|(?:010|02[0-9])[2-8][0-9]{{7}}|0[3-9][0-9]{{2}}[2-8][0-9]{{6,7}})(?![0-9A-Za-z]|\.[0-9])"
)
_LOCAL = re.compile(
    r"(?:电\s?话|座机|热线|传真|联系方式|手机|联系人[^0-9\n\t]{0,8}|办公室)[号码是为\s:：]{0,6}"
    rf"(?P<number>[2-8][0-9]{{2,3}}{_ONE}?[0-9]{{4}})(?![0-9A-Za-z年月元.万])"
)
_ACCOUNT = re.compile(
    _ALONE.format(
        rf"[3-69](?:[0-9]{{15,18}}|[0-9]{{3}}(?:{_ONE}{{0,3}}[0-9]{{4}}){{3}}(?:{_ONE}{{0,3}}[0-9]{{1,3}})?"
        rf"|[0-9]{{5}}(?:{_ONE}[0-9]{{10,13}}))"
    )
)
_MAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,12}")
_POWER = re.compile(r"(?<![0-9.])([1-9])\.([0-9]{9,17})[Ee]\+?(1[5-8])(?![0-9])")
_PROVINCES = frozenset(
    {
        *("11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37"),
        *("41", "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64"),
        *("65", "71", "81", "82", "83", "91"),
    }
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_CARD = "62"
_EXACT = 15
"""A spreadsheet keeps so many digits of a number; the rest become noughts."""


def private_data(text: str, duty_phones: Collection[str] = ()) -> tuple[Finding, ...]:
    """Return each private number in the text once, in order of kind; duty telephones are allowed.

    ``duty_phones`` are numbers as they are published, with or without separators.
    """
    if not worth_a_look(text):
        return ()
    allowed = {digits_of(folded(phone)) for phone in duty_phones}
    found = dict.fromkeys(_findings(_prepared(text)))
    return tuple(finding for finding in found if not is_allowed(finding, allowed))


def worth_a_look(text: str) -> bool:
    """Whether a text can hold a private number; a cheap question that most text answers with no."""
    if "@" in text or "＠" in text:
        return True
    return any(pattern.search(text) for pattern in _WORTH_A_LOOK)


def folded(text: str) -> str:
    """The text with full-width and similar forms folded and invisible characters removed."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))


def lossy_number(value: float) -> Finding | None:
    """The identity number or card behind a spreadsheet's number whose last digits were lost.

    A cell that is a number keeps 15 digits: 18 digits of an identity number still tell place and birthday.
    """
    if not 1e14 <= abs(value) < 1e19 or value != int(value):
        return None
    digits = str(int(value))
    if len(digits) == len(_WEIGHTS) + 1 and digits[:2] in _PROVINCES and _is_day(digits[6:14]):
        return Finding(Private.IDENTITY, digits)
    if len(digits) > _EXACT and digits.startswith(_CARD):
        return Finding(Private.ACCOUNT, digits)
    return None


def _prepared(text: str) -> str:
    plain = _HASH.sub("", folded(text))
    plain = _SPOKEN_RUN.sub(lambda run: run[0].translate(_SPOKEN), plain)
    return _BOXES.sub(lambda boxes: re.sub(r"[\t\n|]", "", boxes[0]), plain)


def _findings(text: str) -> Iterator[Finding]:
    for kind, pattern, is_real in _KINDS:
        for match in pattern.finditer(text):
            number = _plain(match[0])
            if is_real(number):
                yield Finding(kind, number)
    for kind, pattern in _TELEPHONES:
        for match in pattern.finditer(text):
            yield Finding(kind, _plain(match["number"]))
    for match in _MAIL.finditer(text):
        yield Finding(Private.MAIL, match[0].lower())
    powers = (lossy_number(float(power[0])) for power in _POWER.finditer(text))
    yield from filter(None, powers)


def _plain(number: str) -> str:
    return re.sub(r"[^0-9X]", "", number.upper())


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
        return date(int(text[:4]), int(text[4:6]), int(text[6:])).year >= 1850
    except ValueError:
        return False


def _is_account(number: str) -> bool:
    return _passes_luhn(number) and not _is_project_code(number)


def _is_project_code(number: str) -> bool:
    """Six digits of the place and a year: 510107202300010012 is a project, not a card."""
    return number[:2] in _PROVINCES and number[:2] != _CARD and number[6:8] in ("19", "20")


def _passes_luhn(number: str) -> bool:
    """ISO/IEC 7812-1: the check digit of payment cards."""
    doubled = (int(digit) * 2 for digit in number[-2::-2])
    return (sum(map(int, number[::-2])) + sum(d - 9 if d > 9 else d for d in doubled)) % 10 == 0


_KINDS: tuple[tuple[Private, re.Pattern[str], Callable[[str], bool]], ...] = (
    (Private.IDENTITY, _IDENTITY, _is_identity),
    (Private.OLD_IDENTITY, _OLD_IDENTITY, _is_old_identity),
    (Private.ACCOUNT, _ACCOUNT, _is_account),
)
_TELEPHONES = (
    (Private.MOBILE, _MOBILE),
    (Private.LANDLINE, _LANDLINE),
    (Private.LANDLINE, _LOCAL),
)
