"""What the rules need to know, read from the ledger."""

import sqlalchemy as sa

from portal.db import db
from portal.funds.models import Allocation, AllocationBatch, FundDocument
from portal.library.models import Project
from portal.rules.batch_flow import BatchFacts
from portal.rules.limits import AllocationFacts
from portal.rules.vocabulary import BatchStatus


def allocation_facts(
    document: FundDocument,
    project: Project,
    *,
    amount: int,
    purpose: str,
    instead_of: Allocation | None = None,
) -> AllocationFacts:
    """The facts before an allocation; ``instead_of`` is the line whose amount it would replace."""
    replaced = instead_of.amount if instead_of else 0
    return AllocationFacts(
        amount=amount,
        purpose=purpose,
        project_name=project.name,
        project_status=project.status,
        project_type=project.project_type,
        project_budget=project.budget,
        project_gap=project.budget - _arranged_for(project) + replaced,
        document_rest=document.rest + replaced,
        tier=document.tier,
        tier_received=_received(document),
        tier_fee=_fees(document, project) - replaced,
    )


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


def fellow_documents(document: FundDocument) -> sa.Select[tuple[int]]:
    """The ids of all documents of the same county, tier and year: they share one cap of management fees."""
    return sa.select(FundDocument.id).where(
        FundDocument.county_id == document.county_id,
        FundDocument.tier == document.tier,
        FundDocument.year == document.year,
    )


def _arranged_for(project: Project) -> int:
    return _sum(
        sa.select(sa.func.sum(Allocation.amount)).where(
            Allocation.project_id == project.id, ~Allocation.void
        )
    )


def _received(document: FundDocument) -> int:
    return _sum(
        sa.select(sa.func.sum(FundDocument.amount)).where(
            FundDocument.id.in_(fellow_documents(document))
        )
    )


def _fees(document: FundDocument, project: Project) -> int:
    return _sum(
        sa.select(sa.func.sum(Allocation.amount))
        .join(Allocation.project)
        .where(
            Allocation.document_id.in_(fellow_documents(document)),
            Project.project_type == project.project_type,
            ~Allocation.void,
        )
    )


def _sum(statement: sa.Select[tuple[int]]) -> int:
    """PostgreSQL adds big integers to a decimal; fen are whole."""
    return int(db.session.scalar(statement) or 0)


def _date_problem(batch: AllocationBatch) -> str | None:
    for line in batch.lines:
        received_on = line.document.received_on
        if batch.approved_on and received_on and received_on > batch.approved_on:
            return (
                f"批复日期 {batch.approved_on} 早于文件“{line.document.short_name}”的收文日期 {received_on}，"
                "请核对批复日期"
            )
    return None
