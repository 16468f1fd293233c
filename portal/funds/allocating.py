"""Placing money on projects, under locks: the sum of the lines and the document's counter move together."""

from collections.abc import Sequence

from flask import current_app

from portal.db import db, lock
from portal.funds.counting import recount
from portal.funds.facts import last_news
from portal.funds.models import Allocation, AllocationBatch, FundDocument
from portal.funds.room import Room, fellow_documents, room_for
from portal.library.models import Project
from portal.rules import money
from portal.rules.access import Actor
from portal.rules.adjusting import check_undone
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
    refuse_second_line(batch, document, project)
    room = free_room(batch, [document], [project])
    check_allocation(
        room.facts(document, project, amount=amount, purpose=purpose), allocation_limits()
    )
    line = add_line(batch, document, project, amount=amount, actor=actor, purpose=purpose)
    recount([document.id])
    return line


def change_line(line: Allocation, *, amount: int, actor: Actor, purpose: str = "") -> None:
    """Give a line of a draft another amount (fen) or purpose, within the same limits.

    Raises:
        RuleBroken: as in :func:`allocate`, or the line was taken out meanwhile.
    """
    _lock_line(line)
    if line.changes_id:
        raise RuleBroken("要改收回的金额，请先去掉这一行，再重新收回", field="amount")
    room = _room_without(line)
    facts = room.facts(line.document, line.project, amount=amount, purpose=purpose)
    check_allocation(facts, allocation_limits())
    line.amount, line.purpose, line.entered_by_id = amount, purpose, actor.user_id
    recount([line.document_id])


def void_line(line: Allocation) -> None:
    """Take a line out of a draft; the row stays with its amount and no longer counts.

    Raises:
        RuleBroken: the batch is past its draft, the line was taken out already, or it takes back money
            that the batch has placed anew.
    """
    _lock_line(line)
    if line.changes_id:
        facts = free_room(line.batch, [line.document], [line.project]).facts(
            line.document, line.project, amount=-line.amount, purpose=line.purpose
        )
        check_undone(facts, allocation_limits())
    line.void = True
    recount([line.document_id])


def release(batch: AllocationBatch) -> None:
    """Take out every line of a batch that is given up; its documents have the money back."""
    documents = sorted({line.document_id for line in batch.lines})
    lock(FundDocument, documents)
    for line in batch.lines:
        line.void = True
    recount(documents)


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


def add_line(
    batch: AllocationBatch,
    document: FundDocument,
    project: Project,
    *,
    amount: int,
    actor: Actor,
    purpose: str,
    changes: Allocation | None = None,
) -> Allocation:
    """Write a line that was checked; the caller recounts."""
    line = Allocation(
        county_id=batch.county_id,
        batch=batch,
        document=document,
        project=project,
        amount=amount,
        purpose=purpose,
        entered_by_id=actor.user_id,
        void=False,
        changes=changes,
    )
    db.session.add(line)
    return line


def refuse_second_line(
    batch: AllocationBatch,
    document: FundDocument,
    project: Project,
    changes: Allocation | None = None,
) -> None:
    """A batch places the money of a document on a project once, or takes it back once of each line.

    Raises:
        RuleBroken: with the line that is there.
    """
    for line in batch.lines:
        same_place = (line.document_id, line.project_id) == (document.id, project.id)
        of_another = changes and line.changes_id and line.changes_id != changes.id
        if same_place and not of_another:
            done, fix = ("从该项目收回", "收回的") if line.amount < 0 else ("给该项目安排", "")
            raise RuleBroken(
                f"本批次已从这份文件{done} {money.wan_exact(abs(line.amount))} 万元。"
                f"要改{fix}金额，请改那一行",
                field="amount",
            )


def free_room(
    batch: AllocationBatch, documents: Sequence[FundDocument], projects: Sequence[Project]
) -> Room:
    """What is free for the batch; exact under the locks of :func:`lock_draft`."""
    fee_type = allocation_limits().management_fee.project_type
    return room_for(batch, documents, projects, fee_type)


def allocation_limits() -> Limits:
    """The limits of the county's rule book."""
    limits: Limits = current_app.extensions["book"].limits
    return limits


def _room_without(line: Allocation) -> Room:
    room = free_room(line.batch, [line.document], [line.project])
    room.take(line.document, line.project, -line.amount)
    return room


def _lock_line(line: Allocation) -> None:
    lock_draft(line.batch, [line.document], [line.project])
    lock(Allocation, [line.id])
    if line.void:
        raise RuleBroken("这一行已经去掉了。请刷新页面，看最新的资金安排。")


def _sharing_a_cap(documents: Sequence[FundDocument], projects: Sequence[Project]) -> list[int]:
    """The documents to lock: for a management fee all of its tier and year, because they share one cap."""
    fee_type = allocation_limits().management_fee.project_type
    if any(project.project_type == fee_type for project in projects):
        return fellow_documents(documents[0].county_id, documents)
    return [document.id for document in documents]
