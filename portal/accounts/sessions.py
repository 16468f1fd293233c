"""Server-side sessions: who sends a request, signing in and out, and the throttle against guessing.

A cookie holds only a random token; whatever ends the row ends the session at the next request. These rows
are traces, written in units of their own so that a refused request still leaves them.
"""

import hashlib
import json
import secrets
from dataclasses import asdict
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import g, request, session
from flask_login import LoginManager, UserMixin

from portal import clock
from portal.accounts import passwords
from portal.accounts.models import Organization, SignIn, Throttle, User
from portal.audit import recorder
from portal.db import db, execute_unaudited, insert_new, unit_of_work
from portal.rules.access import SYSTEM, Actor, Duty
from portal.rules.vocabulary import OrganizationKind, Role

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
WINDOW = timedelta(minutes=5)
ACCOUNT_LIMIT, ADDRESS_LIMIT = 5, 20
LONGEST_LOCK = timedelta(minutes=15)
TOKEN = "token"  # noqa: S105 - the name of a cookie field

login_manager = LoginManager()

# Every request asks this; built once, the statement and its cache key cost nothing.
_ALIVE = sa.select(SignIn.id, SignIn.actor, SignIn.last_seen_at).where(
    SignIn.token_hash == sa.bindparam("token_hash"),
    SignIn.ended_at.is_(None),
    SignIn.last_seen_at > sa.bindparam("idle_since"),
    SignIn.started_at > sa.bindparam("begun_after"),
)


class SignedIn(UserMixin):
    """What Flask-Login hands to templates as ``current_user``: the actor of this request."""

    def __init__(self, actor: Actor) -> None:
        self.id = actor.user_id
        self.actor = actor


@login_manager.request_loader
def _load(_request: object) -> SignedIn | None:
    return SignedIn(g.actor) if g.get("actor") else None


def identify() -> Actor | None:
    """The actor behind the request's cookie, or ``None``; one indexed read."""
    token = session.get(TOKEN)
    if not token:
        return None
    at = clock.real_now()
    limits = {"idle_since": at - IDLE, "begun_after": at - ABSOLUTE}
    row = db.session.execute(_ALIVE, {"token_hash": _digest(token), **limits}).one_or_none()
    if row is None:
        return None
    if at - row.last_seen_at > SEEN_EVERY:
        with unit_of_work(SYSTEM, "seen"):
            execute_unaudited(sa.update(SignIn).where(SignIn.id == row.id).values(last_seen_at=at))
    return _revive(row.id, row.actor)


def actor_of(user: User) -> Actor:
    """The person with duties; the counties below each duty's organization are worked out here."""
    return Actor(
        user_id=user.id,
        name=user.name,
        organization_id=user.organization_id,
        county_id=user.county_id,
        duties=tuple(
            Duty(a.role, a.organization_id, _counties(a.organization)) for a in user.assignments
        ),
        must_change_password=user.must_change_password or passwords.expired(user, clock.real_now()),
    )


def _counties(organization: Organization) -> tuple[int, ...]:
    if organization.county_id:
        return (organization.county_id,)
    below = sa.select(Organization.id).where(
        Organization.kind == OrganizationKind.COUNTY,
        Organization.path.startswith(organization.path),
    )
    return tuple(db.session.scalars(below))


def start(user: User) -> None:
    """Sign in: a fresh token, a fresh cookie, the old session of this browser ended (A6)."""
    end_current()
    token = secrets.token_urlsafe(32)
    at = clock.real_now()
    actor = asdict(actor_of(user))
    db.session.add(
        SignIn(
            token_hash=_digest(token),
            user_id=user.id,
            actor=json.dumps(actor, ensure_ascii=False, default=str),
            started_at=at,
            last_seen_at=at,
            ip=(request.remote_addr or "")[:64],
            user_agent=request.user_agent.string[:200],
        )
    )
    session.clear()
    session.permanent = True
    session[TOKEN] = token
    recorder.note("signed_in", f"user:{user.id}")


