"""Reads of the inbox that every page needs."""

import sqlalchemy as sa

from portal.db import db
from portal.mail.models import InboxMessage


def unread_count(user_id: int) -> int:
    """How many messages the person has not opened yet."""
    statement = sa.select(sa.func.count()).where(
        InboxMessage.user_id == user_id, InboxMessage.read_at.is_(None)
    )
    return db.session.scalar(statement) or 0
