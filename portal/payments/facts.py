"""What the flow of a payment needs to know, read from the ledger and from the works."""

from datetime import date

import sqlalchemy as sa

from portal.db import db
from portal.implementation import facts as works
from portal.implementation.models import Contract
from portal.implementation.queries import on_hold
from portal.payments.gates import gate_after
from portal.payments.models import Payment, PaymentPart
from portal.rules.payment_limits import ContractFacts, PaymentFacts, is_final
from portal.rules.vocabulary import PaymentStatus

SPOKEN_FOR = (PaymentStatus.CHECKING, PaymentStatus.APPROVED, PaymentStatus.PAID)


def payment_facts(payment: Payment, on: date, paid_on: date | None = None) -> PaymentFacts:
    """The facts of one payment on the day of a step."""
    project, signed = payment.project, payment.contract
    contract = _contract_facts(signed, payment.id) if signed else None
    final = is_final(payment.kind, payment.amount, contract)
    settled_on = signed.settled_on if signed else None
    return PaymentFacts(
        on=on,
        kind=payment.kind,
        amount=payment.amount,
        payee=payment.payee,
        purpose=payment.purpose,
        held=_held(payment.project_id, paid_on or on),
        needs_contract=works.needs_contract(project.project_type),
        without_contract=payment.without_contract,
        contract=contract,
        notice_problem=works.completion_notice_problem(project, settled_on, on) if final else None,
        more_gates=gate_after(payment) is not None,
        approved_on=payment.approved_on,
        paid_on=paid_on,
    )


def spoken_for(contract_id: int, but_for: int | None = None) -> int:
    """Fen of a contract's payments under way and paid, net of reversals, without one of them."""
    statement = (
        sa.select(sa.func.sum(PaymentPart.amount))
        .join(PaymentPart.payment)
        .where(
            Payment.contract_id == contract_id,
            Payment.status.in_(SPOKEN_FOR),
            Payment.id != (but_for or 0),
        )
    )
    return int(db.session.scalar(statement) or 0)


def last_news(payment: Payment) -> str:
    """Who did what last, for somebody who comes too late; empty for a payment without a step."""
    if not payment.checks:
        return ""
    check = payment.checks[-1]
    return f"{check.actor_name}已于 {check.on} 办理“{check.move.label}”。"


def _contract_facts(contract: Contract, payment_id: int) -> ContractFacts:
    return ContractFacts(
        name=contract.name,
        kind=contract.kind,
        contractor=contract.contractor,
        limit=contract.limit,
        spoken_for=spoken_for(contract.id, but_for=payment_id),
        settled=contract.settlement_amount is not None,
        retention_amount=contract.retention_amount,
        retention_due_on=contract.retention_due_on,
    )


def _held(project_id: int, day: date) -> str:
    change = on_hold([project_id], day).get(project_id)
    if change is None:
        return ""
    return (
        f"项目已于 {change.decided_on} 批准{change.kind.label}，不能申请和支付。"
        "要付款，请先报领导小组批准恢复实施"
    )
