"""Prints pages into a folder of fresh files, leaving out what the last release has already."""

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from hashlib import blake2b, file_digest, sha256
from pathlib import Path, PurePosixPath
from typing import BinaryIO

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

    def copy(self, name: str, content: Callable[[], bytes]) -> File:
        """A photo or file, whose name says its bytes: asked for only when there is none yet.

        Two pages may show the same one, each printed by another process.
        """
        old = self._old(name)
        if old:
            return old
        data = content()
        sha = sha256(data).hexdigest()
        if not sha.startswith(PurePosixPath(name).stem):
            raise ValueError(f"{name} 的内容和名称里的哈希值不一致，请恢复原文件后再生成")
        with suppress(FileExistsError):
            self._write(name, data)
        return File(name, b"", sha, len(data))

    def stream(self, path: str, pieces: Iterable[str]) -> File:
        """A file too large for memory."""
        self._folder_of(path)
        digest, size = sha256(), 0
        with (self._fresh / path).open("xb") as file:
            for piece in pieces:
                data = piece.encode()
                digest.update(data)
                size += file.write(data)
        return self._unless_same(File(path, b"", digest.hexdigest(), size))

    def bind(self, path: str, key: bytes, write: Callable[[BinaryIO], None]) -> File:
        """A file that `write` writes, unless the previous release made it from the same."""
        key = blake2b(key, key=self.edition, digest_size=16).digest()
        old = self._old(path)
        if old and old.key == key:
            return old
        self._folder_of(path)
        with (self._fresh / path).open("x+b") as file:
            write(file)
            size = file.tell()
            file.seek(0)
            sha = file_digest(file, "sha256").hexdigest()
        return self._unless_same(File(path, key, sha, size))

    def _unless_same(self, file: File) -> File:
        """What was written in pieces is known only afterwards: take it away if nothing is new."""
        old = self._old(file.path)
        if old and old.sha == file.sha:
            (self._fresh / file.path).unlink()
        return file

    def _put(self, path: str, key: bytes, data: bytes, old: File | None) -> File:
        sha = sha256(data).hexdigest()
        if old is None or old.sha != sha:
            self._write(path, data)
        return File(path, key, sha, len(data))

    def _old(self, path: str) -> File | None:
        if self._previous is None:
            return None
        row = next(
            self._previous.rows("select path, key, sha, size from file where path = ?", path), None
        )
        return File(*row) if row else None

    def _write(self, path: str, data: bytes) -> None:
        self._folder_of(path)
        file = os.open(f"{self._fresh}/{path}", NEW_FILE, 0o644)
        with open(file, "wb") as target:  # noqa: PTH123 - an open descriptor, not a path
            target.write(data)

    def _folder_of(self, path: str) -> None:
        folder = path.rpartition("/")[0]
        if folder not in self._folders:
            (self._fresh / folder).mkdir(parents=True, exist_ok=True)
            self._folders.add(folder)
