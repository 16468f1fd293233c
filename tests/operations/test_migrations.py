"""A database of the first revision with approved money comes to the second one whole, and back."""

import os
import subprocess
import sys
from datetime import date

import pytest
import sqlalchemy as sa

from tests.architecture.source import ROOT
from tests.environment import postgres_database

DAY = date(2023, 3, 20)
APPROVED = [(1, 1, 60), (1, 1, 20), (1, 2, 5), (2, 1, 7)]
"""Document, project and fen of approved lines; draft and void ones come beside them."""


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty(request, tmp_path):
    """The address of an empty database, on each of the two."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'portal.db'}"
        return
    with postgres_database("template0") as url:
        yield url.render_as_string(hide_password=False)


def run_flask(tmp_path, url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    settings = {
        "PORTAL_INSTANCE": str(tmp_path), "PORTAL_DATABASE_URL": url, "PORTAL_INSECURE_HTTP": "1",
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *arguments],
        cwd=ROOT,
        env=os.environ | settings,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def flask_db(tmp_path, url: str, *arguments: str) -> None:
    done = run_flask(tmp_path, url, "db", *arguments)
    assert done.returncode == 0, done.stderr[-2000:]


def add(connection: sa.Connection, table: sa.Table, **facts: object) -> None:
    """A row of a reflected table; what is not given and may not be empty gets the zero of its type."""
    zeros = {int: 0, str: "", bool: False, date: DAY}
    for column in table.columns:
        if column.name not in facts and not column.nullable:
            facts[column.name] = zeros[column.type.python_type]
    connection.execute(sa.insert(table).values(**facts))


def fill(engine: sa.Engine) -> None:
    """A county with two documents, two projects, and lines in an approved, a draft and a voided batch."""
    tables = sa.MetaData()
    tables.reflect(engine)
    with engine.begin() as connection:
        add(connection, tables.tables["organization"], id=1, kind="county", code="a", version=1)
        for n in (1, 2):
            of_county = {"id": n, "county_id": 1, "code": f"x{n}", "year": 2023}
            add(
                connection, tables.tables["project"], **of_county,
                organization_id=1, status="admitted", report_class="other", central_amount=100,
            )  # fmt: skip
            add(
                connection, tables.tables["fund_document"], **of_county,
                tier="central", amount=100, arranged_amount=100 if n == 1 else 7,
            )  # fmt: skip
        for n, status in enumerate(("approved", "draft", "voided"), start=1):
            add(connection, tables.tables["allocation_batch"], id=n, county_id=1, status=status)
        lines = [(1, *line, False) for line in APPROVED]
        lines += [(1, 2, 2, 9, True), (2, 1, 2, 15, False), (3, 2, 2, 9, True)]
        for n, (batch, document, project, amount, void) in enumerate(lines, start=1):
            add(
                connection, tables.tables["allocation"], id=n, county_id=1, batch_id=batch,
                document_id=document, project_id=project, amount=amount, void=void,
            )  # fmt: skip


def placements(engine: sa.Engine) -> dict[tuple[int, int], tuple[int, int, int]]:
    names = "document_id, project_id, allocated_amount, requested_amount, paid_amount"
    with engine.connect() as connection:
        rows = connection.execute(sa.text(f"SELECT {names} FROM placement"))
        return {(row[0], row[1]): tuple(map(int, row[2:])) for row in rows}


def amounts(engine: sa.Engine) -> list[int]:
    with engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT amount FROM allocation ORDER BY id"))
        return [int(amount) for (amount,) in rows]


def test_approved_money_is_placed_by_the_upgrade_and_stays_after_a_downgrade(empty, tmp_path):
    flask_db(tmp_path, empty, "upgrade", "0001")
    engine = sa.create_engine(empty)
    fill(engine)
    before = amounts(engine)
    placed = {(1, 1): (80, 0, 0), (1, 2): (5, 0, 0), (2, 1): (7, 0, 0)}

    flask_db(tmp_path, empty, "upgrade", "0002")
    assert placements(engine) == placed
    assert amounts(engine) == before

    flask_db(tmp_path, empty, "downgrade", "0001")
    assert not sa.inspect(engine).has_table("placement")
    assert amounts(engine) == before
    with engine.begin() as connection, pytest.raises(sa.exc.IntegrityError):
        connection.execute(sa.text("UPDATE allocation SET amount = -1"))

    flask_db(tmp_path, empty, "upgrade", "0002")
    assert placements(engine) == placed
    engine.dispose()


OBJECTIONS = [
    (0, "", True), (2, "占地多\n离住宅近", False), (1, "价格高\n处理结果：已核对\n附清单", True),
]  # fmt: skip
"""Count, notes and whether settled, as the second revision keeps them on a notice."""


def counters(engine: sa.Engine) -> list[tuple[int, str, bool]]:
    names = "objections, objection_notes, objections_settled"
    with engine.connect() as connection:
        rows = connection.execute(sa.text(f"SELECT {names} FROM public_notice ORDER BY id"))
        return [(row[0], row[1], bool(row[2])) for row in rows]


def test_counted_objections_become_rows_and_come_back(empty, tmp_path):
    flask_db(tmp_path, empty, "upgrade", "0002")
    engine = sa.create_engine(empty)
    fill(engine)
    tables = sa.MetaData()
    tables.reflect(engine)
    with engine.begin() as connection:
        for n, (count, notes, settled) in enumerate(OBJECTIONS, start=1):
            add(
                connection, tables.tables["public_notice"], id=n, county_id=1, project_id=1,
                level="village", stage="completion", recorded_by_id=7, objections=count,
                objection_notes=notes, objections_settled=settled,
            )  # fmt: skip

    flask_db(tmp_path, empty, "upgrade", "0003")
    with engine.connect() as connection:
        names = "notice_id, content, answer, recorded_by_id, received_on, closed_on"
        rows = connection.execute(sa.text(f"SELECT {names} FROM objection ORDER BY id")).all()
    day = DAY.isoformat()
    assert [tuple(None if v is None else str(v) for v in row) for row in rows] == [
        ("2", "原登记 2 条：占地多\n离住宅近", "", "7", day, None),
        ("3", "原登记 1 条：价格高", "已核对\n附清单", "7", day, day),
    ]
    assert "objections" not in {c["name"] for c in sa.inspect(engine).get_columns("public_notice")}

    flask_db(tmp_path, empty, "downgrade", "0002")
    assert counters(engine) == OBJECTIONS
    engine.dispose()


LATER = [
    (
        "public_notice",
        {"project_id": 1, "level": "village", "stage": "plan", "recorded_by_id": 7},
        "1 条公示栏的公示",
    ),
    (
        "disclosure_item",
        {"kind": "policy", "form": "announcement", "status": "draft"},
        "1 条公告公示",
    ),
]
"""Table, facts of a row that only the third revision can hold, and what the refusal calls it."""


@pytest.mark.parametrize(("table", "facts", "words"), LATER)
def test_a_downgrade_that_has_no_place_for_a_row_changes_nothing(
    empty, tmp_path, table, facts, words
):
    flask_db(tmp_path, empty, "upgrade", "0002")
    engine = sa.create_engine(empty)
    fill(engine)
    flask_db(tmp_path, empty, "upgrade", "head")
    tables = sa.MetaData()
    tables.reflect(engine)
    before = revision(engine)
    with engine.begin() as connection:
        add(connection, tables.tables[table], id=1, county_id=1, **facts)

    refused = run_flask(tmp_path, empty, "db", "downgrade", "0002")
    assert refused.returncode != 0
    assert words in refused.stderr
    assert "Traceback" not in refused.stderr
    assert revision(engine) == before
    assert sa.inspect(engine).has_table("form_amount")
    assert sa.inspect(engine).has_table("objection")

    with engine.begin() as connection:
        connection.execute(sa.delete(tables.tables[table]))
    flask_db(tmp_path, empty, "downgrade", "0002")
    assert revision(engine) == "0002"
    assert not sa.inspect(engine).has_table("form_amount")
    engine.dispose()


def revision(engine: sa.Engine) -> str:
    with engine.connect() as connection:
        return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one()


def test_a_command_on_an_empty_database_says_what_to_do(empty, tmp_path):
    refused = run_flask(tmp_path, empty, "score", "--year", "2023")
    assert refused.returncode == 1
    assert refused.stderr.strip() == (
        "Error: the database has no tables yet: run flask --app wsgi db upgrade"
    )
