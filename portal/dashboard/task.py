"""One line of 今天要做的事, and how urgent it is."""

from dataclasses import dataclass

from portal.rules.vocabulary import Labelled

MOST_LINES = 12


class Urgency(Labelled):
    """The groups of the page, in their order."""

    OVERDUE = "overdue", "逾期"
    SOON = "soon", "临期"
    WAITING = "waiting", "待办"
    LATER = "later", "本月"


TONES = {
    Urgency.OVERDUE: "late",
    Urgency.SOON: "warn",
    Urgency.WAITING: "info",
    Urgency.LATER: "good",
}


@dataclass(frozen=True)
class Task:
    """One line: how urgent, what, why, and the one button that leads there."""

    urgency: Urgency
    badge: str
    what: str
    detail: str
    button: str
    address: str

    @property
    def tone(self) -> str:
        """The colour of the badge; the word stands beside it."""
        return TONES[self.urgency]
