"""Builds the site: pages, then assets, data files and manifest, then the switch."""

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from public_site.addressed import addressed_files
from public_site.assemble import GONE, SAME, assemble
from public_site.changes import Changed
from public_site.data_files import data_files, manifest
from public_site.data_package import package_files, workbooks
from public_site.inventory import GATE, Inventory, no_rows
from public_site.plan import print_site
from public_site.release import Releases, disk_faults
from public_site.render import HERE
from public_site.search_data import search_files
from public_site.source import SiteData
from public_site.wording import long_day
from public_site.workers import Desk, Worker

DAY = "@day"
"""In an asset: the data's day. A page that named it would be another page every day."""


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did. release: number of the new release, None when nothing had changed.

    files: files of the site. written: those with other bytes than before. removed: those that are
    gone. rendering: seconds spent on planning and rendering. total: on everything but the one
    flush to disk, whose length depends on what else the machine is writing.
    """

    release: int | None
    files: int
    written: int
    removed: int
    rendering: float
    total: float


def build(
    data: SiteData,
    out: Path,
    *,
    changed: Changed | None = None,
    full: bool = False,
    processes: int = 2,
    gate: Callable[[Path], None] | None = None,
    gate_edition: str = "",
) -> Built:
    """Bring the site in `out` up to the data; readers see the whole old or the whole new one.

    changed: what is known to have changed; None looks at everything. full: render everything and
    write every file anew. gate: is shown the folder of new files before readers are; what it
    raises stops the build. gate_edition: under another one than at the last build every file is
    written anew, so that the gate sees what an earlier gate let pass. Raises ValueError when the
    data contradicts itself, OutRefusedError when `out` holds something else, and OSError when the
    disk fails; the site then stays as it was.
    """
    started = time.perf_counter()
    releases = Releases(out)
    with disk_faults(), releases.locked():
        current = None if full else releases.current()
        previous = None if current is None else releases.inventory_of(current)
        if previous and not Inventory.is_readable(previous, gate_edition):
            previous = None
        desk = Desk(releases.fresh, releases.inventory, previous)
        worker = Worker(data, desk)
        rendering = print_site(worker, desk, changed, processes)
        with closing(worker.inventory) as inventory:
            inventory.change("insert into fact values (?, ?)", [(GATE, gate_edition)])
            _add_files(worker, inventory)
            (files,) = next(inventory.rows("select count(*) from file"))
            written, removed = _difference(inventory, files, previous)
            if gate:
                gate(releases.fresh)
            tree = None
            if written or removed:
                worker.press.stream(*manifest(inventory))
                tree = assemble(releases, inventory, written) if previous else releases.fresh
        release = releases.publish(tree) if tree else None
    total = time.perf_counter() - started - releases.flushing
    return Built(release, files, written, removed, rendering, total)


def _add_files(worker: Worker, inventory: Inventory) -> None:
    """Style sheet, script, icon and downloads; what lists the downloads comes after them."""
    rows = no_rows()
    for asset in sorted((HERE / "assets").iterdir()):
        text = asset.read_text("utf-8").replace(DAY, long_day(worker.facts.day))
        rows.file.append(worker.press.put(f"assets/{asset.name}", text.encode()))
    withdrawn = list(worker.data.withdrawn())
    downloads = data_files(worker.facts, withdrawn, inventory)
    for file in chain(downloads, search_files(worker.facts, inventory)):
        rows.file.append(worker.press.stream(*file))
    rows.file.extend(workbooks(worker.press, worker.facts, inventory))
    inventory.add(rows)
    listing = no_rows()
    site = worker.data.site
    listing.file.extend(package_files(worker.press, site, withdrawn, worker.facts, inventory))
    inventory.add(listing)
    addressed = no_rows()
    for file in addressed_files(site, withdrawn, inventory):
        addressed.file.append(worker.press.stream(*file))
    inventory.add(addressed)


def _difference(inventory: Inventory, files: int, previous: Path | None) -> tuple[int, int]:
    """How many files have other bytes than in the last release, and how many are gone."""
    if previous is None:
        return files, 0
    inventory.attach(previous, "previous")
    (same,) = next(inventory.rows(f"select count(*) {SAME}"))
    (gone,) = next(inventory.rows(f"select count(*) {GONE}"))
    return files - same, gone
