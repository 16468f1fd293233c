"""A small county for tests: two townships, three villages, three departments, people of every role.

A neighbouring county (``other``) is there to be out of reach. Usernames are role codes; a second person
of a role carries a ``2``. Everybody's password is :data:`PASSWORD`.
"""

from functools import cached_property

import sqlalchemy as sa

from portal.accounts import operations, passwords
from portal.accounts.models import Organization, User
from portal.accounts.sessions import actor_of
from portal.clock import real_now
from portal.db import db, unit_of_work
from portal.rules.access import SYSTEM, Actor
from portal.rules.vocabulary import OrganizationKind as Kind
from portal.rules.vocabulary import Role

PASSWORD = "Qingshan-Lvshui-2023"
_HASH = passwords.hash_password(PASSWORD)

TREE = (
    ("city", Kind.PREFECTURE, "试验市", None),
    ("county", Kind.COUNTY, "试验县", "city"),
    ("rural", Kind.DEPARTMENT, "县农业农村局", "county"),
    ("water", Kind.DEPARTMENT, "县水务局", "county"),
    ("finance", Kind.DEPARTMENT, "县财政局", "county"),
    ("group", Kind.DEPARTMENT, "县委农村工作领导小组", "county"),
    ("jia", Kind.TOWNSHIP, "甲镇", "county"),
    ("yi", Kind.TOWNSHIP, "乙镇", "county"),
    ("dong", Kind.VILLAGE, "东村", "jia"),
    ("xi", Kind.VILLAGE, "西村", "jia"),
    ("nan", Kind.VILLAGE, "南村", "yi"),
    ("other", Kind.COUNTY, "邻县", "city"),
    ("other-finance", Kind.DEPARTMENT, "邻县财政局", "other"),
)

PEOPLE = (
    ("village_clerk", Role.VILLAGE_CLERK, "dong"),
    ("village_clerk2", Role.VILLAGE_CLERK, "xi"),
    ("town_reviewer", Role.TOWN_REVIEWER, "jia"),
    ("town_reviewer2", Role.TOWN_REVIEWER, "yi"),
    ("town_leader", Role.TOWN_LEADER, "jia"),
    ("dept_reviewer", Role.DEPT_REVIEWER, "rural"),
    ("dept_reviewer2", Role.DEPT_REVIEWER, "water"),
    ("lead_office", Role.LEAD_OFFICE, "rural"),
    ("approver", Role.APPROVER, "group"),
    ("approver2", Role.APPROVER, "group"),
    ("finance_agri", Role.FINANCE_AGRI, "finance"),
    ("finance_agri2", Role.FINANCE_AGRI, "finance"),
    ("finance_payment", Role.FINANCE_PAYMENT, "finance"),
    ("finance_payment2", Role.FINANCE_PAYMENT, "finance"),
    ("finance_payment3", Role.FINANCE_PAYMENT, "finance"),
    ("finance_payment4", Role.FINANCE_PAYMENT, "finance"),
    ("finance_perf", Role.FINANCE_PERF, "finance"),
    ("auditor", Role.AUDITOR, "county"),
    ("sysadmin", Role.SYSADMIN, "county"),
    ("foreigner", Role.FINANCE_AGRI, "other-finance"),
)


def build_world() -> None:
    """Write the tree and the people through the real operations."""
    with unit_of_work(SYSTEM, "test_world"):
        for code, kind, name, parent in TREE:
            above = _organization(parent) if parent else None
            operations.add_organization(code=code, kind=kind, name=name, parent=above)
        for number, (username, role, code) in enumerate(PEOPLE, start=1):
            _add_person(username, role, code, number)


def _add_person(username: str, role: Role, code: str, number: int) -> None:
    user, _first = operations.add_user(
        username=username,
        name=f"测试{number}",
        organization=_organization(code),
        roles=[role],
        email=f"{username}@example.cn",
    )
    user.password_hash, user.password_changed_at = _HASH, real_now()
    user.must_change_password = False


def _organization(code: str) -> Organization:
    return db.session.scalars(sa.select(Organization).filter_by(code=code)).one()


class World:
    """Ids and actors by name, read afresh from the database of the running test."""

    @cached_property
    def ids(self) -> dict[str, int]:
        """Organization code -> id."""
        return dict(
            db.session.execute(sa.select(Organization.code, Organization.id)).tuples().all()
        )

    def user(self, username: str) -> User:
        """The account."""
        return db.session.scalars(sa.select(User).filter_by(username=username)).one()

    def actor(self, username: str) -> Actor:
        """The person with duties, as a request would see them."""
        return actor_of(self.user(username))
