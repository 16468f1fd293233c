"""A real file system of a few kilobytes, which real writes fill."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[Path]:
    """Mount so much memory as a file system on the folder."""
    folder.mkdir(exist_ok=True)
    _run("mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder))
    try:
        yield folder
    finally:
        _run("umount", "--lazy", str(folder))


def enlarge(folder: Path, kilobytes: int) -> None:
    """Give the file system more room, as an administrator does."""
    _run("mount", "-o", f"remount,size={kilobytes}k", str(folder))


@cache
def why_no_disk() -> str | None:
    """What stands in the way of a disk of one's own: no root, no Linux, a sandbox; None if nothing does."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "mounting needs root on Linux"
    with tempfile.TemporaryDirectory() as name:
        try:
            with small_disk(Path(name) / "disk", 16) as disk:
                return _why_not_full(disk)
        except (OSError, subprocess.CalledProcessError) as error:
            return f"mount does not work here: {error}"


def _why_not_full(disk: Path) -> str | None:
    much = bytes(100_000)
    try:
        (disk / "file").write_bytes(much)
    except OSError:
        enlarge(disk, 200)
        (disk / "file").write_bytes(much)
        return None
    return "a small file system takes any amount here"


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)
