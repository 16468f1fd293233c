"""Who sits at which gate of the chain, and whose turn it is."""

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa

from portal.accounts.models import Organization, User
from portal.accounts.queries import people_with
from portal.accounts.scopes import may
from portal.accounts.sessions import actor_of
from portal.db import db, lock
from portal.library.queries import book
from portal.payments.models import GateKeeper, Payment, PaymentCheck
from portal.rules.access import Action, Actor
from portal.rules.broken import RuleBroken
from portal.rules.payment_gates import Gate
from portal.rules.vocabulary import PaymentStatus
from portal.rules.workflow import Move


def gate_named(code: str) -> Gate:
    """The gate with this code.

    Raises:
        RuleBroken: the county's chain has no such gate.
    """
    for gate in book().payment_gates.gates:
        if gate.code == code:
            return gate
    raise RuleBroken("审核环节里没有这一岗，请刷新页面，看现在的环节")


def this_round(payment: Payment) -> list[PaymentCheck]:
    """The steps since the payment last was a draft."""
    returned = [n for n, c in enumerate(payment.checks) if c.to_status is PaymentStatus.DRAFT]
    return payment.checks[returned[-1] + 1 :] if returned else payment.checks


def passed(payment: Payment) -> dict[str, PaymentCheck]:
    """The gates passed in this round by code, with the step that passed them."""
    return {check.gate: check for check in this_round(payment) if check.move is Move.PASS}


def waiting_gate(payment: Payment) -> Gate | None:
    """The gate a payment waits at; None where it waits at none.

    Where the county has taken the gate out of its chain meanwhile, the first one not yet passed counts.
    """
    if payment.status is not PaymentStatus.CHECKING:
        return None
    chain = book().payment_gates
    if payment.gate in chain.codes:
        return gate_named(payment.gate)
    return chain.next_after(passed(payment)) or chain.gates[-1]


def gate_after(payment: Payment) -> Gate | None:
    """The gate that follows the one a payment waits at; None after the last."""
    here = waiting_gate(payment)
    done = {*passed(payment), *([here.code] if here else [])}
    return book().payment_gates.next_after(done)


def sitting_at(gate: Gate, payment: Payment) -> list[User]:
    """Who sits at a gate for this payment: its keepers, or all of its role where it has none."""
    return [
        user
        for user in people_of(gate, payment.county_id)
        if may(actor_of(user), Action.CHECK_PAYMENT, payment)
    ]


def people_of(gate: Gate, county_id: int) -> list[User]:
    """The keepers of a gate who hold its role, or everybody who holds it where there is no such keeper."""
    people = people_with(gate.role, county_id=county_id)
    keepers = keepers_of(county_id).get(gate.code, set())
    return [person for person in people if person.id in keepers] or people


def keepers_of(county_id: int) -> dict[str, set[int]]:
    """The ids of the people who were assigned, by code of gate."""
    found: dict[str, set[int]] = {}
    for keeper in db.session.scalars(sa.select(GateKeeper).filter_by(county_id=county_id)):
        found.setdefault(keeper.gate, set()).add(keeper.user_id)
    return found


def took_part(payment: Payment) -> frozenset[int]:
    """Who asked for the money, or passed a gate in this round: they pass no further one."""
    if not book().payment_gates.different_people:
        return frozenset()
    asked = {check.actor_id for check in payment.checks if check.move is Move.SUBMIT}
    return frozenset(
        {payment.requested_by_id} | asked | {check.actor_id for check in passed(payment).values()}
    )


def gate_problem(payment: Payment, move: Move, actor: Actor) -> str | None:
    """Why this person may not pass, or return, a payment at the gate it waits at; None when they may.

    The refusal names those who may.
    """
    gate = waiting_gate(payment)
    if gate is None:
        return None
    seated = sitting_at(gate, payment)
    early = took_part(payment) if move is Move.PASS else frozenset()
    if actor.user_id in {user.id for user in seated} - early:
        return None
    free = "、".join(user.name for user in seated if user.id not in early)
    whom = f"请交给{free}" if free else "没有别人可以办理，请系统管理员在“审核岗位”里安排人员"
    if actor.user_id in early:
        return f"您申请过这笔支付或办理过本轮的前一环节，“{gate.label}”要由另一人审核。{whom}"
    return f"“{gate.label}”不由您审核。{whom}"


def my_gates(actor: Actor) -> list[str]:
    """The codes of the gates at which this person sits."""
    return [
        gate.code
        for gate in book().payment_gates.gates
        if gate.role in actor.roles
        and actor.user_id in {user.id for user in people_of(gate, actor.county_id)}
    ]


def assign_keepers(gate: Gate, user_ids: Collection[int], *, actor: Actor) -> None:
    """Set who sits at a gate of the actor's county; nobody means everybody of the gate's role.

    Raises:
        RuleBroken: somebody does not hold the role of the gate.
    """
    lock(Organization, [actor.county_id])
    able = {user.id for user in people_with(gate.role, county_id=actor.county_id)}
    if set(user_ids) - able:
        raise RuleBroken(
            f"“{gate.label}”的人员要有“{gate.role.label}”岗位，请先在账号里分配岗位", field="people"
        )
    rows = db.session.scalars(
        sa.select(GateKeeper).filter_by(county_id=actor.county_id, gate=gate.code)
    ).all()
    for row in rows:
        if row.user_id not in user_ids:
            db.session.delete(row)
    for user_id in sorted(set(user_ids) - {row.user_id for row in rows}):
        db.session.add(GateKeeper(county_id=actor.county_id, gate=gate.code, user_id=user_id))
    db.session.flush()


def waiting_since(payment: Payment) -> date | None:
    """The day on which the payment came to where it waits now."""
    return payment.checks[-1].on if payment.checks else None
