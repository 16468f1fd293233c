"""Builds the public site. A build is long, so it runs outside any unit of work; its record is one."""

from datetime import date
from functools import partial
from pathlib import Path

import sqlalchemy as sa

from portal import clock
from portal.accounts.models import Organization
from portal.db import db, unit_of_work
from portal.disclosure.models import DisclosedRecord
from portal.privacy.found import Found
from portal.privacy.operations import keep_findings
from portal.privacy.queries import changed_since, keeper
from portal.publication.changes import as_changed, latest_seq, touched_since
from portal.publication.gate import PrivateDataFound, refuse_private, rules_digest
from portal.publication.models import SiteBuild
from portal.publication.queries import (
    counties,
    duty_numbers,
    last_build,
    manifest_sha256,
    published_data,
    web_root,
)
from portal.rules.access import SYSTEM, Actor
from portal.rules.vocabulary import BuildState
from public_site import Built, build
from public_site.release import OutRefusedError

FAULTS = (ValueError, TypeError, OSError, OutRefusedError)


def ask_for_build(*, county_id: int, actor: Actor) -> SiteBuild:
    """Leave a request that the scheduler takes up within a minute; one that waits is enough."""
    waiting = last_build(county_id, BuildState.WAITING)
    return waiting or _new_row(county_id, actor)


def build_site(county: Organization, *, full: bool = False) -> SiteBuild:
    """Bring the county's site up to what is published and record the run in the trail.

    A fault, or private data in a new file, leaves the old site as it is; the record says what it was. Opens
    its own units of work and must not be called inside one.
    """
    county_id, root, seq, day = county.id, web_root(county), latest_seq(), clock.today()
    previous = last_build(county_id, BuildState.BUILT)
    known = previous is not None and previous.manifest_sha256 == manifest_sha256(root)
    addresses = touched_since(previous.audit_seq, county_id) if known and previous else None
    full = full or (previous is not None and changed_since(previous.audit_seq, county_id))
    outcome: Built | str
    found: list[Found] = []
    try:
        outcome = write_site(county, root, day=day, addresses=addresses, full=full)
    except PrivateDataFound as stopped:
        outcome, found = str(stopped), stopped.found
    except FAULTS as fault:
        outcome = str(fault)
    return _record(county_id, root, seq, day, outcome, found)


def write_site(
    county: Organization,
    out: Path,
    *,
    day: date | None = None,
    addresses: set[tuple[str, str]] | None = None,
    full: bool = False,
) -> Built:
    """Build into a folder without a record; ``addresses`` that changed, None looks at everything.

    ``day``: on which the data stands, today where none is given.
    """
    data = published_data(county, day)
    gatekeeper = keeper(county.id, duty_numbers(county))
    db.session.rollback()  # hold no old state of the database while the build reads its own
    try:
        return build(
            data,
            out,
            changed=as_changed(addresses),
            full=full,
            gate=partial(refuse_private, keeper=gatekeeper),
            gate_edition=rules_digest(),
        )
    finally:
        data.close()


def build_due_sites() -> str:
    """Build each site that was asked for or that shows something old; one line on what was done.

    The scheduler's job, once a minute. Opens its own units of work.
    """
    runs = [(county.name, build_site(county)) for county in counties() if is_due(county)]
    return "；".join(f"{name}：{run.state.label}" for name, run in runs)


def is_due(county: Organization) -> bool:
    """Whether the site shows something old, or somebody asked for it to be built."""
    if last_build(county.id, BuildState.WAITING):
        return True
    last = last_build(county.id, BuildState.BUILT, BuildState.BLOCKED)
    if last is None:
        published = sa.select(DisclosedRecord.id).where(DisclosedRecord.county_id == county.id)
        return db.session.scalar(published.limit(1)) is not None
    gone = (
        last.state is BuildState.BUILT and manifest_sha256(web_root(county)) != last.manifest_sha256
    )
    return gone or last.day != clock.today() or touched_since(last.audit_seq, county.id) != set()


def _record(
    county_id: int, root: Path, seq: int, day: date, outcome: Built | str, found: list[Found]
) -> SiteBuild:
    """``seq`` and ``day`` are those of the data: what came after them is for the next build."""
    with unit_of_work(SYSTEM, "build_site"):
        row = last_build(county_id, BuildState.WAITING) or _new_row(county_id, SYSTEM)
        row.finished_at, row.day, row.audit_seq = clock.now(), day, seq
        if isinstance(outcome, str):
            row.state, row.message = BuildState.BLOCKED, outcome
        else:
            row.state = BuildState.BUILT
            row.files, row.written, row.removed = outcome.files, outcome.written, outcome.removed
            row.manifest_sha256 = manifest_sha256(root)
        gatekeeper = keeper(county_id, ())
        keep_findings(found, gatekeeper, build_id=row.id, county_id=county_id)
    return row


def _new_row(county_id: int, actor: Actor) -> SiteBuild:
    row = SiteBuild(
        county_id=county_id,
        state=BuildState.WAITING,
        asked_by_id=actor.user_id,
        asked_at=clock.now(),
        day=clock.today(),
    )
    db.session.add(row)
    db.session.flush()
    return row
