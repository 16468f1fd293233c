"""Spending and closing for tests: money that left the treasury, and years that were closed."""

from datetime import date

import sqlalchemy as sa

from portal.closing import operations
from portal.closing.models import YearClosing
from portal.db import db, unit_of_work
from portal.funds.models import FundDocument, Placement
from portal.library.models import Project
from portal.payments import posting
from portal.payments.models import Payment, PaymentPart
from portal.rules.vocabulary import PaymentKind, PaymentOrigin, PaymentStatus
from portal.rules.workflow import Move
from tests import ledger
from tests.world import World

NEW_YEAR = date(2024, 1, 5)


def placement_of(document: FundDocument, project: Project) -> Placement:
    """The counters of a document on a project."""
    statement = sa.select(Placement).filter_by(document_id=document.id, project_id=project.id)
    return db.session.scalars(statement.execution_options(populate_existing=True)).one()


def pay(
    world: World,
    document: FundDocument,
    project: Project,
    amount: str | int,
    paid_on: date,
    *,
    back: bool = False,
) -> Payment:
    """Book an amount in 万元 as the treasury's own list does; ``back``: the money came back."""
    actor = world.actor("finance_payment")
    with unit_of_work(actor, "test"):
        payment = Payment(
            county_id=project.county_id,
            organization_id=project.organization_id,
            code=f"test-{db.session.query(Payment).count() + 1}",
            project=project,
            kind=PaymentKind.PROGRESS,
            origin=PaymentOrigin.TREASURY,
            status=PaymentStatus.PAID,
            payee="某施工队",
            requested_by_id=actor.user_id,
            requested_on=paid_on,
            paid_on=paid_on,
        )
        payment.parts.append(
            PaymentPart(
                county_id=project.county_id,
                placement=placement_of(document, project),
                amount=-ledger.wan(amount) if back else ledger.wan(amount),
            )
        )
        db.session.add(payment)
        db.session.flush()
        posting.post(payment, paid_on=paid_on, actor=actor, on=paid_on, reserved=False)
    return payment


def place(
    world: World,
    document: FundDocument,
    project: Project,
    amount: str | int,
    approved_on: date = ledger.TODAY,
) -> None:
    """Place an amount in 万元 by a batch that is approved on the day."""
    batch = ledger.add_batch(world)
    ledger.allocate(world, batch, document, project, amount)
    ledger.approve(world, batch, approved_on)


def propose(world: World, year: int = 2023, on: date = NEW_YEAR) -> YearClosing:
    """Figure a year as the finance office does."""
    actor = world.actor("finance_agri")
    with unit_of_work(actor, "test"):
        return operations.propose_closing(actor.county_id, year, actor=actor, on=on)


def decide(
    world: World,
    closing: YearClosing,
    move: Move = Move.APPROVE,
    person: str = "approver",
    words: str = "",
    on: date = NEW_YEAR,
) -> None:
    """Decide as the leading group does."""
    actor = world.actor(person)
    with unit_of_work(actor, "test"):
        operations.decide_closing(closing, move, actor=actor, on=on, words=words)


def close(world: World, year: int = 2023, on: date = NEW_YEAR) -> YearClosing:
    """Figure and approve."""
    closing = propose(world, year, on)
    decide(world, closing, on=on)
    return closing


def lines(closing: YearClosing) -> dict[tuple[str, str], tuple[int, int, int, int]]:
    """(document, project) -> opening, added, paid, rest, in fen."""
    return {
        (line.document.short_name, line.project.name if line.project else ""): (
            line.opening_amount,
            line.added_amount,
            line.paid_amount,
            line.rest_amount,
        )
        for line in closing.lines
    }
