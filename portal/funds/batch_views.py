"""Batches: the list, a new draft, the approval's facts, and the one route of all steps."""

import sqlalchemy as sa
from flask import Blueprint, Response, abort, flash, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock, hx
from portal.accounts.scopes import may, visible
from portal.db import db
from portal.files.models import StoredFile
from portal.files.operations import keep_upload
from portal.files.views import download
from portal.funds import adjusting, operations, queries, shares
from portal.funds.forms import BatchForm, NewBatchForm, StepForm, value_of
from portal.funds.loading import load_batch, load_document
from portal.funds.models import AllocationBatch
from portal.rules.access import Action
from portal.rules.batch_flow import FLOW
from portal.rules.vocabulary import BatchStatus
from portal.rules.workflow import Move, Words
from portal.web import actor, render, requires

bp = Blueprint("batches", __name__, url_prefix="/batches")

MOVES = tuple(dict.fromkeys(step.move for step in FLOW))
DECIDING = {step.move: step.by for step in FLOW}
DONE = {
    Move.SUBMIT: "已提交，等领导小组批准。",
    Move.APPROVE: "已批准。下一步：公开资金分配结果。",
    Move.VOID: "已作废，安排的钱已退回各份文件。",
}


@bp.get("/")
@requires(Action.VIEW_FUNDS)
def batches() -> ResponseReturnValue:
    statement = sa.select(AllocationBatch).order_by(AllocationBatch.id.desc())
    found = db.session.scalars(
        visible(statement, AllocationBatch, actor(), Action.VIEW_FUNDS)
    ).all()
    return render("funds/batches.html", batches=found)


@bp.route("/new", methods=["GET", "POST"])
@requires(Action.DRAFT_BATCH)
def new_batch() -> ResponseReturnValue:
    document_id = request.args.get("document", type=int)
    document = load_document(document_id) if document_id else None
    form, made = NewBatchForm(), list[AllocationBatch]()
    if request.method == "GET":
        return render(
            "funds/new_batch.html", form=form, document=document, drafts=queries.drafts(actor())
        )
    if not form.accepts(
        lambda: made.append(operations.draft_batch(value_of(form.title), actor=actor()))
    ):
        return render(
            "funds/new_batch.html", form=form, document=document, drafts=queries.drafts(actor())
        ), 422
    flash("批次已建好，现在给项目填金额。")
    return hx.go_to(
        url_for("funds.lines.arrange", batch_id=made[0].id, document=document and document.id)
    )


@bp.get("/<int:batch_id>")
@requires(Action.VIEW_FUNDS)
def batch(batch_id: int) -> ResponseReturnValue:
    return _page(load_batch(batch_id), StepForm())


@bp.route("/<int:batch_id>/edit", methods=["GET", "POST"])
@requires(Action.DRAFT_BATCH)
def edit_batch(batch_id: int) -> ResponseReturnValue:
    found = load_batch(batch_id, Action.DRAFT_BATCH)
    if request.method == "GET":
        return render("funds/batch_form.html", form=BatchForm.of(found), batch=found)
    form = BatchForm()
    if not found.reason:
        del form.reason
    saved = form.accepts(
        lambda: operations.edit_batch(
            found, **form.facts(), on=clock.today(), minutes=_minutes(form)
        )
    )
    if not saved:
        return render("funds/batch_form.html", form=form, batch=found), 422
    flash("已保存批复信息。")
    return hx.go_to(url_for("funds.batches.batch", batch_id=found.id))


@bp.post(f"/<int:batch_id>/<any({','.join(MOVES)}):move>")
@requires(*set(DECIDING.values()))
def step(batch_id: int, move: str) -> ResponseReturnValue:
    found, wanted, form = load_batch(batch_id), Move(move), StepForm()
    if not may(actor(), DECIDING[wanted], found):
        abort(403)
    taken = form.accepts(
        lambda: operations.take_step(
            found,
            wanted,
            actor=actor(),
            on=clock.today(),
            words=value_of(form.words),
            seen=form.seen.data,
        )
    )
    if not taken:
        overtaken = form.seen.data not in {None, found.version}
        return _page(found, form), 409 if overtaken else 422
    flash(DONE.get(wanted, f"已办理：{wanted.label}。"))
    return hx.go_to(url_for("funds.batches.batch", batch_id=found.id))


@bp.get("/<int:batch_id>/minutes")
@requires(Action.VIEW_FUNDS)
def minutes(batch_id: int) -> Response:
    file = load_batch(batch_id).minutes
    if file is None:
        abort(404)
    return download(file)


def _page(found: AllocationBatch, form: StepForm) -> str:
    form.seen.data = found.version
    lines = found.lines
    return render(
        "funds/batch.html",
        batch=found,
        lines=lines,
        documents=list(dict.fromkeys(line.document for line in lines)),
        people=queries.names_of([found.drafted_by_id, found.decided_by_id or 0]),
        changes=adjusting.changes_of(lines),
        shares=shares.share_changes(found, shares.years_of(found)),
        steps=queries.open_steps(found, actor()),
        form=form,
        editable=found.status is BatchStatus.DRAFT and may(actor(), Action.DRAFT_BATCH, found),
        Words=Words,
    )


def _minutes(form: BatchForm) -> StoredFile | None:
    return (
        keep_upload(form.minutes.data, actor=actor(), field="minutes")
        if form.minutes.data
        else None
    )
