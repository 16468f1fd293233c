"""分解表: the grid of 300 projects and 20 documents, beside the same HTML from bare SQL, Flask and Jinja."""

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
from portal.funds import operations
from portal.funds.models import Allocation, FundDocument
from portal.library.models import Project
from portal.rules.vocabulary import FundingTier, ProjectStatus, ReportClass
from tests.client import Client
from tests.conftest import DAY, make_app
from tests.world import World, build_world

PROJECTS, DOCUMENTS, VIEWS = 300, 20, 3
FILLED = 3
"""Of how many cells one holds money."""

ROWS_SQL = """
SELECT p.id, p.code, p.name, p.central_amount - coalesce(sum(a.amount), 0)
FROM project p LEFT JOIN allocation a ON a.project_id = p.id AND NOT a.void
WHERE p.county_id = ? AND p.year = 2023 AND p.status = 'admitted'
GROUP BY p.id ORDER BY p.priority IS NULL, p.priority, p.code
"""
COLUMNS_SQL = """
SELECT id, number, tier, amount - arranged_amount FROM fund_document
WHERE county_id = ? AND arranged_amount < amount ORDER BY received_on, id
"""
CELLS_SQL = """
SELECT project_id, document_id, sum(amount) FROM allocation WHERE batch_id = ? AND NOT void
GROUP BY project_id, document_id
"""
BARE_PAGE = """<!doctype html><title>matrix</title><form method="post"><table>
<tr><th>项目</th><th>还差</th>{% for id, number, tier, rest in columns %}
<th scope="col" class="number" id="d{{ id }}"><a href="/funds/{{ id }}">{{ number }}</a>{{ tier }}</th>
{% endfor %}</tr>
<tr><th>还可以安排</th><td></td>
{% for id, number, tier, rest in columns %}<td class="number">{{ rest / 1000000 }}</td>{% endfor %}</tr>
{% for p, code, name, gap in rows %}
<tr><th scope="row" id="p{{ p }}"><a href="/library/{{ p }}">{{ name }}</a><span>{{ code }}</span></th>
<td class="number"><span id="gap-{{ p }}">{{ gap / 1000000 }}</span></td>
{% for d, number, tier, rest in columns %}<td><input name="cell-{{ p }}-{{ d }}"
 value="{% if (p, d) in cells %}{{ cells[(p, d)] / 1000000 }}{% endif %}"
 aria-labelledby="p{{ p }} d{{ d }}"></td>
{% endfor %}</tr>
{% endfor %}</table></form>"""


def matrix() -> dict[str, object]:
    """Three views of the grid through the whole portal, beside the same number of bare ones."""
    with county_of_cells() as (app, path, batch_id):
        client = Client(app).sign_in("finance_agri")
        address = f"/funds/batches/{batch_id}/matrix?year=2023"
        ours = client.get(address).text
        bare = bare_flask(path, World().ids["county"], batch_id)
        theirs = bare.get("/").text
        cells = PROJECTS * DOCUMENTS
        assert (ours.count("<td><input"), theirs.count("<td><input")) == (cells, cells)
        row = paired(
            lambda: [client.get(address) for _ in range(VIEWS)],
            lambda: [bare.get("/") for _ in range(VIEWS)],
        )
    return {
        "compared_with": "the same HTML from bare SQL, Flask and Jinja",
        "goal": "<= 4",
        "kilobytes": len(ours.encode()) // 1024,
        **row,
    }


@contextmanager
def county_of_cells() -> Iterator[tuple[Flask, Path, int]]:
    """A portal in a folder of its own with a draft that fills a third of its grid."""
    folder = Path(tempfile.mkdtemp())
    path = folder / "portal.db"
    try:
        app = make_app(folder, f"sqlite:///{path}")
        app.testing = False
        with app.app_context():
            db.create_all()
            build_world()
            yield app, path, _fill(World())
            db.session.remove()
            db.engine.dispose()
    finally:
        shutil.rmtree(folder)


def _fill(world: World) -> int:
    actor, county_id = world.actor("finance_agri"), world.ids["county"]
    with unit_of_work(actor, "bench"):
        for model, rows in (
            (Project, [_project(world, number) for number in range(1, PROJECTS + 1)]),
            (FundDocument, [_document(county_id, number) for number in range(1, DOCUMENTS + 1)]),
        ):
            bulk_insert(model, rows, source="bench", county_id=county_id)
        batch = operations.draft_batch("分解", actor=actor)
        lines = [
            {
                "county_id": county_id,
                "batch_id": batch.id,
                "document_id": document,
                "project_id": project,
                "amount": 1_230_000,
                "purpose": "",
                "entered_by_id": actor.user_id,
                "void": False,
                "version": 1,
            }
            for project in range(1, PROJECTS + 1)
            for document in range(1, DOCUMENTS + 1)
            if (project + document) % FILLED == 0
        ]
        bulk_insert(Allocation, lines, source="bench", county_id=county_id)
        return batch.id


def _project(world: World, number: int) -> dict[str, object]:
    return {
        "id": number,
        "county_id": world.ids["county"],
        "code": f"county-2023-{number:05d}",
        "year": 2023,
        "organization_id": world.ids["dong"],
        "township_id": world.ids["jia"],
        "department_id": world.ids["rural"],
        "status": ProjectStatus.ADMITTED,
        "report_class": list(ReportClass)[number % 3],
        "name": f"东村第{number}号冷库建设项目",
        "central_amount": 100_000_000,
        "created_by_id": 1,
        "created_on": DAY,
    }


def _document(county_id: int, number: int) -> dict[str, object]:
    return {
        "id": number,
        "county_id": county_id,
        "code": f"county-2023-f{number:02d}",
        "number": f"财指〔2023〕{number}号",
        "title": "关于下达衔接资金的通知",
        "received_on": DAY,
        "year": 2023,
        "tier": FundingTier.CENTRAL,
        "amount": 10_000_000_000,
        "registered_by_id": 1,
        "registered_on": DAY,
    }


def bare_flask(path: Path, county_id: int, batch_id: int) -> FlaskClient:
    """The least that shows the grid: no sign-in, no scopes, no layout."""
    app = Flask(__name__)
    connection = sqlite3.connect(path, check_same_thread=False)

    @app.get("/")
    def grid() -> str:
        cells = connection.execute(CELLS_SQL, (batch_id,)).fetchall()
        return render_template_string(
            BARE_PAGE,
            rows=connection.execute(ROWS_SQL, (county_id,)).fetchall(),
            columns=connection.execute(COLUMNS_SQL, (county_id,)).fetchall(),
            cells={(project, document): amount for project, document, amount in cells},
        )

    return app.test_client()


BENCHES: dict[str, Callable[[], dict[str, object]]] = {"matrix": matrix}
