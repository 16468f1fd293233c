"""The filter of the project list as an address carries it; what cannot be read does not narrow."""

from collections.abc import Mapping
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
        year=_number(arguments.get("year")),
        township_id=_number(arguments.get("township")),
        report_class=_member(ReportClass, arguments.get("class")),
        status=_member(ProjectStatus, arguments.get("status")),
    )


def kept_arguments(arguments: Mapping[str, str]) -> dict[str, str]:
    """The filter's part of an address, for links to other pages of the same list."""
    return {name: arguments[name][:LONGEST] for name in NAMES if arguments.get(name)}


def page_number(arguments: Mapping[str, str]) -> int:
    """The page that an address names, the first where it names none."""
    return min(max(_number(arguments.get("page")) or 1, 1), LAST_PAGE)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def _member(kind: type[Member], text: str | None) -> Member | None:
    return next((member for member in kind if member.value == text), None)
