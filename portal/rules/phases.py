"""Where the works of a project stand on a day (P3): computed from the facts on record, never stored."""

from dataclasses import dataclass
from datetime import date

from portal.rules.vocabulary import ChangeKind, Phase

AHEAD = frozenset({Phase.NOT_STARTED, Phase.TENDERING, Phase.CONTRACTED, Phase.UNDER_WAY})
"""Phases in which the works still go on, or have yet to begin."""
DONE = frozenset({Phase.FINISHED, Phase.ACCEPTED, Phase.SETTLED})
"""Phases in which the works are complete."""


@dataclass(frozen=True)
class PhaseFacts:
    """What is on record of a project's works; a day that has not come yet is None.

    ``held_by`` is the suspension or termination that stands. ``percent`` is the latest reported share of
    the works. ``accepted_on`` is the day of the passed county acceptance, ``settled_on`` the day on which
    the last of the contracts was settled; None while one is open, and without any contract.
    """

    held_by: ChangeKind | None = None
    tendered_on: date | None = None
    contracted_on: date | None = None
    started_on: date | None = None
    percent: int = 0
    finished_on: date | None = None
    accepted_on: date | None = None
    settled_on: date | None = None


def phase(facts: PhaseFacts) -> Phase:
    """The furthest that the facts reach; a standing suspension or termination comes before all.

    A reported share above 0 counts as a start, because the village often reports before the township
    writes the day down. A contract may be settled early (design, supervision): the project is settled
    when it is accepted as well.
    """
    if facts.held_by is not None:
        return Phase.TERMINATED if facts.held_by is ChangeKind.TERMINATE else Phase.SUSPENDED
    reached = (
        (Phase.SETTLED, facts.settled_on and facts.accepted_on),
        (Phase.ACCEPTED, facts.accepted_on),
        (Phase.FINISHED, facts.finished_on),
        (Phase.UNDER_WAY, facts.started_on or facts.percent),
        (Phase.CONTRACTED, facts.contracted_on),
        (Phase.TENDERING, facts.tendered_on),
    )
    return next((one for one, there in reached if there), Phase.NOT_STARTED)
