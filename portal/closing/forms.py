"""One form per intention."""

from wtforms import IntegerField
from wtforms.validators import NumberRange
from wtforms.widgets import HiddenInput

from portal.forms import REQUIRED, PortalForm, text


class ProposeForm(PortalForm):
    """Only the button; the year comes with it."""

    year = IntegerField(
        "年度",
        [REQUIRED, NumberRange(1990, 2099, "年份要在 1990 到 2099 之间。")],
        widget=HiddenInput(),
    )


class DecideForm(PortalForm):
    words = text("意见或理由", most=1000)


class ReturnForm(PortalForm):
    """The ticked lines come beside it as ``placement`` and ``target-<placement id>``."""

    reason = text("收回的理由", required=True, most=500)
