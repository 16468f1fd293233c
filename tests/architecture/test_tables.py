"""What every table keeps to, read from the metadata itself."""

import os
import subprocess
import sys

import pytest
import sqlalchemy as sa

import portal.app  # noqa: F401 - registers every model
from portal.audit import words
from portal.db import Base, Instant, MoneyColumn
from tests.architecture.source import ROOT

MODELS = sorted((mapper.class_ for mapper in Base.registry.mappers), key=lambda m: m.__name__)
TABLES = Base.metadata.sorted_tables
OF_NO_COUNTY = {
    "setting": "a fact about the installation",
    "organization_name": "goes with its organization",
    "role_assignment": "goes with its person",
}
DATES = ("_on", "day")
INSTANTS = ("_at", "_until", "at", "until")


def columns(kind):
    """(table.column, column) of each column of a type."""
    return [(str(c), c) for table in TABLES for c in table.columns if isinstance(c.type, kind)]


def test_every_business_row_belongs_to_a_county():
    """The county is the scope of rule book and totals, and the distribution key (ARCHITECTURE §3)."""
    homeless = {
        model.__tablename__
        for model in MODELS
        if model.audited and "county_id" not in model.__table__.columns
    }
    assert homeless == set(OF_NO_COUNTY)


def test_the_audit_log_has_a_word_for_every_table():
    assert {model.__tablename__ for model in MODELS if model.audited} == set(words.TABLES)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_b2_scope_columns_are_columns(model):
    named = set(getattr(model, "scope_columns", {}).values())
    assert named <= set(model.__mapper__.column_attrs.keys())


def test_money_is_called_amount_and_amounts_are_money():
    called = {key for key, column in columns(sa.Integer) if column.name.endswith("amount")}
    kept = {key: column.name for key, column in columns(MoneyColumn)}
    assert [key for key, column in kept.items() if not column.endswith("amount")] == []
    assert called - set(kept) == set()


def test_no_amount_is_a_float():
    assert columns(sa.Float) + columns(sa.Numeric) == []


def test_dates_and_instants_are_named_apart():
    dates = [key for key, c in columns(sa.Date) if not c.name.endswith(DATES)]
    instants = [key for key, c in columns(Instant) if not c.name.endswith(INSTANTS)]
    naive = [key for key, _column in columns(sa.DateTime)]
    assert (dates, instants, naive) == ([], [], [])


def test_l5_no_foreign_key_deletes_rows():
    cascading = [
        str(key.parent)
        for table in TABLES
        for key in table.foreign_keys
        if (key.ondelete or "RESTRICT").upper() not in {"RESTRICT", "NO ACTION"}
    ]
    assert cascading == []


def test_names_are_short_enough_for_every_database():
    """PostgreSQL cuts a name at 63 bytes; a cut name cannot be dropped by its own."""
    kept = {i.name for t in TABLES for i in t.indexes} | {
        c.name for t in TABLES for c in t.constraints
    }
    assert [kept_name for kept_name in kept if kept_name and len(str(kept_name)) > 63] == []


def test_a_reader_of_a_table_never_needs_only_one_database():
    special = [
        str(column)
        for table in TABLES
        for column in table.columns
        if type(column.type).__module__.startswith("sqlalchemy.dialects")
    ]
    assert special == []


def flask(instance, *arguments):
    """Run a command of the portal on an instance folder of its own."""
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *arguments],
        cwd=ROOT,
        env={**os.environ, "PORTAL_INSTANCE": str(instance), "PORTAL_INSECURE_HTTP": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_r19_the_migrations_make_exactly_the_models(tmp_path):
    assert list((ROOT / "migrations").glob("versions/*.py")), "there is no migration yet"
    made = flask(tmp_path, "db", "upgrade")
    assert made.returncode == 0, made.stderr
    compared = flask(tmp_path, "db", "check")
    assert compared.returncode == 0, compared.stdout + compared.stderr
