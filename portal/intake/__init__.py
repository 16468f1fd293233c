"""What uploads and imports share: how a file is recognised, unpacked and refused."""

from portal.rules.broken import RuleBroken


class FileRefused(RuleBroken, ValueError):
    """A file that is not taken in: what is wrong with it and what to do, in plain Chinese."""
