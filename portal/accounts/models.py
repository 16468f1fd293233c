"""Organizations, people, their duties, and the traces of signing in."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Instant, LabelledColumn
from portal.rules.access import Scope
from portal.rules.vocabulary import OrganizationKind, Role


class Organization(Base):
    """A node of the tree prefecture → county → (department | township → village).

    ``path`` is ``/1/2/7/``: the ids from the root to this node, so a subtree is a prefix.
    """

    __tablename__ = "organization"
    scope_columns = {Scope.OWN: "id", Scope.COUNTY: "county_id"}

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(64), unique=True)
    kind: Mapped[OrganizationKind] = mapped_column(LabelledColumn(OrganizationKind))
    name: Mapped[str] = mapped_column(sa.String(80), index=True)
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organization.id"), index=True)
    county_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organization.id"), index=True)
    path: Mapped[str] = mapped_column(sa.String(200), default="", index=True)
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    address: Mapped[str] = mapped_column(sa.String(200), default="")
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)

    parent: Mapped["Organization | None"] = relationship(
        remote_side="Organization.id", foreign_keys="Organization.parent_id"
    )
    former_names: Mapped[list["OrganizationName"]] = relationship(
        order_by="OrganizationName.until_on"
    )

    __mapper_args__ = {"version_id_col": version}


class OrganizationName(Base):
    """A name that an office bore before: offices are renamed often, old papers keep the old name."""

    __tablename__ = "organization_name"

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    until_on: Mapped[date]


class User(Base):
    """A person with an account."""

    __tablename__ = "user"
    scope_columns = {Scope.COUNTY: "county_id"}

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(sa.String(40), unique=True)
    name: Mapped[str] = mapped_column(sa.String(40))
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    email: Mapped[str] = mapped_column(sa.String(120), default="")
    organization_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"), index=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"), index=True)
    password_hash: Mapped[str] = mapped_column(sa.String(200), default="")
    password_changed_at: Mapped[datetime | None] = mapped_column(Instant)
    must_change_password: Mapped[bool] = mapped_column(default=True)
    first_password_until: Mapped[datetime | None] = mapped_column(Instant)
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)

    organization: Mapped[Organization] = relationship(foreign_keys=organization_id)
    assignments: Mapped[list["RoleAssignment"]] = relationship(
        back_populates="user", cascade="all, delete-orphan", order_by="RoleAssignment.id"
    )

    __mapper_args__ = {"version_id_col": version}


class RoleAssignment(Base):
    """A duty: this person holds this role at this organization."""

    __tablename__ = "role_assignment"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
    role: Mapped[Role] = mapped_column(LabelledColumn(Role))
    organization_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"), index=True)

    user: Mapped[User] = relationship(back_populates="assignments")
    organization: Mapped[Organization] = relationship()

    __table_args__ = (sa.UniqueConstraint("user_id", "role", "organization_id"),)


class PasswordHistory(Base):
    """Earlier password hashes: the last five may not be used again (等保 8.1.4.1)."""

    __tablename__ = "password_history"
    audited = False

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
    password_hash: Mapped[str] = mapped_column(sa.String(200))
    changed_at: Mapped[datetime] = mapped_column(Instant)


class SignIn(Base):
    """A server-side session: only the SHA-256 of its random id is stored (A6).

    ``actor`` is the person with duties as of the sign-in, as JSON; whatever changes them ends the session.
    """

    __tablename__ = "sign_in"
    audited = False

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
    actor: Mapped[str] = mapped_column(sa.Text)
    started_at: Mapped[datetime] = mapped_column(Instant)
    last_seen_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ip: Mapped[str] = mapped_column(sa.String(64))
    user_agent: Mapped[str] = mapped_column(sa.String(200))


class Throttle(Base):
    """Failed sign-ins of one account or one address, counted for all processes together (A4)."""

    __tablename__ = "throttle"
    audited = False

    key: Mapped[str] = mapped_column(sa.String(120), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    window_started_at: Mapped[datetime] = mapped_column(Instant)
    locked_until: Mapped[datetime | None] = mapped_column(Instant)
    lock_seconds: Mapped[int] = mapped_column(default=0)
