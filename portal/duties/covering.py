"""What meets a duty: the earliest item on the public site, or notice on the board, that tells of it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa

from portal.accounts.models import Organization, User
from portal.db import db
from portal.disclosure.models import (
    NOTICES,
    DisclosureItem,
    disclosure_document,
    disclosure_project,
)
from portal.disclosure.queries import stays_told
from portal.duties.facts import in_parts
from portal.duties.places import Owed
from portal.library.models import PublicNotice
from portal.rules.vocabulary import (
    Channel,
    DisclosureEvent,
    DisclosureKind,
    DisclosureLevel,
    NoticeStage,
)

OF_DOCUMENTS = frozenset({DisclosureEvent.RECEIVED, DisclosureEvent.ALLOCATED})


class Telling(NamedTuple):
    """How a duty was met, in the columns of the duty; the earliest comes first when sorted."""

    met_on: date
    until_on: date | None
    channel: Channel
    address: str
    item_id: int | None
    notice_id: int | None
    photo_id: int | None
    met_by_id: int | None


@dataclass(frozen=True)
class _Found:
    """A publication of one kind; ``by`` is the organization of whoever hung a notice."""

    word: DisclosureKind | NoticeStage
    telling: Telling
    by: int | None = None


@dataclass
class Coverage:
    """Everything published that some duties could be met by, the earliest first."""

    items_of_projects: dict[int, list[_Found]] = field(default_factory=dict)
    items_of_documents: dict[int, list[_Found]] = field(default_factory=dict)
    items_of_years: dict[tuple[int, int], list[_Found]] = field(default_factory=dict)
    notices: dict[tuple[int, str], list[_Found]] = field(default_factory=dict)
    boards: Mapping[tuple[str, int], set[int]] = field(default_factory=dict)
    names: Mapping[int, str] = field(default_factory=dict)

    def of(self, owed: Owed) -> Telling | None:
        """What meets the duty: where several projects are told of one by one, the last telling."""
        told = [_first(owed, candidates) for candidates in self._candidates(owed)]
        if not told or None in told:
            return None
        return max((one for one in told if one), key=lambda one: one.met_on)

    def _candidates(self, owed: Owed) -> list[Iterable[_Found]]:
        subject = owed.happening
        if owed.rule.level is not DisclosureLevel.COUNTY:
            return [self._on_board(owed, one) for one in owed.project_ids]
        if subject.event in OF_DOCUMENTS:
            return [self.items_of_documents.get(subject.subject_id, ())]
        if owed.project_ids:
            return [self.items_of_projects.get(one, ()) for one in owed.project_ids]
        return [self.items_of_years.get((subject.county_id, subject.year), ())]

    def _on_board(self, owed: Owed, project_id: int) -> Iterable[_Found]:
        """A notice says in words where it hangs: it is this board's if it names it or its people hung it.

        One that belongs to none of the boards on which the project is told of is meant for all of them.
        """
        hung = self.notices.get((project_id, owed.rule.level.value), [])
        boards = self.boards[owed.rule.code, owed.happening.subject_id]
        at = {one.telling.notice_id: self._at(one, boards) for one in hung}
        own = [one for one in hung if owed.organization_id in at[one.telling.notice_id]]
        return own or [one for one in hung if not at[one.telling.notice_id]]

    def _at(self, found: _Found, boards: Collection[int]) -> set[int]:
        """The boards that a notice names or whose people hung it; 新东村 does not name 东村."""
        named = {
            board: name
            for board in boards
            if (name := self.names.get(board)) and name in found.telling.address
        }
        own = {board for board in boards if board == found.by}
        return own | {
            board
            for board, name in named.items()
            if not any(name != other and name in other for other in named.values())
        }


def coverage(owed: Collection[Owed]) -> Coverage:
    """Read what could meet these duties: items by project, document and year, and notices on boards."""
    of_county = [one for one in owed if one.rule.level is DisclosureLevel.COUNTY]
    local = [one for one in owed if one.rule.level is not DisclosureLevel.COUNTY]
    kinds = {kind for one in of_county for kind in one.rule.kinds}
    stages = {stage for one in local for stage in one.rule.stages}
    documents = [one for one in of_county if one.happening.event in OF_DOCUMENTS]
    yearly = [one for one in of_county if not one.project_ids]
    boards: dict[tuple[str, int], set[int]] = defaultdict(set)
    for one in local:
        boards[one.rule.code, one.happening.subject_id].add(one.organization_id)
    return Coverage(
        items_of_projects=_items(disclosure_project.c.project_id, _projects(of_county), kinds),
        items_of_documents=_items(
            disclosure_document.c.document_id,
            {one.happening.subject_id for one in documents},
            kinds,
        ),
        items_of_years=_items_of_years({one.happening.county_id for one in yearly}, kinds),
        notices=_notices(_projects(local), stages),
        boards=boards,
        names=_names({one.organization_id for one in local}),
    )


def _first(owed: Owed, candidates: Iterable[_Found]) -> Telling | None:
    wanted = (*owed.rule.kinds, *owed.rule.stages)
    not_before = owed.happening.on if owed.rule.after_event else date.min
    fitting = (
        one.telling for one in candidates if one.word in wanted and one.telling.met_on >= not_before
    )
    return next(fitting, None)


def _projects(owed: Iterable[Owed]) -> set[int]:
    return {project_id for one in owed for project_id in one.project_ids}


_ITEM = (
    DisclosureItem.id,
    DisclosureItem.kind,
    DisclosureItem.code,
    DisclosureItem.published_on,
    DisclosureItem.to_on,
    DisclosureItem.decided_by_id,
)


def _items(
    key: sa.ColumnElement[int], ids: Collection[int], kinds: Collection[DisclosureKind]
) -> dict[int, list[_Found]]:
    found: dict[int, list[_Found]] = defaultdict(list)
    for some in in_parts(ids):
        links = key.table
        statement = _published(kinds, key.label("covered")).join(
            links, links.c.item_id == DisclosureItem.id
        )
        for row in db.session.execute(statement.where(key.in_(some))):
            found[row.covered].append(_item(row))
    return found


def _items_of_years(
    county_ids: Collection[int], kinds: Collection[DisclosureKind]
) -> dict[tuple[int, int], list[_Found]]:
    """Items that speak of a whole year: they cover no single project."""
    found: dict[tuple[int, int], list[_Found]] = defaultdict(list)
    if county_ids:
        statement = _published(
            kinds, DisclosureItem.county_id.expression, DisclosureItem.year.expression
        ).where(DisclosureItem.county_id.in_(county_ids), ~DisclosureItem.projects.any())
        for row in db.session.execute(statement):
            found[row.county_id, row.year].append(_item(row))
    return found


def _published(kinds: Collection[DisclosureKind], *more: sa.ColumnElement[int]) -> sa.Select[Any]:
    return (
        sa.select(*_ITEM, *more)
        .where(
            DisclosureItem.kind.in_(kinds),
            stays_told(),
            DisclosureItem.published_on.is_not(None),
        )
        .order_by(DisclosureItem.published_on, DisclosureItem.id)
    )


def _item(row: Any) -> _Found:  # noqa: ANN401 - a row of the statement above
    address = f"{NOTICES}/{row.code}.html"
    return _Found(
        row.kind,
        Telling(
            row.published_on,
            row.to_on,
            Channel.PUBLIC_SITE,
            address,
            row.id,
            None,
            None,
            row.decided_by_id,
        ),
    )


def _notices(
    project_ids: Collection[int], stages: Collection[NoticeStage]
) -> dict[tuple[int, str], list[_Found]]:
    found: dict[tuple[int, str], list[_Found]] = defaultdict(list)
    for some in in_parts(project_ids):
        statement = (
            sa.select(
                PublicNotice.id,
                PublicNotice.project_id,
                PublicNotice.level,
                PublicNotice.stage,
                PublicNotice.from_on,
                PublicNotice.to_on,
                PublicNotice.place,
                PublicNotice.photo_id,
                PublicNotice.recorded_by_id,
                User.organization_id,
            )
            .outerjoin(User, User.id == PublicNotice.recorded_by_id)
            .where(
                PublicNotice.project_id.in_(some),
                PublicNotice.stage.in_(stages),
                PublicNotice.photo_id.is_not(None),
            )
            .order_by(PublicNotice.from_on, PublicNotice.id)
        )
        for row in db.session.execute(statement):
            found[row.project_id, row.level.value].append(_notice(row))
    return found


def _notice(row: Any) -> _Found:  # noqa: ANN401 - a row of the statement above
    return _Found(
        row.stage,
        Telling(
            row.from_on,
            row.to_on,
            Channel.BOARD,
            row.place,
            None,
            row.id,
            row.photo_id,
            row.recorded_by_id,
        ),
        row.organization_id,
    )


def _names(organization_ids: Collection[int]) -> Mapping[int, str]:
    found: dict[int, str] = {}
    for ids in in_parts(organization_ids):
        statement = sa.select(Organization.id, Organization.name)
        found |= dict(db.session.execute(statement.where(Organization.id.in_(ids))).tuples().all())
    return found
