"""Reads of plans, bulletins and letters: whose they are, what was paid of them, what is still open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import joinedload

from portal.accounts.models import Organization, RoleAssignment, User
from portal.accounts.scopes import visible
from portal.db import db
from portal.funds.models import Placement
from portal.implementation.queries import on_hold
from portal.library.models import Project
from portal.pace.queries import UNIT_ID
from portal.payments.models import Posting
from portal.rules.access import Action, Actor, roles_with
from portal.rules.money import percent
from portal.rules.supervision import SupervisionRules, month_span
from portal.rules.vocabulary import ProjectStatus
from portal.supervision.models import Bulletin, PaymentPlan, PlanLine, SupervisionLetter

MOST_SHOWN = 200

PLAN_RULE = "payment_plan"


@dataclass(frozen=True)
class Payable:
    """A project with placed money that is not paid yet: ``open_amount`` fen, of them ``requested_amount``.

    ``unit`` answers for it: its township, else its department. ``held`` is the word of a suspension or
    termination that stands, else empty.
    """

    project: Project
    unit: Organization
    open_amount: int
    requested_amount: int
    held: str


@dataclass(frozen=True)
class PlanRow:
    """A line of a plan with the fen that were paid in its month, net of reversals."""

    line: PlanLine
    paid: int

    @property
    def share(self) -> Decimal | None:
        """Percent of the plan that was paid."""
        return percent(self.paid, self.line.amount)

    @property
    def is_behind(self) -> bool:
        """Less was paid than planned."""
        return self.paid < self.line.amount


@dataclass(frozen=True)
class UnitPlan:
    """The rows of one unit and their sums in fen."""

    unit: Organization
    rows: tuple[PlanRow, ...]

    @property
    def planned(self) -> int:
        """Fen planned for the month."""
        return sum(row.line.amount for row in self.rows)

    @property
    def paid(self) -> int:
        """Fen paid in the month."""
        return sum(row.paid for row in self.rows)

    @property
    def share(self) -> Decimal | None:
        """Percent of the plan that was paid."""
        return percent(self.paid, self.planned)

    @property
    def missing(self) -> int:
        """Fen by which the unit's lines stay below their plan; a line above it makes up for none."""
        return sum(max(row.line.amount - row.paid, 0) for row in self.rows)


def rules() -> SupervisionRules:
    """The county's rules of supervision."""
    found: SupervisionRules = current_app.extensions["book"].supervision
    return found


def issue_by_day() -> int | None:
    """The day of the month by which the payment plan is due; None in a county without such a rule."""
    rule = current_app.extensions["book"].deadlines.get(PLAN_RULE)
    return rule.due.day if rule and rule.due else None


def payable(county_id: int, day: date) -> list[Payable]:
    """Projects of the library with placed money that is not paid, by unit and project."""
    open_amount = sa.func.sum(Placement.allocated_amount - Placement.paid_amount)
    sums = (
        sa.select(
            Placement.project_id,
            open_amount.label("open_amount"),
            sa.func.sum(Placement.requested_amount).label("requested_amount"),
        )
        .where(Placement.county_id == county_id)
        .group_by(Placement.project_id)
        .having(open_amount > 0)
        .subquery()
    )
    statement = (
        sa.select(Project, Organization, sums.c.open_amount, sums.c.requested_amount)
        .join(sums, sums.c.project_id == Project.id)
        .join(Organization, Organization.id == UNIT_ID)
        .where(Project.status == ProjectStatus.ADMITTED)
        .order_by(Organization.id, Project.id)
    )
    rows = db.session.execute(statement).tuples().all()
    held = on_hold([project.id for project, *_rest in rows], day)
    return [
        Payable(
            project,
            unit,
            int(amount),
            int(requested),
            held[project.id].kind.label if project.id in held else "",
        )
        for project, unit, amount, requested in rows
    ]


def plan_of_month(county_id: int, year: int, month: int) -> PaymentPlan | None:
    """The plan of a month, drafted or issued."""
    return db.session.scalar(
        sa.select(PaymentPlan).filter_by(county_id=county_id, year=year, month=month)
    )


def plans(actor: Actor) -> Sequence[PaymentPlan]:
    """The plans within reach, the latest month first; drafts only for those who issue them."""
    issued = visible(sa.select(PaymentPlan.id), PaymentPlan, actor, Action.VIEW_PACE)
    drafts = visible(sa.select(PaymentPlan.id), PaymentPlan, actor, Action.ISSUE_PAYMENT_PLAN)
    return db.session.scalars(
        sa.select(PaymentPlan)
        .where(
            sa.or_(
                PaymentPlan.id.in_(issued) & PaymentPlan.issued_on.is_not(None),
                PaymentPlan.id.in_(drafts),
            )
        )
        .order_by(PaymentPlan.year.desc(), PaymentPlan.month.desc())
        .limit(MOST_SHOWN)
    ).all()


def paid_in_month(plan: PaymentPlan, day: date) -> dict[int, int]:
    """Project id -> fen paid in the plan's month by ``day``, net of reversals."""
    first, last = month_span(plan.year, plan.month)
    rows = db.session.execute(
        sa.select(Posting.project_id, sa.func.sum(Posting.amount))
        .join(PlanLine, PlanLine.project_id == Posting.project_id)
        .where(PlanLine.plan_id == plan.id, Posting.paid_on.between(first, min(last, day)))
        .group_by(Posting.project_id)
    ).tuples()
    return {project_id: int(amount) for project_id, amount in rows}


