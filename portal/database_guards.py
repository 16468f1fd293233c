"""The dialect-specific SQL of the portal, in one place: append-only guards on the audit trail (L2)."""

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection

from portal.audit.models import AuditHead
from portal.audit.recorder import GENESIS

SQLITE = (
    """CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry
       BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END""",
    """CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry
       BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END""",
    """CREATE TRIGGER audit_entry_no_replace BEFORE INSERT ON audit_entry
       WHEN EXISTS (SELECT 1 FROM audit_entry WHERE seq = NEW.seq)
       BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END""",
)
POSTGRESQL = (
    """CREATE OR REPLACE FUNCTION audit_entry_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$""",
    """CREATE TRIGGER audit_entry_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
       FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_is_append_only()""",
)


def create(connection: Connection) -> None:
    """Set the guards and the start of the chain; called by the first migration."""
    statements = SQLITE if connection.dialect.name == "sqlite" else POSTGRESQL
    for statement in statements:
        connection.execute(sa.text(statement))
    connection.execute(sa.insert(AuditHead).values(id=1, seq=0, hash=GENESIS))


def drop(connection: Connection) -> None:
    """Remove what :func:`create` made, before the table goes."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("DROP TRIGGER audit_entry_no_change ON audit_entry"))
        connection.execute(sa.text("DROP FUNCTION audit_entry_is_append_only()"))


def _after_create(target: sa.Table, connection: Connection, **_options: object) -> None:
    create(connection)


def install() -> None:
    """Let ``metadata.create_all`` (tests) set the same guards as the migration."""
    if not event.contains(AuditHead.__table__, "after_create", _after_create):
        event.listen(AuditHead.__table__, "after_create", _after_create)
