"""What the pages on money ask of 1,000,000 postings, beside the plain GROUP BY without index and counter.

On SQLite, and on PostgreSQL where PORTAL_TEST_POSTGRES names a server. PORTAL_BENCH_POSTINGS makes it
smaller for a trial.
"""

import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import Connection

from bench import paired
from portal.dashboard.queries import fund_overview
from portal.db import db
from portal.funds.models import FundDocument, Placement
from portal.library.models import Project
from portal.pace.curve import moments
from portal.pace.queries import document_figures, project_figures, unit_figures
from portal.payments.models import Payment, Posting
from portal.rules.access import Actor
from portal.rules.vocabulary import (
    FundingTier,
    PaymentKind,
    PaymentOrigin,
    PaymentStatus,
    ProjectStatus,
    ReportClass,
)
from tests.conftest import make_app
from tests.environment import postgres_database
from tests.world import World, build_world

POSTINGS = int(os.environ.get("PORTAL_BENCH_POSTINGS", "1000000"))
YEARS = tuple(range(2004, 2024))
PROJECTS = 150
"""Of each year; each has money of two documents."""

CHUNK = 20_000
DAY = date(2023, 12, 31)
PLAIN = {
    "sqlite": "SELECT document_id, project_id, SUM(amount) FROM posting NOT INDEXED"
    " WHERE fund_year = 2023 GROUP BY document_id, project_id",
    "postgresql": "SELECT document_id, project_id, SUM(amount) FROM posting"
    " WHERE fund_year + 0 = 2023 GROUP BY document_id, project_id",
}


def on_sqlite() -> dict[str, Any]:
    """The figures of a year in the database of a county with twenty years."""
    folder = Path(tempfile.mkdtemp())
    try:
        return _measured(make_app(folder, f"sqlite:///{folder / 'portal.db'}"))
    finally:
        shutil.rmtree(folder)


def on_postgres() -> dict[str, Any]:
    """The same on PostgreSQL."""
    folder = Path(tempfile.mkdtemp())
    try:
        with postgres_database("template0") as url:
            return _measured(make_app(folder, url.render_as_string(hide_password=False)))
    finally:
        shutil.rmtree(folder)


def _measured(app: Flask) -> dict[str, Any]:
    with _filled(app) as county_id:
        _compare(county_id, _plain())
        finance = World().actor("finance_agri")
        row = paired(lambda: _figures(county_id, finance), _plain)
    beside = "the plain GROUP BY over all postings"
    return {"compared_with": beside, "goal": "<= 0.2", "postings": POSTINGS, **row}


def _figures(county_id: int, finance: Actor) -> None:
    """What the two pages ask of the ledger: the curve, the documents, the units, the year's overview."""
    moments(county_id, 2023, DAY)
    document_figures(county_id, 2023, DAY)
    unit_figures(county_id, 2023, DAY)
    fund_overview(finance, DAY)


def _plain() -> dict[tuple[int, int], int]:
    with db.engine.connect() as connection:
        rows = connection.exec_driver_sql(PLAIN[connection.dialect.name])
        return {(document_id, project_id): int(fen) for document_id, project_id, fen in rows}


def _compare(county_id: int, plain: dict[tuple[int, int], int]) -> None:
    """The portal's figures are those of the plain sums, to the fen."""
    documents: dict[int, int] = defaultdict(int)
    projects: dict[int, int] = defaultdict(int)
    for (document_id, project_id), fen in plain.items():
        documents[document_id] += fen
        projects[project_id] += fen
    found = document_figures(county_id, 2023, DAY)
    assert {one.document_id: one.paid for one in found} == dict(documents)
    assert {one.project_id: one.paid for one in project_figures(county_id, 2023, DAY)} == projects


@contextmanager
def _filled(app: Flask) -> Iterator[int]:
    """The small county with twenty years of money; yields its id."""
    with app.app_context():
        db.create_all()
        build_world()
        world = World()
        county_id = world.ids["county"]
        db.session.remove()
        writing = db.engine.connect().execution_options(portal_read_only=False)
        with writing as connection, connection.begin():
            _fill(connection, world)
        with writing.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE")
        yield county_id
        db.session.remove()
        db.engine.dispose()


