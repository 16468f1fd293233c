"""Finds telephones: mobile numbers in all their groupings, landlines with an area code or a telling word."""

import re
from collections.abc import Iterator

from portal.rules.privacy.digits import GAP, ONE, Written

_SPLIT = r"[ \-\u2010-\u2015\u2212]{1,3}"
_COUNTRY = rf"(?:\(?(?:\+|00)?86\)?{GAP})?"
_TRUNK = rf"(?:0(?!{GAP}1[3-9][0-9]{GAP}(?:19|20)[0-9]{{2}}))?"
"""A nought in front, as one dials from afar; with a year behind it is a contract (0138-2023-0001)."""
_MOBILE = re.compile(
    rf"(?<![0-9])(?={_COUNTRY}{_TRUNK}"
    rf"(?P<number>1[3-9][0-9](?:{GAP}[0-9]{{4}}){{2}}|1[3-9][0-9]{{2}}{ONE}[0-9]{{3}}{ONE}[0-9]{{4}}"
    rf"|1(?P<gap>{ONE})[3-9](?:(?P=gap)[0-9]){{9}}"
    rf"|1[3-9][0-9]{{3}}{_SPLIT}[0-9]{{6}}|1[3-9][0-9]{{4}}{_SPLIT}[0-9]{{5}})"
    r"(?![0-9]|\.[0-9]{2}(?![0-9])|元|万元|亿元))"
)
_HALVES = re.compile(rf"(?P<first>[0-9]{{5,6}}){_SPLIT}(?P<second>[0-9]{{5,6}})")
_BEFORE, _BEHIND = re.compile(r"(?:[0-9]{3}|\.[0-9]{1,6})元? {1,3}$"), re.compile(" {1,3}[0-9]")
_IN_FRONT = 12
_ROUND, _ROUND_IN_ROW = 6, 3
"""So many noughts has hardly any mobile number, but nearly every two amounts."""
_AREA = "0(?:3[1-79]|4[1-8]|5[1-9]|6[136-9]|7[0-9]|8[1-9]|9[0-9])[0-9]"
_CITY = "(?:010|02[0-9])"
_YEAR = r"20[0-3][0-9]"
_LANDLINE = re.compile(
    rf"(?<![0-9A-Za-z.])(?:\(?(?:\+|00)?86\)?{GAP})?(?P<number>(?:"
    rf"\({_CITY}\){GAP}|{_CITY}{ONE}{{1,3}}|\({_AREA}\){GAP}(?!{_YEAR})|{_AREA}{ONE}{{1,3}}(?!{_YEAR}))"
    rf"(?!{_YEAR}{ONE})[2-8][0-9]{{2,3}}{ONE}?[0-9]{{4}}"
    rf"|{_CITY}[2-8][0-9]{{7}}|{_AREA}(?!{_YEAR})[2-8][0-9]{{6,7}})(?![0-9A-Za-z]|\.[0-9])"
)
"""No local number begins with a year: 0451-2023-0001 is a document. In cities some do (021-20231234)."""
_LOCAL = re.compile(
    r"(?:电\s?话|座机|热线|传真|联系方式|手机|联系人[^0-9\n\t]{0,8}|办公室)[号码是为\s:：]{0,6}"
    rf"(?P<number>[2-8][0-9]{{2,3}}{ONE}?[0-9]{{4}})(?![0-9A-Za-z年月元.万])"
)


def mobiles(text: str) -> Iterator[str]:
    """The mobile numbers in folded text."""
    for match in _MOBILE.finditer(text):
        number = Written(text, *match.span("number"))
        if not _is_of_amounts(number):
            yield number.digits


def landlines(text: str) -> Iterator[str]:
    """The telephones in folded text that are no mobile numbers."""
    for pattern in (_LANDLINE, _LOCAL):
        for match in pattern.finditer(text):
            yield Written(text, *match.span("number")).digits


def is_round(first: str, second: str) -> bool:
    """Whether two parts of eleven digits are rather two amounts beside each other: 15000 300000."""
    noughts = (first + second).count("0")
    return noughts >= _ROUND or first.endswith("000") or second.endswith("0000")


def _is_of_amounts(number: Written) -> bool:
    """Whether its groups are parts of amounts."""
    if number.begins_in_decimals or number.ends_in_amount or number.mixes_dots:
        return True
    return _are_two_amounts(number)


def _are_two_amounts(number: Written) -> bool:
    """Five digits and six, or six and five, with many noughts; in a row of numbers few are enough."""
    halves = _HALVES.fullmatch(number.raw)
    if not halves:
        return False
    in_front = _BEFORE.search(number.text[max(number.begin - _IN_FRONT, 0) : number.begin])
    behind = _BEHIND.match(number.text, number.end)
    if in_front and behind:
        return True
    if in_front or behind:
        round_one = any(half.endswith("00") for half in halves.groups())
        return round_one or number.digits.count("0") >= _ROUND_IN_ROW
    return is_round(halves["first"], halves["second"])
