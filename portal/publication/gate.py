"""The last look at the files of a new release: nothing private passes (P4)."""

from collections.abc import Collection
from pathlib import Path

from portal.rules.privacy import private_data

TEXTS = frozenset({".html", ".json", ".csv"})


class PrivateDataFound(ValueError):
    """A file that may not be published; the message names it and what is in it."""


def refuse_private(folder: Path, duty_phones: Collection[str]) -> None:
    """Read every text file below the folder; raise :class:`PrivateDataFound` for all that is found."""
    faults = [
        f"{path.relative_to(folder).as_posix()} 里有{finding.masked}"
        for path in sorted(folder.rglob("*"))
        if path.suffix in TEXTS
        for finding in private_data(path.read_text("utf-8"), duty_phones)
    ]
    if faults:
        raise PrivateDataFound("；".join(faults))
