"""Reads the trail: the check of the chain, and the entries of one object."""

from collections.abc import Iterator

import sqlalchemy as sa
from flask import current_app

from portal.audit.models import AuditEntry, AuditHead
from portal.audit.recorder import GENESIS, chain_hash
from portal.db import db


def broken_links() -> Iterator[str]:
    """Each break of the chain in plain words, the first one first; nothing when it is whole."""
    key: bytes = current_app.config["AUDIT_KEY"]
    previous, seq = GENESIS, 0
    statement = sa.select(AuditEntry.__table__).order_by(AuditEntry.seq)
    for entry in db.session.execute(statement).mappings():
        seq += 1
        row = dict(entry)
        if row["seq"] != seq:
            yield f"audit entry {seq} is missing (found {row['seq']})"
            return
        if row["previous_hash"] != previous or row["hash"] != chain_hash(key, previous, row):
            yield f"audit entry {seq} was changed ({row['action']} {row['table_name']} {row['row_id']})"
            return
        previous = row["hash"]
    head = db.session.execute(sa.select(AuditHead.seq, AuditHead.hash)).one()
    if (head.seq, head.hash) != (seq, previous):
        yield f"the audit trail ends at {seq}, but its head says {head.seq}: the tail was cut"
