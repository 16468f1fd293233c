"""What ``verify`` checks: the audit chain, the ledger's invariants, stored files, the public site."""

from collections.abc import Iterator

import sqlalchemy as sa
from flask import current_app

from portal.audit.queries import broken_links
from portal.db import db
from portal.files.models import StoredFile
from portal.files.store import Store, StoredFileDamaged
from portal.funds.models import Allocation, FundDocument
from portal.library.models import Project
from portal.publication.queries import site_problems
from portal.rules import money


def problems() -> Iterator[str]:
    """Each broken record in one line, named; nothing when everything is in order."""
    yield from broken_links()
    yield from ledger_problems()
    yield from file_problems()
    yield from site_problems()


def ledger_problems() -> Iterator[str]:
    """Counters against their rows, and rows against the limits they must keep (amounts in fen)."""
    arranged = sa.func.coalesce(sa.func.sum(Allocation.amount), 0)
    per_document = (
        sa.select(FundDocument.code, FundDocument.arranged_amount, arranged)
        .outerjoin(
            Allocation,
            sa.and_(Allocation.document_id == FundDocument.id, Allocation.void.is_(False)),
        )
        .group_by(FundDocument.id, FundDocument.code, FundDocument.arranged_amount)
        .having(arranged != FundDocument.arranged_amount)
    )
    for code, counter, total in db.session.execute(per_document):
        yield (
            f"fund document {code}: counter {money.yuan(counter)} yuan, "
            f"its rows add up to {money.yuan(int(total))}"
        )
    per_project = (
        sa.select(Project.code, Project.budget, sa.func.sum(Allocation.amount))
        .join(Allocation, sa.and_(Allocation.project_id == Project.id, ~Allocation.void))
        .group_by(Project.id)
        .having(sa.func.sum(Allocation.amount) > Project.budget)
    )
    for code, budget, total in db.session.execute(per_project):
        yield (
            f"project {code}: {money.yuan(int(total))} yuan arranged, "
            f"its budget is {money.yuan(budget)}"
        )


def file_problems() -> Iterator[str]:
    """Stored files that are missing or whose bytes no longer fit their hash."""
    store = Store(current_app.config["INSTANCE"] / "uploads")
    for sha256, name in db.session.execute(sa.select(StoredFile.sha256, StoredFile.name)):
        try:
            store.open_verified(sha256)
        except StoredFileDamaged as damaged:
            yield f"{name}: {damaged}"
