"""Whole years of the demo: what is known of those before the portal, and those that were closed."""

from collections.abc import Iterator
from datetime import date
from functools import partial

from portal.closing.operations import decide_closing, propose_closing
from portal.demo.county import Demo, organization
from portal.demo.replay import Event
from portal.funds import opening
from portal.rules import money
from portal.rules.workflow import Move


def add_opening_figures(demo: Demo) -> None:
    """Earlier years enter as figures only: industry money and total."""
    for row in demo.rows("industry_share"):
        if int(row["fund_year"]) < demo.year:
            opening.record_opening_figure(
                int(row["fund_year"]),
                industry_amount=money.parse_wan(row["industry_wan"]),
                total_amount=money.parse_wan(row["total_wan"]),
                actor=demo.finance_officer,
            )


def opening_payments(demo: Demo) -> Iterator[Event]:
    """What was paid of earlier years, each time it was counted."""
    for row in demo.rows("opening_payments"):
        yield Event(date.fromisoformat(row["counted_on"]), partial(_count, demo, row))


def closings(demo: Demo) -> Iterator[Event]:
    """The closing of a year: figured by finance, approved by the leading group, on one day."""
    for row in demo.rows("closings"):
        yield Event(date.fromisoformat(row["decided_on"]), partial(_close, demo, row))


def _count(demo: Demo, row: dict[str, str], on: date) -> None:
    opening.record_opening_payment(
        int(row["year"]),
        counted_on=on,
        paid_amount=money.parse_wan(row["paid_wan"]),
        actor=demo.finance_officer,
        on=on,
    )


def _close(demo: Demo, row: dict[str, str], on: date) -> None:
    county_id = organization(demo.county).id
    closing = propose_closing(county_id, int(row["year"]), actor=demo.finance_officer, on=on)
    decide_closing(closing, Move.APPROVE, actor=demo.approver, on=on)
