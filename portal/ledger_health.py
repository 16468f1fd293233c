"""What ``verify`` checks of the ledger: every counter against its rows, every limit, every closing."""

import hashlib
from collections.abc import Iterator

import sqlalchemy as sa

from portal.closing.figures import Key, figures, moved, stored
from portal.closing.models import CarryOver, YearClosing
from portal.db import db
from portal.funds.counting import held
from portal.funds.models import Allocation, AllocationBatch, FundDocument, Placement
from portal.implementation.models import Contract
from portal.library.models import Project
from portal.pace.models import Snapshot
from portal.payments.models import Payment, PaymentPart, Posting
from portal.performance.models import Assessment
from portal.rules import money
from portal.rules.vocabulary import BatchStatus, ClosingStatus, PaymentStatus
from portal.supervision.models import Bulletin

Pair = tuple[int, int]
UNDER_WAY = (PaymentStatus.CHECKING, PaymentStatus.APPROVED)
_APPROVED = (~Allocation.void, AllocationBatch.status == BatchStatus.APPROVED)


def ledger_problems() -> Iterator[str]:
    """Counters against their rows, and rows against the limits they must keep, each broken one named."""
    yield from _document_counters()
    yield from _placement_counters()
    yield from _payments()
    yield from _received_allocated_paid()
    yield from _projects()
    yield from _contracts()
    yield from _closings()
    yield from _frozen()


def _document_counters() -> Iterator[str]:
    documents = db.session.execute(
        sa.select(FundDocument.id, FundDocument.code, FundDocument.arranged_amount)
    ).all()
    counted = held([Allocation.document_id])
    for document_id, code, counter in documents:
        total = counted.get((document_id,), 0)
        if counter != total:
            yield f"fund document {code}: {_against(counter, total)}"


def _placement_counters() -> Iterator[str]:
    counters = db.session.execute(
        sa.select(
            Placement.document_id,
            Placement.project_id,
            Placement.allocated_amount,
            Placement.requested_amount,
            Placement.paid_amount,
        )
    ).tuples()
    kept = {(document, project): fen for document, project, *fen in counters}
    rows = (_allocated(), _requested(), _paid())
    for pair in sorted(set(kept).union(*rows)):
        for word, counter, sums in zip(
            ("allocated", "requested", "paid"), kept.get(pair, (0, 0, 0)), rows, strict=True
        ):
            if counter != sums.get(pair, 0):
                yield f"{_name(pair)}, {word}: {_against(counter, sums.get(pair, 0))}"


def _allocated() -> dict[Pair, int]:
    amount = sa.func.sum(Allocation.amount)
    statement = sa.select(Allocation.document_id, Allocation.project_id, amount)
    return _sums(statement.join(Allocation.batch).where(*_APPROVED))


def _requested() -> dict[Pair, int]:
    statement = (
        sa.select(Placement.document_id, Placement.project_id, sa.func.sum(PaymentPart.amount))
        .join_from(PaymentPart, Placement)
        .join(PaymentPart.payment)
        .where(Payment.status.in_(UNDER_WAY))
    )
    return _sums(statement)


def _paid() -> dict[Pair, int]:
    return _sums(sa.select(Posting.document_id, Posting.project_id, sa.func.sum(Posting.amount)))


def _sums(statement: sa.Select[tuple[int, int, int]]) -> dict[Pair, int]:
    """The statement's sums by its two first columns."""
    grouped = statement.group_by(*statement.selected_columns[:2])
    return {
        (first, second): int(fen) for first, second, fen in db.session.execute(grouped).tuples()
    }


def _payments() -> Iterator[str]:
    """A payment that is paid was posted to the last fen, any other not at all."""
    posted = (
        sa.select(sa.func.coalesce(sa.func.sum(Posting.amount), 0))
        .where(Posting.payment_id == Payment.id)
        .scalar_subquery()
    )
    parts = (
        sa.select(sa.func.coalesce(sa.func.sum(PaymentPart.amount), 0))
        .where(PaymentPart.payment_id == Payment.id)
        .scalar_subquery()
    )
    due = sa.case((Payment.status == PaymentStatus.PAID, parts), else_=0)
    broken = sa.select(Payment.code, due, posted).where(due != posted)
    for code, expected, total in db.session.execute(broken):
        yield f"payment {code}: {_yuan(expected)} yuan due, its postings add up to {_yuan(total)}"


def _received_allocated_paid() -> Iterator[str]:
    """By document, and by tier and year: paid ≤ allocated ≤ received."""
    allocated, paid = _of_documents(_allocated()), _of_documents(_paid())
    totals: dict[str, tuple[int, int, int]] = {}
    for document in db.session.scalars(sa.select(FundDocument)):
        row = document.amount, allocated.get(document.id, 0), paid.get(document.id, 0)
        group = f"{document.tier.value} money of {document.year}, county {document.county_id}"
        for name in (f"fund document {document.code}", group):
            so_far = totals.get(name, (0, 0, 0))
            totals[name] = (so_far[0] + row[0], so_far[1] + row[1], so_far[2] + row[2])
    for name, (received, given, spent) in totals.items():
        if not spent <= given <= received:
            yield (
                f"{name}: {_yuan(spent)} yuan paid, {_yuan(given)} allocated, "
                f"{_yuan(received)} received"
            )


