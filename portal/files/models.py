"""Uploaded files: content once under its hash, names where they are used."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Instant
from portal.rules.access import Scope


class StoredFile(Base):
    """An accepted upload. The bytes lie under ``sha256``; ``name`` is what people see."""

    __tablename__ = "stored_file"
    scope_columns = {Scope.COUNTY: "county_id"}

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"), index=True)
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    name: Mapped[str] = mapped_column(sa.String(160))
    mime: Mapped[str] = mapped_column(sa.String(100))
    size: Mapped[int]
    uploaded_by_id: Mapped[int] = mapped_column(index=True)
    uploaded_at: Mapped[datetime] = mapped_column(Instant)
