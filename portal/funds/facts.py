"""What the rules need to know, read from the ledger."""

from datetime import date

import sqlalchemy as sa

from portal.funds.models import Allocation, AllocationBatch, FundDocument
from portal.rules.batch_flow import BatchFacts
from portal.rules.vocabulary import BatchStatus


def batch_facts(batch: AllocationBatch) -> BatchFacts:
    """The facts that the flow of a batch asks for."""
    return BatchFacts(
        line_count=len(batch.lines),
        approval_number=batch.approval_number,
        has_approval_date=batch.approved_on is not None,
        minutes_number=batch.minutes_number,
        date_problem=_date_problem(batch),
    )


def took_part(batch: AllocationBatch) -> frozenset[int]:
    """Who drafted, entered lines, or acted since the batch last became a draft: they may not approve."""
    returned = [n for n, step in enumerate(batch.steps) if step.to_status is BatchStatus.DRAFT]
    this_round = batch.steps[returned[-1] + 1 :] if returned else batch.steps
    return frozenset(
        {batch.drafted_by_id}
        | {line.entered_by_id for line in batch.lines}
        | {step.actor_id for step in this_round}
    )


def last_news(batch: AllocationBatch) -> str:
    """Who did what last, for somebody who comes too late; empty for a batch without a step."""
    if not batch.steps:
        return ""
    step = batch.steps[-1]
    return f"{step.actor_name}已于 {step.on} 办理“{step.move.label}”。"


def placed_whole(until: date | None = None) -> sa.ScalarSelect[date | None]:
    """For a statement on fund documents: the first day on which approvals had placed all of one's money.

    What an adjustment takes back later does not undo it: the clock of the allocation has stopped.
    ``until`` leaves out what was approved later.
    """
    day = AllocationBatch.approved_on
    of_day = (
        sa.select(day.label("day"), sa.func.sum(Allocation.amount).label("fen"))
        .join(Allocation.batch)
        .where(
            Allocation.document_id == FundDocument.id,
            ~Allocation.void,
            AllocationBatch.status == BatchStatus.APPROVED,
            day <= until if until else day.is_not(None),
        )
        .group_by(day)
        .correlate(FundDocument)
        .subquery()
    )
    placed = sa.func.sum(of_day.c.fen).over(order_by=of_day.c.day)
    running = sa.select(of_day.c.day, placed.label("placed")).subquery()
    first = sa.select(sa.func.min(running.c.day)).where(running.c.placed >= FundDocument.amount)
    return first.correlate(FundDocument).scalar_subquery()


def _date_problem(batch: AllocationBatch) -> str | None:
    for line in batch.lines:
        received_on = line.document.received_on
        if batch.approved_on and received_on and received_on > batch.approved_on:
            return (
                f"批复日期 {batch.approved_on} 早于文件“{line.document.short_name}”的收文日期 {received_on}，"
                "请核对批复日期"
            )
    return None
