"""公开公示台账: the duties as the ledger shows them, by filter, by level and by state."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts.models import User
from portal.accounts.scopes import visible
from portal.db import db
from portal.disclosure.models import DisclosureDuty
from portal.duties.operations import rules
from portal.library.filters import number_in, page_number
from portal.library.models import Project
from portal.performance.models import PerformanceForm
from portal.rules.access import Action, Actor, Scope, holds, reaches
from portal.rules.duties import SOON_DAYS, DisclosureState
from portal.rules.vocabulary import DisclosureEvent, DisclosureLevel

PAGE_SIZE = 50
MOST_AT_ONCE = 200
"""So many duties get one proof together."""

ALL, MINE = "all", "mine"
"""Whose duties the ledger shows: the whole county's, or those that the person records proofs for."""


@dataclass(frozen=True)
class Wanted:
    """The filters of the ledger as they stand in its address; ``reach`` is :data:`ALL` or :data:`MINE`."""

    q: str = ""
    level: str = ""
    state: str = ""
    event: str = ""
    year: str = ""
    township: str = ""
    reach: str = ""

    @classmethod
    def read(cls, arguments: Mapping[str, str]) -> "tuple[Wanted, int]":
        """Filters and page number; what cannot be one is left out."""
        found = {name: arguments.get(name, "").strip()[:60] for name in cls.__dataclass_fields__}
        return cls(**found), page_number(arguments)

    @property
    def arguments(self) -> dict[str, str]:
        """The filters that are set, for addresses."""
        return {name: value for name, value in asdict(self).items() if value}

    def without(self, *names: str) -> dict[str, str]:
        """The filters that are set but these."""
        return replace(self, **dict.fromkeys(names, "")).arguments


@dataclass(frozen=True)
class Page:
    """One page of the ledger, with the people who met the duties by id."""

    duties: Sequence[DisclosureDuty]
    people: Mapping[int, str]
    number: int
    pages: int
    total: int


@dataclass(frozen=True)
class LevelCount:
    """The duties of one level: all, those met in time and late, and those overdue."""

    level: DisclosureLevel
    total: int
    met: int
    met_late: int
    overdue: int

    @property
    def due(self) -> int:
        """Met, or past their last day: what completeness is counted over."""
        return self.met + self.met_late + self.overdue


def default_reach(actor: Actor) -> str:
    """Who records proofs for a part of the county sees that part first."""
    scopes = {scope for scope, _duty in reaches(actor, Action.RECORD_PROOF)}
    return MINE if scopes and Scope.COUNTY not in scopes else ALL


def page_of(actor: Actor, wanted: Wanted, number: int, today: date) -> Page:
    """The filtered duties: open ones first, the most urgent on top, then those met, the latest first."""
    statement = narrowed(actor, wanted, today)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(statement.subquery())) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(number, pages)
    rows = db.session.scalars(
        in_order(statement, today).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    ).all()
    return Page(rows, people_of(rows), number, pages, total)


def narrowed(actor: Actor, wanted: Wanted, today: date) -> sa.Select[tuple[DisclosureDuty]]:
    """The duties within reach that fit the filters, those that had arisen by today."""
    mine = (wanted.reach or default_reach(actor)) == MINE and holds(actor, Action.RECORD_PROOF)
    action = Action.RECORD_PROOF if mine else Action.VIEW_DISCLOSURES
    statement = visible(sa.select(DisclosureDuty), DisclosureDuty, actor, action)
    return statement.where(DisclosureDuty.arisen_on <= today, *_conditions(wanted, today))


def in_order(
    statement: sa.Select[tuple[DisclosureDuty]], today: date
) -> sa.Select[tuple[DisclosureDuty]]:
    """The order of the ledger, with what its rows show."""
    met = _met(today)
    return statement.order_by(
        sa.case((met, 1), else_=0),
        sa.case((met, None), else_=DisclosureDuty.due_on),
        DisclosureDuty.met_on.desc(),
        DisclosureDuty.id,
    ).options(joinedload(DisclosureDuty.organization))


def people_of(duties: Collection[DisclosureDuty]) -> dict[int, str]:
    """The names of the people who met the duties, by id."""
    ids = {duty.met_by_id for duty in duties if duty.met_by_id}
    rows = db.session.execute(sa.select(User.id, User.name).where(User.id.in_(ids)))
    return dict(rows.tuples().all())


def counts_by_level(actor: Actor, wanted: Wanted, today: date) -> list[LevelCount]:
    """How each level stands under the filters, but for the level and the state themselves."""
    found = narrowed(actor, replace(wanted, level="", state=""), today).subquery()
    met, in_time = _met(today, found.c), found.c.met_on <= found.c.due_on
    statement = sa.select(
        found.c.level,
        sa.func.count(),
        _count(met & in_time),
        _count(met & ~in_time),
        _count(~met & (found.c.due_on < today)),
    ).group_by(found.c.level)
    rows = {row[0]: row for row in db.session.execute(statement).tuples()}
    return [
        LevelCount(level, *rows[level][1:]) if level in rows else LevelCount(level, 0, 0, 0, 0)
        for level in DisclosureLevel
    ]


