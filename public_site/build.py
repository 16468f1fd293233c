"""Builds the site: pages in one or two processes, then data files, manifest, and the switch."""

import shutil
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from public_site.assemble import SAME, assemble
from public_site.changes import Changed, forget, forget_lists, fund_facts, groups_of, reach
from public_site.data_files import data_files, manifest
from public_site.front_pages import fixed_pages, front_pages
from public_site.inventory import Inventory, no_rows
from public_site.item_pages import tombstone_page
from public_site.list_pages import Group, all_groups
from public_site.release import Releases
from public_site.render import HERE
from public_site.source import SiteData, Span
from public_site.workers import Desk, Worker, crew

SPAN = 250
SMALL = 4
"""A site of so few spans is built in this process: starting others would take longer."""
TOGETHER = 20


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did. release: number of the new release, None when nothing had changed.

    files: files of the site. written: those with other bytes than before. removed: those that are
    gone. rendering, total: seconds spent on planning and rendering, and on everything.
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
) -> Built:
    """Bring the site in `out` up to the data; readers see the whole old or the whole new one.

    changed: what is known to have changed; None looks at everything. full: render everything and
    write every file anew. Raises ValueError when the data contradicts itself and OutRefusedError
    when `out` holds something else; the site then stays as it was.
    """
    started = time.perf_counter()
    releases = Releases(out)
    with releases.locked():
        current = None if full else releases.current()
        previous = None if current is None else releases.inventory_of(current)
        desk = Desk(releases.fresh, releases.inventory, previous)
        worker = Worker(data, desk)
        known_change = _usable(changed, worker, previous)
        if known_change and previous:
            shutil.copyfile(previous, desk.inventory)
        with closing(worker.inventory) as made:
            _print(worker, desk, known_change, processes)
            rendering = time.perf_counter() - started
            _add_files(worker, made)
            (files,) = next(made.rows("select count(*) from file"))
            written, removed = _difference(made, files, previous)
            tree = None
            if written or removed:
                worker.press.write("manifest.json", manifest(made).chunks())
                tree = assemble(releases, made, written) if previous else releases.fresh
        release = releases.publish(tree) if tree else None
    return Built(release, files, written, removed, rendering, time.perf_counter() - started)


def _usable(changed: Changed | None, worker: Worker, previous: Path | None) -> Changed | None:
    """The change, if everything else is known to be as at the last build."""
    if changed is None or previous is None:
        return None
    with closing(Inventory.of_release(previous)) as inventory:
        old = dict(inventory.rows("select name, value from fact where name not like 'fund %'"))
    return changed if old == _shared_facts(worker) else None


def _shared_facts(worker: Worker) -> dict[str, str]:
    """What any page may depend on."""
    return {
        "day": worker.facts.day.isoformat(),
        "edition": worker.press.edition.hex(),
        "places": repr(worker.facts.places),
    }


def _print(worker: Worker, desk: Desk, changed: Changed | None, processes: int) -> None:
    """Plan every page that may differ, print those that do, and fill the inventory."""
    inventory = worker.inventory
    if changed is None:
        inventory.create()
        _print_everything(worker, desk, processes)
    else:
        _print_touched(worker, changed)
    rows = no_rows()
    pages = chain(
        fixed_pages(),
        front_pages(worker.facts, inventory),
        map(tombstone_page, worker.data.withdrawn()),
    )
    rows.file.extend(map(worker.press.print, pages))
    inventory.add(rows)
    facts = {**_shared_facts(worker), **fund_facts(worker.facts)}
    inventory.change("delete from fact", [()])
    inventory.change("insert into fact values (?, ?)", facts.items())


def _print_everything(worker: Worker, desk: Desk, processes: int) -> None:
    inventory = worker.inventory
    spans = list(worker.data.project_spans(SPAN))
    with crew(worker, desk, processes if len(spans) > SMALL else 1) as each:
        for rows in each(Worker.projects, spans):
            inventory.add(rows)
        inventory.index()
        for rows in each(Worker.notices, worker.data.notice_spans(SPAN)):
            inventory.add(rows)
        inventory.commit()
        for rows in each(Worker.lists, _together(all_groups(worker.facts, inventory))):
            inventory.add(rows)


def _print_touched(worker: Worker, changed: Changed) -> None:
    inventory = worker.inventory
    touched = reach(changed, worker.data, worker.facts, inventory)
    groups = touched.groups | groups_of(touched, inventory)
    forget(touched, inventory)
    for code in touched.projects:
        inventory.add(worker.projects(Span(code, code)))
    for code in touched.notices:
        inventory.add(worker.notices(Span(code, code)))
    groups |= groups_of(touched, inventory)
    forget_lists(groups, inventory)
    inventory.add(worker.lists(sorted(groups & {*all_groups(worker.facts, inventory)})))


def _together(groups: list[Group]) -> Iterator[list[Group]]:
    for start in range(0, len(groups), TOGETHER):
        yield groups[start : start + TOGETHER]


def _add_files(worker: Worker, inventory: Inventory) -> None:
    """Style sheet, script, icon and downloads."""
    rows = no_rows()
    for asset in sorted((HERE / "assets").iterdir()):
        rows.file.append(worker.press.put(f"assets/{asset.name}", asset.read_bytes()))
    for file in data_files(worker.facts, list(worker.data.withdrawn()), inventory):
        rows.file.append(worker.press.stream(file.path, file.chunks))
    inventory.add(rows)


def _difference(inventory: Inventory, files: int, previous: Path | None) -> tuple[int, int]:
    """How many files have other bytes than in the last release, and how many are gone."""
    if previous is None:
        return files, 0
    inventory.attach(previous, "previous")
    (same,) = next(inventory.rows(f"select count(*) from file n {SAME}"))
    (gone,) = next(
        inventory.rows(
            "select count(*) from previous.file where path not in (select path from file)"
        )
    )
    return files - same, gone
