"""Reads on people that more than one view needs."""

import sqlalchemy as sa

from portal.accounts.models import RoleAssignment, User
from portal.db import db
from portal.rules.vocabulary import Role


def administrators() -> list[User]:
    """Whom to ask when a password is lost."""
    return people_with(Role.SYSADMIN)


def people_with(*roles: Role, county_id: int | None = None) -> list[User]:
    """Active people who hold one of the roles, in the given county or anywhere, by id."""
    statement = (
        sa.select(User)
        .join(RoleAssignment, RoleAssignment.user_id == User.id)
        .where(RoleAssignment.role.in_(roles), User.active)
        .order_by(User.id)
        .distinct()
    )
    if county_id is not None:
        statement = statement.where(User.county_id == county_id)
    return list(db.session.scalars(statement))
