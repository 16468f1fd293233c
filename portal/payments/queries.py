"""Reads on payments. Paid money is a sum of postings, which are the ledger, and never of anything else."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import joinedload

from portal.accounts.scopes import may, visible
from portal.db import db
from portal.funds.models import Placement
from portal.implementation.models import Contract
from portal.implementation.queries import contracts_of
from portal.library.models import Project
from portal.library.queries import book
from portal.payments.facts import payment_facts, spoken_for
from portal.payments.gates import (
    gate_problem,
    my_gates,
    passed,
    sitting_at,
    took_part,
    waiting_gate,
)
from portal.payments.models import Payment, PaymentCheck, Posting
from portal.rules.access import Action, Actor, holds
from portal.rules.deadlines import Deadline, evaluate
from portal.rules.payment_flow import FLOW
from portal.rules.payment_gates import Gate
from portal.rules.payment_limits import PaymentFacts
from portal.rules.vocabulary import PaymentOrigin, PaymentStatus
from portal.rules.workflow import Move, Step, steps_from

CLOCK_RULE = "payment_after_approval"
PAGE_SIZE = 50
MOST_TASKS = 12


@dataclass(frozen=True)
class GateMark:
    """One gate on the strip of a payment: passed by somebody, waiting for ``people``, or still to come."""

    gate: Gate
    check: PaymentCheck | None
    is_here: bool
    people: tuple[str, ...] = ()


@dataclass(frozen=True)
class ContractRoom:
    """A contract with the fen that its payments, asked for or paid, have used of its limit."""

    contract: Contract
    used: int

    @property
    def rest(self) -> int:
        """What may still be asked for."""
        return self.contract.limit - self.used


def paid_of_projects(project_ids: Collection[int], day: date) -> dict[int, int]:
    """Fen paid to each project by ``day``, net of reversals; a project without a posting is missing."""
    return _whole_fen(
        sa.select(Posting.project_id, sa.func.sum(Posting.amount))
        .where(Posting.project_id.in_(project_ids), Posting.paid_on <= day)
        .group_by(Posting.project_id)
    )


def paid_of_contracts(contract_ids: Collection[int]) -> dict[int, int]:
    """Fen paid on each contract, net of reversals; a contract without a payment is missing."""
    statement = (
        sa.select(Payment.contract_id, sa.func.sum(Posting.amount))
        .join(Posting.payment)
        .where(Payment.contract_id.in_(contract_ids))
        .group_by(Payment.contract_id)
    )
    return _whole_fen(statement)


def sources_of(project_id: int) -> list[Placement]:
    """What approved batches placed on a project, by document."""
    statement = (
        sa.select(Placement)
        .where(Placement.project_id == project_id)
        .options(joinedload(Placement.document))
        .order_by(Placement.document_id)
    )
    return list(db.session.scalars(statement))


def contract_rooms(project_id: int) -> list[ContractRoom]:
    """The contracts of a project and what is left of them."""
    contracts = contracts_of([project_id]).get(project_id, [])
    return [ContractRoom(contract, spoken_for(contract.id)) for contract in contracts]


def payable(actor: Actor, q: str) -> list[tuple[Project, int]]:
    """Projects with the fen that may still be asked for, for whoever asks; the largest rest first."""
    rest = sa.func.sum(
        Placement.allocated_amount - Placement.requested_amount - Placement.paid_amount
    )
    statement = (
        visible(sa.select(Project, rest), Project, actor, Action.REQUEST_PAYMENT)
        .join(Placement, Placement.project_id == Project.id)
        .group_by(Project.id)
        .having(rest > 0)
        .order_by(rest.desc(), Project.id)
        .limit(PAGE_SIZE)
    )
    if q:
        statement = statement.where(
            sa.or_(
                Project.name.contains(q, autoescape=True), Project.code.contains(q, autoescape=True)
            )
        )
    return [(project, int(fen)) for project, fen in db.session.execute(statement).tuples()]


def gate_strip(payment: Payment) -> list[GateMark]:
    """Every gate of the chain, as it stands for this payment."""
    done, here = passed(payment), waiting_gate(payment)
    return [
        GateMark(
            gate,
            check=done.get(gate.code),
            is_here=gate == here,
            people=_may_pass(gate, payment) if gate == here else (),
        )
        for gate in book().payment_gates.gates
    ]


def open_steps(payment: Payment, actor: Actor, on: date) -> list[Step[PaymentFacts]]:
    """The steps that this person may take now, one button each; the payment has a form of its own."""
    return [
        step
        for step in steps_from(FLOW, payment.status, payment_facts(payment, on))
        if step.move is not Move.PAY
        and may(actor, step.by, payment)
        and (step.by is not Action.CHECK_PAYMENT or not gate_problem(payment, step.move, actor))
    ]


def may_reverse(payment: Payment, actor: Actor) -> bool:
    """Whether this person may take the payment back: it is paid, stands, and another one recorded it."""
    return (
        payment.status is PaymentStatus.PAID
        and payment.origin is not PaymentOrigin.REVERSAL
        and payment.recorded_by_id != actor.user_id
        and may(actor, Action.RECORD_PAYMENT, payment)
        and reversal_of(payment) is None
    )


def reversal_of(payment: Payment) -> Payment | None:
    """The counter-entry of a payment; None while it stands."""
    return db.session.scalar(sa.select(Payment).filter_by(reverses_id=payment.id))


def payment_clock(payment: Payment, today: date) -> Deadline | None:
    """The days from the last gate to the treasury (D4); None before, or where the book has no such rule."""
    rules = current_app.extensions["book"]
    rule = rules.deadlines.get(CLOCK_RULE)
    facts = {"approved_on": payment.approved_on, "paid_on": payment.paid_on}
    return rule and evaluate(rule, facts, today, rules.holidays)


def at_my_gates(actor: Actor) -> list[Payment]:
    """Payments that wait for this person's check, the oldest first."""
    if not holds(actor, Action.CHECK_PAYMENT):
        return []
    chain, mine = book().payment_gates.codes, my_gates(actor)
    statement = visible(sa.select(Payment), Payment, actor, Action.CHECK_PAYMENT)
    found = db.session.scalars(
        statement.where(
            Payment.status == PaymentStatus.CHECKING,
            sa.or_(Payment.gate.in_(mine), Payment.gate.not_in(chain)),
        ).order_by(Payment.id)
    )
    waiting = (payment for payment in found if not gate_problem(payment, Move.PASS, actor))
    return [payment for payment, _place in zip(waiting, range(MOST_TASKS), strict=False)]


