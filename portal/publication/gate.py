"""The last look at the files of a new release: nothing private passes (P4)."""

import multiprocessing
import os
from collections.abc import Iterable, Iterator
from functools import cache, partial
from hashlib import sha256
from itertools import chain
from pathlib import Path

from portal import privacy, rules
from portal.privacy.found import Found, once
from portal.privacy.keeper import Keeper
from portal.privacy.packages import unreadable
from portal.privacy.pages import PageReader
from portal.privacy.reading import read_file

BINARIES = frozenset({".pdf", ".docx", ".xlsx", ".jpg", ".jpeg", ".png"})
NAMED = 20
"""So many faults stand in the message; the page of permissions lists more."""
LISTED = 200
SMALL = 500
"""So few files are read by this process: starting others would take longer."""
SOURCES = (Path(privacy.__path__[0]), Path(rules.__path__[0], "privacy"))
"""What counts as private and how files are read: a page that passed may not pass another edition of it."""


class PrivateDataFound(ValueError):
    """Files that may not be published; the message names each with the place and what is in it."""

    def __init__(self, found: list[Found]) -> None:
        named = [f"{one.place.rstrip()}里有{one.finding.masked}" for one in found[:NAMED]]
        more = [f"另有 {len(found) - NAMED} 处"] if len(found) > NAMED else []
        super().__init__("；".join([*named, *more]))
        self.found = found


def refuse_private(folder: Path, keeper: Keeper) -> None:
    """Read every file below the folder; raise :class:`PrivateDataFound` for all that is found."""
    names = sorted(_files(folder), key=lambda name: (folder / name).stat().st_size, reverse=True)
    read = partial(_found_in, folder)
    if len(names) > SMALL:  # large and small files to both, half of them each
        with multiprocessing.Pool(2) as pool:
            parts = pool.map(read, (names[::2], names[1::2]))
    else:
        parts = [read(names)]
    found = keeper.stopped(sorted(chain(*parts), key=lambda one: one.place))
    if found:
        raise PrivateDataFound(list(dict.fromkeys(found))[:LISTED])


@cache
def rules_digest() -> str:
    """Digest of the program that looks for private data."""
    paths = [Path(__file__), *(path for folder in SOURCES for path in sorted(folder.glob("*.py")))]
    return sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()


def _found_in(folder: Path, names: list[str]) -> list[Found]:
    """What is in these files, each finding once a file."""
    reader = PageReader()
    return [one.within(f"{name} ") for name in names for one in once(_read(folder / name, reader))]


def _files(folder: Path) -> Iterator[str]:
    for at, _folders, names in os.walk(folder):
        inner = Path(at).relative_to(folder).as_posix()
        yield from (name if inner == "." else f"{inner}/{name}" for name in names)


def _read(path: Path, reader: PageReader) -> Iterable[Found]:
    suffix, content = path.suffix.lower(), path.read_bytes()
    if suffix in BINARIES:
        return read_file(content)
    try:
        return reader.read(content.decode("utf-8"), suffix)
    except UnicodeDecodeError:
        return (unreadable(path.name, f"{suffix}文件"),)
