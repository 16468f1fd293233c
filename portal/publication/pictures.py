"""Photos and files as the public site gets them: small pictures made once, and stored papers as they are.

What is made lies in a folder of its own beside the uploads and may be thrown away: it is made again.
"""

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from portal.files.checks import ENDINGS
from portal.files.images import for_web
from portal.files.store import Store, StoredFileDamaged
from portal.intake import FileRefused
from portal.rules.privacy import listed_in_text, private_data
from public_site.names import blob_name, checked_blob
from public_site.schema import Photo

MOST = 6
"""Photos of one project on the public site."""


class Shot(NamedTuple):
    """A photo of a report: the project's public code, the stored file, the day, and what was reported."""

    code: str
    sha256: str
    mime: str
    taken_on: date
    percent: int
    words: str


class Made(NamedTuple):
    """A picture for the web: its name on the site, pixels and bytes."""

    name: str
    width: int
    height: int
    size: int


@dataclass(frozen=True)
class Pictures:
    """``uploads``: the store of what people uploaded. ``folder``: of what is made from it."""

    uploads: Path
    folder: Path

    def photos(self, shots: Sequence[Shot]) -> tuple[Photo, ...]:
        """The photos that the public sees; one that is damaged in the store is left out.

        ``flask verify`` names damaged files: the rest of the site does not wait for them.
        """
        return tuple(
            _photo(shot, made) for shot in chosen(shots) if (made := self._made(shot)) is not None
        )

    def blob(self, name: str) -> bytes:
        """The bytes of a picture or paper by its name on the site.

        Raises:
            ValueError: nothing of that name is there, or it is damaged; it is then made again next time.
        """
        folder, _, rest = checked_blob(name).partition("/")
        stem, _, ending = rest.partition(".")
        path = self.folder / name if folder == "photos" else self._upload(stem)
        content = path.read_bytes() if path and path.is_file() else b""
        if blob_name(folder, content, ending) != name:
            if path and folder == "photos":
                path.unlink(missing_ok=True)
            raise ValueError(f"公开的照片或附件 {name} 丢失或损坏，请从备份恢复后再生成")
        return content

    def _upload(self, stem: str) -> Path | None:
        return next((self.uploads / stem[:2]).glob(f"{stem}*"), None)

    def _made(self, shot: Shot) -> Made | None:
        note = self.folder / "made" / shot.sha256
        if note.is_file():
            name, *numbers = note.read_text("ascii").split()
            made = Made(name, *map(int, numbers))
            if (path := self.folder / name).is_file() and path.stat().st_size == made.size:
                return made
        try:
            content = Store(self.uploads).open_verified(shot.sha256)
            picture, width, height = for_web(content, ENDINGS[shot.mime])
        except (StoredFileDamaged, FileRefused, KeyError):
            return None
        made = Made(blob_name("photos", picture, "jpg"), width, height, len(picture))
        _put(self.folder / made.name, picture)
        _put(note, " ".join(map(str, made)).encode())
        return made


def chosen(shots: Sequence[Shot]) -> list[Shot]:
    """First and last photo of every quarter; of more than six the first, the last and some between."""
    quarters: dict[tuple[int, int], list[Shot]] = {}
    for shot in shots:
        key = (shot.taken_on.year, (shot.taken_on.month - 1) // 3)
        quarters.setdefault(key, []).append(shot)
    ends = [one for found in quarters.values() for one in dict.fromkeys((found[0], found[-1]))]
    if len(ends) <= MOST:
        return ends
    return [ends[number * (len(ends) - 1) // (MOST - 1)] for number in range(MOST)]


def _photo(shot: Shot, made: Made) -> Photo:
    """With the words of the report, unless they hold what must not leave."""
    words = shot.words.strip()
    text = "" if private_data(words) or listed_in_text(words) else words
    return Photo(made.name, shot.taken_on, shot.percent, text, made.width, made.height)


def _put(path: Path, content: bytes) -> None:
    """The file appears whole or not at all; two processes may make the same."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with open(handle, "wb") as file:  # noqa: PTH123 - an open descriptor, not a path
        file.write(content)
    os.replace(name, path)  # noqa: PTH105 - a name, not a path
