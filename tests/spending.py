"""Money that was spent, for tests: placed on a project of the small county, and paid from there."""

from datetime import date

from portal.db import db, unit_of_work
from portal.funds.models import Placement
from portal.library.models import Project
from portal.payments.models import Payment, PaymentPart
from portal.payments.posting import post
from portal.rules.vocabulary import PaymentKind, PaymentOrigin, PaymentStatus
from tests import ledger
from tests.world import World


def place(
    world: World,
    amount: str | int,
    name: str = "东村道路",
    *,
    approved_on: date = ledger.TODAY,
    township: str | None = "jia",
) -> Project:
    """A project with an approved amount in 万元 of a document of its own."""
    project = ledger.add_project(world, name, amount)
    with unit_of_work(world.actor("lead_office"), "test"):
        project.township_id = world.ids[township] if township else None
    document = ledger.add_document(world, f"财指〔2023〕{project.id}0号", amount)
    batch = ledger.add_batch(world, f"{name}批次")
    ledger.allocate(world, batch, document, project, amount)
    ledger.approve(world, batch, approved_on)
    return project


def pay(world: World, project: Project, amount: str | int, paid_on: date) -> Payment:
    """An amount in 万元 that the treasury's list shows as paid."""
    actor = world.actor("finance_payment")
    with unit_of_work(actor, "test"):
        placement = db.session.query(Placement).filter_by(project_id=project.id).one()
        payment = Payment(
            county_id=project.county_id,
            organization_id=project.organization_id,
            township_id=project.township_id,
            department_id=project.department_id,
            code=f"z-{db.session.query(Payment).count() + 1}",
            project=project,
            kind=PaymentKind.PROGRESS,
            origin=PaymentOrigin.TREASURY,
            status=PaymentStatus.PAID,
            payee="某公司",
            requested_by_id=actor.user_id,
            requested_on=paid_on,
            paid_on=paid_on,
            parts=[
                PaymentPart(
                    county_id=project.county_id, placement=placement, amount=ledger.wan(amount)
                )
            ],
        )
        db.session.add(payment)
        db.session.flush()
        post(payment, paid_on=paid_on, actor=actor, on=paid_on, reserved=False)
        return payment
