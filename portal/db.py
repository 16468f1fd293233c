"""The database: column types, the unit of work and the guards that make it the only way to write.

``unit_of_work`` holds the only ``commit()`` in the code base. A request, a job and a command open one;
business rows, audit rows and queued mail leave together or not at all (ARCHITECTURE §5).
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any, ClassVar, TypeVar

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.orm import DeclarativeBase, Mapped, ORMExecuteState, Session, mapped_column

from portal.rules.access import Actor
from portal.rules.vocabulary import Labelled


def _check_name(check: sa.CheckConstraint, _table: sa.Table) -> str:
    """An enum's CHECK takes its column's name, because two columns of a table may share the enum."""
    return check.columns[0].name if len(check.columns) == 1 else str(check.name)


_NAMES: dict[str, Any] = {
    "own_constraint_name": _check_name,
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(own_constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table. ``audited = False`` is for rows that are traces themselves (sessions, mail)."""

    metadata = sa.MetaData(naming_convention=_NAMES)
    audited: ClassVar[bool] = True


db = SQLAlchemy(model_class=Base, disable_autonaming=True)
Row = TypeVar("Row", bound=Base)


class MoneyColumn(sa.types.TypeDecorator[int]):
    """Integer fen. Anything but a whole number is a programming error, never rounded."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:
        """Refuse floats and booleans, which Python would pass as numbers."""
        if value is not None and type(value) is not int:
            raise TypeError(f"money is integer fen, not {value!r}")
        return value


class Instant(sa.types.TypeDecorator[datetime]):
    """A moment, kept in UTC and always given back with its time zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC; a naive time is a programming error."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("an instant needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """SQLite forgets the zone, which is always UTC."""
        return value if value is None or value.tzinfo else value.replace(tzinfo=UTC)


def LabelledColumn(kind: type[Labelled]) -> sa.Enum:  # noqa: N802 - used like a column type
    """A short text column that holds the database words of one enum, guarded by a CHECK."""
    return sa.Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=32,
        name=kind.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )


class Setting(Base):
    """A fact about this installation, such as the day on which a demo stands."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    value: Mapped[str] = mapped_column(sa.Text)


class Submission(Base):
    """A form that was saved once: its key makes a double click and a resent form harmless (R2)."""

    __tablename__ = "submission"
    audited = False

    key: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column()
    location: Mapped[str] = mapped_column(sa.String(500), default="")
    saved_at: Mapped[datetime] = mapped_column(Instant)


class WriteRefused(RuntimeError):
    """A write that would escape the unit of work or the audit trail: always a programming error."""


@dataclass(frozen=True)
class Change:
    """One changed row, or one batch of rows, for the audit trail."""

    table: str
    row_id: str
    verb: str
    diff: Mapping[str, Any]
    county_id: int | None = None


@dataclass
class Unit:
    """What is being done, by whom; collects the changes until the commit."""

    actor: Actor
    action: str
    read_only: bool = False
    request_id: str = ""
    ip: str = ""
    changes: list[Change] = field(default_factory=list)
    refused: bool = False


@contextmanager
def unit_of_work(
    actor: Actor, action: str, *, read_only: bool = False, request_id: str = "", ip: str = ""
) -> Iterator[Unit]:
    """Open the transaction in which everything of one intention happens.

    A write unit takes SQLite's write lock at once (``BEGIN IMMEDIATE``), so that what it reads is what
    it decides on. Set ``unit.refused`` to roll back without an error.
    """
    session = db.session()
    if "unit" in session.info:
        raise WriteRefused("units of work do not nest")
    session.rollback()
    session.connection(execution_options={"portal_read_only": read_only})
    unit = Unit(actor, action, read_only, request_id, ip)
    session.info["unit"] = unit
    try:
        yield unit
        if unit.refused or read_only:
            session.rollback()
        else:
            session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop("unit", None)


def restart_unit() -> None:
    """Forget what the unit changed so far; it goes on in a fresh transaction of the same kind."""
    session = db.session()
    unit: Unit = session.info["unit"]
    session.rollback()
    unit.changes.clear()
    session.connection(execution_options={"portal_read_only": unit.read_only})


def current_unit() -> Unit:
    """The unit of work that is open now."""
    unit: Unit | None = db.session.info.get("unit")
    if unit is None:
        raise WriteRefused("no unit of work is open")
    return unit


def bulk_insert(
    model: type[Base],
    rows: Sequence[Mapping[str, Any]],
    *,
    source: str,
    county_id: int | None = None,
    missing_only: bool = False,
) -> None:
    """Insert many rows with one audit row that carries their count and digest (DECISIONS, Audit).

    All rows name the same columns. ``source`` says where they come from, for example the hash of an
    imported file; the digest is of the names, sorted, and of each row's values in that order. With
    ``missing_only`` a row whose unique key somebody was faster to insert is passed over.
    """
    if not rows:
        return
    _refuse_different_columns(rows)
    # The table and not the model: the same statement without the ORM's work on each row.
    table = Base.metadata.tables[model.__tablename__]
    statement = insert_new(model) if missing_only else sa.insert(table)
    db.session.execute(statement, rows, execution_options={"audited": True})
    _note_bulk(model, "bulk_insert", rows, source, county_id)


def bulk_update(
    model: type[Base],
    rows: Sequence[Mapping[str, Any]],
    *,
    source: str,
    county_id: int | None = None,
) -> None:
    """Change many rows with one audit row, as :func:`bulk_insert` adds them.

    Each row names ``id``, the ``version`` that was read and the same columns to write; one that somebody
    has changed since is passed over.
    """
    if not rows:
        return
    _refuse_different_columns(rows)
    table = Base.metadata.tables[model.__tablename__]
    written: dict[str, Any] = {
        name: sa.bindparam(f"new_{name}") for name in rows[0].keys() - {"id", "version"}
    }
    statement = (
        sa.update(table)
        .where(table.c.id == sa.bindparam("new_id"), table.c.version == sa.bindparam("new_version"))
        .values(written | {"version": table.c.version + 1})
    )
    values = [{f"new_{name}": value for name, value in row.items()} for row in rows]
    db.session.execute(statement, values, execution_options={"audited": True})
    _note_bulk(model, "bulk_update", rows, source, county_id)


def _refuse_different_columns(rows: Sequence[Mapping[str, Any]]) -> None:
    if any(row.keys() != rows[0].keys() for row in rows):
        raise WriteRefused("the rows of a bulk insert name different columns")


def _note_bulk(
    model: type[Base],
    verb: str,
    rows: Sequence[Mapping[str, Any]],
    source: str,
    county_id: int | None,
) -> None:
    names = sorted(rows[0])
    values = list(map(itemgetter(*names), rows))
    digest = hashlib.sha256(json.dumps([names, values], default=str).encode()).hexdigest()
    current_unit().changes.append(
        Change(
            table=model.__tablename__,
            row_id="",
            verb=verb,
            diff={"source": source, "count": len(rows), "sha256": digest},
            county_id=county_id,
        )
    )


def insert_new(model: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that passes over rows whose unique key is there already."""
    table = Base.metadata.tables[model.__tablename__]
    if db.engine.dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


