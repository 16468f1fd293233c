"""Writes the trail: a session listener collects field diffs, the commit appends them to the chain.

The rows are appended just before the commit, not at each flush: the chain's head is then the last lock
that a transaction takes, so two writers cannot wait for each other.
"""

import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy import event
from sqlalchemy.orm import InstanceState, Session

from portal import clock
from portal.audit.models import AuditEntry, AuditHead
from portal.db import Base, Change, Unit, current_unit

GENESIS = "0" * 64
SECRET_FIELDS = frozenset({"password_hash", "token_hash", "contact"})


def note(verb: str, subject: str = "", **facts: object) -> None:
    """Record an act that changes no business row: a sign-in, a download, an export."""
    current_unit().changes.append(Change(table="", row_id=subject, verb=verb, diff=facts))


def chain_hash(key: bytes, previous: str, row: Mapping[str, Any]) -> str:
    """HMAC of the previous hash and the row's content in one fixed form."""
    fields = {k: _plain(v) for k, v in row.items() if k not in {"hash", "previous_hash"}}
    content = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.new(key, (previous + content).encode(), "sha256").hexdigest()


@event.listens_for(Session, "after_flush")
def _collect(session: Session, _context: object) -> None:
    unit: Unit | None = session.info.get("unit")
    if unit is None:
        return
    for verb, rows in (
        ("insert", session.new),
        ("update", session.dirty),
        ("delete", session.deleted),
    ):
        for row in rows:
            if isinstance(row, Base) and row.audited:
                _collect_row(unit, verb, row)


def _collect_row(unit: Unit, verb: str, row: Base) -> None:
    diff = _difference(verb, row)
    if not diff and verb == "update":
        return
    unit.changes.append(
        Change(
            table=row.__tablename__,
            row_id=":".join(map(str, sa.inspect(row).mapper.primary_key_from_instance(row))),
            verb=verb,
            diff=diff,
            county_id=getattr(row, "county_id", None),
        )
    )


def _difference(verb: str, row: Base) -> dict[str, Any]:
    """Field -> [before, after]; secrets are named but never shown."""
    state = sa.inspect(row)
    diff: dict[str, Any] = {}
    for column in state.mapper.column_attrs:
        if not isinstance(column.columns[0], sa.Column):
            continue
        history = state.attrs[column.key].history
        if verb == "update" and not history.has_changes():
            continue
        before = history.deleted[0] if history.deleted else None
        after = None if verb == "delete" else getattr(row, column.key)
        if verb == "delete":
            before = getattr(row, column.key)
        if before is None and after is None:
            continue
        hidden = column.key in SECRET_FIELDS
        diff[column.key] = ["***", "***"] if hidden else [_plain(before), _plain(after)]
    return diff | _changed_links(state)


def _changed_links(state: InstanceState[Any]) -> dict[str, Any]:
    """Rows linked and unlinked through a plain link table, which has no rows of its own to audit."""
    diff: dict[str, Any] = {}
    for link in state.mapper.relationships:
        history = state.attrs[link.key].history
        if link.secondary is not None and history.has_changes():
            diff[link.key] = [_ids(history.deleted), _ids(history.added)]
    return diff


def _ids(rows: Sequence[Any]) -> list[Any]:
    return [sa.inspect(row).mapper.primary_key_from_instance(row)[0] for row in rows]


def _plain(value: object) -> object:
    """A value as it appears in the trail's JSON."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(clock.SHANGHAI).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    return value


@event.listens_for(Session, "before_commit")
def _append(session: Session) -> None:
    unit: Unit | None = session.info.get("unit")
    if unit is None or unit.read_only:
        return
    session.flush()
    if not unit.changes:
        return
    connection = session.connection()
    head = connection.execute(
        sa.select(AuditHead.seq, AuditHead.hash).where(AuditHead.id == 1).with_for_update()
    ).one()
    rows = _chained(unit, head.seq, head.hash)
    connection.execute(sa.insert(AuditEntry), rows)
    connection.execute(
        sa.update(AuditHead)
        .where(AuditHead.id == 1)
        .values(seq=rows[-1]["seq"], hash=rows[-1]["hash"])
    )
    unit.changes.clear()


def _chained(unit: Unit, seq: int, previous: str) -> list[dict[str, Any]]:
    key: bytes = current_app.config["AUDIT_KEY"]
    at = clock.real_now()
    rows = []
    for offset, change in enumerate(unit.changes, start=1):
        row: dict[str, Any] = {
            "seq": seq + offset,
            "at": at,
            "county_id": change.county_id or unit.actor.county_id or None,
            "actor_id": unit.actor.user_id,
            "actor_name": unit.actor.name,
            "session_id": unit.actor.session_id,
            "ip": unit.ip,
            "request_id": unit.request_id,
            "action": unit.action,
            "result": change.verb,
            "table_name": change.table,
            "row_id": change.row_id,
            "diff": json.dumps(change.diff, ensure_ascii=False, sort_keys=True, default=_plain),
        }
        row["previous_hash"] = previous
        previous = row["hash"] = chain_hash(key, previous, row)
        rows.append(row)
    return rows
