"""The public site's source over the database: published rows only, ordered, cut into ranges."""

from collections.abc import Iterator
from datetime import date
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.orm import aliased

from portal.accounts.models import Organization
from portal.disclosure.models import NOTICES, PROJECTS
from portal.publication.pictures import Pictures, Shot
from portal.publication.rows import (
    Ledger,
    allocation_row,
    fund_row,
    mention_row,
    notice_row,
    payment_row,
    project_row,
    with_results,
)
from portal.publication.statements import Statements
from portal.publication.works import Fact, facts_of
from portal.rules.vocabulary import OrganizationKind
from public_site import Span
from public_site.schema import (
    Allocation,
    FundDocument,
    Mention,
    Notice,
    Payment,
    Place,
    Project,
    Site,
    Withdrawn,
)

CHUNK = 500
PLACES = (OrganizationKind.TOWNSHIP, OrganizationKind.VILLAGE)


class PublishedData:
    """A ``SiteData`` of one county, with the pictures and papers of one installation.

    Each process reads in one transaction of its own that sees one state of the database; what is approved
    meanwhile is for the next build. ``limit_days``: the county's limit from receipt to allocation.
    ``subsidies``: the project types without works of their own.
    """

    def __init__(
        self,
        url: str,
        pictures: Pictures,
        *,
        county_id: int,
        day: date,
        site: Site,
        limit_days: int,
        subsidies: frozenset[str],
    ) -> None:
        self._url, self._county_id, self._limit_days = url, county_id, limit_days
        self._subsidies = subsidies
        self._site, self._day, self._pictures = site, day, pictures
        self._statements = Statements(county_id, day)
        self._open: Connection | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        named: dict[str, Any] = {
            "county_id": self._county_id,
            "day": self._day,
            "site": self._site,
            "limit_days": self._limit_days,
            "subsidies": self._subsidies,
        }
        return partial(PublishedData, **named), (self._url, self._pictures)

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
        rows = self._rows(self._statements.funds())
        return (fund_row(*row, limit_days=self._limit_days) for row in rows)

    def withdrawn(self) -> Iterator[Withdrawn]:
        """What was taken back, by folder and code."""
        return (Withdrawn(*row) for row in self._rows(self._statements.withdrawn()))

    def project_spans(self, size: int) -> Iterator[Span]:
        """Ranges of ``size`` projects."""
        return _spans(self._rows(self._statements.codes(PROJECTS)), size)

    def projects(self, span: Span) -> Iterator[Project]:
        """The span's projects, by code."""
        ask = self._statements
        works = facts_of(ask.shown_projects(span), self._day)
        others = map(self._rows, (works, ask.results(span), ask.photos(span)))
        for row, facts, results, photos in _beside(self._rows(ask.projects(span)), *others):
            code, on, content, *ledger = row
            yield project_row(
                code,
                on,
                with_results(content, results),
                Ledger(*ledger),
                [Fact(*fact) for fact in facts],
                self._pictures.photos([Shot(*photo) for photo in photos]),
                self._subsidies,
            )

    def allocations(self, span: Span) -> Iterator[Allocation]:
        """Allocations to the span's projects, by project, fund document and day."""
        return (allocation_row(*row) for row in self._rows(self._statements.allocations(span)))

    def payments(self, span: Span) -> Iterator[Payment]:
        """Payments to the span's projects, by project and day."""
        return (payment_row(*row) for row in self._rows(self._statements.payments(span)))

    def mentions(self, span: Span) -> Iterator[Mention]:
        """Notices that cover the span's projects, by project and notice."""
        return (mention_row(*row) for row in self._rows(self._statements.mentions(span)))

    def notice_spans(self, size: int) -> Iterator[Span]:
        """Ranges of ``size`` notices."""
        return _spans(self._rows(self._statements.codes(NOTICES)), size)

    def notices(self, span: Span) -> Iterator[Notice]:
        """The span's notices, by code."""
        rows = self._rows(self._statements.notices(span))
        covered = self._rows(self._statements.covered(span))
        for (code, published_on, content), mine in _beside(rows, covered):
            yield notice_row(code, published_on, content, _by_folder(mine))

    def blob(self, name: str) -> bytes:
        """The bytes of a photo or file that is shown."""
        return self._pictures.blob(name)

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


def _beside(rows: Iterator[Any], *others: Iterator[Any]) -> Iterator[tuple[Any, ...]]:
    """Each row with the others of its code; all are in the order of their first column."""
    sources = [_OfCode(one) for one in others]
    for row in rows:
        yield row, *(source.take(row[0]) for source in sources)


class _OfCode:
    """Rows in the order of a code, handed out code by code."""

    def __init__(self, rows: Iterator[Any]) -> None:
        self._groups = groupby(rows, key=itemgetter(0))
        self._code: str
        self._rows: Iterator[Any]
        self._code, self._rows = next(self._groups, ("", iter(())))

    def take(self, code: str) -> list[Any]:
        """The rows of the next code, if it is this one."""
        if self._code != code:
            return []
        found = list(self._rows)
        self._code, self._rows = next(self._groups, ("", iter(())))
        return found


def _by_folder(rows: list[Any]) -> dict[str, tuple[str, ...]]:
    return {
        folder: tuple(row[2] for row in found)
        for folder, found in groupby(rows, key=lambda row: row[1])
    }