def execute_unaudited(
    statement: sa.Executable, rows: Sequence[Mapping[str, Any]] | None = None
) -> sa.CursorResult[Any]:
    """Run one set-based statement on rows that are traces themselves (sessions, throttles, mail)."""
    assert isinstance(statement, sa.Insert | sa.Update | sa.Delete)
    name = statement.table.key  # type: ignore[union-attr]
    model = next(m.class_ for m in Base.registry.mappers if m.class_.__tablename__ == name)
    if model.audited:
        raise WriteRefused("only unaudited tables may be changed by a set-based statement")
    result = db.session.execute(statement, rows, execution_options={"audited": True})
    assert isinstance(result, sa.CursorResult)
    return result


def lock(model: type[Row], row_ids: Sequence[int]) -> list[Row]:
    """Load rows for change, locked in the order of their ids so that two writers cannot deadlock.

    Keys never change, so a row that only refers to a locked one (FOR KEY SHARE) need not wait for it.
    """
    statement = (
        sa.select(model)
        .where(sa.inspect(model).primary_key[0].in_(row_ids))
        .order_by(sa.inspect(model).primary_key[0])
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return list(db.session.scalars(statement))


@event.listens_for(Session, "before_flush")
def _refuse_stray_writes(session: Session, _context: object, _instances: object) -> None:
    unit: Unit | None = session.info.get("unit")
    changed = session.new or session.deleted or any(map(session.is_modified, session.dirty))
    if changed and (unit is None or unit.read_only):
        raise WriteRefused("a write outside a unit of work, or while only reading")


@event.listens_for(Session, "do_orm_execute")
def _refuse_unaudited_statements(state: ORMExecuteState) -> None:
    writes = state.is_insert or state.is_update or state.is_delete
    if not writes:
        return
    unit: Unit | None = state.session.info.get("unit")
    if unit is None or unit.read_only or not state.execution_options.get("audited"):
        raise WriteRefused("a bulk statement would bypass the audit trail; use db.bulk_insert")


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: object, _record: object) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=10000",
        "recursive_triggers=ON",
        "trusted_schema=OFF",
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        read_only = connection.get_execution_options().get("portal_read_only", True)
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def engine_options(url: str) -> dict[str, Any]:
    """Time limits for PostgreSQL, so that a lost client never holds a lock for long.

    Error texts leave out the values of a statement, which may be passwords or people's data (L6).
    """
    if not url.startswith("postgresql"):
        return {"hide_parameters": True}
    limits = (
        "-c lock_timeout=5s -c statement_timeout=30s -c idle_in_transaction_session_timeout=60s"
    )
    return {
        "connect_args": {"options": f"{limits} -c timezone=UTC"},
        "pool_pre_ping": True,
        "hide_parameters": True,
    }
