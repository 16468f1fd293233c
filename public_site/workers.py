"""The processes that print pages: each with its own data connection, templates and press."""

import gc
import multiprocessing
import os
import pickle
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property, partial
from multiprocessing.pool import Pool
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeVar

from public_site.groups import Group
from public_site.inventory import Inventory, Rows, no_rows
from public_site.item_pages import (
    Known,
    add_notice,
    add_project,
    known,
    notice_page,
    project_page,
    project_parts,
)
from public_site.list_pages import list_pages
from public_site.press import Press
from public_site.render import Renderer
from public_site.schema import File, Photo
from public_site.source import SiteData, Span


class Desk(NamedTuple):
    """Where a worker works. `previous`: inventory of the shown release, None to print everything."""

    fresh: Path
    inventory: Path
    previous: Path | None


class Stretch(NamedTuple):
    """A span with the codes around it that the last build may have had: after < code <= until."""

    after: str
    span: Span
    until: str


class Worker:
    """Prints one part at a time and hands back its rows. `previous`: the shown release's."""

    def __init__(self, data: SiteData, desk: Desk) -> None:
        self.data = data
        self._desk = desk
        self.previous = Inventory.of_release(desk.previous) if desk.previous else None
        self.press = Press(Renderer(data.site), desk.fresh, self.previous)

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
        for part in project_parts(self.data, span):
            add_project(part, self.facts, rows)
            page = project_page(part, self.facts)
            rows.file.append(self.press.print(page))
            self._bring(page.path, part.project.photos, rows)
        return rows

    def notices(self, span: Span) -> Rows:
        """Print the pages of the span's notices."""
        rows = no_rows()
        for notice in self.data.notices(span):
            add_notice(notice, rows)
            page = notice_page(notice, self.facts, self.inventory)
            rows.file.append(self.press.print(page))
            self._bring(page.path, notice.files, rows)
        return rows

    def lists(self, groups: list[Group]) -> Rows:
        """Print lists."""
        rows = no_rows()
        for group in groups:
            for page in list_pages(group, self.facts, self.inventory):
                rows.file.append(self.press.print(page))
        return rows

    def differing_projects(self, stretch: Stretch) -> list[str]:
        """Codes of projects that are new, gone, or have a page made from something else."""
        gone = self._old_codes("select code from project where code > ? and code <= ?", stretch)
        differing = []
        for part in project_parts(self.data, stretch.span):
            gone.discard(part.project.code)
            if self.press.differs(project_page(part, self.facts)):
                differing.append(part.project.code)
        return differing + sorted(gone)

    def differing_notices(self, stretch: Stretch) -> list[str]:
        """The same for notices."""
        assert self.previous
        gone = self._old_codes("select code from notice where code > ? and code <= ?", stretch)
        differing = []
        for notice in self.data.notices(stretch.span):
            gone.discard(notice.code)
            if self.press.differs(notice_page(notice, self.facts, self.previous)):
                differing.append(notice.code)
        return differing + sorted(gone)

    def _bring(self, page: str, shown: Iterable[Photo | File], rows: Rows) -> None:
        """The photos and files that a page shows."""
        for one in shown:
            rows.file.append(self.press.copy(one.name, partial(self.data.blob, one.name)))
            rows.shown.append((page, one.name))

    def _old_codes(self, sql: str, stretch: Stretch) -> set[str]:
        assert self.previous
        return {code for (code,) in self.previous.rows(sql, stretch.after, stretch.until)}


Result = TypeVar("Result")


class Crew(Protocol):
    """Runs a stage over its parts and yields the results as they come, in any order."""

    def __call__(
        self, stage: Callable[[Worker, Any], Result], parts: Iterable[Any]
    ) -> Iterator[Result]:
        """`stage` is a method of Worker; parts are what it takes."""


@contextmanager
def crew(worker: Worker, desk: Desk, processes: int) -> Iterator[Crew]:
    """What runs a stage over its parts, in this process or in a pool of others."""
    if processes == 1:
        yield lambda stage, parts: (stage(worker, part) for part in parts)
        return
    sealed = pickle.dumps((worker.data, desk))
    with multiprocessing.Pool(processes, _start, (sealed,)) as pool:
        yield partial(_pooled, pool, processes)
        pool.close()
        pool.join()


def _pooled(
    pool: Pool, processes: int, stage: Callable[[Worker, Any], Result], parts: Iterable[Any]
) -> Iterator[Result]:
    """Results as they come; no more parts are under way than this process can take in."""
    tasks = [
        (stage, part) for part in parts
    ]  # here, not in the pool's thread: it may read the source
    slots = threading.Semaphore(processes * 2)
    for result in pool.imap_unordered(_run, (task for task in tasks if slots.acquire())):
        slots.release()
        yield result


_own: list[Worker] = []


def _start(sealed: bytes) -> None:
    """Set up this process. Pickled even where it was forked: connections must not be shared."""
    threading.Thread(target=_die_with_parent, daemon=True).start()
    data, desk = pickle.loads(sealed)  # noqa: S301 - our own bytes, from our own parent
    _own.append(Worker(data, desk))
    gc.disable()  # pages leave no cycles behind; the collector costs a tenth of the time


def _run(task: tuple[Callable[[Worker, Any], Any], Any]) -> Any:  # noqa: ANN401 - as the stage
    stage, part = task
    return stage(_own[0], part)


def _die_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)
