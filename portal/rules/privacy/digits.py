"""How people write a long number: what stands between its digits, and what stands in front and behind."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_DASHES = r"\-·_/~\u2010-\u2015\u2212"
GAP = rf"[ .…{_DASHES}]{{0,3}}"
"""Between the groups of a number on one line, or nothing."""
ONE = rf"[ .{_DASHES}]"
"""The same, one character, where something has to stand."""
_DIGITS = re.compile("[0-9]+")
_WHOLE = re.compile(r"[0-9]\.$")
_FRACTION = re.compile(r"\.[0-9]")
_DECIMALS = frozenset({1, 2, 4})
"""So many decimals have amounts and shares; a serial number (3.110105…) has none, six are a place."""


class Written(NamedTuple):
    """A number as it stands in a text: where, and what is in front of it and behind."""

    text: str
    begin: int
    end: int

    @property
    def raw(self) -> str:
        """The digits with all that stands between them."""
        return self.text[self.begin : self.end]

    @property
    def digits(self) -> str:
        """The digits alone, with the X of an identity number."""
        return plain(self.raw)

    @property
    def gaps(self) -> list[tuple[int, str]]:
        """What stands between the groups of digits, each with the number of digits in front of it."""
        found, seen, last = [], 0, None
        for group in _DIGITS.finditer(self.raw):
            if last is not None:
                found.append((seen, self.raw[last : group.start()]))
            seen, last = seen + len(group[0]), group.end()
        return found

    @property
    def begins_in_decimals(self) -> bool:
        """Whether its first group is the decimals of an amount (95739.81 2023 …)."""
        gaps, in_front = self.gaps, self.text[max(self.begin - 2, 0) : self.begin]
        return bool(gaps) and gaps[0][0] in _DECIMALS and _WHOLE.search(in_front) is not None

    @property
    def ends_in_amount(self) -> bool:
        """Whether its last group is an amount whose decimals follow (… 1200 3500.50)."""
        return bool(self.gaps) and _FRACTION.match(self.text, self.end) is not None

    @property
    def mixes_dots(self) -> bool:
        """Whether dots stand beside other separators: those of amounts do (138.25 1200 3500)."""
        dots = ["." in gap for _place, gap in self.gaps]
        return any(dots) and not all(dots)


def plain(number: str) -> str:
    """The digits of a number, with the X of an identity number."""
    return re.sub(r"[^0-9X]", "", number.upper())


def written(patterns: tuple[re.Pattern[str], ...], text: str) -> Iterator[Written]:
    """Every place where one of the patterns could begin, also inside of what another has matched.

    The patterns look ahead and hold the number as their first group: what a serial number or an amount in
    front has wrongly begun does not hide the real number behind it.
    """
    for pattern in patterns:
        for match in pattern.finditer(text):
            yield Written(text, *match.span(1))