def unit_plans(plan: PaymentPlan, day: date) -> list[UnitPlan]:
    """The plan by unit, with what was paid in its month by ``day``."""
    paid = paid_in_month(plan, day)
    lines = db.session.scalars(
        sa.select(PlanLine)
        .where(PlanLine.plan_id == plan.id)
        .options(joinedload(PlanLine.unit), joinedload(PlanLine.project))
        .order_by(PlanLine.unit_id, PlanLine.project_id)
    )
    return [
        UnitPlan(unit, tuple(PlanRow(line, paid.get(line.project_id, 0)) for line in of_unit))
        for unit, of_unit in groupby(lines, key=lambda line: line.unit)
    ]


def unexplained(actor: Actor, today: date) -> list[PlanRow]:
    """Lines that the actor answers for: their month is over, less was paid, and nobody said why."""
    statement = (
        visible(sa.select(PlanLine), PlanLine, actor, Action.EXPLAIN_PAYMENT_PLAN)
        .join(PlanLine.plan)
        .where(PaymentPlan.issued_on.is_not(None), PlanLine.explanation == "")
        .where(PaymentPlan.year * 12 + PaymentPlan.month <= today.year * 12 + today.month)
        .options(joinedload(PlanLine.plan), joinedload(PlanLine.project))
        .order_by(PaymentPlan.year, PaymentPlan.month, PlanLine.id)
    )
    rows = []
    for _plan_id, of_plan in groupby(db.session.scalars(statement), key=lambda one: one.plan_id):
        lines = list(of_plan)
        plan = lines[0].plan
        if month_span(plan.year, plan.month)[1] <= today:
            paid = paid_in_month(plan, today)
            rows += [PlanRow(line, paid.get(line.project_id, 0)) for line in lines]
    return [row for row in rows if row.is_behind]


def bulletin_numbers(county_id: int) -> list[str]:
    """The numbers of a county's bulletins in the order of issuing."""
    return list(
        db.session.scalars(
            sa.select(Bulletin.number).filter_by(county_id=county_id).order_by(Bulletin.id)
        )
    )


def letter_numbers(county_id: int) -> list[str]:
    """The numbers of a county's letters, drafts among them, in the order of drafting."""
    return list(
        db.session.scalars(
            sa.select(SupervisionLetter.number)
            .filter_by(county_id=county_id)
            .order_by(SupervisionLetter.id)
        )
    )


def bulletins_within_reach(actor: Actor) -> Sequence[Bulletin]:
    """The bulletins, the latest first."""
    statement = visible(sa.select(Bulletin), Bulletin, actor, Action.VIEW_PACE)
    return db.session.scalars(statement.order_by(Bulletin.id.desc()).limit(MOST_SHOWN)).all()


def letters(actor: Actor) -> Sequence[SupervisionLetter]:
    """The letters within reach, those without an answer first; drafts only for those who issue them."""
    statement = letters_within_reach(sa.select(SupervisionLetter), actor)
    return db.session.scalars(
        statement.options(joinedload(SupervisionLetter.unit))
        .order_by(
            SupervisionLetter.answered_on.is_not(None),
            SupervisionLetter.answer_by_on,
            SupervisionLetter.id,
        )
        .limit(MOST_SHOWN)
    ).all()


def letters_within_reach(
    statement: sa.Select[tuple[SupervisionLetter]], actor: Actor
) -> sa.Select[tuple[SupervisionLetter]]:
    """The statement narrowed to letters that the actor may read: issued ones, or drafts of one's own desk."""
    ids = sa.select(SupervisionLetter.id)
    issued = visible(ids, SupervisionLetter, actor, Action.VIEW_LETTERS)
    drafts = visible(ids, SupervisionLetter, actor, Action.ISSUE_BULLETIN)
    return statement.where(
        sa.or_(
            SupervisionLetter.id.in_(issued) & SupervisionLetter.issued_on.is_not(None),
            SupervisionLetter.id.in_(drafts),
        )
    )


def unanswered(actor: Actor) -> Sequence[SupervisionLetter]:
    """Letters that wait for the actor's answer, the nearest day first."""
    statement = visible(
        sa.select(SupervisionLetter), SupervisionLetter, actor, Action.ANSWER_LETTER
    )
    return db.session.scalars(
        statement.where(
            SupervisionLetter.issued_on.is_not(None), SupervisionLetter.answered_on.is_(None)
        ).order_by(SupervisionLetter.answer_by_on, SupervisionLetter.id)
    ).all()


def people_of(unit_id: int, action: Action) -> Sequence[User]:
    """The active people who hold a duty at the unit that grants the action."""
    return db.session.scalars(
        sa.select(User)
        .join(RoleAssignment, RoleAssignment.user_id == User.id)
        .where(
            RoleAssignment.organization_id == unit_id,
            RoleAssignment.role.in_(roles_with(action)),
            User.active,
        )
        .order_by(User.id)
        .distinct()
    ).all()
