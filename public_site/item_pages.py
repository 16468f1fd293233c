"""Pages of single things, and their rows in the inventory: a project, a notice, a tombstone."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from public_site.data_rows import allocation_row, notice_row, payment_row, project_row
from public_site.inventory import Inventory, Rows
from public_site.render import Page
from public_site.schema import (
    Allocation,
    FundDocument,
    Mention,
    Notice,
    Payment,
    Place,
    Project,
    Withdrawn,
)
from public_site.source import SiteData, Span
from public_site.subjects import SUBJECTS, subject_of
from public_site.timeline import timeline

LONG = 200
"""Rows in one table; a longer list goes on on a further page."""


class Known(NamedTuple):
    """The small tables that every stage needs."""

    day: date
    funds: dict[str, FundDocument]
    places: dict[str, Place]

    def fund(self, code: str, asked_by: str) -> FundDocument:
        """The published fund document; ValueError says who points to one that is not."""
        if code not in self.funds:
            raise ValueError(f"{asked_by} 指向没有公开的资金文件：{code!r}")
        return self.funds[code]

    def place(self, code: str, asked_by: str) -> Place:
        """The published place; ValueError says who points to one that is not."""
        if code not in self.places:
            raise ValueError(f"{asked_by} 指向没有公开的乡镇或村：{code!r}")
        return self.places[code]

    def parent(self, village: Place) -> Place:
        """The township of a village."""
        return self.place(village.parent or "", village.code)

    def villages(self, township: Place) -> list[Place]:
        """The villages of a township, by code."""
        return [place for place in self.places.values() if place.parent == township.code]


def known(data: SiteData) -> Known:
    """Read the small tables."""
    return Known(
        data.day,
        {fund.code: fund for fund in data.funds()},
        {place.code: place for place in data.places()},
    )


class Part(NamedTuple):
    """A project with what belongs to it."""

    project: Project
    money: list[Allocation]
    payments: list[Payment]
    mentions: list[Mention]


def project_parts(data: SiteData, span: Span) -> Iterator[Part]:
    """The span's projects, four ordered sources merged into one."""
    sources = [_Groups(data.allocations(span)), _Groups(data.payments(span))]
    sources.append(_Groups(data.mentions(span)))
    for project in data.projects(span):
        yield _checked(Part(project, *(source.take(project.code) for source in sources)))
    for source in sources:
        source.finish()


def _checked(part: Part) -> Part:
    if part.project.paid != sum(one.amount for one in part.payments):
        raise ValueError(f"已支付和支付明细的合计不一致：{part.project.code}")
    return part


def project_page(part: Part, facts: Known) -> Page:
    """A project's lasting page."""
    project = part.project
    mentions = sorted(part.mentions, key=lambda one: one.published_on, reverse=True)
    places = [code for code in (project.township_code, *project.village_codes) if code]
    context = {
        "project": project,
        "money": [(_fund(one.fund_code, project.code, facts), one) for one in part.money],
        "apart": project.allocated - sum(one.amount for one in part.money),
        "paid": _paid(part.payments, facts),
        "events": timeline(project, part.payments),
        "mentions": mentions,
        "changes": [one for one in mentions if subject_of(one.category) == "changes"],
        "places": [(code, facts.place(code, project.code).name) for code in places],
    }
    return Page(f"projects/{project.code}.html", "project.html", context)


def notice_page(notice: Notice, facts: Known, inventory: Inventory) -> Page:
    """A notice's page; the names of its projects come from the inventory."""
    subject = subject_of(notice.category)
    context = {
        "notice": notice,
        "stand": stand(notice.period_from, notice.period_to, facts.day),
        "subject": (subject, SUBJECTS[subject]),
        "projects": _named_projects(notice, inventory),
        "more": max(0, len(notice.project_codes) - LONG),
        "funds": [(code, facts.fund(code, notice.code).title) for code in notice.fund_codes],
    }
    return Page(f"notices/{notice.code}.html", "notice.html", context)


def tombstone_page(item: Withdrawn) -> Page:
    """What stays at the address of something that was taken back."""
    return Page(f"{item.folder}/{item.code}.html", "tombstone.html", {"item": item})


class Stand(NamedTuple):
    """Where a notice period stands: its day number `at` of `of` days, and the days `left`.

    The day of posting is not counted (国开办发〔2018〕11号), it is day 0.

    left: 0 on the last day, -1 when over (at and of then do not change any more), None before.
    """

    at: int
    of: int
    left: int | None


