"""Finds private numbers in text: identity numbers, telephones, bank accounts, mail addresses.

Text is folded first (full-width digits, zero-width characters), and separators between digits do not hide a
number. Most text holds no run of digits that is long enough; finding that out has to be cheap.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator

from portal.rules.privacy.accounts import CARD, accounts
from portal.rules.privacy.findings import Finding, Private, digits_of, is_allowed
from portal.rules.privacy.identities import identities, old_identities, tells_birthday
from portal.rules.privacy.telephones import landlines, mobiles
from portal.rules.privacy.torn import is_torn, torn_numbers

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
_DIVIDED = re.compile(r"(?<=[0-9]{6})[ \t|]{1,3}(?:19|20)[0-9]")
_WORTH_A_LOOK = (_RUN, _WORDED, _SPOKEN_DIGITS, _POWERED, _BOXED, _DIVIDED)
"""Ten digits in a row, however they are separated; a word for a telephone before digits; place and year of
birth in two cells; and rarer forms."""

_BOXES = re.compile(r"(?<![0-9])[0-9](?:[\t\n|][0-9]){9,18}(?:[\t\n|][Xx])?(?![0-9])")
"""One digit in each cell, as printed forms ask for it."""
_HASH = re.compile(
    r"(?<![0-9A-Za-z])(?=[0-9a-f]*[a-f])(?=[0-9a-f]*[0-9])[0-9a-f]{16,64}(?![0-9A-Za-z])"
)
_MAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,12}")
_POWER = re.compile(r"(?<![0-9.])([1-9])\.([0-9]{9,17})[Ee]\+?(1[5-8])(?![0-9])")
_EXACT = 15
"""A spreadsheet keeps so many digits of a number; the rest become noughts."""


def private_data(text: str, duty_phones: Collection[str] = ()) -> tuple[Finding, ...]:
    """Return each private number in the text once, in order of kind; duty telephones are allowed.

    ``duty_phones`` are numbers as they are published, with or without separators.
    """
    if not worth_a_look(text) and not is_torn(text):
        return ()
    allowed = {digits_of(folded(phone)) for phone in duty_phones}
    prepared = _prepared(text)
    found = dict.fromkeys([*_findings(prepared), *torn_numbers(prepared)])
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
    if tells_birthday(digits):
        return Finding(Private.IDENTITY, digits)
    if len(digits) > _EXACT and digits.startswith(CARD):
        return Finding(Private.ACCOUNT, digits)
    return None


def _prepared(text: str) -> str:
    plain = _HASH.sub("", folded(text))
    plain = _SPOKEN_RUN.sub(lambda run: run[0].translate(_SPOKEN), plain)
    return _BOXES.sub(lambda boxes: re.sub(r"[\t\n|]", "", boxes[0]), plain)


def _findings(text: str) -> Iterator[Finding]:
    for kind, numbers in _KINDS.items():
        for number in numbers(text):
            yield Finding(kind, number)
    for match in _MAIL.finditer(text):
        yield Finding(Private.MAIL, match[0].lower())
    powers = (lossy_number(float(power[0])) for power in _POWER.finditer(text))
    yield from filter(None, powers)


_KINDS: dict[Private, Callable[[str], Iterator[str]]] = {
    Private.IDENTITY: identities,
    Private.OLD_IDENTITY: old_identities,
    Private.ACCOUNT: accounts,
    Private.MOBILE: mobiles,
    Private.LANDLINE: landlines,
}
