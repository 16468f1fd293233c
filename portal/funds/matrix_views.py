"""分解表: the page of a batch's grid, what is left while somebody types, and its two ways of saving."""

from collections.abc import Callable, Sequence

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock, hx
from portal.db import restart_unit
from portal.funds import shares
from portal.funds.forms import MatrixForm, TableForm
from portal.funds.loading import load_batch
from portal.funds.matrix import Grid, grid_of, latest_year, running
from portal.funds.matrix_saving import CellsRefused, save_cells
from portal.funds.matrix_typed import (
    Cell,
    Pasted,
    amounts_in_address,
    changed_cells,
    pasted_cells,
    shown_amounts,
)
from portal.funds.models import AllocationBatch
from portal.library.queries import years
from portal.rules.access import Action
from portal.rules.broken import RuleBroken
from portal.rules.vocabulary import BatchStatus
from portal.web import actor, render, requires

bp = Blueprint("matrix", __name__, url_prefix="/batches/<int:batch_id>/matrix")


@bp.get("")
@requires(Action.DRAFT_BATCH)
def matrix(batch_id: int) -> ResponseReturnValue:
    batch = load_batch(batch_id, Action.DRAFT_BATCH)
    if batch.status is not BatchStatus.DRAFT:
        return hx.go_to(url_for("funds.batches.batch", batch_id=batch.id))
    return _page(batch, _grid(batch))


@bp.get("/rests")
@requires(Action.DRAFT_BATCH)
def rests(batch_id: int) -> ResponseReturnValue:
    batch = load_batch(batch_id, Action.DRAFT_BATCH)
    grid = _grid(batch)
    amounts = amounts_in_address(request.args.get("changed", ""))
    now = running(grid, amounts, request.args.get("at", 0, type=int))
    changes = shares.share_changes(batch, _years(grid), now.typed)
    return render("funds/_matrix_rests.html", grid=grid, running=now, shares=changes, typing=True)


@bp.post("")
@requires(Action.DRAFT_BATCH)
def save(batch_id: int) -> ResponseReturnValue:
    batch, form = load_batch(batch_id, Action.DRAFT_BATCH), MatrixForm()
    cells = changed_cells(request.form)
    refused = _refused(form, lambda: save_cells(batch, cells, actor=actor()))
    if refused is None:
        flash(f"已保存 {len(cells)} 格。")
        return hx.go_to(url_for("funds.matrix.matrix", batch_id=batch.id, year=_year(batch)))
    grid = _grid(batch)
    overtaken = isinstance(refused, CellsRefused) and refused.overtaken
    return _page(batch, grid, form=form, cells=cells, refused=refused), 409 if overtaken else 422


@bp.post("/paste")
@requires(Action.DRAFT_BATCH)
def paste(batch_id: int) -> ResponseReturnValue:
    batch, form = load_batch(batch_id, Action.DRAFT_BATCH), TableForm()
    pasted = pasted_cells(form.table.data or "", _grid(batch))
    refused = _refused(form, lambda: _save_pasted(batch, pasted))
    if refused is None:
        flash(f"已保存粘贴的 {len(pasted)} 格。")
        return hx.go_to(url_for("funds.matrix.matrix", batch_id=batch.id, year=_year(batch)))
    return _page(batch, _grid(batch), table=form, pasted=pasted, refused=refused), 422


def _save_pasted(batch: AllocationBatch, pasted: Sequence[Pasted]) -> None:
    unread = sum(1 for one in pasted if one.cell is None)
    if unread:
        raise RuleBroken(f"有 {unread} 格的项目或文号没有认出来，全部没有保存。请照检查结果改正。")
    cells = [one.cell for one in pasted if one.cell]
    save_cells(batch, [c for c in cells if c.problem or c.amount != c.was], actor=actor())


def _refused(form: MatrixForm | TableForm, save: Callable[[], None]) -> RuleBroken | None:
    """Save, or give back why not; an incomplete form is a refusal without words of its own."""
    if not form.validate():
        return RuleBroken("")
    try:
        save()
    except RuleBroken as broken:
        restart_unit()
        form.refuse(broken)
        return broken
    return None


def _page(
    batch: AllocationBatch,
    grid: Grid,
    *,
    form: MatrixForm | None = None,
    table: TableForm | None = None,
    cells: Sequence[Cell] = (),
    pasted: Sequence[Pasted] = (),
    refused: RuleBroken | None = None,
) -> str:
    typed = {cell.key: cell for cell in cells}
    amounts = {cell.key: cell.amount for cell in cells if not cell.problem}
    now = running(grid, amounts)
    return render(
        "funds/matrix.html",
        batch=batch,
        grid=grid,
        running=now,
        shares=shares.share_changes(batch, _years(grid), now.typed),
        form=form or MatrixForm(formdata=None),
        table=table or TableForm(formdata=None),
        typed=typed,
        pasted=pasted,
        reasons=refused.reasons if isinstance(refused, CellsRefused) else {},
        was=shown_amounts(grid.own),
        year=_year(batch),
        years=years(actor()),
        typing=False,
    )


def _grid(batch: AllocationBatch) -> Grid:
    return grid_of(batch, _year(batch), actor())


def _year(batch: AllocationBatch) -> int:
    """The year in the address, that of the batch's projects, or the present one."""
    chosen = request.args.get("year", type=int)
    return chosen or latest_year(batch) or clock.today().year


def _years(grid: Grid) -> set[int]:
    """The years of the money that the page speaks of."""
    return {document.year for document in grid.documents}