def end_current() -> None:
    """Sign out here: the row is ended, a copied cookie is worth nothing."""
    if token := session.get(TOKEN):
        _end(SignIn.token_hash == _digest(token))
    session.clear()


def end_all(user_id: int) -> None:
    """End every session of a person, as after a changed password, role or state (A7)."""
    _end(SignIn.user_id == user_id)


def _end(condition: sa.ColumnElement[bool]) -> None:
    execute_unaudited(
        sa.update(SignIn)
        .where(condition, SignIn.ended_at.is_(None))
        .values(ended_at=clock.real_now())
    )


def authenticate(username: str, password: str, address: str) -> tuple[User | None, datetime | None]:
    """The user whose password fits, or until when this account or address must wait.

    Same answer and similar time for an unknown user and a wrong password (A5). While locked nothing is
    evaluated, not even the right password (A4).
    """
    if until := claim_attempt(username, address):
        return None, until
    user = db.session.scalar(sa.select(User).where(User.username == username))
    fits = passwords.matches(user.password_hash if user else None, password)
    if not user or not fits or not user.active or _first_password_is_over(user):
        with unit_of_work(SYSTEM, "sign_in", ip=address):
            recorder.note("failed", f"user:{username[:40]}")
        return None, None
    forgive_attempt(username, address)
    return user, None


def claim_attempt(username: str, address: str) -> datetime | None:
    """Count a guess at a password before it is evaluated, or say until when no more are taken (A4)."""
    with unit_of_work(SYSTEM, "sign_in"):
        return _claim(_throttled(username, address))


def forgive_attempt(username: str, address: str) -> None:
    """The guess was right: forget the account's wrong ones, and this one of the address."""
    account, origin = (key for key, _limit in _throttled(username, address))
    with unit_of_work(SYSTEM, "sign_in"):
        execute_unaudited(sa.delete(Throttle).where(Throttle.key == account))
        execute_unaudited(
            sa.update(Throttle)
            .where(Throttle.key == origin, Throttle.failures > 0)
            .values(failures=Throttle.failures - 1)
        )


def _throttled(username: str, address: str) -> tuple[tuple[str, int], ...]:
    return ((f"user:{username[:80]}", ACCOUNT_LIMIT), (f"ip:{address}", ADDRESS_LIMIT))


def _first_password_is_over(user: User) -> bool:
    return bool(
        user.must_change_password
        and user.first_password_until
        and clock.real_now() > user.first_password_until
    )


def _claim(keys: tuple[tuple[str, int], ...]) -> datetime | None:
    """Count this attempt before it is evaluated, so that parallel guesses cannot slip through."""
    at = clock.real_now()
    rows = [_throttle(key, at) for key, _limit in keys]
    locked = [row.locked_until for row in rows if row.locked_until and row.locked_until > at]
    if locked:
        return max(locked)
    for row, (_key, limit) in zip(rows, keys, strict=True):
        _count(row, limit, at)
    return None


def _throttle(key: str, at: datetime) -> Throttle:
    execute_unaudited(
        insert_new(Throttle).values(key=key, failures=0, window_started_at=at, lock_seconds=0)
    )
    row = db.session.get_one(Throttle, key, with_for_update=True, populate_existing=True)
    if at - row.window_started_at > WINDOW and not (row.locked_until and row.locked_until > at):
        if at - row.window_started_at > 2 * LONGEST_LOCK:
            row.lock_seconds = 0
        row.failures, row.window_started_at = 0, at
    return row


def _count(row: Throttle, limit: int, at: datetime) -> None:
    row.failures += 1
    if row.failures >= limit:
        row.lock_seconds = min(max(60, row.lock_seconds * 2), int(LONGEST_LOCK.total_seconds()))
        row.locked_until = at + timedelta(seconds=row.lock_seconds)
        row.failures, row.window_started_at = 0, at


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _revive(session_id: int, text: str) -> Actor:
    kept = json.loads(text)
    kept["duties"] = tuple(
        Duty(Role(d["role"]), d["organization_id"], tuple(d["county_ids"])) for d in kept["duties"]
    )
    return Actor(**kept | {"session_id": session_id})
