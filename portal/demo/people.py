"""The demo's organizations and people. All people are invented; those of ``people.csv`` are listed."""

from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from portal.accounts import operations, passwords
from portal.accounts.models import Organization, OrganizationName, User
from portal.clock import real_now
from portal.db import db
from portal.demo.county import Demo, organization
from portal.rules.vocabulary import OrganizationKind, Role

PASSWORD = "Demo-2023-Hecheng"  # noqa: S105 - the printed password of the demo
FAMILIES = "张李杨黄吴徐朱马胡郭"
GIVEN = ("春生", "桂芬", "长顺", "淑珍", "玉山", "凤霞")


class Person(NamedTuple):
    """A row of ``people.csv``."""

    username: str
    name: str
    role: Role
    organization: str


def add_organizations(demo: Demo) -> None:
    """The tree of the county, each node through the real operation."""
    for row in demo.rows("organizations"):
        parent = organization(row["parent"]) if row["parent"] else None
        added = operations.add_organization(
            code=row["code"],
            kind=OrganizationKind(row["kind"]),
            name=row["name"],
            parent=parent,
            **_contact(demo, row, parent),
        )
        if row["former_name"]:
            until = date.fromisoformat(row["renamed_on"])
            db.session.add(
                OrganizationName(organization_id=added.id, name=row["former_name"], until_on=until)
            )


def _contact(demo: Demo, row: dict[str, str], parent: Organization | None) -> dict[str, str]:
    """Whom posters and pages name: departments and townships, all with the demo's own number."""
    if row["kind"] == OrganizationKind.DEPARTMENT:
        return {"phone": demo.phone, "address": demo.government}
    if row["kind"] == OrganizationKind.TOWNSHIP and parent:
        seat = "办事处" if row["name"].endswith("街") else "人民政府"
        return {"phone": demo.phone, "address": f"{parent.name}{row['name']}{seat}"}
    return {}


def add_people(demo: Demo) -> None:
    """The listed accounts, and a clerk, a reviewer and a leader wherever there is none yet."""
    people = [
        Person(r["username"], r["name"], Role(r["role"]), r["organization"])
        for r in demo.rows("people")
    ]
    taken = {(person.role, person.organization) for person in people}
    names = (f"{family}{given}" for given in GIVEN for family in FAMILIES)
    for place in db.session.scalars(sa.select(Organization).order_by(Organization.id)):
        for username, role in _local_accounts(place):
            if (role, place.code) not in taken:
                people.append(Person(username, next(names), role, place.code))
    shared_hash = passwords.hash_password(PASSWORD)
    for person in people:
        _add_person(demo, person, shared_hash)


def _local_accounts(place: Organization) -> list[tuple[str, Role]]:
    """Username and role of the people that every village and township needs."""
    if place.kind is OrganizationKind.VILLAGE:
        return [(place.code, Role.VILLAGE_CLERK)]
    if place.kind is OrganizationKind.TOWNSHIP:
        return [
            (f"{place.code}-shenhe", Role.TOWN_REVIEWER),
            (f"{place.code}-fenguan", Role.TOWN_LEADER),
        ]
    return []


def _add_person(demo: Demo, person: Person, password_hash: str) -> None:
    home = organization(person.organization)
    user = User(
        username=person.username,
        name=person.name,
        organization=home,
        county_id=home.county_id,
        email=f"{person.username}@{demo.mail_domain}",
        phone=demo.phone if person.role is Role.SYSADMIN else "",
        password_hash=password_hash,
        password_changed_at=real_now(),
        must_change_password=False,
    )
    db.session.add(user)
    db.session.flush()
    operations.set_roles(user, [(person.role, home)])


def listed(demo: Demo) -> list[tuple[str, str]]:
    """Username and role of the accounts that are printed, in the order of the list."""
    return [(row["username"], Role(row["role"]).label) for row in demo.rows("people")]