def _of_documents(sums: dict[Pair, int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for (document_id, _project_id), fen in sums.items():
        found[document_id] = found.get(document_id, 0) + fen
    return found


def _projects() -> Iterator[str]:
    """Nothing is paid above what is placed, and nothing placed or drafted above the budget."""
    spoken_for = held([Allocation.project_id])
    statement = (
        sa.select(
            Project.id,
            Project.code,
            Project.budget,
            sa.func.coalesce(sa.func.sum(Placement.allocated_amount), 0),
            sa.func.coalesce(sa.func.sum(Placement.paid_amount), 0),
        )
        .outerjoin(Placement, Placement.project_id == Project.id)
        .where(Project.id.in_(sa.select(Allocation.project_id)))
        .group_by(Project.id)
        .order_by(Project.id)
    )
    for project_id, code, budget, given, spent in db.session.execute(statement).tuples():
        arranged = spoken_for.get((project_id,), 0)
        if not spent <= given <= arranged <= budget:
            yield (
                f"project {code}: {_yuan(spent)} yuan paid, {_yuan(given)} allocated, "
                f"{_yuan(arranged)} arranged, its budget is {_yuan(budget)}"
            )


def _contracts() -> Iterator[str]:
    """Nothing is paid on a contract above its price, or its settled price."""
    limit = sa.func.coalesce(Contract.settlement_amount, Contract.amount)
    total = sa.func.sum(Posting.amount)
    statement = (
        sa.select(Contract.id, Contract.name, limit, total)
        .join(Payment, Payment.contract_id == Contract.id)
        .join(Posting, Posting.payment_id == Payment.id)
        .group_by(Contract.id)
        .having(total > limit)
    )
    for contract_id, name, most, paid in db.session.execute(statement):
        yield f"contract {contract_id} {name}: {_yuan(paid)} yuan paid, its limit is {_yuan(most)}"


def _closings() -> Iterator[str]:
    """Each closing again from the rows, and each opening against the rest of the year before."""
    closed = sa.select(YearClosing).filter_by(status=ClosingStatus.CLOSED)
    before: dict[int, YearClosing] = {}
    for closing in db.session.scalars(closed.order_by(YearClosing.county_id, YearClosing.year)):
        earlier = before.get(closing.county_id)
        if earlier and earlier.year + 1 != closing.year:
            yield f"closing of {closing.year}: the year before it that is closed is {earlier.year}"
        yield from _openings(closing, earlier)
        again = figures(closing.county_id, closing.year, _documents_closed_by(closing))
        for key in moved(stored(closing), again):
            yield f"closing of {closing.year}: {_name(key)} is not what its rows say"
        before[closing.county_id] = closing


def _openings(closing: YearClosing, earlier: YearClosing | None) -> Iterator[str]:
    rests = {key: line.rest for key, line in stored(earlier).items()} if earlier else {}
    openings = {key: line.opening for key, line in stored(closing).items()}
    for key in rests.keys() | openings.keys():
        if rests.get(key, 0) != openings.get(key, 0):
            yield f"closing of {closing.year}: {_name(key)} does not open with the rest of the year before"


def _documents_closed_by(closing: YearClosing) -> list[int]:
    """Documents of this closing and of those before it: what was registered later is the next one's."""
    statement = (
        sa.select(CarryOver.document_id)
        .join(CarryOver.closing)
        .where(
            YearClosing.county_id == closing.county_id,
            YearClosing.status == ClosingStatus.CLOSED,
            YearClosing.year <= closing.year,
        )
    )
    return list(db.session.scalars(statement.distinct()))


def _frozen() -> Iterator[str]:
    """Snapshots, bulletins and signed assessments are what they were when they were made."""
    kept = (("snapshot", Snapshot), ("bulletin", Bulletin), ("assessment", Assessment))
    for word, model in kept:
        statement = sa.select(model.id, model.content, model.sha256).where(model.sha256 != "")
        for row_id, content, sha256 in db.session.execute(statement).tuples():
            if hashlib.sha256(content.encode()).hexdigest() != sha256:
                yield f"{word} {row_id}: its content does not fit its hash"


def _name(key: Key) -> str:
    document_id, project_id = key
    document = db.session.get_one(FundDocument, document_id)
    if project_id is None:
        return f"fund document {document.code}, not placed"
    return (
        f"fund document {document.code} on project {db.session.get_one(Project, project_id).code}"
    )


def _against(counter: int, total: int) -> str:
    return f"counter {_yuan(counter)} yuan, its rows add up to {_yuan(total)}"


def _yuan(fen: int) -> str:
    """Sums come from PostgreSQL as decimals; fen are whole."""
    return money.yuan(int(fen))
