"""The audit trail: append-only rows in a hash chain."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Instant


class AuditEntry(Base):
    """One changed row, or one refused or rowless act, of one person.

    ``hash`` = HMAC-SHA256 over the previous hash and this row's content, so that a changed, cut or
    reordered row is found at its place.
    """

    __tablename__ = "audit_entry"
    audited = False

    seq: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Instant)
    county_id: Mapped[int | None] = mapped_column(index=True)
    actor_id: Mapped[int] = mapped_column(index=True)
    actor_name: Mapped[str] = mapped_column(sa.String(80))
    session_id: Mapped[int | None]
    ip: Mapped[str] = mapped_column(sa.String(64))
    request_id: Mapped[str] = mapped_column(sa.String(32))
    action: Mapped[str] = mapped_column(sa.String(64), index=True)
    result: Mapped[str] = mapped_column(sa.String(16))
    table_name: Mapped[str] = mapped_column(sa.String(64))
    row_id: Mapped[str] = mapped_column(sa.String(64))
    diff: Mapped[str] = mapped_column(sa.Text)
    previous_hash: Mapped[str] = mapped_column(sa.String(64))
    hash: Mapped[str] = mapped_column(sa.String(64))

    __table_args__ = (sa.Index("ix_audit_entry_row", "table_name", "row_id"),)


class AuditHead(Base):
    """The end of the chain; locking this one row puts writers of the trail in a line."""

    __tablename__ = "audit_head"
    audited = False

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(sa.BigInteger)
    hash: Mapped[str] = mapped_column(sa.String(64))
