"""Alembic's entry: runs the migrations on the portal's own engine, each in one transaction."""

from alembic import context
from flask import current_app
from sqlalchemy import Connection
from sqlalchemy.schema import SchemaItem

from portal.db import Base


def _mine(_item: SchemaItem, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
    """Alembic's own table is not ours to compare."""
    return not (kind == "table" and name == "alembic_version")


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        include_object=_mine,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


with current_app.extensions["migrate"].db.engine.connect() as connection:
    _run(connection)
    connection.commit()
