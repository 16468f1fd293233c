"""Loading one row of the funds through the scope filter: outside my reach is not found."""

import sqlalchemy as sa

from portal.accounts.scopes import visible
from portal.funds.models import Allocation, AllocationBatch, FundDocument
from portal.rules.access import Action
from portal.web import actor, load_or_404


def load_document(document_id: int, action: Action = Action.VIEW_FUNDS) -> FundDocument:
    """The document, or 404."""
    statement = sa.select(FundDocument).where(FundDocument.id == document_id)
    found: FundDocument = load_or_404(visible(statement, FundDocument, actor(), action))
    return found


def load_batch(batch_id: int, action: Action = Action.VIEW_FUNDS) -> AllocationBatch:
    """The batch, or 404."""
    statement = sa.select(AllocationBatch).where(AllocationBatch.id == batch_id)
    found: AllocationBatch = load_or_404(visible(statement, AllocationBatch, actor(), action))
    return found


def load_line(line_id: int, action: Action = Action.VIEW_FUNDS) -> Allocation:
    """The allocation, or 404."""
    statement = sa.select(Allocation).where(Allocation.id == line_id)
    found: Allocation = load_or_404(visible(statement, Allocation, actor(), action))
    return found
