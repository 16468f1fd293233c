"""Reads the trail: the check of the chain, and what each entry changed in words."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from flask import current_app

from portal.audit.fields import FIELDS
from portal.audit.models import AuditEntry, AuditHead
from portal.audit.recorder import GENESIS, chain_hash
from portal.db import Base, MoneyColumn, db
from portal.rules.money import wan_exact

NOTHING = ([None, ""], ["", None])
Names = dict[tuple[str, object], str]
"""By table and id: the name of a person or a unit."""


def broken_links() -> Iterator[str]:
    """Each break of the chain in plain words, the first one first; nothing when it is whole."""
    key: bytes = current_app.config["AUDIT_KEY"]
    previous, seq = GENESIS, 0
    statement = sa.select(AuditEntry.__table__).order_by(AuditEntry.seq)
    for entry in db.session.execute(statement).mappings():
        seq += 1
        row = dict(entry)
        if row["seq"] != seq:
            yield f"audit entry {seq} is missing (found {row['seq']})"
            return
        if row["previous_hash"] != previous or row["hash"] != chain_hash(key, previous, row):
            yield f"audit entry {seq} was changed ({row['action']} {row['table_name']} {row['row_id']})"
            return
        previous = row["hash"]
    head = db.session.execute(sa.select(AuditHead.seq, AuditHead.hash)).one()
    if (head.seq, head.hash) != (seq, previous):
        yield f"the audit trail ends at {seq}, but its head says {head.seq}: the tail was cut"


def told(entries: Sequence[AuditEntry]) -> list[list[tuple[str, str]]]:
    """For each entry its fields by their labels, with the value before and after as people read it."""
    diffs = [(_columns(entry.table_name), json.loads(entry.diff)) for entry in entries]
    names = _names(diffs)
    return [
        [
            (FIELDS.get(field, field), _change(field, change, columns.get(field), names))
            for field, change in diff.items()
            if change not in NOTHING
        ]
        for columns, diff in diffs
    ]


def _columns(table: str) -> dict[str, sa.Column[Any]]:
    """The columns of a table by the names under which the trail has them."""
    for mapper in Base.registry.mappers:
        if mapper.local_table.name == table:  # type: ignore[attr-defined]
            return {one.key: one.columns[0] for one in mapper.column_attrs}  # type: ignore[misc]
    return {}


def _change(field: str, change: object, column: sa.Column[Any] | None, names: Names) -> str:
    if not (isinstance(change, list) and len(change) == 2):
        return _value(field, change, column, names)
    before, after = (_value(field, value, column, names) for value in change)
    return f"{before} → {after}"


def _value(field: str, value: object, column: sa.Column[Any] | None, names: Names) -> str:
    if value is None or value in ("", []):
        return "空"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(map(str, value))
    if name := names.get((_names_whom(field, column), value)):
        return name
    if column is not None and isinstance(column.type, MoneyColumn) and isinstance(value, int):
        return f"{wan_exact(value)} 万元"
    kind = getattr(column.type, "enum_class", None) if column is not None else None
    member = kind.named(value) if kind else None
    return member.label if member else str(value)


def _names_whom(field: str, column: sa.Column[Any] | None) -> str:
    """The table whose names say more than the number in this field."""
    if field.endswith("_by_id") or field in ("user_id", "actor_id"):
        return "user"
    referred = [] if column is None else [key.column.table.name for key in column.foreign_keys]
    return "organization" if "organization" in referred else ""


def _names(diffs: Sequence[tuple[dict[str, sa.Column[Any]], dict[str, Any]]]) -> Names:
    """The names that the fields ask for: one question for all people, one for all units."""
    asked: dict[str, set[int]] = {"user": set(), "organization": set()}
    for columns, diff in diffs:
        for field, change in diff.items():
            values = change if isinstance(change, list) else [change]
            asked.get(_names_whom(field, columns.get(field)), set()).update(
                value for value in values if isinstance(value, int)
            )
    names: Names = {("user", 0): "系统"}
    for table, ids in asked.items():
        named = Base.metadata.tables[table].c  # by the table: the trail lies below the accounts
        found = sa.select(named.id, named.name).where(named.id.in_(ids))
        names |= {(table, row_id): name for row_id, name in db.session.execute(found)}
    return names
