"""Decides which pages to print - all, or what a change touches - and has them printed."""

import shutil
from collections.abc import Iterator
from itertools import chain

from public_site.changes import (
    Changed,
    forget,
    forget_lists,
    fund_facts,
    groups_of,
    reach,
    waiting_funds,
)
from public_site.front_pages import fixed_pages, front_pages
from public_site.inventory import no_rows
from public_site.item_pages import tombstone_page
from public_site.list_pages import Group, all_groups
from public_site.source import Span
from public_site.workers import Crew, Desk, Stretch, Worker, crew

SPAN = 250
SMALL = 4
"""A site of so few spans is built in this process: starting others would take longer."""
TOGETHER = 20
MANY = 500
"""More changed projects than this are printed like a new site, by several processes."""


def print_site(worker: Worker, desk: Desk, changed: Changed | None, processes: int) -> None:
    """Print every page that may differ and fill the worker's inventory."""
    spans = list(worker.data.project_spans(SPAN))
    with crew(worker, desk, processes if len(spans) > SMALL else 1) as each:
        found = _known_change(worker, desk, changed, spans, each)
        if found is None:
            worker.inventory.create()
            _print_everything(worker, spans, each)
        else:
            _print_touched(worker, found)
    _print_rest(worker)


def _known_change(
    worker: Worker, desk: Desk, changed: Changed | None, spans: list[Span], each: Crew
) -> Changed | None:
    """What to print anew, on top of a copy of the previous inventory; None for everything."""
    if worker.previous is None or desk.previous is None:
        return None
    old = dict(worker.previous.rows("select name, value from fact where name not like 'fund %'"))
    ground = _ground(worker)
    if any(old.get(name) != value for name, value in ground.items()):
        return None
    if changed is None or old["day"] != worker.facts.day.isoformat():
        changed = _differing(worker, spans, each)
    if len(changed.projects) > MANY:
        return None
    shutil.copyfile(desk.previous, desk.inventory)
    return changed


def _ground(worker: Worker) -> dict[str, str]:
    """What any page may depend on."""
    return {"edition": worker.press.edition.hex(), "places": repr(worker.facts.places)}


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
    groups = touched.groups | waiting_funds(worker.facts) | groups_of(touched, inventory)
    forget(touched, inventory)
    for code in touched.projects:
        inventory.add(worker.projects(Span(code, code)))
    for code in touched.notices:
        inventory.add(worker.notices(Span(code, code)))
    groups |= groups_of(touched, inventory)
    forget_lists(groups, inventory)
    inventory.add(worker.lists(sorted(groups & {*all_groups(worker.facts, inventory)})))


def _print_rest(worker: Worker) -> None:
    """Front pages and tombstones, and what the next build has to know."""
    inventory = worker.inventory
    rows = no_rows()
    pages = chain(
        fixed_pages(),
        front_pages(worker.facts, inventory),
        map(tombstone_page, worker.data.withdrawn()),
    )
    rows.file.extend(map(worker.press.print, pages))
    inventory.add(rows)
    facts = {**_ground(worker), **fund_facts(worker.facts), "day": worker.facts.day.isoformat()}
    inventory.change("delete from fact", [()])
    inventory.change("insert into fact values (?, ?)", facts.items())


def _together(groups: list[Group]) -> Iterator[list[Group]]:
    for start in range(0, len(groups), TOGETHER):
        yield groups[start : start + TOGETHER]
