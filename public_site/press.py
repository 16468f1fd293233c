"""Prints pages into a folder of fresh files, leaving out what the last release has already."""

import os
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path

from public_site.inventory import File, Inventory
from public_site.render import Page, Renderer

NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


class Press:
    """One process' printer. `fresh` receives only files that the previous release lacks."""

    def __init__(self, renderer: Renderer, fresh: Path, previous: Inventory | None) -> None:
        self._renderer = renderer
        self._fresh = fresh
        self._previous = previous
        self._folders: set[str] = set()
        self.edition = renderer.edition

    def print(self, page: Page) -> File:
        """Render the page unless the previous release made it from the same."""
        key = self._renderer.key(page)
        old = self._old(page.path)
        if old and old.key == key:
            return old
        return self._put(page.path, key, self._renderer.render(page), old)

    def differs(self, page: Page) -> bool:
        """Whether the previous release made this page from something else, or not at all."""
        old = self._old(page.path)
        return old is None or old.key != self._renderer.key(page)

    def put(self, path: str, data: bytes) -> File:
        """A file that is not rendered: style sheet, icon, data."""
        return self._put(path, b"", data, self._old(path))

    def stream(self, path: str, chunks: Callable[[], Iterable[str]]) -> File:
        """A file too large for memory; the chunks are asked for twice if it has changed."""
        digest = sha256()
        for chunk in chunks():
            digest.update(chunk.encode())
        sha = digest.hexdigest()
        old = self._old(path)
        if old is None or old.sha != sha:
            self.write(path, chunks())
        return File(path, b"", sha)

    def write(self, path: str, chunks: Iterable[str]) -> None:
        """Write a fresh file from its pieces."""
        self._folder_of(path)
        with (self._fresh / path).open("xb") as file:
            file.writelines(chunk.encode() for chunk in chunks)

    def _put(self, path: str, key: bytes, data: bytes, old: File | None) -> File:
        sha = sha256(data).hexdigest()
        if old is None or old.sha != sha:
            self._write(path, data)
        return File(path, key, sha)

    def _old(self, path: str) -> File | None:
        if self._previous is None:
            return None
        row = next(
            self._previous.rows("select path, key, sha from file where path = ?", path), None
        )
        return File(*row) if row else None

    def _write(self, path: str, data: bytes) -> None:
        self._folder_of(path)
        file = os.open(f"{self._fresh}/{path}", NEW_FILE, 0o644)
        try:
            os.write(file, data)
        finally:
            os.close(file)

    def _folder_of(self, path: str) -> None:
        folder = path.rpartition("/")[0]
        if folder not in self._folders:
            (self._fresh / folder).mkdir(parents=True, exist_ok=True)
            self._folders.add(folder)
