"""Published data in lists, small enough to change a row and build again."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from bench.county import County
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
from public_site.source import EVERYTHING


@dataclass
class Published:
    """A `SiteData` whose rows a test may replace."""

    site: Site
    day: date
    place_rows: list[Place]
    fund_rows: list[FundDocument]
    project_rows: list[Project]
    allocation_rows: list[Allocation]
    payment_rows: list[Payment]
    notice_rows: list[Notice]
    withdrawn_rows: list[Withdrawn] = field(default_factory=list)
    blobs: dict[str, bytes] = field(default_factory=dict)

    def places(self) -> Iterator[Place]:
        return iter(sorted(self.place_rows, key=lambda row: row.code))

    def funds(self) -> Iterator[FundDocument]:
        return iter(sorted(self.fund_rows, key=lambda row: row.code))

    def withdrawn(self) -> Iterator[Withdrawn]:
        return iter(self.withdrawn_rows)

    def project_spans(self, size: int) -> Iterator[Span]:
        return _spans(sorted(row.code for row in self.project_rows), size)

    def projects(self, span: Span) -> Iterator[Project]:
        return _within(span, self.project_rows, "code", "code")

    def allocations(self, span: Span) -> Iterator[Allocation]:
        return _within(span, self.allocation_rows, "project_code", "fund_code")

    def payments(self, span: Span) -> Iterator[Payment]:
        return _within(span, self.payment_rows, "project_code", "paid_on")

    def mentions(self, span: Span) -> Iterator[Mention]:
        rows = [
            Mention(
                code, notice.code, notice.kind, notice.title, notice.published_on, notice.category
            )
            for notice in self.notice_rows
            for code in notice.project_codes
            if any(row.code == code for row in self.project_rows)
        ]
        return _within(span, rows, "project_code", "notice_code")

    def notice_spans(self, size: int) -> Iterator[Span]:
        return _spans(sorted(row.code for row in self.notice_rows), size)

    def notices(self, span: Span) -> Iterator[Notice]:
        return _within(span, self.notice_rows, "code", "code")

    def blob(self, name: str) -> bytes:
        return self.blobs[name]

    def change_project(self, code: str, **fields: Any) -> None:
        self.project_rows = [
            replace(row, **fields) if row.code == code else row for row in self.project_rows
        ]

    def change_notice(self, code: str, **fields: Any) -> None:
        self.notice_rows = [
            replace(row, **fields) if row.code == code else row for row in self.notice_rows
        ]

    def change_fund(self, code: str, **fields: Any) -> None:
        self.fund_rows = [
            replace(row, **fields) if row.code == code else row for row in self.fund_rows
        ]

    def drop_project(self, code: str) -> None:
        self.project_rows = [row for row in self.project_rows if row.code != code]
        self.allocation_rows = [row for row in self.allocation_rows if row.project_code != code]
        self.payment_rows = [row for row in self.payment_rows if row.project_code != code]

    def pay(self, payment: Payment) -> None:
        """Add a payment, to the project's sum as well."""
        self.payment_rows.append(payment)
        (project,) = (row for row in self.project_rows if row.code == payment.project_code)
        self.change_project(project.code, paid=project.paid + payment.amount)


def published(size: int = 60) -> Published:
    """The first projects of the made-up county."""
    county = County(size)
    return Published(
        county.site,
        county.day,
        list(county.places()),
        list(county.funds()),
        list(county.projects(EVERYTHING)),
        list(county.allocations(EVERYTHING)),
        list(county.payments(EVERYTHING)),
        list(county.notices(EVERYTHING)),
        list(county.withdrawn()),
    )


def _within(span: Span, rows: list[Any], *keys: str) -> Iterator[Any]:
    found = [row for row in rows if span.first <= getattr(row, keys[0]) <= span.last]
    return iter(sorted(found, key=lambda row: [getattr(row, key) for key in keys]))


def _spans(codes: list[str], size: int) -> Iterator[Span]:
    for first in range(0, len(codes), size):
        chunk = codes[first : first + size]
        yield Span(chunk[0], chunk[-1])
