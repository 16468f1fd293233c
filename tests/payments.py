"""Payments for tests: money placed on projects, requests, and the whole way through the gates."""

from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa

from portal.db import db, unit_of_work
from portal.funds.models import FundDocument, Placement
from portal.implementation.models import Contract
from portal.library.models import Project
from portal.payments import operations
from portal.payments.models import Payment, PaymentPart, Posting
from portal.rules.vocabulary import (
    ContractKind,
    PaymentKind,
    PaymentStatus,
    TenderMethod,
)
from portal.rules.workflow import Move
from tests import ledger
from tests.ledger import TODAY, wan
from tests.world import World

CHAIN = (
    "finance_agri",
    "finance_payment",
    "finance_payment2",
    "finance_agri2",
    "finance_payment3",
    "finance_payment4",
)
"""People of the six gates in their order."""


def place(world: World, project: Project, amount: str | int, number: str = "财指〔2023〕1号"):
    """Place an amount in 万元 of a document of its own on the project, approved."""
    document = ledger.add_document(world, number, 10_000)
    batch = ledger.add_batch(world, f"批次{number}")
    ledger.allocate(world, batch, document, project, amount)
    ledger.approve(world, batch)
    return document


def sign(world: World, project: Project, amount: str | int, **facts) -> Contract:
    """A contract of the project's, in 万元."""
    usual = {"kind": ContractKind.WORKS, "contractor": "甲公司", "method": TenderMethod.PUBLIC}
    with unit_of_work(world.actor("lead_office"), "test"):
        contract = Contract(
            county_id=project.county_id,
            project_id=project.id,
            name="施工合同",
            signed_on=date(2023, 3, 1),
            amount=wan(amount),
            recorded_by_id=0,
            **usual | facts,
        )
        db.session.add(contract)
        db.session.flush()
        return contract


def request(
    world: World,
    project: Project,
    parts: Mapping[FundDocument, str | int],
    person: str = "town_reviewer",
    **facts,
) -> Payment:
    """Draft a payment of amounts in 万元 by document."""
    actor = world.actor(person)
    usual = {"kind": PaymentKind.PROGRESS, "payee": "甲公司", "on": TODAY}
    usual["without_contract"] = "零星采购"
    with unit_of_work(actor, "test"):
        return operations.request_payment(
            project,
            parts={document.id: wan(amount) for document, amount in parts.items()},
            actor=actor,
            **usual | facts,
        )


def take(world: World, payment: Payment, move: Move, person: str, **more):
    """One step by one person."""
    actor = world.actor(person)
    with unit_of_work(actor, "test"):
        return operations.take_step(payment, move, actor=actor, **{"on": TODAY} | more)


def approve(world: World, payment: Payment, on: date = TODAY) -> None:
    """The whole way from the draft through six gates."""
    take(world, payment, Move.SUBMIT, "town_reviewer", on=on)
    for person in CHAIN:
        take(world, payment, Move.PASS, person, on=on)


def pay(world: World, payment: Payment, voucher: str = "", paid_on: date = TODAY) -> None:
    """Record the treasury's payment."""
    actor = world.actor("finance_payment")
    with unit_of_work(actor, "test"):
        operations.record_paid(
            payment,
            paid_on=paid_on,
            voucher_number=voucher or f"V-{payment.id}",
            actor=actor,
            on=max(TODAY, paid_on),
        )


def reverse(world: World, payment: Payment, person: str = "finance_payment2", **facts) -> Payment:
    """Take a payment back."""
    actor = world.actor(person)
    usual = {"reason": "退票", "paid_on": TODAY, "on": TODAY}
    with unit_of_work(actor, "test"):
        return operations.reverse(payment, actor=actor, **usual | facts)


def differences() -> list[str]:
    """Placements whose counters are not the sums of the rows they count, or that spend too much."""
    found = []
    for placement in db.session.query(Placement).populate_existing():
        asked = _sum(
            sa.select(sa.func.sum(PaymentPart.amount))
            .join(PaymentPart.payment)
            .where(
                PaymentPart.placement_id == placement.id,
                Payment.status.in_([PaymentStatus.CHECKING, PaymentStatus.APPROVED]),
            )
        )
        paid = _sum(
            sa.select(sa.func.sum(Posting.amount)).where(
                Posting.document_id == placement.document_id,
                Posting.project_id == placement.project_id,
            )
        )
        if (asked, paid) != (placement.requested_amount, placement.paid_amount) or (
            asked + paid > placement.allocated_amount
        ):
            found.append(f"{placement.id}: {asked} {paid} {vars(placement)}")
    return found


def _sum(statement: sa.Select[tuple[int]]) -> int:
    return int(db.session.scalar(statement) or 0)
