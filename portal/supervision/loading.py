"""Loading one row of supervision through the scope filter: outside my reach is not found."""

import sqlalchemy as sa

from portal.accounts.scopes import visible
from portal.rules.access import Action
from portal.supervision import queries
from portal.supervision.models import Bulletin, PaymentPlan, PlanLine, SupervisionLetter
from portal.web import actor, load_or_404


def load_plan(plan_id: int, action: Action = Action.VIEW_PACE) -> PaymentPlan:
    """The plan, or 404; a draft only for those who issue it."""
    statement = sa.select(PaymentPlan).where(PaymentPlan.id == plan_id)
    issued = visible(statement, PaymentPlan, actor(), action).where(
        PaymentPlan.issued_on.is_not(None)
    )
    drafts = visible(statement, PaymentPlan, actor(), Action.ISSUE_PAYMENT_PLAN)
    ids = sa.union(
        issued.with_only_columns(PaymentPlan.id), drafts.with_only_columns(PaymentPlan.id)
    )
    found: PaymentPlan = load_or_404(sa.select(PaymentPlan).where(PaymentPlan.id.in_(ids)))
    return found


def load_bulletin(bulletin_id: int, action: Action = Action.VIEW_PACE) -> Bulletin:
    """The bulletin, or 404."""
    statement = sa.select(Bulletin).where(Bulletin.id == bulletin_id)
    found: Bulletin = load_or_404(visible(statement, Bulletin, actor(), action))
    return found


def load_letter(letter_id: int, action: Action | None = None) -> SupervisionLetter:
    """The letter, or 404; a draft only for those who issue it. With ``action`` only where it may be done."""
    statement = sa.select(SupervisionLetter).where(SupervisionLetter.id == letter_id)
    if action:
        statement = visible(statement, SupervisionLetter, actor(), action)
    found: SupervisionLetter = load_or_404(queries.letters_within_reach(statement, actor()))
    return found


def load_plan_line(line_id: int) -> PlanLine:
    """A line of an issued plan that the person answers for, or 404."""
    statement = sa.select(PlanLine).where(PlanLine.id == line_id).join(PlanLine.plan)
    statement = visible(statement, PlanLine, actor(), Action.EXPLAIN_PAYMENT_PLAN)
    found: PlanLine = load_or_404(statement.where(PaymentPlan.issued_on.is_not(None)))
    return found
