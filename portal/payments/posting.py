"""The ledger of paid money: asking for, giving back and posting, always under the placements' locks."""

from collections.abc import Mapping
from datetime import date

from portal.db import db, lock
from portal.funds.closed import refuse_closed_day
from portal.funds.models import Placement
from portal.payments.models import Payment, Posting
from portal.rules import money
from portal.rules.access import Actor
from portal.rules.broken import RuleBroken


def reserve(payment: Payment) -> None:
    """Keep the parts of a request aside, so that nobody else can ask for the same money.

    Raises:
        RuleBroken: a part is above what its document still has for the project.
    """
    for placement, amount in _locked(payment):
        if amount > placement.rest:
            raise RuleBroken(_too_much(placement, amount), field="parts")
        placement.requested_amount += amount
    db.session.flush()


def release(payment: Payment) -> None:
    """Give back what :func:`reserve` kept aside: the request went back to its draft or was given up."""
    for placement, amount in _locked(payment):
        placement.requested_amount -= amount
    db.session.flush()


def post(payment: Payment, *, paid_on: date, actor: Actor, on: date, reserved: bool) -> None:
    """Write one posting per part: the money has left the treasury, or (negative parts) has come back.

    ``reserved`` says that the parts were kept aside by a request.

    Raises:
        RuleBroken: a part is above what the project still has, or brings back more than was paid, or the
            day lies in a closed year.
    """
    parts = _locked(payment)
    refuse_closed_day(payment.county_id, paid_on, word="支付日期", field="paid_on")
    for placement, amount in parts:
        if reserved:
            placement.requested_amount -= amount
        if amount > placement.rest:
            raise RuleBroken(_too_much(placement, amount), field="parts")
        if placement.paid_amount + amount < 0:
            raise RuleBroken(
                f"不能冲销：“{placement.project.name}”从文件“{placement.document.short_name}”只付过 "
                f"{money.wan_exact(placement.paid_amount)} 万元，要冲销 {money.wan_exact(-amount)} 万元"
            )
        placement.paid_amount += amount
        db.session.add(
            Posting(
                county_id=payment.county_id,
                payment=payment,
                document_id=placement.document_id,
                project_id=placement.project_id,
                fund_year=placement.document.year,
                paid_on=paid_on,
                amount=amount,
                posted_by_id=actor.user_id,
                posted_on=on,
            )
        )
    db.session.flush()


def _locked(payment: Payment) -> list[tuple[Placement, int]]:
    """The placements of a payment with the fen it takes of each, locked in the order of their ids."""
    amounts: Mapping[int, int] = {
        part.placement_id or part.placement.id: part.amount for part in payment.parts
    }
    found = lock(Placement, sorted(amounts))
    return [(placement, amounts[placement.id]) for placement in found]


def _too_much(placement: Placement, amount: int) -> str:
    given, paid, asked, rest = (
        money.wan_exact(fen)
        for fen in (
            placement.allocated_amount,
            placement.paid_amount,
            placement.requested_amount,
            placement.rest,
        )
    )
    return (
        f"不能支付：文件“{placement.document.short_name}”安排给该项目 {given} 万元，已付 {paid} 万元，"
        f"在途 {asked} 万元，还可申请 {rest} 万元，本次 {money.wan_exact(amount)} 万元。"
        f"请减少 {money.wan_exact(amount - placement.rest)} 万元，或换一份文件"
    )
