"""公开日志: builds, bundles and their steps, approvals, corrections and withdrawals in one dated list."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import User
from portal.accounts.scopes import visible
from portal.audit.models import AuditEntry
from portal.db import Base, db
from portal.disclosure.models import DisclosureItem, DisclosureStep
from portal.forms import parse_day
from portal.publication.models import BundleStep, SiteBuild, SiteBundle
from portal.rules.access import Action, Actor
from portal.rules.vocabulary import BuildState
from portal.rules.workflow import Move

PAGE_SIZE = 50
CHUNK = 500
KINDS = {
    "build": "生成网站",
    "publish": "批准公开",
    "correct": "更正",
    "withdraw": "撤回",
    "bundle": "移交包",
    "deliver": "移交",
}
_TOLD = {Move.APPROVE: "publish", Move.WITHDRAW: "withdraw"}
_BUILD, _BUNDLE, _ITEM = range(3)
LOADED = "demo load"
"""Its entries in the trail have the moment of the loading, not that of the act."""


@dataclass(frozen=True)
class Wanted:
    """The filters as they stand in the address; what cannot be read is left out."""

    kind: str = ""
    first: str = ""
    last: str = ""

    @classmethod
    def read(cls, arguments: Mapping[str, str]) -> "Wanted":
        """From the address."""
        kind = arguments.get("kind", "")
        days = {name: _day(arguments.get(name, "")) for name in ("first", "last")}
        return cls(kind if kind in KINDS else "", **days)

    @property
    def arguments(self) -> dict[str, str]:
        """The filters that are set, for addresses."""
        return {name: value for name, value in asdict(self).items() if value}


@dataclass(frozen=True)
class Entry:
    """One line. ``row``: ``table:id``, as the audit log is asked for it. ``counts``: in words.

    ``at`` is the moment where the trail has it: the time of day is told, the day is ``on``.
    """

    on: date
    at: datetime | None
    kind: str
    what: str
    person: str
    counts: str
    sha256: str
    words: str
    row: str
    item_id: int | None = None
    bundle_id: int | None = None


@dataclass(frozen=True)
class Page:
    """One page of the log, the latest first."""

    entries: Sequence[Entry]
    number: int
    pages: int
    total: int


def page_of(actor: Actor, wanted: Wanted, number: int) -> Page:
    """The log of the actor's counties."""
    rows = _rows(actor, wanted)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(rows)) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(max(1, number), pages)
    part = _ordered(rows).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    return Page(_entries(db.session.execute(part).tuples().all()), number, pages, total)


def every(actor: Actor, wanted: Wanted) -> Iterator[Entry]:
    """All lines, read in pieces."""
    found = db.session.execute(_ordered(_rows(actor, wanted))).tuples().all()
    for start in range(0, len(found), CHUNK):
        yield from _entries(found[start : start + CHUNK])


def _rows(actor: Actor, wanted: Wanted) -> sa.Subquery:
    """Day, moment, source and id of each line."""
    selects = [
        _within(select, day, wanted)
        for kinds, select, day in _sources(actor, wanted.kind)
        if not wanted.kind or wanted.kind in kinds
    ]
    return sa.union_all(*selects).subquery()


def _sources(actor: Actor, kind: str) -> Iterator[tuple[Sequence[str], sa.Select[Any], Any]]:
    """The kinds that a source has, the select of its rows, its column of the day."""
    builds = _select(SiteBuild.day, _BUILD, SiteBuild)
    done = builds.where(SiteBuild.state != BuildState.WAITING)
    yield ("build",), _seen(done, SiteBuild, actor), SiteBuild.day
    steps = _select(BundleStep.on, _BUNDLE, BundleStep).join(
        SiteBundle, SiteBundle.id == BundleStep.bundle_id
    )
    if kind:
        delivered = BundleStep.move == Move.DELIVER
        steps = steps.where(delivered if kind == "deliver" else ~delivered)
    yield ("bundle", "deliver"), _seen(steps, SiteBundle, actor), BundleStep.on
    told = _select(DisclosureStep.on, _ITEM, DisclosureStep).join(
        DisclosureItem, DisclosureItem.id == DisclosureStep.item_id
    )
    yield (
        ("publish", "correct", "withdraw"),
        _seen(told.where(_is_told(kind)), DisclosureItem, actor),
        DisclosureStep.on,
    )


def _is_told(kind: str) -> sa.ColumnElement[bool]:
    approved, first = DisclosureStep.move == Move.APPROVE, DisclosureItem.edition == 1
    return {
        "publish": sa.and_(approved, first),
        "correct": sa.and_(approved, ~first),
        "withdraw": DisclosureStep.move == Move.WITHDRAW,
    }.get(kind, DisclosureStep.move.in_(tuple(_TOLD)))


