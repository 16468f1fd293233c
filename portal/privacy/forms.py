"""Forms of permissions."""

from wtforms import HiddenField, IntegerField

from portal.forms import PortalForm, text
from portal.privacy.operations import LEAST_REASON

GRANT, REFUSE, TAKE_BACK = "grant", "refuse", "take_back"


class AskForm(PortalForm):
    """``finding``: of a stopped build; ``digest``: of an item."""

    finding = IntegerField()
    digest = HiddenField()
    reason = text("理由", most=300, description=f"至少 {LEAST_REASON} 个字，不要重复号码。")


class DecideForm(PortalForm):
    move = HiddenField()
    words = text("意见或理由", most=300)
