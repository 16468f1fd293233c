"""Writes on organizations, people and duties. Whatever changes authority ends the person's sessions."""

from datetime import datetime

import sqlalchemy as sa

from portal import clock
from portal.accounts import passwords, sessions
from portal.accounts.models import (
    Organization,
    OrganizationName,
    PasswordHistory,
    RoleAssignment,
    User,
)
from portal.db import db
from portal.rules.access import Actor
from portal.rules.broken import RuleBroken
from portal.rules.vocabulary import OrganizationKind, Role

PARENTS = {
    OrganizationKind.PREFECTURE: (None,),
    OrganizationKind.COUNTY: (OrganizationKind.PREFECTURE,),
    OrganizationKind.DEPARTMENT: (OrganizationKind.COUNTY,),
    OrganizationKind.TOWNSHIP: (OrganizationKind.COUNTY,),
    OrganizationKind.VILLAGE: (OrganizationKind.TOWNSHIP,),
}
"""Which kind may stand below which."""


def add_organization(
    *, code: str, kind: OrganizationKind, name: str, parent: Organization | None, **contact: str
) -> Organization:
    """Add a node to the tree; :class:`RuleBroken` when it cannot stand below its parent."""
    if (parent.kind if parent else None) not in PARENTS[kind]:
        raise RuleBroken(f"“{kind.label}”不能设在这个上级单位下面。", field="parent_id")
    if db.session.scalar(sa.select(Organization.id).where(Organization.code == code)):
        raise RuleBroken(f"单位编码 {code} 已被使用，请换一个。", field="code")
    organization = Organization(code=code, kind=kind, name=name, parent=parent, **contact)
    db.session.add(organization)
    db.session.flush()
    organization.path = f"{parent.path if parent else '/'}{organization.id}/"
    is_county = kind is OrganizationKind.COUNTY
    organization.county_id = organization.id if is_county else parent.county_id if parent else None
    return organization


def rename_organization(organization: Organization, name: str) -> None:
    """Give an office its new name; the old one stays on record with its last day."""
    if name == organization.name:
        return
    db.session.add(
        OrganizationName(
            organization_id=organization.id, name=organization.name, until_on=clock.today()
        )
    )
    organization.name = name


def add_user(
    *, username: str, name: str, organization: Organization, roles: list[Role], **contact: str
) -> tuple[User, str]:
    """Make an account; the one-time password is returned once and must be changed within 72 hours."""
    if db.session.scalar(sa.select(User.id).where(User.username == username)):
        raise RuleBroken(f"用户名 {username} 已被使用，请换一个。", field="username")
    if organization.county_id is None and organization.kind is not OrganizationKind.PREFECTURE:
        raise RuleBroken("账号要设在县（区）或它下面的单位。", field="organization_id")
    user = User(
        username=username,
        name=name,
        organization=organization,
        county_id=organization.county_id or organization.id,
        **contact,
    )
    db.session.add(user)
    db.session.flush()
    set_roles(user, [(role, organization) for role in roles])
    return user, reset_password(user)


def set_roles(user: User, duties: list[tuple[Role, Organization]]) -> None:
    """Replace the person's duties. Administering accounts excludes every business duty (B4)."""
    roles = {role for role, _organization in duties}
    for lonely in (Role.SYSADMIN, Role.AUDITOR):
        if lonely in roles and len(roles) > 1:
            raise RuleBroken(f"“{lonely.label}”不能兼任其他岗位，请另设账号。", field="roles")
    wanted = {(role, organization.id) for role, organization in duties}
    user.assignments = [a for a in user.assignments if (a.role, a.organization_id) in wanted]
    held = {(a.role, a.organization_id) for a in user.assignments}
    for role, organization in duties:
        if (role, organization.id) not in held:
            user.assignments.append(RoleAssignment(role=role, organization=organization))
    sessions.end_all(user.id)


def set_active(user: User, *, active: bool, actor: Actor) -> None:
    """Close or reopen an account; nobody closes their own."""
    if user.id == actor.user_id:
        raise RuleBroken("不能停用自己的账号。请由另一位系统管理员办理。")
    user.active = active
    sessions.end_all(user.id)


def reset_password(user: User) -> str:
    """A new one-time password for a person who lost theirs; shown once, valid for 72 hours."""
    password = passwords.first_password()
    at = clock.real_now()
    _set_password(user, password, at)
    user.must_change_password = True
    user.first_password_until = at + passwords.FIRST_PASSWORD_LIFE
    return password


def change_password(user: User, *, old: str, new: str) -> None:
    """Set the person's own password after the old one and the policy are checked."""
    if not passwords.matches(user.password_hash, old):
        raise RuleBroken("原密码不对。", field="old")
    if problem := passwords.weakness(new, user, (user.organization.name,)):
        raise RuleBroken(problem, field="new")
    earlier = db.session.scalars(
        sa.select(PasswordHistory.password_hash)
        .where(PasswordHistory.user_id == user.id)
        .order_by(PasswordHistory.id.desc())
        .limit(passwords.REMEMBERED)
    )
    if any(passwords.matches(password_hash, new) for password_hash in earlier):
        raise RuleBroken(f"不能使用最近 {passwords.REMEMBERED} 次用过的密码。", field="new")
    _set_password(user, new, clock.real_now())
    user.must_change_password = False
    user.first_password_until = None


def _set_password(user: User, password: str, at: datetime) -> None:
    user.password_hash = passwords.hash_password(password)
    user.password_changed_at = at
    db.session.add(
        PasswordHistory(user_id=user.id, password_hash=user.password_hash, changed_at=at)
    )
    sessions.end_all(user.id)
