"""``demo load NAME``: a demo county into an empty database, as it stands on one day."""

from collections.abc import Iterable
from datetime import date
from itertools import chain

import sqlalchemy as sa
from flask import current_app

from portal import clock
from portal.accounts.models import Organization
from portal.db import Setting, db, execute_unaudited, unit_of_work
from portal.deadlines.operations import mark_reminded
from portal.demo import (
    assessments,
    disclosures,
    duties,
    funds,
    payments,
    people,
    performance,
    projects,
    works,
    years,
)
from portal.demo.county import NAMES, Demo, read
from portal.demo.replay import Event, replay
from portal.mail.models import InboxMessage
from portal.rules.access import SYSTEM


class DemoRefused(Exception):
    """The demo cannot be loaded here; the message says why and what to do."""


def load(name: str) -> None:
    """Replay a demo county up to the standing day, in one transaction.

    Raises:
        DemoRefused: unknown demo, a database that holds other data, a production setting, or a day
            before the story begins.
    """
    if name not in NAMES:
        raise DemoRefused(f"unknown demo {name}; there are {', '.join(NAMES)}")
    demo = read(name)
    today: date = current_app.config["STANDING_DAY"] or demo.default_day
    _refuse(demo, today)
    current_app.config["STANDING_DAY"] = today
    with unit_of_work(SYSTEM, "demo load"):
        people.add_organizations(demo)
        people.add_people(demo)
        payments.seat_keepers(demo)
        projects.add_library(demo)
        years.add_opening_figures(demo)
        funds.add_documents(demo, today)
        funds.add_batches(demo, today)
        replay(_story(demo), today)
        disclosures.publish_library(demo)
        disclosures.publish_policies(demo, today)
        disclosures.publish_allocations(demo, today)
        replay(chain(performance.forms(demo), disclosures.results(demo)), today)
        disclosures.add_current_notices(demo, today)
        _count_news_as_read()
        payments.add_open_requests(demo, today)
        projects.add_open_applications(demo, today)
        duties.record_proofs(demo, today)
        assessments.add_assessment(demo, today)
        mark_reminded(today)
        db.session.add(Setting(key="demo", value=name))
        db.session.add(Setting(key="day", value=today.isoformat()))
    current_app.config["DEMO"] = name


def _story(demo: Demo) -> Iterable[Event]:
    return chain(
        works.works(demo),
        works.changes(demo),
        duties.boards(demo),
        payments.payments(demo),
        years.opening_payments(demo),
        years.closings(demo),
    )


def _count_news_as_read() -> None:
    """What people were told about last year's admissions they have read long ago."""
    execute_unaudited(sa.update(InboxMessage).values(read_at=clock.now()))


def _refuse(demo: Demo, today: date) -> None:
    if current_app.config["PRODUCTION"]:
        raise DemoRefused("PORTAL_ENV=production: a demo has no place here")
    if db.session.scalar(sa.select(sa.func.count()).select_from(Organization)):
        raise DemoRefused("this database holds data already; a demo needs an empty one")
    if today < demo.earliest_day:
        raise DemoRefused(f"the demo begins on {demo.earliest_day}; PORTAL_TODAY is {today}")
    db.session.rollback()


def logins() -> str:
    """The demo accounts in one table, for the terminal."""
    found = people.listed(read(current_app.config["DEMO"]))
    lines = [f"  {username:<14}{role}" for username, role in found]
    return "\n".join(["Demo logins (password for all: " + people.PASSWORD + ")", *lines])
