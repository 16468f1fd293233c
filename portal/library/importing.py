"""Writes of an import: the uploaded table waits until it is confirmed, then it is stored whole or not."""

import gc
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import sqlalchemy as sa

from portal.audit.recorder import note
from portal.db import bulk_insert, db, lock
from portal.files.names import display_name
from portal.intake.signatures import refuse_size
from portal.library.models import PlanImport, Project, project_village
from portal.library.operations import next_codes
from portal.library.places import Places
from portal.library.plan import PlanCheck, PlannedRow, check_plan, period_days
from portal.library.sheets import AMOUNTS, TEXTS
from portal.rules.access import Actor
from portal.rules.broken import RuleBroken
from portal.rules.vocabulary import OrganizationKind as Kind
from portal.rules.vocabulary import ProjectStatus, ReportClass

BLANK: dict[str, Any] = {
    **dict.fromkeys(TEXTS, ""),
    **dict.fromkeys(AMOUNTS, 0),
    "project_type": "",
    "report_class": ReportClass.OTHER,
    "township_id": None,
    "start_on": None,
    "finish_on": None,
}


def begin_import(
    content: bytes,
    filename: str,
    *,
    actor: Actor,
    county_id: int,
    year: int,
    on: date,
    minutes_number: str = "",
    admitted_on: date | None = None,
) -> PlanImport:
    """Put an uploaded or pasted plan table aside for the check page; the library is not touched.

    With the number of the leading group's approval new projects will enter the library, without it
    they will be drafts.
    """
    refuse_size(content)
    if minutes_number and (admitted_on is None or admitted_on > on):
        raise RuleBroken("填了审定文号，还要填审定日期，且不晚于今天。", field="admitted_on")
    upload = PlanImport(
        county_id=county_id,
        year=year,
        minutes_number=minutes_number,
        admitted_on=admitted_on if minutes_number else None,
        filename=display_name(filename),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        uploaded_by_id=actor.user_id,
        uploaded_on=on,
    )
    db.session.add(upload)
    db.session.flush()
    return upload


@contextmanager
def _uncollected() -> Iterator[None]:
    """Make many rows without the search for cycles among them: there are none, and it costs a fifth."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@_uncollected()
def check_import(upload: PlanImport) -> PlanCheck:
    """Judge the waiting table against the library as it is now."""
    return check_plan(upload.content, upload.filename, upload.county_id, upload.year)


def earlier_import(upload: PlanImport) -> PlanImport | None:
    """The last import of exactly the same file (D7), to warn about it."""
    return db.session.scalars(
        sa.select(PlanImport)
        .where(
            PlanImport.county_id == upload.county_id,
            PlanImport.sha256 == upload.sha256,
            PlanImport.id != upload.id,
            PlanImport.imported_on.is_not(None),
        )
        .order_by(PlanImport.id.desc())
    ).first()


def confirm_import(upload: PlanImport, *, actor: Actor, on: date) -> PlanImport:
    """Store the whole table; a second confirmation finds it stored and changes nothing."""
    lock(PlanImport, [upload.id])
    if upload.imported_on:
        return upload
    check = check_import(upload)
    if check.sheet.errors:
        raise RuleBroken(f"文件里有 {len(check.sheet.errors)} 处错误，没有导入。请改正后重新上传。")
    places = Places(upload.county_id)
    _insert(check.added, upload, places, actor, on)
    _change(check.changed, places)
    upload.imported_on, upload.content = on, b""
    upload.added, upload.changed = len(check.added), len(check.changed)
    note("imported", f"plan:{upload.id}", sha256=upload.sha256, rows=len(check.sheet.rows))
    db.session.flush()
    return upload


@_uncollected()
def _insert(
    planned: list[PlannedRow], upload: PlanImport, places: Places, actor: Actor, on: date
) -> None:
    if not planned:
        return
    unnamed = iter(next_codes(upload.county_id, upload.year, sum(not row.code for row in planned)))
    common = {
        "county_id": upload.county_id,
        "year": upload.year,
        "status": ProjectStatus.ADMITTED if upload.minutes_number else ProjectStatus.DRAFT,
        "minutes_number": upload.minutes_number,
        "admitted_on": upload.admitted_on,
        "created_by_id": actor.user_id,
        "created_on": on,
    }
    rows = [
        _new_project(row.record, places) | common | {"code": row.code or next(unnamed)}
        for row in planned
    ]
    bulk_insert(Project, rows, source=f"sha256:{upload.sha256}", county_id=upload.county_id)
    _insert_villages(upload, rows, planned, places)


def _new_project(record: dict[str, Any], places: Places) -> dict[str, Any]:
    values = BLANK | _columns(record, places)
    villages = _village_ids(record, places)
    applicant = values["township_id"] or values["department_id"]
    return values | {"organization_id": villages[0] if len(villages) == 1 else applicant}


def _insert_villages(
    upload: PlanImport, rows: list[dict[str, Any]], planned: list[PlannedRow], places: Places
) -> None:
    """The links carry no facts of their own; the audit row of the projects stands for them."""
    mine = sa.select(Project.code, Project.id).where(
        Project.county_id == upload.county_id, Project.year == upload.year
    )
    ids = dict(db.session.execute(mine).tuples().all())
    links = [
        {"project_id": ids[row["code"]], "village_id": village_id}
        for row, plan in zip(rows, planned, strict=True)
        for village_id in _village_ids(plan.record, places)
    ]
    if links:
        db.session.execute(sa.insert(project_village), links, execution_options={"audited": True})


def _change(planned: list[PlannedRow], places: Places) -> None:
    projects = {p.id: p for p in lock(Project, [row.project_id or 0 for row in planned])}
    for row in planned:
        project, keys = projects[row.project_id or 0], row.changed_keys
        record = {key: value for key, value in row.record.items() if key in keys}
        for name, value in _columns(record, places).items():
            setattr(project, name, value)
        if "village" in keys:
            wanted = _village_ids(row.record, places)
            project.villages = [places.by_id[village_id] for village_id in wanted]


def _columns(record: dict[str, Any], places: Places) -> dict[str, Any]:
    """The columns of :class:`Project` for a row in the words of the table."""
    values = {key: record[key] for key in (*TEXTS, *AMOUNTS) if key in record}
    for key, kind in (("department", Kind.DEPARTMENT), ("township", Kind.TOWNSHIP)):
        if key in record:
            values[f"{key}_id"] = places.find(kind, record[key]).id if record[key] else None
    if "project_type" in record:
        known = places.types.get(record["project_type"])
        values["project_type"] = known.code if known else ""
        values["report_class"] = known.report_class if known else ReportClass.OTHER
    if "period" in record:
        days = period_days(record["period"]) if record["period"] else (None, None)
        values["start_on"], values["finish_on"] = days
    return values


def _village_ids(record: dict[str, Any], places: Places) -> list[int]:
    found = places.villages(record.get("village", ""), record.get("township", ""))
    return [village.id for village in found]
