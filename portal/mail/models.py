"""The outbox of e-mails and the inbox that every person has in the portal."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Instant, LabelledColumn
from portal.rules.access import Scope
from portal.rules.vocabulary import MailState


class OutboxMail(Base):
    """One mail to one person, written in the transaction of the event that causes it.

    ``dedupe_key`` makes queueing exactly-once; the Message-ID is made from it, so that the one extra
    copy which a crash after the server's acceptance can cause is recognised (R11).
    """

    __tablename__ = "outbox_mail"
    audited = False
    scope_columns = {Scope.COUNTY: "county_id"}

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(index=True)
    dedupe_key: Mapped[str] = mapped_column(sa.String(200), unique=True)
    user_id: Mapped[int] = mapped_column(index=True)
    address: Mapped[str] = mapped_column(sa.String(120))
    subject: Mapped[str] = mapped_column(sa.String(200))
    body: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[MailState] = mapped_column(LabelledColumn(MailState), default=MailState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(Instant)
    leased_until: Mapped[datetime | None] = mapped_column(Instant)
    last_error: Mapped[str] = mapped_column(sa.String(300), default="")
    queued_at: Mapped[datetime] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (sa.Index("ix_outbox_mail_state_due_at", "state", "due_at"),)


class InboxMessage(Base):
    """The same news inside the portal: it arrives even where a county has no mail at all."""

    __tablename__ = "inbox_message"
    audited = False

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
    dedupe_key: Mapped[str] = mapped_column(sa.String(200), unique=True)
    subject: Mapped[str] = mapped_column(sa.String(200))
    body: Mapped[str] = mapped_column(sa.Text)
    received_at: Mapped[datetime] = mapped_column(Instant)
    read_at: Mapped[datetime | None] = mapped_column(Instant)
