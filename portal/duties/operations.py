"""Writes on duties: they follow the facts, and people record the proofs that no other row knows of."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import current_app

from portal.accounts.scopes import may
from portal.db import bulk_insert, bulk_update, db, lock
from portal.disclosure.models import DisclosureDuty
from portal.duties.covering import Coverage, Telling, coverage
from portal.duties.facts import SOURCES, happenings, in_parts
from portal.duties.places import Owed, Places
from portal.files.models import StoredFile
from portal.rules.access import Action, Actor
from portal.rules.broken import RuleBroken
from portal.rules.duties import DutyRule, check_proof
from portal.rules.vocabulary import Channel, DisclosureEvent, DisclosureLevel

SOURCE = "公开任务随账更新"
_DUTY = DisclosureDuty.metadata.tables[DisclosureDuty.__tablename__]
_FACTS = (
    "level", "year", "title", "organization_id", "township_id", "department_id", "arisen_on", "due_on",
    "lapsed_on",
)  # fmt: skip
_MET = Telling._fields
_WRITTEN = (*_FACTS, *_MET)

Key = tuple[str, int, int]
"""Rule, subject and organization; 0 at the county's level, whose office may move to another house."""


def rules() -> Mapping[str, DutyRule]:
    """The county's duties by code."""
    found: Mapping[str, DutyRule] = current_app.extensions["book"].duties
    return found


def settle(subjects: Mapping[DisclosureEvent, Collection[int]], on: date) -> int:
    """Bring the duties of these subjects in line with the ledger; return how many were added or changed.

    Missing ones are raised, corrected events move the days, undone events lapse their duties, and what was
    published or hung meets them. A proof that a person recorded stays. Running it again changes nothing.
    """
    return sum(
        _settle(event, part, on)
        for event, ids in subjects.items()
        for part in in_parts(ids)
        if any(rule.event is event for rule in rules().values())
    )


def subjects_since(event: DisclosureEvent, year: int) -> set[int]:
    """The subjects of this event from a year on, and those that have duties of it without it."""
    statement = SOURCES[event].statement()
    columns = list(statement.selected_columns)
    stands = statement.with_only_columns(columns[0], maintain_column_froms=True)
    codes = [rule.code for rule in rules().values() if rule.event is event]
    raised = sa.select(DisclosureDuty.subject_id).where(
        DisclosureDuty.rule.in_(codes), DisclosureDuty.year >= year
    )
    return {
        *db.session.scalars(stands.where(columns[2] >= year)),
        *db.session.scalars(raised.distinct()),
    }


def _settle(event: DisclosureEvent, subject_ids: Sequence[int], on: date) -> int:
    of_event = [rule for rule in rules().values() if rule.event is event]
    found = happenings(event, subject_ids)
    known = {_key(row): row for row in _known(event, of_event, subject_ids)}
    if not found and not known:
        return 0
    places = Places(found, of_event)
    owed = [one for fact in found for rule in of_event for one in places.owed(fact, rule)]
    covered = coverage(owed)
    wanted = {_key_of(one): one for one in owed}
    added = [_new_row(one, covered) for key, one in wanted.items() if key not in known]
    changed = [
        row
        for key, before in known.items()
        if (row := _changed_row(before, wanted.get(key), covered, on)) is not None
    ]
    bulk_insert(DisclosureDuty, added, source=SOURCE, missing_only=True)
    bulk_update(DisclosureDuty, changed, source=SOURCE)
    return len(added) + len(changed)


def _known(
    event: DisclosureEvent, of_event: Iterable[DutyRule], subject_ids: Sequence[int]
) -> Sequence[sa.RowMapping]:
    """Rows and not entities: an import meets tens of thousands of them at once."""
    statement = sa.select(_DUTY).where(
        _DUTY.c.rule.in_([rule.code for rule in of_event]),
        _DUTY.c.subject_kind == SOURCES[event].kind,
        _DUTY.c.subject_id.in_(subject_ids),
    )
    return db.session.execute(statement).mappings().all()


def _key(row: sa.RowMapping) -> Key:
    at_county = row["level"] is DisclosureLevel.COUNTY
    return row["rule"], row["subject_id"], 0 if at_county else row["organization_id"]


def _key_of(owed: Owed) -> Key:
    at_county = owed.rule.level is DisclosureLevel.COUNTY
    return owed.rule.code, owed.happening.subject_id, 0 if at_county else owed.organization_id


def _new_row(owed: Owed, covered: Coverage) -> dict[str, Any]:
    return {
        "county_id": owed.happening.county_id,
        "rule": owed.rule.code,
        "subject_kind": SOURCES[owed.happening.event].kind,
        "subject_id": owed.happening.subject_id,
        "version": 1,
        **_facts(owed),
        **_met(covered.of(owed)),
    }


