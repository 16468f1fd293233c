"""Placing money on projects, under locks: the sum of the lines and the document's counter move together."""

from collections.abc import Sequence

from flask import current_app

from portal.db import db, lock
from portal.funds.facts import allocation_facts, fellow_documents, last_news
from portal.funds.models import Allocation, AllocationBatch, FundDocument
from portal.library.models import Project
from portal.rules import money
from portal.rules.access import Actor
from portal.rules.broken import RuleBroken
from portal.rules.limits import Limits, check_allocation
from portal.rules.vocabulary import BatchStatus


def allocate(
    batch: AllocationBatch,
    document: FundDocument,
    project: Project,
    *,
    amount: int,
    actor: Actor,
    purpose: str = "",
) -> Allocation:
    """Arrange ``amount`` fen of the document for the project, as a line of a draft batch.

    The document and the project are locked first: of two people who want the last yuan one gets it, the
    other is told what is left (R14).

    Raises:
        RuleBroken: a limit of ``rules.limits`` is broken, with the figures and the fix.
    """
    lock_draft(batch, [document], [project])
    _refuse_second_line(batch, document, project)
    _check(document, project, amount, purpose)
    line = Allocation(
        county_id=batch.county_id,
        batch=batch,
        document=document,
        project=project,
        amount=amount,
        purpose=purpose,
        entered_by_id=actor.user_id,
        void=False,
    )
    db.session.add(line)
    document.arranged_amount += amount
    db.session.flush()
    return line


def change_line(line: Allocation, *, amount: int, actor: Actor, purpose: str = "") -> None:
    """Give a line of a draft another amount (fen) or purpose, within the same limits.

    Raises:
        RuleBroken: as in :func:`allocate`, or the line was taken out meanwhile.
    """
    _lock_line(line)
    _check(line.document, line.project, amount, purpose, instead_of=line)
    line.document.arranged_amount += amount - line.amount
    line.amount, line.purpose, line.entered_by_id = amount, purpose, actor.user_id
    db.session.flush()


def void_line(line: Allocation) -> None:
    """Take a line out of a draft; the row stays with its amount and no longer counts.

    Raises:
        RuleBroken: the batch is past its draft, or the line was taken out already.
    """
    _lock_line(line)
    line.void = True
    line.document.arranged_amount -= line.amount
    db.session.flush()


def release(batch: AllocationBatch) -> None:
    """Take out every line of a batch that is given up; its documents have the money back."""
    lock(FundDocument, [line.document_id for line in batch.lines])
    for line in batch.lines:
        line.void = True
        line.document.arranged_amount -= line.amount
    db.session.flush()


def lock_draft(
    batch: AllocationBatch, documents: Sequence[FundDocument], projects: Sequence[Project]
) -> None:
    """Lock a draft, documents and projects, in this order everywhere, so that nobody waits in a circle.

    Raises:
        RuleBroken: the batch is past its draft, or the rows belong to different counties.
    """
    lock(AllocationBatch, [batch.id])
    if batch.status is not BatchStatus.DRAFT:
        raise RuleBroken(
            f"批次现在是“{batch.status.label}”，不能改资金安排。{last_news(batch)}请看过最新内容再办理。"
        )
    counties = {document.county_id for document in documents}
    counties |= {project.county_id for project in projects}
    if counties != {batch.county_id}:
        raise RuleBroken("文件、项目和批次要属于同一个县（区）。请换本县（区）的文件和项目。")
    lock(FundDocument, _sharing_a_cap(documents, projects))
    lock(Project, [project.id for project in projects])


def _lock_line(line: Allocation) -> None:
    lock_draft(line.batch, [line.document], [line.project])
    lock(Allocation, [line.id])
    if line.void:
        raise RuleBroken("这一行已经去掉了。请刷新页面，看最新的资金安排。")


def _sharing_a_cap(documents: Sequence[FundDocument], projects: Sequence[Project]) -> list[int]:
    """The documents to lock: for a management fee all of its tier and year, because they share one cap."""
    fee_type = _limits().management_fee.project_type
    if not any(project.project_type == fee_type for project in projects):
        return [document.id for document in documents]
    return [
        found for document in documents for found in db.session.scalars(fellow_documents(document))
    ]


def _refuse_second_line(batch: AllocationBatch, document: FundDocument, project: Project) -> None:
    for line in batch.lines:
        if (line.document_id, line.project_id) == (document.id, project.id):
            raise RuleBroken(
                f"本批次已从这份文件给该项目安排 {money.wan_exact(line.amount)} 万元。"
                "要改金额，请改那一行",
                field="amount",
            )


def _check(
    document: FundDocument,
    project: Project,
    amount: int,
    purpose: str,
    instead_of: Allocation | None = None,
) -> None:
    facts = allocation_facts(
        document, project, amount=amount, purpose=purpose, instead_of=instead_of
    )
    check_allocation(facts, _limits())


def _limits() -> Limits:
    limits: Limits = current_app.extensions["book"].limits
    return limits
