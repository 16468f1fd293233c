"""Finding and queueing what is due among 100,000 open documents, beside an ORM loop over all of them."""

import os
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app

from bench import seconds
from portal.accounts import operations as accounts
from portal.app import create_app
from portal.db import db, unit_of_work
from portal.deadlines.models import Reminder
from portal.deadlines.operations import remind
from portal.funds.models import FundDocument
from portal.mail.models import InboxMessage, OutboxMail
from portal.rules.access import SYSTEM
from portal.rules.deadlines import evaluate, step_due
from portal.rules.vocabulary import FundingTier, OrganizationKind, Role

DAY = date(2023, 3, 20)
OPEN = 100_000
DUE = 100
ROUNDS = 3


def deadline_scan() -> dict[str, Any]:
    """100 of 100,000 running clocks stand on a step today; three people hear of them in one digest each."""
    with tempfile.TemporaryDirectory() as folder:
        app = _app(Path(folder))
        with app.app_context():
            _fill()
            row = _measured()
            db.session.remove()
            db.engine.dispose()
        return row


def _measured() -> dict[str, Any]:
    ours, loops = [], []
    for _ in range(ROUNDS):
        _forget()
        ours.append(seconds(_queue))
        loops.append(seconds(_orm_loop))
    queued = db.session.scalar(sa.select(sa.func.count(Reminder.id)))
    assert queued == 3 * DUE, queued
    work, loop = sorted(ours)[ROUNDS // 2], sorted(loops)[ROUNDS // 2]
    return {
        "compared_with": "an ORM loop over 100,000 open documents",
        "goal": "<= 0.01",
        "seconds": work,
        "limit_seconds": loop,
        "ratio": work / loop,
        "rounds": ROUNDS,
        "queued": queued,
        "second_run": _queue(),
    }


def _queue() -> int:
    with unit_of_work(SYSTEM, "bench"):
        return len(remind(DAY))


def _orm_loop() -> int:
    """The way one would write it first: every document as an object, every rule in Python."""
    book = current_app.extensions["book"]
    due = 0
    with unit_of_work(SYSTEM, "bench", read_only=True):
        for document in db.session.scalars(sa.select(FundDocument)):
            facts = {
                "received_on": document.received_on,
                "reported_on": document.reported_on,
                "allocated_on": None,
                "disclosed_on": None,
            }
            for rule in book.deadlines.values():
                clock = evaluate(rule, facts, DAY, book.holidays)
                if clock and step_due(clock, DAY) is not None:
                    due += 1
    db.session.expunge_all()
    return due


def _forget() -> None:
    with db.engine.connect().execution_options(portal_read_only=False) as connection:
        for model in (Reminder, OutboxMail, InboxMessage):
            connection.execute(sa.delete(model))
        connection.commit()


def _app(folder: Path) -> Flask:
    os.environ.update(PORTAL_INSTANCE=str(folder), PORTAL_INSECURE_HTTP="1")
    os.environ.update(PORTAL_TODAY=DAY.isoformat())
    os.environ.pop("PORTAL_DATABASE_URL", None)
    return create_app()


def _fill() -> None:
    db.create_all()
    with unit_of_work(SYSTEM, "bench"):
        city = accounts.add_organization(
            code="city", kind=OrganizationKind.PREFECTURE, name="试验市", parent=None
        )
        county = accounts.add_organization(
            code="county", kind=OrganizationKind.COUNTY, name="试验县", parent=city
        )
        for name, role in (
            ("a", Role.FINANCE_AGRI),
            ("b", Role.FINANCE_AGRI),
            ("c", Role.LEAD_OFFICE),
        ):
            accounts.add_user(
                username=name, name=name, organization=county, roles=[role], email=f"{name}@x.cn"
            )
        county_id = county.id
    with db.engine.connect().execution_options(portal_read_only=False) as connection:
        connection.execute(sa.insert(FundDocument), [_document(n, county_id) for n in range(OPEN)])
        connection.execute(sa.text("ANALYZE"))
        connection.commit()


def _document(number: int, county_id: int) -> dict[str, Any]:
    used = 38 if number % (OPEN // DUE) == 0 else number % 29
    received_on = DAY - timedelta(days=used)
    return {
        "county_id": county_id,
        "code": f"d-{number}",
        "number": f"县财指〔2023〕{number}号",
        "title": "关于下达衔接资金的指标通知",
        "received_on": received_on,
        "reported_on": received_on,
        "year": 2023,
        "tier": FundingTier.CENTRAL,
        "amount": 305_000_000,
        "registered_by_id": 1,
        "registered_on": received_on,
    }


BENCHES: dict[str, Callable[[], dict[str, Any]]] = {"deadline_scan": deadline_scan}
