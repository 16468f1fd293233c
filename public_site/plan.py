"""Decides which pages to print - all, or what a change touches - and has them printed."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain

from public_site.changes import (
    Changed,
    annual_groups,
    changed_funds,
    forget,
    forget_lists,
    groups_of,
    reach,
    remembered,
    waiting_funds,
)
from public_site.front_pages import fixed_pages, front_pages
from public_site.groups import Group, all_groups
from public_site.inventory import no_rows
from public_site.item_pages import tombstone_page
from public_site.source import Span
from public_site.workers import Crew, Desk, Stretch, Worker, crew

SPAN = 250
SMALL = 4
"""A site of so few spans is built in this process: starting others would take longer."""
TOGETHER = 20
MANY = 500
"""More changed projects than this are printed like a new site, by several processes."""


def print_site(worker: Worker, desk: Desk, changed: Changed | None, processes: int) -> float:
    """Print every page that may differ and fill the worker's inventory.

    Returns the seconds that planning and rendering took, without copying the inventory.
    """
    started, copying = time.perf_counter(), 0.0
    now = remembered(worker.facts, worker.press.edition)
    then = _then(worker)
    if any(then.get(name) != now[name] for name in ("edition", "places")):
        with _crew(worker, desk, processes) as (each, spans):
            _print_everything(worker, spans, each)
    elif changed is not None and then["day"] == now["day"]:
        copying = _copy_inventory(desk)
        _print_touched(worker, changed, now, then)
    else:
        with _crew(worker, desk, processes) as (each, spans):
            changed = _differing(worker, spans, each)
            if len(changed.projects) > MANY:
                _print_everything(worker, spans, each)
            else:
                copying = _copy_inventory(desk)
                _print_touched(worker, changed, now, then)
    _print_rest(worker)
    worker.inventory.change("delete from fact", [()])
    worker.inventory.change("insert into fact values (?, ?)", now.items())
    return time.perf_counter() - started - copying


def _then(worker: Worker) -> dict[str, str]:
    """What the previous build remembered; nothing when there is none to start from."""
    return dict(worker.previous.rows("select name, value from fact")) if worker.previous else {}


@contextmanager
def _crew(worker: Worker, desk: Desk, processes: int) -> Iterator[tuple[Crew, list[Span]]]:
    spans = list(worker.data.project_spans(SPAN))
    with crew(worker, desk, processes if len(spans) > SMALL else 1) as each:
        yield each, spans


def _differing(worker: Worker, spans: list[Span], each: Crew) -> Changed:
    """The change, found by comparing what every single page is made from."""
    notice_spans = list(worker.data.notice_spans(SPAN))
    projects = chain.from_iterable(each(Worker.differing_projects, _stretches(spans)))
    notices = chain.from_iterable(each(Worker.differing_notices, _stretches(notice_spans)))
    return Changed(frozenset(projects), frozenset(notices))


def _stretches(spans: list[Span]) -> Iterator[Stretch]:
    """The spans with the gaps between them, so that codes that are gone are found too."""
    after = ""
    for number, span in enumerate(spans or [Span("~", "~")], start=1):
        until = span.last if number < len(spans) else "~"
        yield Stretch(after, span, until)
        after = until


def _print_everything(worker: Worker, spans: list[Span], each: Crew) -> None:
    inventory = worker.inventory
    inventory.create()
    for rows in each(Worker.projects, spans):
        inventory.add(rows)
    inventory.index()
    for rows in each(Worker.notices, worker.data.notice_spans(SPAN)):
        inventory.add(rows)
    inventory.commit()
    for rows in each(Worker.lists, _together(all_groups(worker.facts, inventory))):
        inventory.add(rows)


def _copy_inventory(desk: Desk) -> float:
    """Start from what the previous release consists of; the seconds it took."""
    started = time.perf_counter()
    if desk.previous:
        shutil.copyfile(desk.previous, desk.inventory)
    return time.perf_counter() - started


def _print_touched(
    worker: Worker, changed: Changed, now: dict[str, str], then: dict[str, str]
) -> None:
    inventory = worker.inventory
    touched = reach(changed, changed_funds(now, then), worker.data, inventory)
    groups = touched.groups | waiting_funds(worker.facts) | groups_of(touched, inventory)
    forget(touched, inventory)
    for code in touched.projects:
        inventory.add(worker.projects(Span(code, code)))
    for code in touched.notices:
        inventory.add(worker.notices(Span(code, code)))
    groups |= groups_of(touched, inventory)
    groups |= annual_groups(now, then, groups, worker.facts)
    forget_lists(groups, inventory)
    inventory.add(worker.lists(sorted(groups & {*all_groups(worker.facts, inventory)})))


def _print_rest(worker: Worker) -> None:
    """Front pages and tombstones."""
    inventory = worker.inventory
    rows = no_rows()
    pages = chain(
        fixed_pages(),
        front_pages(worker.facts, inventory),
        map(tombstone_page, worker.data.withdrawn()),
    )
    rows.file.extend(map(worker.press.print, pages))
    inventory.add(rows)


def _together(groups: list[Group]) -> Iterator[list[Group]]:
    for start in range(0, len(groups), TOGETHER):
        yield groups[start : start + TOGETHER]
