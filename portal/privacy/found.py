"""What was found and where; the number itself stays in memory."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from portal.rules.privacy import Finding, listed_in_rows, private_data

MOST = 200
"""More findings of one file are not listed: it has to be made anew anyway."""


class Found(NamedTuple):
    """A finding with its place in a file, as a message names it: 第3段, 表“名单”B5, 第2页."""

    finding: Finding
    place: str

    @property
    def words(self) -> str:
        """What a message says: the place and the masked finding."""
        return f"{self.place}里的{self.finding.masked}" if self.place else self.finding.masked

    def within(self, place: str) -> "Found":
        """The same, its place inside a larger one."""
        return Found(self.finding, f"{place}{self.place}")


def in_text(text: str, place: str) -> Iterator[Found]:
    """The private numbers of a text."""
    for finding in private_data(text):
        yield Found(finding, place)


def in_rows(rows: Sequence[Sequence[str]], place: str) -> Iterator[Found]:
    """The list of people that a table holds."""
    if finding := listed_in_rows(rows):
        yield Found(finding, place)


def once(found: Iterable[Found]) -> tuple[Found, ...]:
    """Each finding at its first place, and not more of them than anybody reads."""
    first: dict[Finding, Found] = {}
    for one in found:
        first.setdefault(one.finding, one)
        if len(first) == MOST:
            break
    return tuple(first.values())
