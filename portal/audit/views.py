"""The audit log: who did what when, with the values before and after."""

import re
from datetime import datetime, time, timedelta

import sqlalchemy as sa
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from portal.audit.models import AuditEntry
from portal.audit.queries import told
from portal.audit.words import RESULTS, TABLES, place_of, places_called, tables_called
from portal.clock import SHANGHAI
from portal.db import db
from portal.forms import parse_day
from portal.rules.access import Action, reaches
from portal.web import actor, render, requires

bp = Blueprint("audit", __name__, url_prefix="/audit")
PAGE = 50
SUBJECT = re.compile(r"(?P<what>.+?)(?:[\s:：]+(?P<row_id>\S+))?")
"""An object as the address has it (``disclosure_item:16``) or as the page shows it (公告公示 16)."""


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
    shown = rows[:PAGE]
    return render(
        "audit/entries.html",
        rows=list(zip(shown, told(shown), strict=True)),
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
    """Narrow by person, act, object and day; a day that cannot be read is not a filter."""
    if filters["who"]:
        statement = statement.where(AuditEntry.actor_name.contains(filters["who"], autoescape=True))
    if filters["action"]:
        statement = statement.where(_is_act(filters["action"]))
    if subject := SUBJECT.fullmatch(filters["row"]):
        statement = statement.where(_is_of(subject["what"], subject["row_id"]))
    if filters["on"]:
        statement = _on_day(statement, filters)
    return statement


def _is_act(words: str) -> sa.ColumnElement[bool]:
    act, places = AuditEntry.action, places_called(words)
    return sa.or_(
        act.contains(words, autoescape=True),
        act.in_(places),
        *(act.startswith(f"{place}.", autoescape=True) for place in places),
    )


def _is_of(what: str, row_id: str | None) -> sa.ColumnElement[bool]:
    """Changes of the object's row, and acts on it that changed none (a download, a look at a contact)."""
    tables, subject = tables_called(what) or [what], AuditEntry.row_id
    changed, act = AuditEntry.table_name.in_(tables), AuditEntry.table_name == ""
    if row_id:
        acts = [subject == f"{table}:{row_id}" for table in tables]
        return sa.or_(changed & (subject == row_id), act & sa.or_(*acts))
    started = [subject.startswith(f"{table}:", autoescape=True) for table in tables]
    return sa.or_(changed, act & sa.or_(subject == what, *started))


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
