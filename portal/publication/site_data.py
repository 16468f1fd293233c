"""The public site's source over the database: published rows only, ordered, cut into ranges."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.orm import aliased

from portal.accounts.models import Organization
from portal.disclosure.models import NOTICES, PROJECTS
from portal.publication.rows import (
    allocation_row,
    fund_row,
    mention_row,
    notice_row,
    project_row,
)
from portal.publication.statements import Statements
from portal.rules.vocabulary import OrganizationKind
from public_site import Span
from public_site.schema import (
    Allocation,
    FundDocument,
    Mention,
    Notice,
    Place,
    Project,
    Site,
    Withdrawn,
)

CHUNK = 500
PLACES = (OrganizationKind.TOWNSHIP, OrganizationKind.VILLAGE)


class PublishedData:
    """A ``SiteData`` of one county.

    Each process reads in one transaction of its own that sees one state of the database; what is approved
    meanwhile is for the next build. ``limit_days``: the county's limit from receipt to allocation.
    """

    def __init__(self, url: str, *, county_id: int, day: date, site: Site, limit_days: int) -> None:
        self._url, self._county_id, self._limit_days = url, county_id, limit_days
        self._site, self._day = site, day
        self._statements = Statements(county_id, day)
        self._open: Connection | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        arguments = (self._url, self._county_id, self._day, self._site, self._limit_days)
        return _reopen, arguments

    @property
    def site(self) -> Site:
        """What every page shares."""
        return self._site

    @property
    def day(self) -> date:
        """The day of the ledger's figures."""
        return self._day

    def places(self) -> Iterator[Place]:
        """Townships and villages of the county, by code."""
        parent = aliased(Organization)
        rows = self._rows(
            sa.select(Organization.code, Organization.name, Organization.kind, parent.code)
            .join(parent, parent.id == Organization.parent_id)
            .where(Organization.county_id == self._county_id, Organization.kind.in_(PLACES))
        )
        for code, name, kind, above in sorted(rows):
            yield Place(code, name, kind.value, above if kind is PLACES[1] else None)

    def funds(self) -> Iterator[FundDocument]:
        """Fund documents, by code."""
        for code, _on, content, allocated, last in self._rows(self._statements.funds()):
            yield fund_row(code, content, allocated, last, self._limit_days)

    def withdrawn(self) -> Iterator[Withdrawn]:
        """What was taken back, by folder and code."""
        return (Withdrawn(*row) for row in self._rows(self._statements.withdrawn()))

    def project_spans(self, size: int) -> Iterator[Span]:
        """Ranges of ``size`` projects."""
        return _spans(self._rows(self._statements.codes(PROJECTS)), size)

    def projects(self, span: Span) -> Iterator[Project]:
        """The span's projects, by code."""
        return (project_row(*row) for row in self._rows(self._statements.projects(span)))

    def allocations(self, span: Span) -> Iterator[Allocation]:
        """Allocations to the span's projects, by project, fund document and day."""
        return (allocation_row(*row) for row in self._rows(self._statements.allocations(span)))

    def mentions(self, span: Span) -> Iterator[Mention]:
        """Notices that cover the span's projects, by project and notice."""
        return (mention_row(*row) for row in self._rows(self._statements.mentions(span)))

    def notice_spans(self, size: int) -> Iterator[Span]:
        """Ranges of ``size`` notices."""
        return _spans(self._rows(self._statements.codes(NOTICES)), size)

    def notices(self, span: Span) -> Iterator[Notice]:
        """The span's notices, by code."""
        groups = groupby(self._rows(self._statements.covered(span)), key=lambda row: row[0])
        held: tuple[str, dict[str, tuple[str, ...]]] | None = None
        for code, published_on, content in self._rows(self._statements.notices(span)):
            if held is None:
                held = next(((of, _by_folder(rows)) for of, rows in groups), None)
            mine = held[1] if held and held[0] == code else {}
            yield notice_row(code, published_on, content, mine)
            held = None if mine else held

    def close(self) -> None:
        """End the transaction; the next question begins another."""
        if self._open is not None:
            self._open.close()
            self._open.engine.dispose()
            self._open = None

    def _rows(self, statement: sa.Select[Any]) -> Iterator[Any]:
        if self._open is None:
            self._open = _connect(self._url)
        return iter(self._open.execute(statement, execution_options={"yield_per": CHUNK}))


def _reopen(url: str, county_id: int, day: date, site: Site, limit_days: int) -> PublishedData:
    return PublishedData(url, county_id=county_id, day=day, site=site, limit_days=limit_days)


def _connect(url: str) -> Connection:
    """A connection whose transaction keeps seeing the state in which it began."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    return engine.connect()


def _spans(codes: Iterator[Any], size: int) -> Iterator[Span]:
    chunk: list[str] = []
    for (code,) in codes:
        chunk.append(code)
        if len(chunk) == size:
            yield Span(chunk[0], chunk[-1])
            chunk = []
    if chunk:
        yield Span(chunk[0], chunk[-1])


def _by_folder(rows: Iterator[Any]) -> dict[str, tuple[str, ...]]:
    return {
        folder: tuple(row[2] for row in found)
        for folder, found in groupby(rows, key=lambda row: row[1])
    }
