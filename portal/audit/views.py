"""The audit log: who did what when, with the values before and after."""

import json
from datetime import datetime, time, timedelta

import sqlalchemy as sa
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from portal.audit.models import AuditEntry
from portal.audit.words import RESULTS, TABLES, place_of
from portal.clock import SHANGHAI
from portal.db import db
from portal.forms import parse_day
from portal.rules.access import Action, reaches
from portal.web import actor, render, requires

bp = Blueprint("audit", __name__, url_prefix="/audit")
PAGE = 50


@bp.get("/")
@requires(Action.VIEW_AUDIT)
def entries() -> ResponseReturnValue:
    filters = {
        key: request.args.get(key, "").strip()[:64] for key in ("who", "action", "row", "on")
    }
    before = request.args.get("before", type=int)
    statement = _within_reach().order_by(AuditEntry.seq.desc()).limit(PAGE + 1)
    if before:
        statement = statement.where(AuditEntry.seq < before)
    rows = db.session.scalars(_filtered(statement, filters)).all()
    return render(
        "audit/entries.html",
        rows=[(row, json.loads(row.diff)) for row in rows[:PAGE]],
        filters=filters,
        results=RESULTS,
        tables=TABLES,
        place_of=place_of,
        next_before=rows[PAGE - 1].seq if len(rows) > PAGE else None,
    )


def _within_reach() -> sa.Select[tuple[AuditEntry]]:
    counties = [i for _scope, duty in reaches(actor(), Action.VIEW_AUDIT) for i in duty.county_ids]
    return sa.select(AuditEntry).where(
        sa.or_(AuditEntry.county_id.in_(counties), AuditEntry.county_id.is_(None))
    )


def _filtered(
    statement: sa.Select[tuple[AuditEntry]], filters: dict[str, str]
) -> sa.Select[tuple[AuditEntry]]:
    """Narrow by person, act, ``table:id`` and day; a day that cannot be read is not a filter."""
    if filters["who"]:
        statement = statement.where(AuditEntry.actor_name.contains(filters["who"], autoescape=True))
    if filters["action"]:
        statement = statement.where(AuditEntry.action.contains(filters["action"], autoescape=True))
    if filters["row"]:
        table, _colon, row_id = filters["row"].partition(":")
        statement = statement.where(AuditEntry.table_name == table)
        if row_id:
            statement = statement.where(AuditEntry.row_id == row_id)
    if filters["on"]:
        statement = _on_day(statement, filters)
    return statement


def _on_day(
    statement: sa.Select[tuple[AuditEntry]], filters: dict[str, str]
) -> sa.Select[tuple[AuditEntry]]:
    try:
        day = parse_day(filters["on"])
    except ValueError:
        filters["on"] = ""
        return statement
    start = datetime.combine(day, time.min, SHANGHAI)
    return statement.where(AuditEntry.at >= start, AuditEntry.at < start + timedelta(days=1))
