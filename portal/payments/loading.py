"""Loading one row of the payments through the scope filter: outside my reach is not found."""

import sqlalchemy as sa

from portal.accounts.scopes import visible
from portal.payments.models import Payment, TreasuryList
from portal.rules.access import Action
from portal.web import actor, load_or_404


def load_payment(payment_id: int, action: Action = Action.VIEW_PAYMENTS) -> Payment:
    """The payment, or 404."""
    statement = sa.select(Payment).where(Payment.id == payment_id)
    found: Payment = load_or_404(visible(statement, Payment, actor(), action))
    return found


def load_list(list_id: int) -> TreasuryList:
    """The treasury's list, or 404."""
    statement = sa.select(TreasuryList).where(TreasuryList.id == list_id)
    found: TreasuryList = load_or_404(
        visible(statement, TreasuryList, actor(), Action.RECORD_PAYMENT)
    )
    return found
