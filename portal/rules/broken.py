"""The one way a rule says no."""


class RuleBroken(Exception):
    """A refusal in plain Chinese: the figures and the fix, and the form field it belongs to."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
