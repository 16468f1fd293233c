"""What a line of the treasury's list may mean: the payments and placements that fit it, the best first."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from portal.db import db
from portal.funds.models import FundDocument, Placement
from portal.funds.papers import tidy_number
from portal.library.models import Project
from portal.payments.models import Payment, TreasuryLine, TreasuryList
from portal.rules.money import wan_exact
from portal.rules.vocabulary import PaymentStatus
from portal.spreadsheets.cells import narrow

NOT_BOOKED = "none"
MOST_PLACES = 50


@dataclass(frozen=True)
class Choice:
    """One meaning of a line: ``value`` in the form, and the words people read."""

    value: str
    label: str


@dataclass(frozen=True)
class Match:
    """A line with what it may mean; ``chosen`` is the decision, before that the one clear proposal."""

    line: TreasuryLine
    payments: tuple[Choice, ...]
    places: tuple[Choice, ...]
    chosen: str
    booked: bool


def matches(uploaded: TreasuryList, lines: Sequence[TreasuryLine]) -> list[Match]:
    """The lines of a list that is not booked yet, each with its choices."""
    approved = _approved(uploaded.county_id)
    booked = _booked(uploaded.county_id, {line.voucher_number for line in lines})
    places = _places(uploaded.county_id)
    taken = {line.payment_id for line in uploaded.lines if line.payment_id}
    return [_match(line, approved, booked, places, taken) for line in lines]


def _match(
    line: TreasuryLine,
    approved: Sequence[Payment],
    booked: dict[str, Payment],
    places: Sequence[Placement],
    taken: set[int],
) -> Match:
    known = booked.get(line.voucher_number)
    if known and known.amount == line.amount:
        choice = Choice(f"payment-{known.id}", f"已入账：{_words(known)}")
        return Match(line, (choice,), (), choice.value, booked=True)
    same = [one for one in approved if one.amount == line.amount]
    near = [one for one in same if _is_near(line, one)]
    ordered = [*near, *(one for one in same if one not in near)]
    payments = tuple(Choice(f"payment-{one.id}", _words(one)) for one in ordered)
    offered = tuple(Choice(f"placement-{one.id}", _place_words(one)) for one in _fit(line, places))
    free = [one for one in near if one.id not in taken]
    proposed = f"payment-{free[0].id}" if len(free) == 1 else ""
    return Match(line, payments, offered, _decided(line) or proposed, booked=False)


def _decided(line: TreasuryLine) -> str:
    if line.payment_id:
        return f"payment-{line.payment_id}"
    if line.placement_id:
        return f"placement-{line.placement_id}"
    return NOT_BOOKED if line.passed_over else ""


def _is_near(line: TreasuryLine, payment: Payment) -> bool:
    return narrow(line.payee) == narrow(payment.payee) or _names_project(line, payment.project)


def _names_project(line: TreasuryLine, project: Project) -> bool:
    return bool(line.project_name) and narrow(line.project_name) == narrow(project.name)


def _fit(line: TreasuryLine, places: Sequence[Placement]) -> list[Placement]:
    """Placements with enough money, those that the line names first; without a name all are offered."""
    able = [one for one in places if one.rest >= line.amount]
    number = tidy_number(line.document_number)
    named = [one for one in able if _names_project(line, one.project)]
    of_document = [one for one in able if number and one.document.number == number]
    both = [one for one in named if one in of_document]
    return (both or named or of_document or able)[:MOST_PLACES]


def _approved(county_id: int) -> Sequence[Payment]:
    statement = (
        sa.select(Payment)
        .filter_by(county_id=county_id, status=PaymentStatus.APPROVED)
        .options(joinedload(Payment.project), selectinload(Payment.parts))
        .order_by(Payment.approved_on, Payment.id)
    )
    return db.session.scalars(statement).all()


def _booked(county_id: int, vouchers: set[str]) -> dict[str, Payment]:
    statement = (
        sa.select(Payment)
        .filter_by(county_id=county_id, status=PaymentStatus.PAID)
        .where(Payment.voucher_number.in_(vouchers))
        .options(joinedload(Payment.project), selectinload(Payment.parts))
    )
    return {payment.voucher_number: payment for payment in db.session.scalars(statement)}


def _places(county_id: int) -> Sequence[Placement]:
    used = Placement.requested_amount + Placement.paid_amount
    statement = (
        sa.select(Placement)
        .join(Placement.project)
        .join(Placement.document)
        .where(Placement.county_id == county_id, Placement.allocated_amount > used)
        .options(joinedload(Placement.project), joinedload(Placement.document))
        .order_by(Project.name, FundDocument.id)
    )
    return db.session.scalars(statement).all()


def _words(payment: Payment) -> str:
    return f"{payment.project.name}，{payment.payee}（{payment.code}）"


def _place_words(placement: Placement) -> str:
    rest = wan_exact(placement.rest)
    return f"{placement.project.name}，{placement.document.short_name}（可付 {rest} 万元）"
