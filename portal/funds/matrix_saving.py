"""Saving many cells of the grid at once: the same rules as for one line, and every cell or none."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from portal.accounts.scopes import visible
from portal.db import db, lock
from portal.funds.allocating import add_line, allocation_limits, free_room, lock_draft
from portal.funds.counting import recount
from portal.funds.matrix import Key
from portal.funds.matrix_typed import Cell
from portal.funds.models import Allocation, AllocationBatch, FundDocument
from portal.funds.room import Room
from portal.library.models import Project
from portal.rules.access import Action, Actor
from portal.rules.broken import RuleBroken
from portal.rules.limits import check_allocation
from portal.rules.money import wan_exact


class CellsRefused(RuleBroken):
    """Some cells were refused, so none was kept; ``overtaken`` says that somebody else was faster."""

    def __init__(self, reasons: Mapping[Key, str], *, overtaken: bool = False) -> None:
        cause = "刚被别人改过" if overtaken else "没有通过"
        fix = "请看过最新金额" if overtaken else "改好这几格"
        super().__init__(f"有 {len(reasons)} 格{cause}，全部没有保存。{fix}，再保存一次。")
        self.reasons = reasons
        self.overtaken = overtaken


class Saving:
    """One saving: the rows it touches, locked and read once for all cells."""

    def __init__(self, batch: AllocationBatch, cells: Sequence[Cell], actor: Actor) -> None:
        self.batch, self.actor = batch, actor
        self.projects = _projects({cell.key[0] for cell in cells}, actor)
        self.documents = _documents({cell.key[1] for cell in cells}, actor)
        lock_draft(batch, list(self.documents.values()), list(self.projects.values()))
        lines = lock(Allocation, [line.id for line in batch.lines])
        self.lines = {(line.project_id, line.document_id): line for line in lines}
        self.room: Room = free_room(
            batch, list(self.documents.values()), list(self.projects.values())
        )

    def overtaken(self, cell: Cell) -> str | None:
        """What somebody else wrote into the cell since it was shown."""
        line = self.lines.get(cell.key)
        now = max(0, line.amount) if line else 0
        if now == cell.was:
            return None
        shown, current = (wan_exact(fen) if fen else "空" for fen in (cell.was, now))
        return f"这一格刚改成 {current}，您打开时是 {shown}，您填的是 {cell.typed or '空'}"

    def put(self, cell: Cell) -> None:
        """Write one cell.

        Raises:
            RuleBroken: what was typed means nothing, or a limit is broken.
        """
        if cell.problem:
            raise RuleBroken(cell.problem)
        if cell.key[0] not in self.projects or cell.key[1] not in self.documents:
            raise RuleBroken("没有找到这个项目或文件。请刷新页面")
        line = self.lines.get(cell.key)
        if line and line.amount < 0:
            raise RuleBroken(f"本批次正从这里收回 {wan_exact(-line.amount)} 万元，不能同时安排")
        self._write(cell, line)

    def _write(self, cell: Cell, line: Allocation | None) -> None:
        document, project = self.documents[cell.key[1]], self.projects[cell.key[0]]
        if line:
            self.room.take(document, project, -line.amount)
        if not cell.amount:
            if line:
                line.void = True
            return
        purpose = line.purpose if line else ""
        facts = self.room.facts(document, project, amount=cell.amount, purpose=purpose)
        check_allocation(facts, allocation_limits())
        self.room.take(document, project, cell.amount)
        if line:
            line.amount, line.entered_by_id = cell.amount, self.actor.user_id
        else:
            add_line(
                self.batch, document, project, amount=cell.amount, actor=self.actor, purpose=""
            )


def save_cells(batch: AllocationBatch, cells: Sequence[Cell], *, actor: Actor) -> None:
    """Bring the batch's lines to what the cells say; the number of queries does not grow with them.

    What becomes less is written first, so that one saving may move money between cells.

    Raises:
        CellsRefused: with the reason of each refused cell.
        RuleBroken: nothing was changed, or the batch is no draft any more.
    """
    if not cells:
        raise RuleBroken("没有改动。请先填写或修改金额，再保存。")
    saving = Saving(batch, cells, actor)
    overtaken = {cell.key: words for cell in cells if (words := saving.overtaken(cell))}
    if overtaken:
        raise CellsRefused(overtaken, overtaken=True)
    reasons: dict[Key, str] = {}
    for cell in sorted(cells, key=lambda cell: cell.amount > cell.was):
        try:
            saving.put(cell)
        except RuleBroken as broken:
            reasons[cell.key] = broken.message
    if reasons:
        raise CellsRefused(reasons)
    recount(sorted(saving.documents))


def _projects(ids: set[int], actor: Actor) -> dict[int, Project]:
    statement = sa.select(Project).where(Project.id.in_(ids))
    reached = visible(statement, Project, actor, Action.VIEW_PROJECTS)
    return {project.id: project for project in db.session.scalars(reached)}


def _documents(ids: set[int], actor: Actor) -> dict[int, FundDocument]:
    statement = sa.select(FundDocument).where(FundDocument.id.in_(ids))
    reached = visible(statement, FundDocument, actor, Action.DRAFT_BATCH)
    return {document.id: document for document in db.session.scalars(reached)}
