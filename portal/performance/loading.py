"""Loading one form through the scope filter: outside my reach is not found."""

import sqlalchemy as sa

from portal.accounts.scopes import visible
from portal.performance.models import PerformanceForm
from portal.rules.access import Action
from portal.web import actor, load_or_404


def load_form(form_id: int, *actions: Action) -> PerformanceForm:
    """The form, or 404 where none of these actions reaches it."""
    statements = [
        visible(sa.select(PerformanceForm.id), PerformanceForm, actor(), action)
        for action in actions or (Action.VIEW_PERFORMANCE,)
    ]
    within = sa.or_(*(PerformanceForm.id.in_(statement) for statement in statements))
    found: PerformanceForm = load_or_404(
        sa.select(PerformanceForm).where(PerformanceForm.id == form_id, within)
    )
    return found