def stand(first: date | None, last: date | None, day: date) -> Stand | None:
    """Where the period from `first` to `last` stands on the day; None without a period."""
    if first is None or last is None:
        return None
    length = (last - first).days
    if day < first:
        return Stand(0, length, None)
    if day > last:
        return Stand(length, length, -1)
    return Stand((day - first).days, length, (last - day).days)


class _Groups:
    """Rows ordered by project code, handed out project by project."""

    def __init__(self, rows: Iterator[Any]) -> None:
        self._groups = groupby(rows, key=lambda row: row.project_code)
        self._code: str
        self._rows: Iterator[Any]
        self._next()

    def _next(self) -> None:
        self._code, self._rows = next(self._groups, ("~", iter(())))

    def take(self, code: str) -> list[Any]:
        """The rows of the project, which must be asked for in order."""
        if self._code > code:
            return []
        if self._code < code:
            self.finish()
        found = list(self._rows)
        self._next()
        return found

    def finish(self) -> None:
        """Refuse rows that belong to no project: out of order, or about something not public."""
        if self._code != "~":
            raise ValueError(
                f"资金安排、支付或公告指向没有公开或没有按编码排序的项目：{self._code!r}"
            )


def _fund(code: str, asked_by: str, facts: Known) -> tuple[str | None, str, str]:
    """Number, title and tier: no more, or every project's page would change with the document."""
    fund = facts.fund(code, asked_by)
    return fund.number, fund.title, fund.tier


def _paid(payments: list[Payment], facts: Known) -> list[tuple[str, Any, int, date, int]]:
    """Of each document ("": not public): its label, payments, day of the last one, sum in fen."""
    by_fund: dict[str, list[Payment]] = {}
    for one in payments:
        by_fund.setdefault(one.fund_code or "", []).append(one)
    return [
        (
            code,
            _fund(code, found[0].project_code, facts) if code else None,
            len(found),
            max(one.paid_on for one in found),
            sum(one.amount for one in found),
        )
        for code, found in sorted(by_fund.items(), reverse=True)
    ]


def add_project(part: Part, facts: Known, rows: Rows) -> None:
    """What the lists and the downloads need of a project."""
    project = part.project
    row = project_row(project)
    rows.project.append(
        (
            project.code,
            project.name,
            project.year,
            project.category,
            project.township_code or "",
            project.township + project.village,
            _searched_places(project, facts),
            project.budget,
            project.allocated,
            project.paid,
            project.status,
            project.finished,
            row.json,
            row.csv,
        )
    )
    rows.in_village.extend([(code, project.code) for code in project.village_codes])
    for number, one in enumerate(part.money):
        rows.line.append(_line(number, one, facts.funds[one.fund_code], project))
    for number, payment in enumerate(part.payments):
        rows.payment.append(_payment(number, payment, facts, project))
    rows.mention.extend([(project.code, one.notice_code) for one in part.mentions])


def _searched_places(project: Project, facts: Known) -> str:
    """The place as the lists show it, and every village of the project that it does not name."""
    shown = project.township + project.village
    names = [facts.place(code, project.code).name for code in project.village_codes]
    return "、".join([shown, *(name for name in names if name not in shown)])


def _line(number: int, one: Allocation, fund: FundDocument, project: Project) -> tuple[Any, ...]:
    row = allocation_row(one, fund, project.name)
    approved_on = one.approved_on.isoformat() if one.approved_on else None
    return (
        one.fund_code,
        one.project_code,
        number,
        one.amount,
        approved_on,
        one.approval_number,
        one.illustrative,
        row.json,
        row.csv,
    )


def _payment(number: int, one: Payment, facts: Known, project: Project) -> tuple[Any, ...]:
    fund = facts.fund(one.fund_code, project.code) if one.fund_code else None
    row = payment_row(one, fund, project.name)
    paid_on = one.paid_on.isoformat()
    return project.code, number, one.fund_code, paid_on, one.amount, row.json, row.csv


def add_notice(notice: Notice, rows: Rows) -> None:
    """What the lists and the downloads need of a notice."""
    row = notice_row(notice)
    rows.notice.append(
        (
            notice.code,
            notice.kind,
            notice.category,
            notice.title,
            notice.published_on.isoformat(),
            max([notice.published_on, *(one.on for one in notice.corrections)]).isoformat(),
            notice.period_from.isoformat() if notice.period_from else None,
            notice.period_to.isoformat() if notice.period_to else None,
            row.json,
            row.csv,
        )
    )
    rows.about_fund.extend([(code, notice.code) for code in notice.fund_codes])


def _named_projects(notice: Notice, inventory: Inventory) -> list[Any]:
    sql = "select code, name, allocated from project where code = ?"
    found = (next(inventory.rows(sql, code), None) for code in notice.project_codes[:LONG])
    return [row for row in found if row]
