"""The duties of disclosure as clocks: those of one rule, organization and day together, never one by one.

What is overdue is told of once a week, in one line per organization, however many duties it is.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import sqlalchemy as sa
from flask import current_app

from portal.accounts.models import Organization
from portal.db import db
from portal.deadlines.facts import Subject
from portal.disclosure.models import DisclosureDuty
from portal.rules.deadlines import Rule
from portal.rules.duties import SUBJECT, DutyRule
from portal.rules.vocabulary import DisclosureLevel, Role

OVERDUE = "disclosure_overdue"
"""What a reminder calls the rule of the weekly line."""


@dataclass(frozen=True)
class Group(Subject):
    """Duties of one rule, organization and day; ``amount`` is their number."""

    @property
    def key(self) -> str:
        """Its lasting name in reminders: a duty more or less leaves it the same."""
        return f"{self.kind}:{self.id}:{self.facts['arisen_on']}"


@dataclass(frozen=True)
class Overdue:
    """What an organization has not told in time: how many duties since when, and who has to hear of it."""

    county_id: int
    organization_id: int
    units: tuple[int | None, ...]
    name: str
    count: int
    oldest_on: date
    roles: tuple[Role, ...]


def near(day: date) -> list[tuple[Rule, Group]]:
    """The groups whose last day is so near that people may be reminded, each with its clock."""
    reminded = _reminded()
    first = max((rule.reminder_steps[0] for rule in reminded.values()), default=0)
    due = DisclosureDuty.due_on.between(day - timedelta(days=1), day + timedelta(days=first))
    return [(reminded[code].clock, group) for code, group in _groups(day, reminded, due)]


def of_county(county_id: int, day: date) -> list[tuple[Rule, Group]]:
    """The groups of the county's own level not due yet, for its calendar; the ledger has the rest."""
    own = {code: rule for code, rule in _reminded().items() if rule.level is DisclosureLevel.COUNTY}
    mine = (DisclosureDuty.county_id == county_id) & (DisclosureDuty.due_on >= day)
    return [(own[code].clock, group) for code, group in _groups(day, own, mine)]


def overdue(day: date) -> list[Overdue]:
    """What each organization has not told in time, by organization."""
    reminded = _reminded()
    statement = (
        sa.select(
            DisclosureDuty.county_id,
            DisclosureDuty.organization_id,
            DisclosureDuty.township_id,
            DisclosureDuty.rule,
            Organization.name,
            sa.func.count(),
            sa.func.min(DisclosureDuty.due_on),
        )
        .join(Organization, Organization.id == DisclosureDuty.organization_id)
        .where(_open(day), DisclosureDuty.rule.in_(reminded), DisclosureDuty.due_on < day)
        .group_by(
            DisclosureDuty.county_id,
            DisclosureDuty.organization_id,
            DisclosureDuty.township_id,
            DisclosureDuty.rule,
            Organization.name,
        )
        .order_by(DisclosureDuty.organization_id, DisclosureDuty.rule)
    )
    found: dict[int, list[Overdue]] = defaultdict(list)
    for county_id, unit_id, township_id, code, name, count, oldest_on in db.session.execute(
        statement
    ).tuples():
        rule = reminded[code]
        roles = (*rule.recipients, *rule.escalation)
        units = (unit_id, township_id)
        found[unit_id].append(Overdue(county_id, unit_id, units, name, count, oldest_on, roles))
    return [_together(own) for own in found.values()]


def _together(own: list[Overdue]) -> Overdue:
    return replace(
        own[0],
        count=sum(one.count for one in own),
        oldest_on=min(one.oldest_on for one in own),
        roles=tuple(dict.fromkeys(role for one in own for role in one.roles)),
    )


def _reminded() -> dict[str, DutyRule]:
    """The rules that no other clock reminds of, by code."""
    rules: Mapping[str, DutyRule] = current_app.extensions["book"].duties
    return {code: rule for code, rule in rules.items() if rule.reminder_steps}


def _open(day: date) -> sa.ColumnElement[bool]:
    duty = DisclosureDuty
    unmet = sa.or_(duty.met_on.is_(None), duty.met_on > day)
    return unmet & duty.lapsed_on.is_(None) & (duty.arisen_on <= day)


def _groups(
    day: date, codes: Iterable[str], condition: sa.ColumnElement[bool]
) -> Iterator[tuple[str, Group]]:
    duty = DisclosureDuty
    statement = (
        sa.select(
            duty.rule,
            duty.county_id,
            duty.organization_id,
            duty.township_id,
            duty.arisen_on,
            Organization.name,
            sa.func.count().label("number"),
        )
        .join(Organization, Organization.id == duty.organization_id)
        .where(_open(day), duty.rule.in_(list(codes)), condition)
        .group_by(
            duty.rule,
            duty.county_id,
            duty.organization_id,
            duty.township_id,
            duty.arisen_on,
            Organization.name,
        )
        .order_by(duty.arisen_on, duty.rule, duty.organization_id)
    )
    for row in db.session.execute(statement):
        yield (
            row.rule,
            Group(
                kind=SUBJECT,
                id=row.organization_id,
                county_id=row.county_id,
                code=row.rule,
                name=f"{row.name} {row.number} 项",
                amount=row.number,
                rest=row.number,
                facts={"arisen_on": row.arisen_on, "met_on": None},
                units=(row.organization_id, row.township_id),
            ),
        )
