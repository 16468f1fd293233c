"""Reads on complaints. No question is ever asked by a contact: it is stored so that none can be."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts.models import Organization
from portal.accounts.scopes import visible
from portal.complaints.models import Complaint
from portal.complaints.operations import OFFICES
from portal.db import db
from portal.library.models import Project
from portal.rules.access import Action, Actor
from portal.rules.vocabulary import ComplaintChannel, ComplaintStatus

PAGE_SIZE = 50
OVERDUE = "overdue"


@dataclass(frozen=True)
class Wanted:
    """The filters as they stand in the address; ``status`` may also ask for what is overdue."""

    status: str = ""
    channel: str = ""

    @classmethod
    def read(cls, arguments: Mapping[str, str]) -> "Wanted":
        """What cannot be a filter is left out."""
        return cls(*(arguments.get(name, "").strip()[:20] for name in ("status", "channel")))

    @property
    def arguments(self) -> dict[str, str]:
        """The filters that are set."""
        return {name: value for name, value in asdict(self).items() if value}


@dataclass(frozen=True)
class Page:
    """One page of the register."""

    items: Sequence[Complaint]
    number: int
    pages: int
    total: int


def page_of(actor: Actor, wanted: Wanted, number: int, day: date) -> Page:
    """The complaints that the person may see, the newest first."""
    statement = _seen(actor).where(*_conditions(wanted, day))
    total = db.session.scalar(sa.select(sa.func.count()).select_from(statement.subquery())) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(max(1, number), pages)
    newest = statement.options(joinedload(Complaint.organization)).order_by(Complaint.id.desc())
    rows = db.session.scalars(newest.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)).all()
    return Page(rows, number, pages, total)


def offices(county_id: int) -> list[Organization]:
    """Whom a complaint can be given to: townships and departments."""
    statement = sa.select(Organization).where(
        Organization.county_id == county_id, Organization.kind.in_(OFFICES)
    )
    return list(db.session.scalars(statement.order_by(Organization.kind, Organization.code)))


def projects_named(actor: Actor, named: str) -> Sequence[Project]:
    """The projects of this code; without one, those of this whole name. Case does not matter."""
    seen = visible(sa.select(Project), Project, actor, Action.VIEW_PROJECTS).order_by(Project.code)
    for column in (Project.code, Project.name):
        fitting = db.session.scalars(
            seen.where(sa.func.lower(column) == sa.func.lower(named))
        ).all()
        if fitting:
            return fitting
    return ()


def waiting(actor: Actor, action: Action, status: ComplaintStatus) -> list[Complaint]:
    """What waits in a status for this action of the person, the most urgent first."""
    statement = visible(sa.select(Complaint), Complaint, actor, action)
    found = statement.where(Complaint.status == status)
    return list(db.session.scalars(found.order_by(Complaint.due_on, Complaint.id)))


def hotline_handled(county_id: int, year: int, day: date) -> tuple[int, int] | None:
    """Complaints of the year that came by 12317, closed by the day and received; None without any."""
    received = sa.select(Complaint.closed_on).where(
        Complaint.county_id == county_id,
        Complaint.channel == ComplaintChannel.HOTLINE,
        Complaint.received_on.between(date(year, 1, 1), min(day, date(year, 12, 31))),
    )
    closed = db.session.scalars(received).all()
    done = sum(on is not None and on <= day for on in closed)
    return (done, len(closed)) if closed else None


def _seen(actor: Actor) -> sa.Select[tuple[Complaint]]:
    return visible(sa.select(Complaint), Complaint, actor, Action.VIEW_COMPLAINTS)


def _conditions(wanted: Wanted, day: date) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.status == OVERDUE:
        conditions += [Complaint.status == ComplaintStatus.ASSIGNED, Complaint.due_on < day]
    elif status := ComplaintStatus.named(wanted.status):
        conditions.append(Complaint.status == status)
    if channel := ComplaintChannel.named(wanted.channel):
        conditions.append(Complaint.channel == channel)
    return conditions
