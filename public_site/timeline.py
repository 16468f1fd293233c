"""What happened in a project's life, as its page tells it: the works and every payment, by day."""

from datetime import date
from itertools import groupby

from public_site.schema import Event, Payment, Project
from public_site.wording import wan


def timeline(project: Project, payments: list[Payment]) -> list[Event]:
    """The project's events and one event for each day and kind of payment, the unreached last."""
    events = [*project.events, *_paid(payments)]
    return sorted(events, key=lambda event: (event.on is None, event.on or date.max))


def _paid(payments: list[Payment]) -> list[Event]:
    rows = sorted(payments, key=_what)
    return [
        Event(title, on, f"{wan(abs(sum(one.amount for one in found)))}万元")
        for (on, title), found in groupby(rows, key=_what)
    ]


def _what(payment: Payment) -> tuple[date, str]:
    return payment.paid_on, f"{'退回' if payment.amount < 0 else '支付'}{payment.kind}"
