"""The processes that print pages: each with its own data connection, templates and press."""

import gc
import multiprocessing
import os
import pickle
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from public_site.inventory import Inventory, Rows, no_rows
from public_site.item_pages import Known, known, notice_pages, project_pages
from public_site.list_pages import Group, list_pages
from public_site.press import Press
from public_site.render import Renderer
from public_site.source import SiteData, Span


class Desk(NamedTuple):
    """Where a worker works. `previous`: inventory of the shown release, None to print everything."""

    fresh: Path
    inventory: Path
    previous: Path | None


class Worker:
    """Prints one part at a time and hands back its rows."""

    def __init__(self, data: SiteData, desk: Desk) -> None:
        self.data = data
        self._desk = desk
        previous = Inventory.of_release(desk.previous) if desk.previous else None
        self.press = Press(Renderer(data.site), desk.fresh, previous)

    @cached_property
    def facts(self) -> Known:
        """The small tables."""
        return known(self.data)

    @cached_property
    def inventory(self) -> Inventory:
        """The inventory of this build, as far as it is committed."""
        return Inventory.of_build(self._desk.inventory)

    def projects(self, span: Span) -> Rows:
        """Print the pages of the span's projects."""
        rows = no_rows()
        for page in project_pages(self.data, span, self.facts, rows):
            rows.file.append(self.press.print(page))
        return rows

    def notices(self, span: Span) -> Rows:
        """Print the pages of the span's notices."""
        rows = no_rows()
        for page in notice_pages(self.data, span, self.facts, self.inventory, rows):
            rows.file.append(self.press.print(page))
        return rows

    def lists(self, groups: list[Group]) -> Rows:
        """Print lists."""
        rows = no_rows()
        for group in groups:
            for page in list_pages(group, self.facts, self.inventory):
                rows.file.append(self.press.print(page))
        return rows


Stage = Callable[[Worker, Any], Rows]
Crew = Callable[[Stage, Iterable[Any]], Iterator[Rows]]


@contextmanager
def crew(worker: Worker, desk: Desk, processes: int) -> Iterator[Crew]:
    """What runs a stage over its parts, in this process or in a pool of others."""
    if processes == 1:
        yield lambda stage, parts: (stage(worker, part) for part in parts)
        return
    sealed = pickle.dumps((worker.data, desk))
    with multiprocessing.Pool(processes, _start, (sealed,)) as pool:
        yield lambda stage, parts: pool.imap_unordered(_run, ((stage, part) for part in parts))
        pool.close()
        pool.join()


_own: list[Worker] = []


def _start(sealed: bytes) -> None:
    """Set up this process. Pickled even where it was forked: connections must not be shared."""
    threading.Thread(target=_die_with_parent, daemon=True).start()
    data, desk = pickle.loads(sealed)  # noqa: S301 - our own bytes, from our own parent
    _own.append(Worker(data, desk))
    gc.disable()  # pages leave no cycles behind; the collector costs a tenth of the time


def _run(task: tuple[Stage, Any]) -> Rows:
    stage, part = task
    return stage(_own[0], part)


def _die_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)