def _select(day: Any, source: int, model: type[Any]) -> sa.Select[Any]:  # noqa: ANN401 - a column
    """The moment is that of the row's first entry in the trail."""
    written = (
        sa.select(sa.func.min(AuditEntry.at))
        .where(
            AuditEntry.table_name == model.__tablename__,
            AuditEntry.row_id == sa.cast(model.id, sa.String),
            AuditEntry.action != LOADED,
        )
        .scalar_subquery()
    )
    return sa.select(
        day.label("on"),
        written.label("at"),
        sa.literal(source, sa.Integer).label("source"),
        model.id.label("id"),
    )


def _seen(select: sa.Select[Any], model: type[Base], actor: Actor) -> sa.Select[Any]:
    return visible(select, model, actor, Action.VIEW_DISCLOSURES)


def _within(select: sa.Select[Any], day: Any, wanted: Wanted) -> sa.Select[Any]:  # noqa: ANN401
    if wanted.first:
        select = select.where(day >= date.fromisoformat(wanted.first))
    if wanted.last:
        select = select.where(day <= date.fromisoformat(wanted.last))
    return select


def _ordered(rows: sa.Subquery) -> sa.Select[Any]:
    """The latest first; within a day what has no moment comes last."""
    return sa.select(rows.c.on, rows.c.at, rows.c.source, rows.c.id).order_by(
        rows.c.on.desc(), rows.c.at.desc().nulls_last(), rows.c.source.desc(), rows.c.id.desc()
    )


def _entries(found: Sequence[tuple[date, datetime | None, int, int]]) -> list[Entry]:
    """The lines of the rows, in their order."""
    told: dict[tuple[int, int], Entry] = {}
    for source, (load, tell) in _TELLING.items():
        for row in load([row_id for _on, _at, of, row_id in found if of == source]):
            told[source, row[0].id] = tell(*row)
    return [replace(told[source, row_id], at=at) for _on, at, source, row_id in found]


def _builds(ids: Sequence[int]) -> list[Any]:
    statement = sa.select(SiteBuild, User.name).outerjoin(User, User.id == SiteBuild.asked_by_id)
    return list(db.session.execute(statement.where(SiteBuild.id.in_(ids))).tuples())


def _bundle_steps(ids: Sequence[int]) -> list[Any]:
    statement = sa.select(BundleStep, SiteBundle).join(
        SiteBundle, SiteBundle.id == BundleStep.bundle_id
    )
    return list(db.session.execute(statement.where(BundleStep.id.in_(ids))).tuples())


def _item_steps(ids: Sequence[int]) -> list[Any]:
    statement = (
        sa.select(DisclosureStep, DisclosureItem, User.name)
        .join(DisclosureItem, DisclosureItem.id == DisclosureStep.item_id)
        .outerjoin(User, User.id == DisclosureItem.drafted_by_id)
    )
    return list(db.session.execute(statement.where(DisclosureStep.id.in_(ids))).tuples())


def _of_build(build: SiteBuild, person: str | None) -> Entry:
    return Entry(
        build.day,
        None,
        KINDS["build"],
        build.state.label,
        person or "系统",
        f"{build.files} 个文件，更新 {build.written}，删除 {build.removed}" if build.files else "",
        build.manifest_sha256,
        build.message,
        f"site_build:{build.id}",
    )


def _of_bundle(step: BundleStep, bundle: SiteBundle) -> Entry:
    kind = "deliver" if step.move is Move.DELIVER else "bundle"
    done = "生成" if step.move is Move.SUBMIT else step.move.label
    return Entry(
        step.on,
        None,
        KINDS[kind],
        f"第 {bundle.number} 号：{done}",
        step.actor_name,
        f"新增 {bundle.added}，更新 {bundle.changed}，删除 {bundle.removed}",
        bundle.manifest_sha256,
        step.words,
        f"site_bundle:{bundle.id}",
        bundle_id=bundle.id,
    )


def _of_item(step: DisclosureStep, item: DisclosureItem, drafter: str | None) -> Entry:
    kind = "correct" if step.move is Move.APPROVE and item.edition > 1 else _TOLD[step.move]
    words = item.correction if kind == "correct" else step.words
    people = f"{step.actor_name}（拟稿 {drafter or '系统'}）"
    row = f"disclosure_item:{item.id}"
    return Entry(
        step.on, None, KINDS[kind], item.title, people, "", "", words, row, item_id=item.id
    )


_TELLING: dict[int, tuple[Callable[[Sequence[int]], list[Any]], Callable[..., Entry]]] = {
    _BUILD: (_builds, _of_build),
    _BUNDLE: (_bundle_steps, _of_bundle),
    _ITEM: (_item_steps, _of_item),
}


def _day(text: str) -> str:
    try:
        return parse_day(text[:20]).isoformat()
    except ValueError:
        return ""