def to_be_paid(actor: Actor) -> list[Payment]:
    """Payments that passed the last gate, for whoever records them, the oldest first."""
    return _tasks(actor, Action.RECORD_PAYMENT, Payment.status == PaymentStatus.APPROVED)


def my_drafts(actor: Actor) -> list[Payment]:
    """This person's own drafts, new or come back, the oldest first."""
    mine = sa.and_(Payment.status == PaymentStatus.DRAFT, Payment.requested_by_id == actor.user_id)
    return _tasks(actor, Action.REQUEST_PAYMENT, mine)


def _tasks(actor: Actor, action: Action, condition: sa.ColumnElement[bool]) -> list[Payment]:
    if not holds(actor, action):
        return []
    statement = visible(sa.select(Payment), Payment, actor, action)
    return list(
        db.session.scalars(statement.where(condition).order_by(Payment.id).limit(MOST_TASKS))
    )


def _may_pass(gate: Gate, payment: Payment) -> tuple[str, ...]:
    early = took_part(payment)
    return tuple(user.name for user in sitting_at(gate, payment) if user.id not in early)


def _whole_fen(statement: sa.Select[Any]) -> dict[int, int]:
    """PostgreSQL adds big integers to a decimal; fen are whole."""
    return {row_id: int(amount) for row_id, amount in db.session.execute(statement).tuples()}
