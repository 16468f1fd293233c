"""The folder of bundles: each file whole under its name, or not there at all."""

import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import file_digest
from pathlib import Path
from typing import BinaryIO

import sqlalchemy as sa
from flask import current_app

from portal.db import db
from portal.publication.models import SiteBundle
from portal.rules.broken import RuleBroken
from portal.rules.vocabulary import BundleStatus
from public_site.release import exclusive

FOLDER = "bundles"
FILE_MODE, FOLDER_MODE = 0o640, 0o750
DRAFT = "draft.tmp"
ROOM = 2
"""A bundle is begun only with the site's bytes free so many times over."""
KEPT = 3
"""So many delivered bundles of a county stay, so that the last one can be compared with and gone back to."""
OPEN = (BundleStatus.SUBMITTED, BundleStatus.APPROVED)


def folder() -> Path:
    """Where the files lie, outside every web root; made on first use."""
    instance: Path = current_app.config["INSTANCE"]
    (instance / FOLDER).mkdir(mode=FOLDER_MODE, exist_ok=True)
    return instance / FOLDER


def path_of(bundle: SiteBundle) -> Path:
    """The bundle's file, whether it is there or not."""
    return folder() / bundle.file_name


def is_whole(bundle: SiteBundle) -> bool:
    """Whether the file is there and every byte is that of its making."""
    path = path_of(bundle)
    if not path.is_file() or path.stat().st_size != bundle.size:
        return False
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest() == bundle.sha256


@contextmanager
def alone() -> Iterator[None]:
    """One maker at a time; what a killed one left behind, and files that nothing needs, are gone first."""
    with exclusive(folder() / "lock"):
        kept = {bundle.file_name for bundle in kept_bundles()}
        db.session.rollback()  # hold no old state of the database while the file is written
        for found in folder().iterdir():
            if found.name != "lock" and found.name not in kept:
                found.unlink()
        yield


@contextmanager
def draft(write: Callable[[BinaryIO], None]) -> Iterator[Path]:
    """A complete file under a temporary name, for whoever then renames it; removed otherwise."""
    path = folder() / DRAFT
    try:
        with path.open("x+b") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        path.chmod(FILE_MODE)
        yield path
    finally:
        with suppress(FileNotFoundError):
            path.unlink()


def settle(path: Path, bundle: SiteBundle) -> None:
    """Give the file its name, durably; inside the unit of work whose commit makes it count."""
    path.replace(path_of(bundle))
    if os.name == "posix":
        handle = os.open(folder(), os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def check_room(site: Path) -> None:
    """Refuse to begin what the disk cannot take."""
    needed = ROOM * sum(path.stat().st_size for path in site.rglob("*") if path.is_file())
    free = shutil.disk_usage(folder()).free
    if free < needed:
        raise RuleBroken(
            f"磁盘空间不够：大约需要 {_megabytes(needed)}，只剩 {_megabytes(free)}。"
            "请系统管理员清理磁盘后再生成。"
        )


def opened(bundle: SiteBundle) -> zipfile.ZipFile | None:
    """The file to read from, None when it is gone or no zip any more."""
    try:
        return zipfile.ZipFile(path_of(bundle))
    except (FileNotFoundError, zipfile.BadZipFile):
        return None


def kept_bundles() -> list[SiteBundle]:
    """The bundles whose files have to be there: those under way, and the last delivered of each county."""
    kept = list(db.session.scalars(sa.select(SiteBundle).where(SiteBundle.status.in_(OPEN))))
    delivered = sa.select(SiteBundle).where(SiteBundle.status == BundleStatus.DELIVERED)
    seen: dict[int, int] = {}
    for bundle in db.session.scalars(delivered.order_by(SiteBundle.number.desc())):
        seen[bundle.county_id] = seen.get(bundle.county_id, 0) + 1
        if seen[bundle.county_id] <= KEPT:
            kept.append(bundle)
    return kept


def bundle_problems() -> Iterator[str]:
    """Bundles whose file is missing or was changed, a line for each."""
    for bundle in kept_bundles():
        if not is_whole(bundle):
            yield f"{path_of(bundle)}: missing or not the {bundle.size} bytes that were signed"


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB"
