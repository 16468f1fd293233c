"""Releases of the site: whole folders beside the web root, switched in one step.

`OUT` is what the web server shows. `OUT.releases/` holds each kept release `N` and the record of where
it came from: a build's inventory `N.db`, a bundle's `N.json`. A release is complete when both are
there. With links (POSIX) OUT is a symbolic link to a release, replaced atomically. Without (Windows)
OUT is the release's folder itself, changed by two renames; a stop between the two is mended by the
next run.
"""

import errno
import os
import shutil
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

KEPT = 3
RECORDS = frozenset({".db", ".json"})


class OutRefusedError(Exception):
    """The output folder holds something that this program did not make."""


@contextmanager
def disk_faults() -> Iterator[None]:
    """What the disk refuses is an OSError, also where SQLite noticed it; a full disk is said in words."""
    try:
        yield
    except (OSError, sqlite3.OperationalError) as fault:
        if isinstance(fault, OSError) and fault.errno != errno.ENOSPC:
            raise
        if isinstance(fault, OSError) or fault.sqlite_errorcode == sqlite3.SQLITE_FULL:
            raise OSError(errno.ENOSPC, "磁盘已满，请清理出空间以后再来") from fault
        raise OSError(errno.EIO, str(fault)) from fault


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold the lock file; wait while another process holds it. A killed process lets it go."""
    with path.open("wb") as lock:
        if sys.platform == "win32":
            msvcrt.locking(lock.fileno(), msvcrt.LK_LOCK, 1)
        else:
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class Releases:
    """The releases behind one web root.

    links: switch by symbolic link instead of renames. record: how the names of the records end.
    flushing: seconds of the last flush to disk.
    """

    def __init__(self, out: Path, *, links: bool = os.name == "posix", record: str = ".db") -> None:
        self.out = out.parent.resolve() / out.name
        self.folder = self.out.with_name(f"{self.out.name}.releases")
        self.fresh = self.folder / "fresh"
        self.inventory = self.folder / f"fresh{record}"
        self.flushing = 0.0
        self._links = links
        self._record = record

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One build at a time; what a killed build left behind is removed first."""
        self._refuse_foreign()
        self.folder.mkdir(parents=True, exist_ok=True)
        with exclusive(self.folder / "lock"):
            self._recover()
            self.fresh.mkdir()
            try:
                yield
            finally:
                self._recover()

    def current(self) -> int | None:
        """The number of the release that OUT shows."""
        if self._links:
            return int(self.out.readlink().name) if self.out.is_symlink() else None
        bare = [n for n in self._numbers() if not (self.folder / str(n)).exists()]
        return bare[0] if bare and self.out.exists() else None

    def tree(self, number: int) -> Path:
        """The folder of a release."""
        shown = not self._links and number == self.current()
        return self.out if shown else self.folder / str(number)

    def inventory_of(self, number: int) -> Path:
        """The record of a release."""
        return self.folder / f"{number}{self._record}"

    def spare(self) -> int | None:
        """The oldest release, long out of sight, when there are enough to take it apart."""
        numbers = self._numbers()
        return numbers[0] if len(numbers) >= KEPT and numbers[0] != self.current() else None

    def take(self, number: int) -> Path:
        """Take a release out of the row: its folder may be changed and published anew."""
        self.inventory_of(number).unlink()
        return (self.folder / str(number)).rename(self.folder / "mended")

    def publish(self, tree: Path) -> int:
        """Make the tree, with the fresh inventory, the release that OUT shows."""
        number = max(self._numbers(), default=0) + 1
        self.flushing = _flush()
        tree.rename(self.folder / str(number))
        self.inventory.rename(self.inventory_of(number))
        self._switch(number)
        for old in self._numbers()[:-KEPT]:
            self.inventory_of(old).unlink()
            shutil.rmtree(self.folder / str(old))
        return number

    def _switch(self, number: int) -> None:
        shown = self.current()
        aside = self.folder / (str(shown) if shown else "replaced")
        if self._links:
            if self.out.exists() and not self.out.is_symlink():
                self.out.rename(aside)
            link = self.folder / "link"
            link.symlink_to(f"{self.folder.name}/{number}", target_is_directory=True)
            link.replace(self.out)
        else:
            if self.out.exists():
                self.out.rename(aside)
            (self.folder / str(number)).rename(self.out)

    def _numbers(self) -> list[int]:
        records = self.folder.glob(f"*{self._record}")
        return sorted(int(record.stem) for record in records if record.stem.isdigit())

    def _recover(self) -> None:
        numbers = self._numbers()
        if not self._links and not self.out.exists() and numbers:
            (self.folder / str(numbers[-1])).rename(self.out)
        shown = self.current()
        whole = {n for n in numbers if (self.folder / str(n)).is_dir()} | {shown}
        for found in self.folder.iterdir():
            keep = found.stem.isdigit() and int(found.stem) in whole and int(found.stem) in numbers
            keep = keep and found.suffix in (
                "",
                self._record,
            )  # not what a reader of it left behind
            if not keep and found.name != "lock":
                _remove(found)

    def _refuse_foreign(self) -> None:
        if self.out.is_symlink():
            if self.out.readlink().parent.name != self.folder.name:
                raise OutRefusedError(f"{self.out} 是指向别处的链接，请换一个输出位置")
        elif self.out.exists() and not self.folder.exists() and not _ours(self.out):
            raise OutRefusedError(f"{self.out} 里有别的文件，请换一个空的或新的文件夹")
        for found in self.folder.glob("*.*"):
            if found.stem.isdigit() and found.suffix in RECORDS - {self._record}:
                raise OutRefusedError(f"{self.out} 的网站不是用这个命令放的，请换一个新的文件夹")


def _ours(out: Path) -> bool:
    return out.is_dir() and ((out / "manifest.json").is_file() or not any(out.iterdir()))


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def _flush() -> float:
    """Flush everything written, so that the switch never shows files still in memory; seconds."""
    started = time.perf_counter()
    if hasattr(os, "sync"):
        os.sync()
    return time.perf_counter() - started
