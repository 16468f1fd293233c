"""Alembic's entry: runs the migrations on the portal's own engine, all of them in one transaction.

A step that is refused takes the steps before it back, so that a database never stops half way.
"""

from typing import Literal

from alembic import context
from flask import current_app
from sqlalchemy import Connection
from sqlalchemy.schema import SchemaItem

from portal.db import Base, Instant, MoneyColumn


def _mine(_item: SchemaItem, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
    """Alembic's own table is not ours to compare."""
    return not (kind == "table" and name == "alembic_version")


def _plain(kind: str, value: object, _context: object) -> str | Literal[False]:
    """Migrations name the database's own types, so that they outlive our column classes."""
    if kind == "type" and isinstance(value, MoneyColumn):
        return "sa.BigInteger()"
    if kind == "type" and isinstance(value, Instant):
        return "sa.DateTime(timezone=True)"
    return False


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        include_object=_mine,
        render_item=_plain,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def _run_without_references(connection: Connection) -> None:
    """SQLite remakes a table to change it, and would take the old one for deleted (its own 12-step recipe)."""
    driver = connection.connection.driver_connection
    assert driver
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        _run(connection)
        if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise RuntimeError(f"the migration left a row that refers to nothing: {tuple(broken)}")
        connection.commit()
    finally:
        connection.rollback()
        driver.execute("PRAGMA foreign_keys=ON")


with current_app.extensions["migrate"].db.engine.connect() as connection:
    if connection.dialect.name == "sqlite":
        _run_without_references(connection)
    else:
        _run(connection)
        connection.commit()
