"""The folder of uploads: content once, under its SHA-256, found damaged or found whole."""

import hashlib
import os
import re
import tempfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

DIGEST = re.compile(r"[0-9a-f]{64}")
FILE_MODE = 0o640
FOLDER_MODE = 0o750
INCOMING = "incoming"


class StoredFileDamaged(Exception):
    """A stored file is missing or its bytes are no longer those of its hash."""


@dataclass(frozen=True, slots=True)
class Store:
    """Files under ``root/ab/abcdef…``, outside every web root."""

    root: Path

    def path(self, sha256: str) -> Path:
        """Return where the content of that hash lies, whether it is there or not.

        Raises:
            ValueError: when ``sha256`` is not 64 lower-case hexadecimal digits.
        """
        if not DIGEST.fullmatch(sha256):
            raise ValueError(f"not a SHA-256: {sha256!r}")
        return self.root / sha256[:2] / sha256

    def put(self, content: bytes) -> str:
        """Store ``content`` durably and return its SHA-256; a damaged copy is replaced.

        The name appears only after the bytes are on the disk: a crash leaves a whole file or none.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        target = self.path(sha256)
        for folder in (self.root, self.root / INCOMING, target.parent):
            folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        incoming = self._write_incoming(content)
        incoming.replace(target)
        for folder in (target.parent, self.root):
            _flush_folder(folder)
        return sha256

    def _write_incoming(self, content: bytes) -> Path:
        handle, name = tempfile.mkstemp(dir=self.root / INCOMING)
        with open(handle, "wb") as file:  # noqa: PTH123 - an open descriptor, not a path
            file.write(content)
            file.flush()
            os.fsync(handle)
        path = Path(name)
        path.chmod(FILE_MODE)
        return path

    def open_verified(self, sha256: str) -> bytes:
        """Return the stored bytes, their hash checked.

        Raises:
            StoredFileDamaged: when the file is missing or even one bit differs.
        """
        try:
            content = self.path(sha256).read_bytes()
        except FileNotFoundError as error:
            raise StoredFileDamaged(f"stored file {sha256} is missing") from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise StoredFileDamaged(f"stored file {sha256} is damaged")
        return content

    def __iter__(self) -> Iterator[str]:
        """Yield the hash of every file that lies in the store."""
        for folder in sorted(self.root.glob("[0-9a-f][0-9a-f]")):
            yield from sorted(path.name for path in folder.iterdir())

    def sweep_orphans(self, known: Collection[str], older_than: datetime) -> list[Path]:
        """Delete, and return, files older than an instant that no row names, and broken-off uploads.

        ``older_than`` must lie before the start of any request still running (24 h ago is usual).
        """
        unnamed = [self.path(sha256) for sha256 in self if sha256 not in known]
        incoming = (self.root / INCOMING).glob("*")
        instant = older_than.timestamp()
        orphans = [path for path in (*unnamed, *incoming) if path.stat().st_mtime < instant]
        for path in orphans:
            path.unlink()
        return orphans


def _flush_folder(folder: Path) -> None:
    """Make a rename survive a power cut; Windows has no such call and flushes with the file."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
