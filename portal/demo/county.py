"""A demo county: its facts and tables, read from one folder, and its people once they are in the database."""

import csv
import tomllib
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import sqlalchemy as sa

from portal.accounts.models import Organization, RoleAssignment, User
from portal.accounts.sessions import actor_of
from portal.db import db
from portal.files.models import StoredFile
from portal.funds.models import FundDocument
from portal.library.models import Project
from portal.rules.access import Actor
from portal.rules.vocabulary import Role

HERE = Path(__file__).parent
NAMES = tuple(sorted(path.parent.name for path in HERE.glob("*/demo.toml")))
"""The demos there are: each is a folder."""


@dataclass(frozen=True)
class Demo:
    """What ``demo.toml`` says: who the county is, and the days on which its story begins.

    ``office``, ``finance`` and ``leaders`` are codes of organizations. A demo cannot stand before
    ``earliest_day``; it stands on ``default_day`` unless another one is asked for.
    """

    name: str
    label: str
    default_day: date
    earliest_day: date
    year: int
    county: str
    office: str
    finance: str
    leaders: str
    government: str
    issuer: str
    fund_name: str
    phone: str
    mail_domain: str
    admission_minutes: str
    applied_on: date
    submitted_on: date
    town_passed_on: date
    department_passed_on: date
    admitted_on: date
    library_posted_on: date
    plan_published_on: date
    plan_title: str
    plan_body: str

    def rows(self, table: str) -> list[dict[str, str]]:
        """A table of the folder as dictionaries; a county to which nothing of the kind happened has none."""
        path = HERE / self.name / f"{table}.csv"
        if not path.is_file():
            return []
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def project(self, number: str) -> Project:
        """The project with this number in ``projects.csv``."""
        code = f"{self.county}-{self.year}-{int(number):02d}"
        return db.session.scalars(sa.select(Project).where(Project.code == code)).one()

    def document(self, number: str) -> FundDocument:
        """The fund document in this row of ``fund_documents.csv``, counted from 1."""
        code = f"{self.county}-{self.year}-f{int(number):02d}"
        return db.session.scalars(sa.select(FundDocument).where(FundDocument.code == code)).one()

    @property
    def finance_officer(self) -> Actor:
        """Who registers documents and drafts batches."""
        return self.somebody(Role.FINANCE_AGRI, organization(self.finance))

    @property
    def approver(self) -> Actor:
        """Who decides for the leading group."""
        return self.somebody(Role.APPROVER, organization(self.leaders))

    @property
    def custodian(self) -> Actor:
        """Who keeps the library at the leading group's office."""
        return self.somebody(Role.LEAD_OFFICE, organization(self.office))

    def person(self, username: str) -> Actor:
        """The person with this account."""
        return self._actors(username, User.username == username)[0]

    def somebody(self, role: Role, place: Organization, *, second: bool = False) -> Actor:
        """A person who holds the role at this place; the second one where two are needed."""
        held = sa.and_(RoleAssignment.role == role, RoleAssignment.organization_id == place.id)
        return self._actors((role, place.id), held)[1 if second else 0]

    def local_officer(self, project: Project) -> Actor:
        """Who records a project's works and asks for its money: its township, or the office without one."""
        if project.township is None:
            return self.custodian
        return self.somebody(Role.TOWN_REVIEWER, project.township)

    def _actors(self, key: Hashable, which: sa.ColumnElement[bool]) -> list[Actor]:
        """The people, asked for once: whole years are replayed, and nobody changes office meanwhile."""
        if key not in self._known:
            statement = sa.select(User).join(User.assignments).where(which).order_by(User.id)
            self._known[key] = [actor_of(user) for user in db.session.scalars(statement)]
        return self._known[key]

    @cached_property
    def pictures(self) -> list[StoredFile]:
        """The drawings that stand for photos, once they are stored."""
        return []

    @cached_property
    def _known(self) -> dict[Hashable, list[Actor]]:
        return {}


def read(name: str) -> Demo:
    """The demo of this name, which must be one of :data:`NAMES`."""
    with (HERE / name / "demo.toml").open("rb") as file:
        return Demo(name=name, **tomllib.load(file))


def organization(code: str) -> Organization:
    """The organization with this code."""
    return db.session.scalars(sa.select(Organization).where(Organization.code == code)).one()
