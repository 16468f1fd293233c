"""Finds numbers that go on in the next line, as narrow cells and the ends of lines break them."""

import re
from collections.abc import Iterator

from portal.rules.privacy.accounts import cards
from portal.rules.privacy.digits import plain
from portal.rules.privacy.findings import Finding, Private
from portal.rules.privacy.identities import identities
from portal.rules.privacy.telephones import is_round, landlines, mobiles

_BLANK = r"(?:[ \t\ufffe]|_x000[Dd]_)*"
"""Also the mark of a hyphen at the end of a line in a PDF, and how a sheet writes a carriage return."""
_TEAR = re.compile(
    rf"(?<=[0-9])(?P<dash>[-)]?){_BLANK}(?:\r\n|[\n\r\v\u2028]){_BLANK}"
    "(?=[(0-9]|[Xx](?![A-Za-z0-9]))"
)
_LINES = re.compile(r"[\n\r\v\u2028]")
_LAST = re.compile(r"(?P<words>.*?)(?P<digits>[0-9]*)$")
_FIRST = re.compile(r"(?P<digits>[0-9]*)(?P<words>.*)")
_MIDDLE = re.compile("[0-9]+")
_REACH = 40
"""So much of a line can belong to a number."""
_FEWEST = 2
"""A single digit at the end or the beginning of a line is a count or a serial number."""
_SHORTEST, _CHECKED = 10, 16
"""So many digits have a telephone, and a number with check digits, at least."""
_LONG = 7
"""Amounts have fewer digits as a rule."""
_CELL = 40
"""A text that is no longer is that of one cell."""
_OTHERWISE = (
    re.compile(r".*[0-9][-/.,]$"),
    re.compile(r"\s*[年月日号%元万亿]|[.,][0-9]|[-/][0-9]{1,2}(?![0-9])"),
)
"""Before the digits at the end of a line, and behind those at the beginning: a date, an amount, a count."""


def is_torn(text: str) -> bool:
    """Whether a line ends with a digit and the next goes on with one."""
    return _LINES.search(text) is not None and _TEAR.search(text) is not None


def torn_numbers(text: str) -> Iterator[Finding]:
    """What appears where two lines are put together, or three if the middle one is nothing but digits."""
    tears = list(_TEAR.finditer(text))
    for at, tear in enumerate(tears):
        before = _tail(text[max(tear.start() - _REACH, 0) : tear.start()])
        behind = _head(text[tear.end() : tear.end() + _REACH])
        alone = len(tears) == 1 and len(text) <= _CELL
        yield from _in_two(before, tear["dash"], behind, alone=alone)
        following = tears[at + 1] if at + 1 < len(tears) else None
        if following and _MIDDLE.fullmatch(text, tear.end(), following.start()):
            more = _head(text[following.end() : following.end() + _REACH])
            yield from _checked(before + behind + more)


def _in_two(before: str, dash: str, behind: str, *, alone: bool) -> Iterator[Finding]:
    line = before + dash + behind
    yield from _checked(line)
    if dash and len(plain(line)) >= _SHORTEST:
        yield from (Finding(Private.LANDLINE, one) for one in landlines(before + "-" + behind))
    if _may_be_mobile(before, behind, alone=alone):
        yield from (Finding(Private.MOBILE, one) for one in mobiles(line))


def _checked(line: str) -> Iterator[Finding]:
    """What check digits tell from numbers that stand below each other by chance."""
    if len(plain(line)) < _CHECKED:
        return
    yield from (Finding(Private.IDENTITY, number) for number in identities(line))
    yield from (Finding(Private.ACCOUNT, number) for number in cards(line))


def _may_be_mobile(before: str, behind: str, *, alone: bool) -> bool:
    """Whether the digits at the break can be a mobile number.

    Amounts below each other are none: both fill their lines, and they are round or short. ``alone``: the
    text is one cell with one break, in which nothing but a number goes on.
    """
    last, first = _LAST.search(before), _FIRST.match(behind)
    if last is None or first is None:
        return False
    ends, begins = last["digits"], first["digits"]
    in_front, in_rear = _OTHERWISE
    if in_rear.match(first["words"]) or (len(ends) <= _FEWEST and in_front.match(last["words"])):
        return False
    if min(len(ends), len(begins)) < _FEWEST or is_round(ends, begins):
        return False
    in_column = not last["words"] and not first["words"]
    return alone or not in_column or len(ends) >= _LONG


def _tail(text: str) -> str:
    return _LINES.split(text)[-1]


def _head(text: str) -> str:
    return _LINES.split(text)[0]