def _fill(connection: Connection, world: World) -> None:
    pairs = [pair for year in YEARS for pair in _money(connection, world, year)]
    paid: dict[tuple[int, int], int] = defaultdict(int)
    rows = []
    for number in range(POSTINGS):
        year, payment_id, document_id, project_id = pairs[number % len(pairs)]
        paid[document_id, project_id] += 100 + number % 1000
        paid_on = date(year, 1, 1) + timedelta(number // len(pairs) * 13 % 365)
        rows.append(_posting(world, year, payment_id, document_id, project_id, paid_on, number))
        if len(rows) == CHUNK or number == POSTINGS - 1:
            connection.execute(sa.insert(Posting), rows)
            rows = []
    connection.execute(sa.insert(Placement), [_placement(world, *key, paid[key]) for key in paid])


def _money(connection: Connection, world: World, year: int) -> list[tuple[int, int, int, int]]:
    """Documents, projects and a payment for each; (year, payment, document, project) of each pair."""
    first = (year - YEARS[0]) * PROJECTS + 1
    documents = [2 * (year - YEARS[0]) + n for n in (1, 2)]
    connection.execute(sa.insert(FundDocument), [_document(world, year, n) for n in documents])
    ids = range(first, first + PROJECTS)
    connection.execute(sa.insert(Project), [_project(world, year, number) for number in ids])
    connection.execute(sa.insert(Payment), [_payment(world, year, number) for number in ids])
    return [(year, number, document, number) for number in ids for document in documents]


def _document(world: World, year: int, number: int) -> dict[str, Any]:
    return {
        "id": number,
        "county_id": world.ids["county"],
        "code": f"county-{year}-f{number}",
        "number": f"县财指〔{year}〕{number}号",
        "title": "关于下达衔接资金的指标通知",
        "received_on": date(year, 1, 1),
        "year": year,
        "tier": FundingTier.CENTRAL,
        "amount": 10**12,
        "arranged_amount": 10**12,
        "registered_by_id": 1,
        "registered_on": date(year, 1, 1),
    }


def _project(world: World, year: int, number: int) -> dict[str, Any]:
    return {
        "id": number,
        "county_id": world.ids["county"],
        "code": f"county-{year}-{number:05d}",
        "year": year,
        "organization_id": world.ids["dong"],
        "township_id": world.ids["jia"],
        "department_id": world.ids["rural"],
        "status": ProjectStatus.ADMITTED,
        "report_class": list(ReportClass)[number % 3],
        "name": f"东村第{number}号冷库建设项目",
        "central_amount": 10**10,
        "created_by_id": 1,
        "created_on": date(year, 1, 1),
    }


def _payment(world: World, year: int, number: int) -> dict[str, Any]:
    return {
        "id": number,
        "county_id": world.ids["county"],
        "organization_id": world.ids["dong"],
        "code": f"county-{year}-{number:05d}-p01",
        "project_id": number,
        "kind": PaymentKind.PROGRESS,
        "origin": PaymentOrigin.TREASURY,
        "status": PaymentStatus.PAID,
        "payee": "试验建筑公司",
        "requested_by_id": 1,
        "requested_on": date(year, 1, 1),
        "paid_on": date(year, 1, 1),
    }


def _posting(
    world: World,
    year: int,
    payment_id: int,
    document_id: int,
    project_id: int,
    paid_on: date,
    number: int,
) -> dict[str, Any]:
    return {
        "county_id": world.ids["county"],
        "payment_id": payment_id,
        "document_id": document_id,
        "project_id": project_id,
        "fund_year": year,
        "paid_on": paid_on,
        "amount": 100 + number % 1000,
        "posted_by_id": 1,
        "posted_on": paid_on,
    }


def _placement(world: World, document_id: int, project_id: int, paid: int) -> dict[str, Any]:
    return {
        "county_id": world.ids["county"],
        "document_id": document_id,
        "project_id": project_id,
        "allocated_amount": paid * 2,
        "paid_amount": paid,
    }


BENCHES: dict[str, Callable[[], dict[str, Any]]] = {"dashboards": on_sqlite}
if os.environ.get("PORTAL_TEST_POSTGRES"):
    BENCHES["dashboards-postgres"] = on_postgres
