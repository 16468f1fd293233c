"""Everything that moves money, by the real operations and chosen by numbers: for tests at random.

A number says which of the rows that are there is meant; where there is none, :class:`Nothing` is raised.
"""

import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from portal.closing import operations as closing
from portal.closing import returning
from portal.closing.models import YearClosing
from portal.closing.queries import next_year
from portal.db import Base, db
from portal.funds import adjusting, allocating, operations
from portal.funds.models import Allocation, AllocationBatch, FundDocument, Placement
from portal.implementation import contracting
from portal.implementation.models import Contract, Execution
from portal.library.models import Project
from portal.payments import gates, treasury
from portal.payments import operations as payments
from portal.payments.models import Payment, Posting, TreasuryLine, TreasuryList
from portal.rules.access import Actor
from portal.rules.vocabulary import (
    BatchStatus,
    ClosingStatus,
    ContractKind,
    FundingTier,
    PaymentKind,
    PaymentStatus,
    ProjectStatus,
    TenderMethod,
)
from portal.rules.workflow import Move
from tests import ledger
from tests.world import World

TIERS = (FundingTier.CENTRAL, FundingTier.PROVINCIAL, FundingTier.COUNTY)
SEATS = {
    "poverty_office": "finance_agri",
    "follow_up": "finance_payment",
    "payment_center": "finance_payment2",
    "town_finance": "finance_agri2",
    "deputy_head": "finance_payment3",
    "head": "finance_payment4",
}


class Nothing(Exception):
    """There is no row to do this with."""


