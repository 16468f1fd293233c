"""通报: the figures of a day, computed live for the preview and frozen as JSON when it is issued."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from flask import current_app

from portal.accounts.models import Organization
from portal.db import db
from portal.pace.queries import project_figures, unit_figures, year_figures
from portal.rules.book import Book
from portal.rules.money import percent, round2
from portal.rules.pace import pace_of
from portal.rules.supervision import ranks
from portal.supervision import queries
from portal.supervision.models import Bulletin


@dataclass(frozen=True)
class Spent:
    """Placed and paid fen of a unit or a project; ``rate`` and ``behind`` are percent and points."""

    name: str
    allocated: int
    paid: int
    rate: str
    behind: str

    @property
    def unpaid(self) -> int:
        """Fen that are placed and not paid."""
        return self.allocated - self.paid

    @property
    def is_behind(self) -> bool:
        """Whether the rate is below the pace of the year."""
        return Decimal(self.behind) > 0


@dataclass(frozen=True)
class UnitSpent(Spent):
    """A unit with its place among all units."""

    unit_id: int
    rank: int


@dataclass(frozen=True)
class ProjectSpent(Spent):
    """A slow project with the name of the unit that answers for it."""

    project_id: int
    unit: str


@dataclass(frozen=True)
class Planned:
    """What a unit, or all together, planned and paid in the month, in fen."""

    name: str
    planned: int
    paid: int
    share: str
    unit_id: int = 0


@dataclass(frozen=True)
class Figures:
    """Everything a bulletin says in numbers, as of ``day``; ``office`` issues it.

    ``units`` stand by rank, ``slow`` are the projects below the pace, the largest unpaid amount first.
    """

    county: str
    office: str
    fund_name: str
    fund_year: int
    day: str
    method: str
    pace: str
    received: int
    allocated: int
    paid: int
    rate: str
    units: tuple[UnitSpent, ...]
    slow: tuple[ProjectSpent, ...]
    month: str
    plan: Planned | None
    plans: tuple[Planned, ...]

    @property
    def behind(self) -> tuple[UnitSpent, ...]:
        """The units below the pace."""
        return tuple(unit for unit in self.units if unit.is_behind)

    @property
    def on(self) -> date:
        """The day of the figures."""
        return date.fromisoformat(self.day)


def figures_of(county_id: int, fund_year: int, day: date, *, office: Organization) -> Figures:
    """The figures of a fund year as they stood at the end of ``day``."""
    book: Book = current_app.extensions["book"]
    pace = pace_of(book.pace.method, fund_year, day)
    year = year_figures(county_id, fund_year, day)
    month, plan, plans = _plan(county_id, day)
    return Figures(
        county=db.session.get_one(Organization, county_id).name,
        office=office.name,
        fund_name=book.fund_name,
        fund_year=fund_year,
        day=day.isoformat(),
        method=book.pace.method.label,
        pace=str(round2(100 * pace)),
        received=year.received,
        allocated=year.allocated,
        paid=year.paid,
        rate=_percent(year.paid, year.received),
        units=_units(county_id, fund_year, day, pace),
        slow=_slow(county_id, fund_year, day, pace),
        month=month,
        plan=plan,
        plans=plans,
    )


def frozen(figures: Figures) -> tuple[str, str]:
    """The figures as JSON in one fixed form, and its SHA-256."""
    content = json.dumps(asdict(figures), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return content, hashlib.sha256(content.encode()).hexdigest()


def read(bulletin: Bulletin) -> Figures:
    """The figures that were frozen."""
    kept = json.loads(bulletin.content)
    return Figures(
        **kept
        | {
            "units": tuple(UnitSpent(**unit) for unit in kept["units"]),
            "slow": tuple(ProjectSpent(**project) for project in kept["slow"]),
            "plan": Planned(**kept["plan"]) if kept["plan"] else None,
            "plans": tuple(Planned(**plan) for plan in kept["plans"]),
        }
    )


def _units(county_id: int, fund_year: int, day: date, pace: Fraction) -> tuple[UnitSpent, ...]:
    found = [one for one in unit_figures(county_id, fund_year, day) if one.allocated > 0]
    places = ranks([Fraction(one.paid, one.allocated) for one in found])
    units = [
        UnitSpent(
            name=one.name,
            allocated=one.allocated,
            paid=one.paid,
            rate=_percent(one.paid, one.allocated),
            behind=_behind(one.paid, one.allocated, pace),
            unit_id=one.unit_id,
            rank=rank,
        )
        for one, rank in zip(found, places, strict=True)
    ]
    return tuple(sorted(units, key=lambda unit: (unit.rank, unit.unit_id)))


def _slow(county_id: int, fund_year: int, day: date, pace: Fraction) -> tuple[ProjectSpent, ...]:
    projects = [
        ProjectSpent(
            name=one.name,
            allocated=one.allocated,
            paid=one.paid,
            rate=_percent(one.paid, one.allocated),
            behind=_behind(one.paid, one.allocated, pace),
            project_id=one.project_id,
            unit=one.unit,
        )
        for one in project_figures(county_id, fund_year, day)
        if one.allocated > 0
    ]
    slow = [project for project in projects if project.is_behind]
    return tuple(sorted(slow, key=lambda project: (-project.unpaid, project.project_id)))


def _plan(county_id: int, day: date) -> tuple[str, Planned | None, tuple[Planned, ...]]:
    plan = queries.plan_of_month(county_id, day.year, day.month)
    month = f"{day.year}年{day.month}月"
    if plan is None or plan.issued_on is None or plan.issued_on > day:
        return month, None, ()
    units = [
        Planned(one.unit.name, one.planned, one.paid, _percent(one.paid, one.planned), one.unit.id)
        for one in queries.unit_plans(plan, day)
    ]
    planned, paid = sum(one.planned for one in units), sum(one.paid for one in units)
    return month, Planned("合计", planned, paid, _percent(paid, planned)), tuple(units)


def _percent(part: int, whole: int) -> str:
    share = percent(part, whole)
    return "" if share is None else str(share)


def _behind(paid: int, allocated: int, pace: Fraction) -> str:
    """Points by which the rate, as it is printed, is below the pace as it is printed; negative above."""
    return str(round2(100 * pace) - round2(Fraction(100 * paid, allocated)))
