"""The filter of the project list as an address carries it; what cannot be read does not narrow."""

from collections.abc import Collection, Mapping
from typing import TypeVar

from portal.library.forms import clean
from portal.library.queries import Filter
from portal.rules.vocabulary import Labelled, ProjectStatus, ReportClass

Member = TypeVar("Member", bound=Labelled)
NAMES = ("q", "year", "township", "class", "status")
LONGEST = 60
LAST_PAGE = 100_000


def chosen_filter(arguments: Mapping[str, str]) -> Filter:
    """The filter that an address names."""
    return Filter(
        q=clean(arguments.get("q"))[:LONGEST],
        year=number_in(arguments.get("year")),
        township_id=number_in(arguments.get("township")),
        report_class=_member(ReportClass, arguments.get("class")),
        status=_member(ProjectStatus, arguments.get("status")),
    )


def kept_arguments(arguments: Mapping[str, str], names: Collection[str] = NAMES) -> dict[str, str]:
    """The filter's part of an address, for links to other pages of the same list."""
    return {name: arguments[name][:LONGEST] for name in names if arguments.get(name)}


def page_number(arguments: Mapping[str, str]) -> int:
    """The page that an address names, the first where it names none."""
    return min(max(number_in(arguments.get("page")) or 1, 1), LAST_PAGE)


def number_in(text: str | None) -> int | None:
    """The number that a part of an address names; None where it names none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def _member(kind: type[Member], text: str | None) -> Member | None:
    return next((member for member in kind if member.value == text), None)
