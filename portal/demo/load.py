"""``demo load acheng-2023``: the demo county into an empty database, as it stands on one day."""

from datetime import date
from pathlib import Path

import sqlalchemy as sa
from flask import current_app

from portal import clock
from portal.accounts.models import Organization
from portal.db import Setting, db, execute_unaudited, unit_of_work
from portal.deadlines.operations import mark_reminded
from portal.demo import disclosures, funds, people, projects
from portal.mail.models import InboxMessage
from portal.rules.access import SYSTEM

NAME = "acheng-2023"
FOLDER = Path(__file__).with_name(NAME)
DEFAULT_DAY = date(2023, 3, 20)
EARLIEST_DAY = date(2022, 12, 15)


class DemoRefused(Exception):
    """The demo cannot be loaded here; the message says why and what to do."""


def load(name: str) -> None:
    """Replay the demo county up to the standing day, in one transaction.

    Raises:
        DemoRefused: unknown demo, a database that holds other data, a production setting, or a day
            before the first document arrived.
    """
    today: date = current_app.config["STANDING_DAY"] or DEFAULT_DAY
    _refuse(name, today)
    current_app.config["STANDING_DAY"] = today
    with unit_of_work(SYSTEM, "demo load"):
        people.add_organizations(FOLDER)
        people.add_people(FOLDER)
        projects.add_library(FOLDER)
        funds.add_opening_figures(FOLDER)
        funds.add_documents(FOLDER, today)
        funds.add_batches(FOLDER, today)
        county_id = people.organization("acheng").id
        disclosures.publish_library(county_id)
        disclosures.publish_allocations(FOLDER, county_id, today)
        disclosures.add_current_notices(county_id, today)
        _count_news_as_read()
        projects.add_open_applications(today)
        mark_reminded(today)
        db.session.add(Setting(key="demo", value=NAME))
        db.session.add(Setting(key="day", value=today.isoformat()))
    current_app.config["DEMO"] = NAME


def _count_news_as_read() -> None:
    """What people were told about last year's admissions they have read long ago."""
    execute_unaudited(sa.update(InboxMessage).values(read_at=clock.now()))


def _refuse(name: str, today: date) -> None:
    if name != NAME:
        raise DemoRefused(f"unknown demo {name}; there is {NAME}")
    if current_app.config["PRODUCTION"]:
        raise DemoRefused("PORTAL_ENV=production: a demo has no place here")
    if db.session.scalar(sa.select(sa.func.count()).select_from(Organization)):
        raise DemoRefused("this database holds data already; a demo needs an empty one")
    if today < EARLIEST_DAY:
        raise DemoRefused(f"the demo begins on {EARLIEST_DAY}; PORTAL_TODAY is {today}")
    db.session.rollback()


def logins() -> str:
    """The demo accounts in one table, for the terminal."""
    found = people.listed()
    lines = [f"  {username:<12}{role}" for username, role in found]
    return "\n".join(["Demo logins (password for all: " + people.PASSWORD + ")", *lines])
