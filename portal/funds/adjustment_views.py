"""Adjustments: beginning one, the lines it may take money from, and taking money back from one."""

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from portal import hx
from portal.funds import adjusting, operations, queries
from portal.funds.forms import AdjustmentForm, TakeBackForm, value_of
from portal.funds.loading import load_batch, load_line
from portal.funds.models import Allocation, AllocationBatch
from portal.rules.access import Action
from portal.web import actor, render, requires

bp = Blueprint("adjustments", __name__, url_prefix="/batches")


@bp.route("/adjustments/new", methods=["GET", "POST"])
@requires(Action.DRAFT_BATCH)
def new_adjustment() -> ResponseReturnValue:
    form, made = AdjustmentForm(), list[AllocationBatch]()
    if request.method == "GET":
        return render("funds/new_adjustment.html", form=form)
    saved = form.accepts(
        lambda: made.append(
            operations.draft_batch(
                value_of(form.title), actor=actor(), reason=value_of(form.reason)
            )
        )
    )
    if not saved:
        return render("funds/new_adjustment.html", form=form), 422
    flash("调整已建好。下一步：选要收回的安排。")
    return hx.go_to(url_for("funds.adjustments.choose_line", batch_id=made[0].id))


@bp.get("/<int:batch_id>/take-back")
@requires(Action.DRAFT_BATCH)
def choose_line(batch_id: int) -> ResponseReturnValue:
    batch = load_batch(batch_id, Action.DRAFT_BATCH)
    q, number = request.args.get("q", "")[:60], queries.page_number(request.args)
    lines, more = adjusting.returnable(actor(), q, number)
    return render(
        "funds/choose_line.html",
        batch=batch,
        lines=lines,
        held=adjusting.held_of(lines),
        rests=adjusting.rests_of(lines),
        q=q,
        number=number,
        more=more,
    )


@bp.route("/lines/<int:line_id>/take-back", methods=["GET", "POST"])
@requires(Action.DRAFT_BATCH)
def take_back(line_id: int) -> ResponseReturnValue:
    line, form = load_line(line_id, Action.DRAFT_BATCH), TakeBackForm()
    drafts = [draft for draft in queries.drafts(actor()) if draft.reason]
    form.batch_id.choices = [(draft.id, draft.title) for draft in drafts]
    if request.method == "GET":
        form.batch_id.data = request.args.get("batch", type=int)
        return _page(line, form)
    saved = form.accepts(
        lambda: adjusting.take_back(
            load_batch(form.batch_id.data, Action.DRAFT_BATCH),
            line,
            amount=form.amount.data,
            actor=actor(),
            purpose=value_of(form.purpose),
        )
    )
    if not saved:
        return _page(line, form), 422
    flash("已写进调整，批准以后才真正收回。")
    return hx.go_to(url_for("funds.batches.batch", batch_id=form.batch_id.data))


def _page(line: Allocation, form: TakeBackForm) -> str:
    return render(
        "funds/take_back.html",
        line=line,
        form=form,
        held=adjusting.held_of([line])[line.id],
        rest=adjusting.rests_of([line]).get((line.document_id, line.project_id), 0),
        changes=adjusting.changes_of([line]).get(line.id, []),
    )
