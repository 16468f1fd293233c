from portal.forms import PortalForm


class ButtonForm(PortalForm):
    """A form that is only its button."""