def overdue_by_level(actor: Actor, today: date) -> dict[DisclosureLevel, int]:
    """The overdue duties that the person records proofs for."""
    return _open_by_level(actor, today, DisclosureDuty.due_on < today)


def soon_by_level(actor: Actor, today: date) -> dict[DisclosureLevel, int]:
    """The duties of the person that end within a week."""
    until = today + timedelta(days=SOON_DAYS)
    return _open_by_level(actor, today, DisclosureDuty.due_on.between(today, until))


def _open_by_level(
    actor: Actor, today: date, due: sa.ColumnElement[bool]
) -> dict[DisclosureLevel, int]:
    statement = visible(
        sa.select(DisclosureDuty.level, sa.func.count()),
        DisclosureDuty,
        actor,
        Action.RECORD_PROOF,
    ).where(
        due,
        ~_met(today),
        DisclosureDuty.lapsed_on.is_(None),
        DisclosureDuty.arisen_on <= today,
        DisclosureDuty.rule.in_(list(rules())),
    )
    found = dict(db.session.execute(statement.group_by(DisclosureDuty.level)).tuples().all())
    return {level: found[level] for level in DisclosureLevel if level in found}


def years(actor: Actor) -> list[int]:
    """The years that have duties, the latest first."""
    statement = visible(
        sa.select(DisclosureDuty.year).distinct(), DisclosureDuty, actor, Action.VIEW_DISCLOSURES
    )
    return list(db.session.scalars(statement.order_by(DisclosureDuty.year.desc())))


def chosen(actor: Actor, ids: Collection[int]) -> list[DisclosureDuty]:
    """The duties of these ids for which the person may record a proof, in the order of the ledger."""
    statement = visible(sa.select(DisclosureDuty), DisclosureDuty, actor, Action.RECORD_PROOF)
    return list(
        db.session.scalars(
            statement.where(DisclosureDuty.id.in_(ids))
            .order_by(DisclosureDuty.due_on, DisclosureDuty.id)
            .options(joinedload(DisclosureDuty.organization))
        )
    )


def _met(today: date, columns: Any = DisclosureDuty) -> sa.ColumnElement[bool]:  # noqa: ANN401
    """Whether a duty was met by today: never NULL, so that it can be negated."""
    return sa.func.coalesce(columns.met_on <= today, sa.false())


def _count(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)


def _conditions(wanted: Wanted, today: date) -> list[sa.ColumnElement[bool]]:
    duty = DisclosureDuty
    state = DisclosureState.named(wanted.state)
    conditions = [_in_state(state, today)]
    if level := DisclosureLevel.named(wanted.level):
        conditions.append(duty.level == level)
    if event := DisclosureEvent.named(wanted.event):
        codes = [rule.code for rule in rules().values() if rule.event is event]
        conditions.append(duty.rule.in_(codes))
    if year := number_in(wanted.year):
        conditions.append(duty.year == year)
    if township := number_in(wanted.township):
        conditions.append(sa.or_(duty.township_id == township, _about_projects_of(township)))
    if wanted.q:
        conditions.append(duty.title.contains(wanted.q, autoescape=True))
    return conditions


def _about_projects_of(township_id: int) -> sa.ColumnElement[bool]:
    """The county's duties that tell of a project there: they belong to no township themselves."""
    projects = sa.select(Project.id).where(Project.township_id == township_id)
    forms = sa.select(PerformanceForm.id).where(PerformanceForm.project_id.in_(projects))
    duty = DisclosureDuty
    return (duty.level == DisclosureLevel.COUNTY) & sa.or_(
        (duty.subject_kind == Project.__tablename__) & duty.subject_id.in_(projects),
        (duty.subject_kind == PerformanceForm.__tablename__) & duty.subject_id.in_(forms),
    )


def _in_state(state: DisclosureState | None, today: date) -> sa.ColumnElement[bool]:
    """Without a state everything but the lapsed."""
    duty, met = DisclosureDuty, _met(today)
    standing, soon = duty.lapsed_on.is_(None), today + timedelta(days=SOON_DAYS)
    if state is None:
        return standing
    return {
        DisclosureState.OPEN: standing & ~met & (duty.due_on > soon),
        DisclosureState.SOON: standing & ~met & duty.due_on.between(today, soon),
        DisclosureState.OVERDUE: standing & ~met & (duty.due_on < today),
        DisclosureState.MET: standing & met & (duty.met_on <= duty.due_on),
        DisclosureState.MET_LATE: standing & met & (duty.met_on > duty.due_on),
        DisclosureState.LAPSED: ~standing,
    }[state]
