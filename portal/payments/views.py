"""The list of payments, the page of one, and the one route of all its steps."""

from flask import Blueprint, Response, abort, flash, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock, hx
from portal.accounts.scopes import may
from portal.db import Base, db
from portal.files.views import download
from portal.funds.models import FundDocument
from portal.library.filters import page_number
from portal.library.models import Project
from portal.library.queries import townships
from portal.payments import filters, gate_views, operations, queries, request_views, treasury_views
from portal.payments.forms import FILES, PaidForm, ReverseForm, StepForm
from portal.payments.loading import load_payment
from portal.payments.payment_page import TONES, show_payment
from portal.rules.access import Action
from portal.rules.payment_flow import FLOW
from portal.rules.vocabulary import PaymentStatus
from portal.rules.workflow import Move
from portal.web import actor, render, requires

bp = Blueprint("payments", __name__, url_prefix="/payments")
bp.register_blueprint(request_views.bp)
bp.register_blueprint(gate_views.bp)
bp.register_blueprint(treasury_views.bp)

MOVES: tuple[Move, ...] = tuple(
    dict.fromkeys(step.move for step in FLOW if step.move is not Move.PAY)
)
DECIDING: dict[Move, set[Action]] = {
    move: {step.by for step in FLOW if step.move is move} for move in MOVES
}
DONE = {
    Move.SUBMIT: "已提交审核。结果会发到“消息”。",
    Move.WITHDRAW: "已撤回，可以修改后再提交。",
    Move.RETURN: "已退回申请人，占用的资金已放回。",
}


@bp.get("/")
@requires(Action.VIEW_PAYMENTS)
def payments() -> ResponseReturnValue:
    chosen, page = filters.chosen_filter(request.args), page_number(request.args)
    rows, more = filters.page_of(actor(), chosen, page)
    return render(
        "payments/payments.html",
        rows=rows,
        more=more,
        number=page,
        chosen=chosen,
        keep={name: request.args[name][:20] for name in filters.NAMES if request.args.get(name)},
        sums=filters.sums_of(actor(), chosen),
        years=filters.years(actor()),
        townships=townships(actor()),
        project=_named(Project, chosen.project, Action.VIEW_PROJECTS),
        document=_named(FundDocument, chosen.document, Action.VIEW_FUNDS),
        tones=TONES,
        PaymentStatus=PaymentStatus,
    )


@bp.get("/<int:payment_id>")
@requires(Action.VIEW_PAYMENTS)
def payment(payment_id: int) -> ResponseReturnValue:
    return show_payment(load_payment(payment_id))


@bp.get("/<int:payment_id>/sheet")
@requires(Action.VIEW_PAYMENTS)
def sheet(payment_id: int) -> ResponseReturnValue:
    """资金支付审批表 (F11), to be printed."""
    found = load_payment(payment_id)
    rooms = {room.contract.id: room for room in queries.contract_rooms(found.project_id)}
    return render(
        "payments/sheet.html",
        payment=found,
        strip=queries.gate_strip(found),
        room=rooms.get(found.contract_id or 0),
        paid=queries.paid_of_projects([found.project_id], clock.today()).get(found.project_id, 0),
    )


@bp.post(f"/<int:payment_id>/<any({','.join(MOVES)}):move>")
@requires(*set().union(*DECIDING.values()))
def step(payment_id: int, move: str) -> ResponseReturnValue:
    found, wanted, form = load_payment(payment_id), Move(move), StepForm()
    if not any(may(actor(), action, found) for action in DECIDING[wanted]):
        abort(403)
    taken = form.accepts(
        lambda: operations.take_step(
            found,
            wanted,
            actor=actor(),
            on=clock.today(),
            words=form.words.data or "",
            seen=form.seen.data,
        )
    )
    if not taken:
        overtaken = form.seen.data not in {None, found.version}
        return show_payment(found, step=form), 409 if overtaken else 422
    flash(DONE.get(wanted, f"已办理：{wanted.label}。"))
    return hx.go_to(url_for(".payment", payment_id=found.id))


@bp.post("/<int:payment_id>/paid")
@requires(Action.RECORD_PAYMENT)
def paid(payment_id: int) -> ResponseReturnValue:
    found, form = load_payment(payment_id, Action.RECORD_PAYMENT), PaidForm()
    saved = form.accepts(
        lambda: operations.record_paid(
            found,
            paid_on=form.paid_on.data,
            voucher_number=form.voucher_number.data or "",
            actor=actor(),
            on=clock.today(),
        )
    )
    if not saved:
        return show_payment(found, paid=form), 422
    flash("已登记支付，记入项目的已付金额。")
    return hx.go_to(url_for(".payment", payment_id=found.id))


@bp.post("/<int:payment_id>/reverse")
@requires(Action.RECORD_PAYMENT)
def reverse(payment_id: int) -> ResponseReturnValue:
    found, form = load_payment(payment_id, Action.RECORD_PAYMENT), ReverseForm()
    saved = form.accepts(
        lambda: operations.reverse(
            found,
            reason=form.reason.data or "",
            paid_on=form.paid_on.data,
            actor=actor(),
            on=clock.today(),
        )
    )
    if not saved:
        return show_payment(found, reverse=form), 422
    flash("已冲销，钱回到各份文件的可支付余额。")
    return hx.go_to(url_for(".payment", payment_id=found.id))


@bp.get(f"/<int:payment_id>/<any({','.join(FILES)}):name>")
@requires(Action.VIEW_PAYMENTS)
def file(payment_id: int, name: str) -> Response:
    found = getattr(load_payment(payment_id), name)
    if found is None:
        abort(404)
    return download(found)


def _named(model: type[Base], row_id: int | None, action: Action) -> Base | None:
    """The row that narrows the list, for its name; None where the person does not reach it."""
    found = db.session.get(model, row_id) if row_id else None
    return found if found and may(actor(), action, found) else None
