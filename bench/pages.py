"""The list page: 50 of 10,000 projects for a signed-in person, beside bare Flask with raw SQL."""

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask, render_template_string
from flask.testing import FlaskClient

from bench import paired
from portal.db import bulk_insert, db, unit_of_work
from portal.library.models import Project
from portal.rules.vocabulary import ProjectStatus, ReportClass
from tests.client import Client
from tests.conftest import DAY, make_app
from tests.world import World, build_world

PROJECTS = 10_000
VIEWS = 20
BARE_SQL = """
SELECT p.id, p.code, p.name, p.report_class, p.status, p.central_amount, t.name, o.name
FROM project p JOIN organization o ON o.id = p.organization_id
LEFT JOIN organization t ON t.id = p.township_id
WHERE p.county_id = ? ORDER BY p.year DESC, p.id LIMIT 50
"""
BARE_PAGE = """<!doctype html><title>projects</title><table>{% for row in rows %}<tr>
{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table>"""


def list_page() -> dict[str, object]:
    """Twenty views of the page through the whole portal, beside the same number of bare ones."""
    with county_of_projects() as (app, path):
        client = Client(app).sign_in("lead_office")
        assert client.get("/library/").text.count("<tr>") > 50
        bare = bare_flask(path, World().ids["county"])
        assert bare.get("/").text.count("<tr>") == 50
        row = paired(
            lambda: [client.get("/library/") for _ in range(VIEWS)],
            lambda: [bare.get("/") for _ in range(VIEWS)],
        )
    row["ratio"] = row["limit_seconds"] / row["seconds"]
    return {"compared_with": "bare Flask and raw SQL", "goal": ">= 0.40", **row}


@contextmanager
def county_of_projects() -> Iterator[tuple[Flask, Path]]:
    """A portal in a folder of its own with 10,000 projects of twenty years."""
    folder = Path(tempfile.mkdtemp())
    path = folder / "portal.db"
    try:
        app = make_app(folder, f"sqlite:///{path}")
        app.testing = False
        with app.app_context():
            db.create_all()
            build_world()
            _add_projects(World())
            yield app, path
            db.session.remove()
            db.engine.dispose()
    finally:
        shutil.rmtree(folder)


def _add_projects(world: World) -> None:
    rows = [_project(world, number) for number in range(PROJECTS)]
    with unit_of_work(world.actor("lead_office"), "bench"):
        bulk_insert(Project, rows, source="bench", county_id=world.ids["county"])


def _project(world: World, number: int) -> dict[str, object]:
    year = 2004 + number % 20
    return {
        "county_id": world.ids["county"],
        "code": f"county-{year}-{number:05d}",
        "year": year,
        "organization_id": world.ids["dong"],
        "township_id": world.ids["jia"],
        "department_id": world.ids["rural"],
        "status": list(ProjectStatus)[number % 8],
        "report_class": list(ReportClass)[number % 3],
        "name": f"东村第{number}号冷库建设项目",
        "central_amount": number * 10_000,
        "created_by_id": 1,
        "created_on": DAY,
    }


def bare_flask(path: Path, county_id: int) -> FlaskClient:
    """The least that shows 50 projects: no sign-in, no scopes, no layout."""
    app = Flask(__name__)
    connection = sqlite3.connect(path, check_same_thread=False)

    @app.get("/")
    def projects() -> str:
        rows = connection.execute(BARE_SQL, (county_id,)).fetchall()
        return render_template_string(BARE_PAGE, rows=rows)

    return app.test_client()


BENCHES: dict[str, Callable[[], dict[str, object]]] = {"list_page": list_page}
