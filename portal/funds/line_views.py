"""The lines of a draft: amounts for many projects at once, and changing or taking out one line."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from flask import Blueprint, Response, flash, request, url_for
from flask.typing import ResponseReturnValue

from portal import hx
from portal.db import restart_unit
from portal.funds import allocating, queries
from portal.funds.entering import (
    CELL,
    Entry,
    LinesRefused,
    allocate_entries,
    pasted_lines,
    typed_cells,
    typed_sum,
)
from portal.funds.forms import ArrangeForm, LineForm, PasteForm, VoidForm, value_of
from portal.funds.loading import load_batch, load_document, load_line
from portal.funds.models import AllocationBatch, FundDocument
from portal.rules.access import Action
from portal.rules.broken import RuleBroken
from portal.rules.vocabulary import BatchStatus
from portal.web import actor, render, requires

bp = Blueprint("lines", __name__, url_prefix="/batches")


@bp.get("/<int:batch_id>/arrange")
@requires(Action.DRAFT_BATCH)
def arrange(batch_id: int) -> ResponseReturnValue:
    batch = load_batch(batch_id, Action.DRAFT_BATCH)
    if batch.status is not BatchStatus.DRAFT:
        return hx.go_to(url_for("funds.batches.batch", batch_id=batch.id))
    return _page(batch, _chosen_document(batch))


@bp.post("/<int:batch_id>/arrange/<int:document_id>/cells")
@requires(Action.DRAFT_BATCH)
def save_cells(batch_id: int, document_id: int) -> ResponseReturnValue:
    batch, document = _pair(batch_id, document_id)
    form, entries = ArrangeForm(), typed_cells(request.form, actor())
    reasons = _refused(batch, document, form, entries)
    if reasons is None:
        return _go_on(batch, entries)
    return _page(batch, document, cells=form, entries=entries, reasons=reasons), 422


@bp.post("/<int:batch_id>/arrange/<int:document_id>/paste")
@requires(Action.DRAFT_BATCH)
def save_pasted(batch_id: int, document_id: int) -> ResponseReturnValue:
    batch, document = _pair(batch_id, document_id)
    form = PasteForm()
    entries = pasted_lines(form.pasted.data or "", actor())
    reasons = _refused(batch, document, form, entries)
    if reasons is None:
        return _go_on(batch, entries)
    return _page(batch, document, paste=form, entries=entries, reasons=reasons), 422


@bp.get("/<int:batch_id>/arrange/<int:document_id>/rest")
@requires(Action.DRAFT_BATCH)
def running_rest(batch_id: int, document_id: int) -> ResponseReturnValue:
    batch, document = _pair(batch_id, document_id)
    rest = queries.rests_for(batch, [document])[document.id]
    return render("funds/_running_rest.html", rest=rest, typed=typed_sum(request.args))


@bp.route("/lines/<int:line_id>", methods=["GET", "POST"])
@requires(Action.DRAFT_BATCH)
def line(line_id: int) -> ResponseReturnValue:
    found, void = load_line(line_id, Action.DRAFT_BATCH), VoidForm()
    if request.method == "GET":
        if found.void or found.batch.status is not BatchStatus.DRAFT:
            return hx.go_to(url_for("funds.batches.batch", batch_id=found.batch_id))
        return render("funds/line.html", line=found, form=LineForm(obj=found), void=void)
    form = LineForm()
    saved = form.accepts(
        lambda: allocating.change_line(
            found, amount=form.amount.data, purpose=value_of(form.purpose), actor=actor()
        )
    )
    if not saved:
        return render("funds/line.html", line=found, form=form, void=void), 422
    flash("已改好。")
    return hx.go_to(url_for("funds.batches.batch", batch_id=found.batch_id))


@bp.post("/lines/<int:line_id>/void")
@requires(Action.DRAFT_BATCH)
def void_line(line_id: int) -> ResponseReturnValue:
    found, void = load_line(line_id, Action.DRAFT_BATCH), VoidForm()
    if not void.accepts(lambda: allocating.void_line(found)):
        return render("funds/line.html", line=found, form=LineForm(obj=found), void=void), 422
    flash("已去掉这一行，钱退回文件。")
    return hx.go_to(url_for("funds.batches.batch", batch_id=found.batch_id))


def _refused(
    batch: AllocationBatch,
    document: FundDocument,
    form: ArrangeForm | PasteForm,
    entries: Sequence[Entry],
) -> Mapping[int, str] | None:
    """Save all lines, or say why not: the reasons by line number; None means saved."""
    if not form.validate():
        return {}
    try:
        allocate_entries(batch, document, entries, actor=actor(), purpose=value_of(form.purpose))
    except RuleBroken as broken:
        restart_unit()
        form.refuse(broken)
        return broken.reasons if isinstance(broken, LinesRefused) else {}
    return None


def _go_on(batch: AllocationBatch, entries: Sequence[Entry]) -> Response:
    flash(f"已安排 {len(entries)} 个项目。")
    return hx.go_to(url_for("funds.batches.batch", batch_id=batch.id))


def _pair(batch_id: int, document_id: int) -> tuple[AllocationBatch, FundDocument]:
    return load_batch(batch_id, Action.DRAFT_BATCH), load_document(document_id, Action.DRAFT_BATCH)


def _chosen_document(batch: AllocationBatch) -> FundDocument | None:
    """The document in the address, or the only one that still has money."""
    chosen = request.args.get("document", type=int)
    if chosen:
        return load_document(chosen, Action.DRAFT_BATCH)
    open_documents = list(queries.open_documents(batch, actor()))
    return open_documents[0] if len(open_documents) == 1 else None


def _page(
    batch: AllocationBatch,
    document: FundDocument | None,
    *,
    cells: ArrangeForm | None = None,
    paste: PasteForm | None = None,
    entries: Sequence[Entry] = (),
    reasons: Mapping[int, str] = MappingProxyType({}),
) -> str:
    q, number = request.args.get("q", "")[:60], queries.page_number(request.args)
    rows, more = queries.arrangeable(batch, actor(), q, number) if document else ([], False)
    by_project = {entry.project.id: entry for entry in entries if entry.project and cells}
    return render(
        "funds/arrange.html",
        batch=batch,
        document=document,
        documents=queries.open_documents(batch, actor()),
        rest=queries.rests_for(batch, [document])[document.id] if document else 0,
        rows=rows,
        more=more,
        number=number,
        q=q,
        cells=cells or ArrangeForm(formdata=None),
        paste=paste or PasteForm(formdata=None),
        entries=by_project,
        pasted=entries if paste else (),
        reasons=reasons,
        typed=sum(entry.amount for entry in by_project.values()),
        taken={line.project_id: line for line in batch.lines if line.document is document},
        CELL=CELL,
    )
