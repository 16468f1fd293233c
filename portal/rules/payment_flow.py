"""The flow of a payment: asked for, checked gate by gate, paid by the treasury (P4, F11)."""

from portal.rules.access import Action
from portal.rules.payment_limits import (
    PaymentFacts,
    day_in_order,
    has_amount,
    has_contract,
    is_settled,
    leaves_retention,
    names_contract,
    not_on_hold,
    notice_over,
    right_payee,
    within_contract,
)
from portal.rules.vocabulary import PaymentStatus as S
from portal.rules.workflow import Move, Step, Words


def more_gates(facts: PaymentFacts) -> bool:
    """Whether another gate follows the one at which the payment waits."""
    return facts.more_gates


def last_gate(facts: PaymentFacts) -> bool:
    """Whether the payment waits at the last gate of the chain."""
    return not facts.more_gates


FLOW: tuple[Step[PaymentFacts], ...] = (
    Step(
        Move.SUBMIT,
        (S.DRAFT,),
        S.CHECKING,
        by=Action.REQUEST_PAYMENT,
        needs=(
            has_amount,
            not_on_hold,
            has_contract,
            names_contract,
            right_payee,
            within_contract,
            leaves_retention,
            is_settled,
            notice_over,
        ),
    ),
    Step(Move.WITHDRAW, (S.CHECKING,), S.DRAFT, by=Action.REQUEST_PAYMENT),
    Step(Move.PASS, (S.CHECKING,), S.CHECKING, by=Action.CHECK_PAYMENT, when=more_gates),
    Step(Move.PASS, (S.CHECKING,), S.APPROVED, by=Action.CHECK_PAYMENT, when=last_gate),
    Step(Move.RETURN, (S.CHECKING,), S.DRAFT, by=Action.CHECK_PAYMENT, words=Words.REASON),
    Step(Move.RETURN, (S.APPROVED,), S.DRAFT, by=Action.RECORD_PAYMENT, words=Words.REASON),
    Step(
        Move.PAY,
        (S.APPROVED,),
        S.PAID,
        by=Action.RECORD_PAYMENT,
        needs=(not_on_hold, within_contract, leaves_retention, notice_over, day_in_order),
    ),
    Step(Move.VOID, (S.DRAFT,), S.VOIDED, by=Action.REQUEST_PAYMENT, words=Words.REASON),
)
