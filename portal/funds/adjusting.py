"""Taking money back from projects: a negative line that names the approved line it changes."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from portal.accounts.scopes import visible
from portal.db import db, lock
from portal.funds.allocating import add_line, lock_draft, refuse_second_line
from portal.funds.counting import locked_placement, recount
from portal.funds.models import Allocation, AllocationBatch, Placement
from portal.library.models import Project
from portal.rules.access import Action, Actor
from portal.rules.adjusting import TakeBackFacts, check_take_back
from portal.rules.vocabulary import BatchStatus

PAGE_SIZE = 50


def take_back(
    batch: AllocationBatch, line: Allocation, *, amount: int, actor: Actor, purpose: str = ""
) -> Allocation:
    """Take ``amount`` fen of an approved line back, in the draft of an adjustment.

    The money stays with its project until the adjustment is approved; the adjustment itself may place it
    anew at once.

    Raises:
        RuleBroken: the batch is no adjustment, the line no approved one, or it does not hold as much that
            is neither paid nor asked for.
    """
    lock_draft(batch, [line.document], [line.project])
    placement = locked_placement(line.document_id, line.project_id)
    lock(Allocation, [line.id])
    refuse_second_line(batch, line.document, line.project, changes=line)
    check_take_back(_facts(batch, line, placement, amount))
    taken = add_line(
        batch,
        line.document,
        line.project,
        amount=-amount,
        actor=actor,
        purpose=purpose,
        changes=line,
    )
    recount([line.document_id])
    return taken


def held_of(lines: Collection[Allocation]) -> dict[int, int]:
    """Fen that each approved line still holds after everything that was taken back of it, by line id."""
    statement = (
        sa.select(Allocation.changes_id, sa.func.sum(Allocation.amount))
        .where(Allocation.changes_id.in_([line.id for line in lines]), ~Allocation.void)
        .group_by(Allocation.changes_id)
    )
    taken = dict(db.session.execute(statement).tuples().all())
    return {line.id: line.amount + int(taken.get(line.id, 0)) for line in lines}


def rests_of(lines: Collection[Allocation]) -> dict[tuple[int, int], int]:
    """Fen neither paid nor asked for, by document and project, of the places of these lines."""
    statement = sa.select(Placement).where(
        Placement.document_id.in_([line.document_id for line in lines]),
        Placement.project_id.in_([line.project_id for line in lines]),
    )
    return {(one.document_id, one.project_id): one.rest for one in db.session.scalars(statement)}


def changes_of(lines: Collection[Allocation]) -> dict[int, list[Allocation]]:
    """The lines that take money back of these, by the id of the line they change, oldest first."""
    statement = (
        sa.select(Allocation)
        .where(Allocation.changes_id.in_([line.id for line in lines]), ~Allocation.void)
        .options(joinedload(Allocation.batch))
        .order_by(Allocation.id)
    )
    found: dict[int, list[Allocation]] = {}
    for change in db.session.scalars(statement):
        found.setdefault(change.changes_id or 0, []).append(change)
    return found


def returnable(actor: Actor, q: str, page: int) -> tuple[list[Allocation], bool]:
    """Approved lines whose project still has unpaid money of the document; whether another page follows."""
    statement = (
        visible(sa.select(Allocation), Allocation, actor, Action.DRAFT_BATCH)
        .join(Allocation.batch)
        .join(Allocation.project)
        .join(
            Placement,
            sa.and_(
                Placement.document_id == Allocation.document_id,
                Placement.project_id == Allocation.project_id,
            ),
        )
        .where(
            Allocation.amount > 0,
            ~Allocation.void,
            AllocationBatch.status == BatchStatus.APPROVED,
            Placement.allocated_amount > Placement.requested_amount + Placement.paid_amount,
            sa.or_(
                Project.name.contains(q, autoescape=True), Project.code.contains(q, autoescape=True)
            ),
        )
        .options(
            contains_eager(Allocation.project),
            contains_eager(Allocation.batch),
            joinedload(Allocation.document),
        )
        .order_by(Project.year.desc(), Project.code, Allocation.id)
        .offset((page - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE + 1)
    )
    found = list(db.session.scalars(statement))
    return found[:PAGE_SIZE], len(found) > PAGE_SIZE


def _facts(
    batch: AllocationBatch, line: Allocation, placement: Placement | None, amount: int
) -> TakeBackFacts:
    return TakeBackFacts(
        amount=amount,
        is_adjustment=bool(batch.reason),
        is_approved=_is_approved(line),
        line_amount=line.amount,
        line_held=held_of([line])[line.id],
        placed=placement.allocated_amount if placement else 0,
        used=placement.paid_amount + placement.requested_amount if placement else 0,
        promised=_promised(line),
    )


def _is_approved(line: Allocation) -> bool:
    return line.amount > 0 and not line.void and line.batch.status is BatchStatus.APPROVED


def _promised(line: Allocation) -> int:
    """Fen that adjustments which are not approved are to take from the same place."""
    statement = (
        sa.select(sa.func.sum(-Allocation.amount))
        .join(Allocation.batch)
        .where(
            Allocation.document_id == line.document_id,
            Allocation.project_id == line.project_id,
            Allocation.amount < 0,
            ~Allocation.void,
            AllocationBatch.status != BatchStatus.APPROVED,
        )
    )
    return int(db.session.scalar(statement) or 0)
