"""The dialect-specific SQL of the portal, in one place: guards that make tables append-only (L2)."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection

from portal.audit.models import AuditHead
from portal.audit.recorder import GENESIS
from portal.db import Base

AUDIT = {"audit_entry": "seq"}
LEDGER = {"posting": "id", "payment_check": "id", "snapshot": "id", "bulletin": "id"}
"""Append-only tables, each with its key: rows are added and never changed, replaced or removed."""

SQLITE = (
    """CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
       BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END""",
    """CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
       BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END""",
    """CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}
       WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})
       BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END""",
)
POSTGRESQL = (
    """CREATE OR REPLACE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$""",
    """CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
       FOR EACH STATEMENT EXECUTE FUNCTION {table}_is_append_only()""",
)


def create(connection: Connection) -> None:
    """Guard the audit trail and set the start of its chain; called by the first migration."""
    guard(connection, AUDIT.items())
    connection.execute(sa.insert(AuditHead).values(id=1, seq=0, hash=GENESIS))


def drop(connection: Connection) -> None:
    """Remove what :func:`create` made, before the table goes."""
    unguard(connection, AUDIT)


def guard(connection: Connection, tables: Iterable[tuple[str, str]]) -> None:
    """Make tables (name, key) append-only."""
    statements = SQLITE if connection.dialect.name == "sqlite" else POSTGRESQL
    for table, key in tables:
        for statement in statements:
            connection.execute(sa.text(statement.format(table=table, key=key)))


def unguard(connection: Connection, tables: Iterable[str]) -> None:
    """Take the guards of PostgreSQL away; SQLite drops them with their table."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables:
        connection.execute(sa.text(f"DROP TRIGGER {table}_no_change ON {table}"))
        connection.execute(sa.text(f"DROP FUNCTION {table}_is_append_only()"))


def _after_create(target: sa.Table, connection: Connection, **_options: object) -> None:
    create(connection)


def _after_create_ledger(target: sa.Table, connection: Connection, **_options: object) -> None:
    guard(connection, [(target.name, LEDGER[target.name])])


def install() -> None:
    """Let ``metadata.create_all`` (tests) set the same guards as the migrations."""
    if not event.contains(AuditHead.__table__, "after_create", _after_create):
        event.listen(AuditHead.__table__, "after_create", _after_create)
    for name in LEDGER:
        table = Base.metadata.tables[name]
        if not event.contains(table, "after_create", _after_create_ledger):
            event.listen(table, "after_create", _after_create_ledger)
