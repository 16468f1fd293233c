"""History as a list of dated events, of which only those happen that lie before the standing day."""

from collections.abc import Callable, Iterable
from datetime import date
from operator import attrgetter
from typing import NamedTuple


class Event(NamedTuple):
    """What somebody did on a day; ``act`` is given that day."""

    on: date
    act: Callable[[date], object]


def replay(events: Iterable[Event], today: date) -> None:
    """Let everything up to ``today`` happen, day by day; within a day in the given order."""
    for event in sorted(events, key=attrgetter("on")):
        if event.on <= today:
            event.act(event.on)