class Office:
    """The county's people on one day; ``unit`` opens what each operation happens in."""

    def __init__(
        self, world: World, unit: Callable[[Actor], AbstractContextManager[Any]], today: date
    ) -> None:
        self.world, self.unit, self.today = world, unit, today
        self.actor = cache(world.actor)

    def pick(self, model: type[Base], number: int, *conditions: Any) -> Any:
        """The row that the number means."""
        key = sa.inspect(model).primary_key[0]
        ids = db.session.scalars(sa.select(key).where(*conditions).order_by(key)).all()
        if not ids:
            raise Nothing
        return db.session.get_one(model, ids[number % len(ids)])

    def by(self, person: str, operation: Callable[..., Any], *facts: Any, **more: Any) -> Any:
        """One operation by one person."""
        actor = self.actor(person)
        with self.unit(actor):
            return operation(*facts, actor=actor, **more)

    def register(self, n: int, _m: int, amount: int) -> None:
        """A document of this year or the last."""
        paper = ledger.paper(
            None,
            tier=TIERS[n % 3],
            year=self.today.year - n // 3 % 2,
            received_on=self.today - timedelta(n % 20),
        )
        paper = type(paper)(**vars(paper) | {"amount": amount})
        self.by("finance_agri", operations.register_document, paper, on=self.today)

    def admit(self, n: int, m: int, amount: int) -> None:
        """Another project of the library."""
        ids = self.world.ids
        with self.unit(self.actor("lead_office")):
            db.session.add(
                Project(
                    county_id=ids["county"],
                    organization_id=ids["dong"],
                    township_id=ids["jia"],
                    department_id=ids["rural"],
                    code=f"county-{secrets.token_hex(6)}",
                    year=2023,
                    name=f"项目{n}-{m}",
                    status=ProjectStatus.ADMITTED,
                    central_amount=amount,
                    created_by_id=0,
                    created_on=self.today,
                )
            )
            db.session.flush()

    def draft(self, n: int, _m: int, _amount: int) -> None:
        """A batch, or an adjustment."""
        reason = "项目资金有结余" if n % 2 else ""
        self.by("finance_agri", operations.draft_batch, f"批次{n}", reason=reason)

    def allocate(self, n: int, m: int, amount: int) -> None:
        batch = self.pick(AllocationBatch, n, AllocationBatch.status == BatchStatus.DRAFT)
        document, project = self.pick(FundDocument, m), self.pick(Project, n + m)
        self.by("finance_agri", allocating.allocate, batch, document, project, amount=amount)

    def change_line(self, n: int, m: int, amount: int) -> None:
        line = self._line(n, BatchStatus.DRAFT)
        if m % 3:
            self.by("finance_agri", allocating.change_line, line, amount=amount)
        else:
            with self.unit(self.actor("finance_agri")):
                allocating.void_line(line)

    def take_back(self, n: int, m: int, amount: int) -> None:
        batch = self.pick(
            AllocationBatch,
            n,
            AllocationBatch.status == BatchStatus.DRAFT,
            AllocationBatch.reason != "",
        )
        line = self._line(m, BatchStatus.APPROVED)
        self.by("finance_agri", adjusting.take_back, batch, line, amount=amount)

    def hand_in(self, n: int, m: int, _amount: int) -> None:
        """Fill in the approval and submit; or withdraw, or give up."""
        batch = self.pick(
            AllocationBatch,
            n,
            AllocationBatch.status.in_([BatchStatus.DRAFT, BatchStatus.SUBMITTED]),
        )
        move = (Move.SUBMIT, Move.SUBMIT, Move.SUBMIT, Move.WITHDRAW, Move.VOID)[m % 5]
        actor = self.actor("finance_agri")
        with self.unit(actor):
            if move is Move.SUBMIT:
                operations.edit_batch(
                    batch,
                    title=batch.title,
                    approval_number="县政批〔2023〕1号",
                    approved_on=self.today - timedelta(m % 30),
                    approved_by="县人民政府",
                    minutes_number="纪要〔2023〕1号",
                    on=self.today,
                )
            operations.take_step(batch, move, actor=actor, on=self.today, words="理由")

    def decide(self, n: int, m: int, _amount: int) -> None:
        batch = self.pick(AllocationBatch, n, AllocationBatch.status == BatchStatus.SUBMITTED)
        move = Move.APPROVE if m % 4 else Move.RETURN
        self.by("approver", operations.take_step, batch, move, on=self.today, words="理由")

    def sign(self, n: int, m: int, amount: int) -> None:
        """A contract, or its settlement."""
        if m % 3:
            self.by(
                "lead_office",
                contracting.add_contract,
                self.pick(Project, n),
                self._paper(amount),
                on=self.today,
            )
            return
        self.by(
            "lead_office",
            contracting.settle_contract,
            self.pick(Contract, n),
            amount=amount,
            settled_on=self.today,
            settled_by="审计局",
            retention_amount=0,
            retention_due_on=None,
            on=self.today,
        )

    def request(self, n: int, m: int, amount: int) -> None:
        """Ask for money of one or two documents, on a contract where there is one."""
        project = self.pick(Placement, n).project
        contract = db.session.scalar(sa.select(Contract).filter_by(project_id=project.id).limit(1))
        documents = {m: amount, m + 1: amount // 2} if m % 2 else {m: amount}
        parts = {self.pick(FundDocument, key).id: fen for key, fen in documents.items()}
        self.by(
            "lead_office",
            payments.request_payment,
            project,
            kind=PaymentKind.PROGRESS,
            parts=parts,
            payee="某施工队",
            purpose="进度款",
            contract=contract,
            without_contract="" if contract else "村民自建",
            on=self.today,
        )

    def submit(self, n: int, _m: int, _amount: int) -> None:
        payment = self._payment(n, PaymentStatus.DRAFT)
        self.by("lead_office", payments.take_step, payment, Move.SUBMIT, on=self.today)

    def check(self, n: int, m: int, _amount: int) -> None:
        """Pass all gates that are left, or one of them, or return at one."""
        payment = self._payment(n, PaymentStatus.CHECKING)
        for _gate in range(1 if m % 3 == 1 else 6):
            gate = gates.waiting_gate(payment)
            if gate is None:
                return
            move = Move.RETURN if m % 7 == 0 else Move.PASS
            self.by(
                SEATS[gate.code], payments.take_step, payment, move, on=self.today, words="理由"
            )

    def pay(self, n: int, m: int, _amount: int) -> None:
        payment = self._payment(n, PaymentStatus.APPROVED)
        self.by(
            "finance_payment",
            payments.record_paid,
            payment,
            paid_on=self.today - timedelta(m % 15),
            voucher_number=f"凭证{payment.id}-{m}",
            on=self.today,
        )

    def reverse(self, n: int, m: int, _amount: int) -> None:
        payment = self._payment(n, PaymentStatus.PAID)
        day = self.today - timedelta(m % 15)
        self.by(
            "finance_payment2", payments.reverse, payment, reason="退票", paid_on=day, on=self.today
        )

    def book(self, n: int, m: int, amount: int) -> None:
        """A line of the treasury's list that nobody asked for in the portal."""
        place, actor = self.pick(Placement, n), self.actor("finance_payment")
        with self.unit(actor):
            of_county = {"county_id": place.county_id}
            uploaded = TreasuryList(
                **of_county,
                filename="国库.csv",
                sha256=secrets.token_hex(32),
                uploaded_by_id=actor.user_id,
                uploaded_on=self.today,
            )
            line = TreasuryLine(
                **of_county,
                number=1,
                paid_on=self.today - timedelta(m % 15),
                voucher_number=secrets.token_hex(6),
                payee="某施工队",
                amount=amount,
            )
            uploaded.lines.append(line)
            db.session.add(uploaded)
            db.session.flush()
            treasury.decide(uploaded, {line.id: treasury.Decision(placement_id=place.id)})
            treasury.book(uploaded, actor=actor, on=self.today)

    def finish(self, n: int, _m: int, _amount: int) -> None:
        """The works of a project are done."""
        project = self.pick(Placement, n).project
        with self.unit(self.actor("lead_office")):
            row = db.session.scalar(sa.select(Execution).filter_by(project_id=project.id))
            row = row or Execution(
                county_id=project.county_id, project_id=project.id, recorded_by_id=0
            )
            row.finished_on = self.today
            db.session.add(row)
            db.session.flush()

    def give_back(self, n: int, m: int, _amount: int) -> None:
        """Propose that a surplus goes back, or to another project."""
        choices = {self.pick(Placement, n).id: self.pick(Project, m) if m % 2 else None}
        self.by("finance_agri", returning.propose_return, choices, reason="结余", on=self.today)

    def close(self, n: int, m: int, _amount: int) -> None:
        """Figure the next year, or decide on what is figured."""
        proposed = db.session.scalar(
            sa.select(YearClosing).filter_by(status=ClosingStatus.SUBMITTED)
        )
        county_id = self.actor("finance_agri").county_id
        if proposed is None:
            year = (next_year(county_id) or 2023) + (n % 5 == 0)
            self.by("finance_agri", closing.propose_closing, county_id, year, on=self.today)
            return
        move = Move.APPROVE if m % 4 else Move.REJECT
        self.by("approver", closing.decide_closing, proposed, move, on=self.today, words="理由")

    def _line(self, number: int, status: BatchStatus) -> Allocation:
        batches = sa.select(AllocationBatch.id).where(AllocationBatch.status == status)
        found: Allocation = self.pick(Allocation, number, Allocation.batch_id.in_(batches))
        return found

    def _payment(self, number: int, status: PaymentStatus) -> Payment:
        found: Payment = self.pick(Payment, number, Payment.status == status)
        return found

    def _paper(self, amount: int) -> contracting.ContractPaper:
        return contracting.ContractPaper(
            kind=ContractKind.WORKS,
            name="施工合同",
            contractor="某施工队",
            method=TenderMethod.PUBLIC,
            signed_on=self.today,
            amount=amount,
        )


DEEDS = (
    Office.register, Office.admit, Office.draft, Office.allocate, Office.change_line,
    Office.take_back, Office.hand_in, Office.decide, Office.sign, Office.request, Office.submit,
    Office.check, Office.pay, Office.reverse, Office.book, Office.finish, Office.give_back,
    Office.close,
)  # fmt: skip


def disorder() -> list[str]:
    """Where paid ≤ allocated ≤ received is broken, added up row by row without the portal's queries."""
    allocated = _added_up(
        line
        for line in _all(Allocation)
        if line.batch.status is BatchStatus.APPROVED and not line.void
    )
    paid, received = _added_up(_all(Posting)), _received()
    found = [
        f"{key}: {paid[key]} paid, {allocated[key]} allocated, {received[key]} received"
        for key in {*allocated, *paid}
        if not paid[key] <= allocated[key] <= received.get(key, allocated[key])
    ]
    for place in _all(Placement):
        key = ("place", place.document_id, place.project_id)
        if (place.paid_amount, place.allocated_amount) != (paid[key], allocated[key]):
            found.append(f"{key}: counters {place.paid_amount} {place.allocated_amount}")
    return found


def _received() -> dict[Any, int]:
    received = defaultdict[Any, int](int)
    for document in _all(FundDocument):
        received["document", document.id] = document.amount
        received["purse", document.tier, document.year] += document.amount
    for project in _all(Project):
        received["project", project.id] = project.budget
    return received


def _added_up(rows: Iterable[Any]) -> dict[Any, int]:
    """The money of rows by document, by tier and year, by project, and by document and project."""
    sums = defaultdict[Any, int](int)
    for row in rows:
        for key in (
            ("document", row.document_id),
            ("purse", row.document.tier, row.document.year),
            ("project", row.project_id),
            ("place", row.document_id, row.project_id),
        ):
            sums[key] += row.amount
    return sums


def _all(model: type[Base]) -> list[Any]:
    return db.session.query(model).populate_existing().all()
