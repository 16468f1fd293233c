"""Reads on people that more than one view needs."""

from collections.abc import Collection

import sqlalchemy as sa

from portal.accounts.models import RoleAssignment, User
from portal.db import db
from portal.rules.vocabulary import Role


def administrators() -> list[User]:
    """Whom to ask when a password is lost."""
    return people_with(Role.SYSADMIN)


LOCAL = frozenset({Role.VILLAGE_CLERK, Role.TOWN_REVIEWER, Role.TOWN_LEADER, Role.DEPT_REVIEWER})
"""The roles whose holders answer for their own unit only."""


def people_concerned(
    roles: Collection[Role], county_id: int, unit_ids: Collection[int | None]
) -> list[User]:
    """Active people of a county with one of the roles; local ones only where their unit is concerned."""
    wide = [role for role in roles if role not in LOCAL]
    statement = (
        sa.select(User)
        .join(RoleAssignment, RoleAssignment.user_id == User.id)
        .where(
            User.active,
            User.county_id == county_id,
            RoleAssignment.role.in_(roles),
            sa.or_(
                RoleAssignment.role.in_(wide),
                RoleAssignment.organization_id.in_([one for one in unit_ids if one is not None]),
            ),
        )
        .order_by(User.id)
        .distinct()
    )
    return list(db.session.scalars(statement))


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
