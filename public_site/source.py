"""Where published data comes from: ordered iterators that can be cut into ranges."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple, Protocol

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


class Span(NamedTuple):
    """A range of codes, both ends included. Codes are compared as ASCII (COLLATE "C")."""

    first: str
    last: str


EVERYTHING = Span("", "~")


class SiteData(Protocol):
    """Everything that is published, as of `day`.

    Must be picklable: each process that renders gets a copy and opens its own connection or file
    when first asked. Every iterator is ordered as stated; the builder refuses another order.
    """

    @property
    def site(self) -> Site:
        """What every page shares."""

    @property
    def day(self) -> date:
        """The day the data stands on; `still open` and `days left` are counted from it."""

    def places(self) -> Iterator[Place]:
        """Townships and villages, by code."""

    def funds(self) -> Iterator[FundDocument]:
        """Fund documents, by code."""

    def withdrawn(self) -> Iterator[Withdrawn]:
        """What was taken back, by folder and code."""

    def project_spans(self, size: int) -> Iterator[Span]:
        """Ranges that cover every project, in order, of at most `size` projects each."""

    def projects(self, span: Span) -> Iterator[Project]:
        """Projects with a code in the span, by code."""

    def allocations(self, span: Span) -> Iterator[Allocation]:
        """Allocations to the span's projects, by project code, fund code, day."""

    def payments(self, span: Span) -> Iterator[Payment]:
        """Payments to the span's projects, by project code, day."""

    def mentions(self, span: Span) -> Iterator[Mention]:
        """Notices that name the span's projects, by project code, notice code."""

    def notice_spans(self, size: int) -> Iterator[Span]:
        """Ranges that cover every notice, in order, of at most `size` notices each."""

    def notices(self, span: Span) -> Iterator[Notice]:
        """Notices with a code in the span, by code."""

    def blob(self, name: str) -> bytes:
        """The bytes of a photo or file that a project or notice shows; ValueError for others."""