def _changed_row(
    before: sa.RowMapping, owed: Owed | None, covered: Coverage, on: date
) -> dict[str, Any] | None:
    """What the row has to become; None where it is right already."""
    after = {name: before[name] for name in _WRITTEN}
    if owed is None:
        after["lapsed_on"] = before["lapsed_on"] or on
    else:
        after |= _facts(owed)
        if before["recorded_on"] is None:
            after |= _met(covered.of(owed))
    if all(after[name] == before[name] for name in _WRITTEN):
        return None
    return after | {"id": before["id"], "version": before["version"]}


def _facts(owed: Owed) -> dict[str, Any]:
    happening, holidays = owed.happening, current_app.extensions["book"].holidays
    return {
        "level": owed.rule.level,
        "year": happening.year,
        "title": happening.title,
        "organization_id": owed.organization_id,
        "township_id": owed.township_id,
        "department_id": happening.department_id,
        "arisen_on": happening.on,
        "due_on": owed.rule.due_on(happening.on, holidays),
        "lapsed_on": None,
    }


def _met(telling: Telling | None) -> dict[str, Any]:
    if telling is None:
        return dict.fromkeys(_MET) | {"address": ""}
    return telling._asdict()


def record_proof(
    duties: Sequence[DisclosureDuty],
    *,
    channel: Channel,
    met_on: date,
    address: str,
    until_on: date | None = None,
    photo: StoredFile | None = None,
    actor: Actor,
    on: date,
) -> None:
    """Put on record that these duties were met, where no item or notice of the portal says so.

    A proof that was recorded before is replaced; ``address`` is a web address or the place of the board.

    Raises:
        RuleBroken: not the actor's to record, met by the portal itself, or the proof does not hold.
    """
    if not duties:
        raise RuleBroken("请至少勾选 1 项公开任务。")
    for duty in lock(DisclosureDuty, [one.id for one in duties]):
        refuse_proof(duty, actor)
        rule, arisen_on = rules()[duty.rule], duty.arisen_on
        check_proof(rule, channel, met_on, until_on, arisen_on=arisen_on, today=on)
        shown = photo or (duty.photo if channel is Channel.BOARD else None)
        _check_address(channel, address, shown)
        duty.met_on, duty.until_on = met_on, until_on
        duty.channel, duty.address = channel, address.strip()
        duty.photo = shown
        duty.met_by_id, duty.recorded_on = actor.user_id, on
    db.session.flush()


def remove_proof(duty: DisclosureDuty, *, actor: Actor, on: date) -> None:
    """Take back a proof that a person recorded by mistake; what the portal knows counts again."""
    (duty,) = lock(DisclosureDuty, [duty.id])
    refuse_proof(duty, actor)
    if duty.recorded_on is None:
        raise RuleBroken("这项任务没有人工登记的凭证，不用撤销。")
    for name, value in _met(None).items():
        setattr(duty, name, value)
    duty.recorded_on = None
    db.session.flush()
    settle({rules()[duty.rule].event: [duty.subject_id]}, on)


def refuse_proof(duty: DisclosureDuty, actor: Actor) -> None:
    """Refuse a person out of scope, and a duty that the portal itself knows to be met or undone."""
    if not may(actor, Action.RECORD_PROOF, duty):
        raise RuleBroken(f"“{duty.title}”要由{duty.organization.name}登记公开凭证。")
    if duty.lapsed_on is not None:
        raise RuleBroken(f"“{duty.title}”已于 {duty.lapsed_on} 撤销，不用公开。")
    if duty.rule not in rules():
        raise RuleBroken("规则表里已没有这一类任务，不能登记凭证。")
    if duty.met_on is not None and duty.recorded_on is None:
        raise RuleBroken(
            f"“{duty.title}”已于 {duty.met_on} 在{duty.channel and duty.channel.label}公开，不用再登记凭证。"
        )


def _check_address(channel: Channel, address: str, photo: StoredFile | None) -> None:
    """A web page is found by its address, everything else by a place or a photo."""
    on_web = channel in {Channel.PUBLIC_SITE, Channel.WEBSITE}
    if on_web and not address.strip().startswith(("http://", "https://")):
        raise RuleBroken(
            "请填写完整的网址，以 http:// 或 https:// 开头，可以从浏览器地址栏复制。",
            field="address",
        )
    if channel is Channel.BOARD and photo is None:
        raise RuleBroken("张贴在公示栏的，请拍一张照片作凭证。", field="photo")
    if not on_web and not address.strip() and photo is None:
        raise RuleBroken("请填写张贴或宣读的地点，或者拍一张照片。", field="address")
    if photo is not None and not photo.mime.startswith("image/"):
        raise RuleBroken("这里只收照片（JPG、PNG），请重新选择。", field="photo")
