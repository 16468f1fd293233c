"""Asking for a payment: the project, the sources, the form of a new draft or of one that came back."""

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock, hx
from portal.library.models import Project
from portal.library.project_page import load_project
from portal.payments import operations, queries
from portal.payments.cells import CELL, Cells, cells_of, typed_cells
from portal.payments.forms import PaymentForm
from portal.payments.loading import load_payment
from portal.payments.models import Payment
from portal.rules.access import Action
from portal.rules.vocabulary import PaymentStatus
from portal.rules.workflow import Move
from portal.web import actor, render, requires

bp = Blueprint("requests", __name__)


@bp.route("/new", methods=["GET", "POST"])
@requires(Action.REQUEST_PAYMENT)
def new() -> ResponseReturnValue:
    project_id = request.args.get("project", type=int)
    if project_id is None:
        return _choice_of_project()
    project = load_project(project_id, Action.REQUEST_PAYMENT)
    if request.method == "GET":
        form = PaymentForm.blank(queries.contract_rooms(project.id))
        return _page(project, form, Cells())
    return _save(project, PaymentForm(), None)


@bp.route("/<int:payment_id>/edit", methods=["GET", "POST"])
@requires(Action.REQUEST_PAYMENT)
def edit(payment_id: int) -> ResponseReturnValue:
    payment = load_payment(payment_id, Action.REQUEST_PAYMENT)
    if request.method == "POST":
        return _save(payment.project, PaymentForm(), payment)
    if payment.status is not PaymentStatus.DRAFT:
        return hx.go_to(url_for("payments.payment", payment_id=payment.id))
    return _page(payment.project, PaymentForm.of(payment), cells_of(payment), payment)


@bp.get("/new/<int:project_id>/echo")
@requires(Action.REQUEST_PAYMENT)
def echo(project_id: int) -> ResponseReturnValue:
    """The sum while it is being typed: in 元 and in words."""
    load_project(project_id, Action.REQUEST_PAYMENT)
    return render("payments/_echo.html", cells=typed_cells(request.args))


def _choice_of_project() -> str:
    q = request.args.get("q", "")[:60]
    return render("payments/projects.html", rows=queries.payable(actor(), q), q=q)


def _save(project: Project, form: PaymentForm, payment: Payment | None) -> ResponseReturnValue:
    cells, rooms = typed_cells(request.form), queries.contract_rooms(project.id)
    form.offer(rooms)
    saved = list[Payment]()

    def write() -> None:
        facts = {"parts": cells.parts(), "actor": actor(), **form.facts(rooms, actor())}
        if payment:
            operations.edit_payment(payment, **facts)
        draft = payment or operations.request_payment(project, on=clock.today(), **facts)
        if "submit" in request.form:
            operations.take_step(draft, Move.SUBMIT, actor=actor(), on=clock.today())
        saved.append(draft)

    if not form.accepts(write):
        return _page(project, form, cells, payment), 422
    flash("已提交审核。" if "submit" in request.form else "已存为草稿，提交后才开始审核。")
    return hx.go_to(url_for("payments.payment", payment_id=saved[0].id, saved=1))


def _page(project: Project, form: PaymentForm, cells: Cells, payment: Payment | None = None) -> str:
    rooms = queries.contract_rooms(project.id)
    form.offer(rooms)
    return render(
        "payments/request.html",
        project=project,
        payment=payment,
        form=form,
        cells=cells,
        sources=queries.sources_of(project.id),
        rooms=rooms,
        CELL=CELL,
    )
