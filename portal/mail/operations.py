"""Queueing, sending again, marking as read; the sending itself is ``sending``."""

from collections.abc import Sequence
from typing import Protocol

from portal import clock
from portal.audit import recorder
from portal.db import db, execute_unaudited, insert_new
from portal.mail.models import InboxMessage, OutboxMail
from portal.rules.broken import RuleBroken
from portal.rules.vocabulary import MailState


class Addressee(Protocol):
    """Whoever can get news; an account is one."""

    id: int
    county_id: int
    email: str


def queue(to: Addressee, *, subject: str, body: str, dedupe_key: str) -> bool:
    """Put news into the person's inbox and, with an address, into the outbox; False if it is there already.

    Part of the transaction of the event that causes it. ``dedupe_key`` names that event and the person.
    """
    if not tell(to.id, subject=subject, body=body, dedupe_key=dedupe_key):
        return False
    if to.email:
        mail = insert_new(OutboxMail).values(
            county_id=to.county_id,
            dedupe_key=dedupe_key,
            user_id=to.id,
            address=to.email,
            subject=subject,
            body=body,
            due_at=clock.real_now(),
            queued_at=clock.now(),
        )
        execute_unaudited(mail)
    return True


def tell(user_id: int, *, subject: str, body: str, dedupe_key: str) -> bool:
    """Put news into the person's inbox only; False if it is there already."""
    message = insert_new(InboxMessage).values(
        user_id=user_id,
        dedupe_key=dedupe_key,
        subject=subject,
        body=body,
        received_at=clock.now(),
    )
    return execute_unaudited(message.returning(InboxMessage.id)).first() is not None


def resend(mail: OutboxMail, *, address: str) -> None:
    """Send a failed mail again, to the address that the person has now.

    Raises:
        RuleBroken: the mail has not failed.
    """
    if mail.state is not MailState.FAILED:
        raise RuleBroken(f"这封邮件现在是“{mail.state.label}”，只有发送失败的邮件才要重发。")
    mail.state, mail.attempts, mail.due_at = MailState.QUEUED, 0, clock.real_now()
    mail.address = address
    recorder.note("resent", f"outbox_mail:{mail.id}", address=address)
    db.session.flush()


def mark_read(messages: Sequence[InboxMessage]) -> None:
    """The person has seen these messages."""
    at = clock.now()
    for message in messages:
        message.read_at = message.read_at or at
    db.session.flush()
