"""The one click that proposes what goes back: an adjustment, drafted for the usual approval."""

from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa

from portal.closing.surplus import Return, money_of
from portal.db import db
from portal.funds import operations
from portal.funds.adjusting import held_of, take_back
from portal.funds.allocating import allocate, lock_draft
from portal.funds.counting import held
from portal.funds.models import Allocation, AllocationBatch, FundDocument, Placement
from portal.library.models import Project
from portal.rules import money
from portal.rules.access import Actor
from portal.rules.broken import RuleBroken
from portal.rules.vocabulary import BatchStatus

PURPOSE = "收回结余"
REUSED = "结余调整安排"


def propose_return(
    choices: Mapping[int, Project | None], *, reason: str, actor: Actor, on: date
) -> AllocationBatch:
    """Draft an adjustment that takes the surplus of the chosen placements back to their documents.

    ``choices``: placement id -> the project that the money could fund instead, up to what its budget
    lacks; None leaves it with the document. The amounts are figured here, under the locks.

    Raises:
        RuleBroken: nothing is chosen, a surplus is gone meanwhile, or a limit of an allocation is broken.
    """
    if not choices:
        raise RuleBroken("请至少选择 1 笔要收回的结余")
    if not reason.strip():
        raise RuleBroken("请写明收回的理由，批复时要看", field="reason")
    placements = db.session.scalars(sa.select(Placement).where(Placement.id.in_(choices))).all()
    batch = operations.draft_batch(f"收回结余（{on}）", actor=actor, reason=reason.strip())
    targets = [project for project in choices.values() if project]
    lock_draft(
        batch,
        [placement.document for placement in placements],
        [*(placement.project for placement in placements), *targets],
    )
    instead: dict[tuple[int, int], int] = {}
    for one in _returns(choices, on):
        _take_back(batch, one, actor)
        if target := choices[one.placement.id]:
            key = (one.placement.document_id, target.id)
            instead[key] = instead.get(key, 0) + one.amount
    _place_anew(batch, instead, actor)
    return batch


def _returns(choices: Mapping[int, Project | None], on: date) -> list[Return]:
    """What the chosen placements have to give back now, in the order of their ids."""
    chosen = sa.select(Placement.project_id).where(Placement.id.in_(choices))
    rows = money_of(list(db.session.scalars(chosen.distinct())), on)
    found = {one.placement.id: one for row in rows for one in row.returns}
    if choices.keys() - found.keys():
        raise RuleBroken("所选的结余有变动，已经不能收回。请刷新页面，看最新的数字再选")
    return [found[key] for key in sorted(choices)]


def _take_back(batch: AllocationBatch, one: Return, actor: Actor) -> None:
    """From the lines that placed the money, the latest first."""
    statement = (
        sa.select(Allocation)
        .join(Allocation.batch)
        .where(
            Allocation.document_id == one.placement.document_id,
            Allocation.project_id == one.placement.project_id,
            Allocation.amount > 0,
            ~Allocation.void,
            AllocationBatch.status == BatchStatus.APPROVED,
        )
        .order_by(AllocationBatch.approved_on.desc(), Allocation.id.desc())
    )
    lines = db.session.scalars(statement).all()
    left, holds = one.amount, held_of(lines)
    for line in lines:
        part = min(left, holds[line.id])
        if part > 0:
            take_back(batch, line, amount=part, actor=actor, purpose=PURPOSE)
            left -= part


def _place_anew(
    batch: AllocationBatch, amounts: Mapping[tuple[int, int], int], actor: Actor
) -> None:
    """Place what came back on other projects, each up to what its budget lacks."""
    for (document_id, project_id), amount in sorted(amounts.items()):
        document = db.session.get_one(FundDocument, document_id)
        project = db.session.get_one(Project, project_id)
        arranged = held([Allocation.project_id], Allocation.project_id == project_id, own=batch.id)
        gap = project.budget - arranged.get((project_id,), 0)
        if gap <= 0:
            raise RuleBroken(
                f"“{project.name}”的资金规模 {money.wan_exact(project.budget)} 万元已经安排满，"
                "请换一个项目，或让钱留在文件里"
            )
        allocate(batch, document, project, amount=min(amount, gap), actor=actor, purpose=REUSED)
