"""Reads of the inbox and the outbox."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.db import db
from portal.mail.models import InboxMessage, OutboxMail
from portal.rules.vocabulary import MailState

PAGE_SIZE = 50
_UNREAD = sa.select(sa.func.count()).where(  # asked by every page, so built once
    InboxMessage.user_id == sa.bindparam("user_id"), InboxMessage.read_at.is_(None)
)


@dataclass(frozen=True)
class Page:
    """Rows of a list, newest first, which page they are and how many rows there are in all."""

    rows: list[Any]
    number: int
    total: int

    @property
    def count(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // PAGE_SIZE))


def unread_count(user_id: int) -> int:
    """How many messages the person has not opened yet."""
    return db.session.scalar(_UNREAD, {"user_id": user_id}) or 0


def inbox(user_id: int) -> sa.Select[tuple[InboxMessage]]:
    """The person's messages; nobody else can reach them."""
    return (
        sa.select(InboxMessage)
        .where(InboxMessage.user_id == user_id)
        .order_by(InboxMessage.id.desc())
    )


def counts_by_state(mails: sa.Select[tuple[OutboxMail]]) -> dict[MailState, int]:
    """How many of these mails are in which state."""
    state = sa.select(OutboxMail.state, sa.func.count()).group_by(OutboxMail.state)
    ids = mails.with_only_columns(OutboxMail.id).order_by(None)
    return dict(db.session.execute(state.where(OutboxMail.id.in_(ids))).tuples().all())


def page_of(statement: sa.Select[Any], number: int) -> Page:
    """One page of an ordered statement; a number past the end gives the last page."""
    counted = statement.order_by(None).subquery()
    total = db.session.scalar(sa.select(sa.func.count()).select_from(counted)) or 0
    number = max(1, min(number, -(-total // PAGE_SIZE)))
    rows = statement.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    return Page(list(db.session.scalars(rows)), number, total)
