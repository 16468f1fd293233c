"""The counters of the ledger: what of a document is spoken for, and what is placed on a project."""

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from portal.db import db, lock
from portal.funds.closed import refuse_closed_day
from portal.funds.models import Allocation, AllocationBatch, FundDocument, Placement
from portal.rules import money
from portal.rules.broken import RuleBroken
from portal.rules.vocabulary import BatchStatus


def held(
    keys: Sequence[InstrumentedAttribute[Any]],
    *conditions: sa.ColumnElement[bool],
    own: int | None = None,
) -> dict[tuple[Any, ...], int]:
    """Fen by the values of ``keys`` that nobody else may use; values without a line are missing.

    ``own`` is the batch that asks: its lines count as they are.
    """
    rows = db.session.execute(held_statement(keys, *conditions, own=own))
    return {tuple(row[:-1]): int(row[-1]) for row in rows}


def held_statement(
    keys: Sequence[InstrumentedAttribute[Any]],
    *conditions: sa.ColumnElement[bool],
    own: int | None = None,
) -> sa.Select[Any]:
    """The keys and ``held``, as :func:`held` reads them.

    Approved batches count as they are. A batch that is not approved counts what it places beyond what it
    takes back: its own money may move within it, and what it gives back is free only with the approval.
    """
    counts_whole = sa.or_(
        AllocationBatch.status == BatchStatus.APPROVED, Allocation.batch_id == (own or 0)
    )
    amount = sa.func.sum(Allocation.amount)
    of_batch = (
        sa.select(
            *keys, sa.case((counts_whole, amount), (amount < 0, 0), else_=amount).label("fen")
        )
        .select_from(Allocation)
        .join(Allocation.batch)
        .join(Allocation.document)
        .join(Allocation.project)
        .where(~Allocation.void, *conditions)
        .group_by(*keys, Allocation.batch_id, AllocationBatch.status)
        .subquery()
    )
    columns = [of_batch.c[key.key] for key in keys]
    return sa.select(*columns, sa.func.sum(of_batch.c.fen).label("held")).group_by(*columns)


def recount(document_ids: Collection[int]) -> None:
    """Set the counters of documents, which the caller has locked, to what their lines say."""
    db.session.flush()
    counted = held([Allocation.document_id], Allocation.document_id.in_(document_ids))
    for document_id in document_ids:
        document = db.session.get_one(FundDocument, document_id)
        document.arranged_amount = counted.get((document_id,), 0)
    db.session.flush()


def place(batch: AllocationBatch) -> None:
    """Carry an approved batch to the placements: its lines become money of their projects.

    Raises:
        RuleBroken: a line takes back what was paid or asked for meanwhile, or the day of approval lies in
            a closed year.
    """
    pairs: dict[tuple[int, int], int] = {}
    for line in batch.lines:
        pair = (line.document_id, line.project_id)
        pairs[pair] = pairs.get(pair, 0) + line.amount
    lock(FundDocument, sorted({document_id for document_id, _project in pairs}))
    if batch.approved_on:
        refuse_closed_day(batch.county_id, batch.approved_on, word="批复日期")
    placements = _locked(pairs)
    for pair, amount in sorted(pairs.items()):
        placement = placements.get(pair) or _new(batch.county_id, *pair)
        if placement.rest + amount < 0:
            raise RuleBroken(_used(placement, -amount))
        placement.allocated_amount += amount
    db.session.flush()
    recount(sorted({document_id for document_id, _project in pairs}))


def locked_placement(document_id: int, project_id: int) -> Placement | None:
    """The placement of a document on a project, locked for change; None where nothing was ever placed."""
    pair = (document_id, project_id)
    return _locked([pair]).get(pair)


def _locked(pairs: Collection[tuple[int, int]]) -> dict[tuple[int, int], Placement]:
    """These documents on these projects, locked in the order of their ids as payments do."""
    statement = sa.select(Placement.id).where(
        Placement.document_id.in_({document_id for document_id, _project in pairs}),
        Placement.project_id.in_({project_id for _document, project_id in pairs}),
    )
    found = lock(Placement, db.session.scalars(statement).all())
    return {(one.document_id, one.project_id): one for one in found}


def _new(county_id: int, document_id: int, project_id: int) -> Placement:
    placement = Placement(
        county_id=county_id,
        document_id=document_id,
        project_id=project_id,
        allocated_amount=0,
        requested_amount=0,
        paid_amount=0,
    )
    db.session.add(placement)
    return placement


def _used(placement: Placement, amount: int) -> str:
    used = placement.paid_amount + placement.requested_amount
    return (
        f"不能收回：“{placement.project.name}”从文件“{placement.document.short_name}”安排 "
        f"{money.wan_exact(placement.allocated_amount)} 万元，已付和在途 {money.wan_exact(used)} 万元，"
        f"最多收回 {money.wan_exact(placement.rest)} 万元，要收回 {money.wan_exact(amount)} 万元。"
        "请减少收回金额，或先冲销、退回支付"
    )
