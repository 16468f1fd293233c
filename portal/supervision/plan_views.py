"""用款计划: the months, the draft as a table to fill in, the issued plan with what was paid."""

import io
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from flask import Blueprint, Response, flash, request, send_file, url_for
from flask.typing import ResponseReturnValue

from portal import clock, hx
from portal.db import restart_unit
from portal.funds.entering import CELL, Entry, LinesRefused, pasted_lines, typed_cells
from portal.rules.access import Action
from portal.rules.broken import RuleBroken
from portal.rules.money import percent
from portal.rules.supervision import month_after, month_span
from portal.supervision import planning, queries, sheets
from portal.supervision.forms import CellsForm, ExplanationForm, IssueForm, PasteForm, PlanForm
from portal.supervision.loading import load_plan, load_plan_line
from portal.supervision.models import PaymentPlan
from portal.web import actor, render, requires

bp = Blueprint("plans", __name__, url_prefix="/plans")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/")
@requires(Action.VIEW_PACE)
def plans() -> ResponseReturnValue:
    return _list(PlanForm(formdata=None, **_next_month()))


@bp.post("/")
@requires(Action.ISSUE_PAYMENT_PLAN)
def draft() -> ResponseReturnValue:
    form, made = PlanForm(), []
    who, today = actor(), clock.today()
    if not form.accepts(
        lambda: made.append(
            planning.draft_plan(
                form.year.data, form.month.data, county_id=who.county_id, actor=who, on=today
            )
        )
    ):
        return _list(form), 422
    flash("已按未支付的资金生成建议数，请核对后下达。")
    return hx.go_to(url_for("supervision.plans.plan", plan_id=made[0].id))


@bp.get("/<int:plan_id>")
@requires(Action.VIEW_PACE)
def plan(plan_id: int) -> ResponseReturnValue:
    found = load_plan(plan_id)
    return _draft(found) if found.issued_on is None else _issued(found)


@bp.post("/<int:plan_id>/cells")
@requires(Action.ISSUE_PAYMENT_PLAN)
def save_cells(plan_id: int) -> ResponseReturnValue:
    found, form = load_plan(plan_id, Action.ISSUE_PAYMENT_PLAN), CellsForm()
    typed = {name: text.strip() or "0" for name, text in request.form.items()}
    entries = typed_cells(typed, actor())
    reasons = _refused(found, form, entries, form.seen.data)
    if reasons is None:
        return _saved(found)
    return _draft(found, cells=form, entries=entries, reasons=reasons), 422


@bp.post("/<int:plan_id>/paste")
@requires(Action.ISSUE_PAYMENT_PLAN)
def save_pasted(plan_id: int) -> ResponseReturnValue:
    found, form = load_plan(plan_id, Action.ISSUE_PAYMENT_PLAN), PasteForm()
    entries = pasted_lines(form.pasted.data or "", actor())
    reasons = _refused(found, form, entries)
    if reasons is None:
        return _saved(found)
    return _draft(found, paste=form, entries=entries, reasons=reasons), 422


@bp.post("/<int:plan_id>/issue")
@requires(Action.ISSUE_PAYMENT_PLAN)
def issue(plan_id: int) -> ResponseReturnValue:
    found, form = load_plan(plan_id, Action.ISSUE_PAYMENT_PLAN), IssueForm()
    if not form.accepts(lambda: planning.issue_plan(found, actor=actor(), on=clock.today())):
        return _draft(found, issue=form), 422
    flash("已下达，有关单位会收到消息。")
    return hx.go_to(url_for("supervision.plans.plan", plan_id=found.id))


@bp.get("/<int:plan_id>/excel")
@requires(Action.VIEW_PACE)
def export(plan_id: int) -> ResponseReturnValue:
    found, target = load_plan(plan_id), io.BytesIO()
    sheets.write_plan(found, queries.unit_plans(found, clock.today()), target)
    target.seek(0)
    name = f"{found.year}年{found.month}月用款计划.xlsx"
    return send_file(target, XLSX, as_attachment=True, download_name=name)


@bp.route("/lines/<int:plan_line_id>", methods=["GET", "POST"])
@requires(Action.EXPLAIN_PAYMENT_PLAN)
def explain(plan_line_id: int) -> ResponseReturnValue:
    line, today = load_plan_line(plan_line_id), clock.today()
    form = ExplanationForm(obj=line)
    if request.method == "POST" and form.accepts(
        lambda: planning.explain(
            line, (form.explanation.data or "").strip(), actor=actor(), on=today
        )
    ):
        flash("已写明原因。")
        return hx.go_to(url_for("supervision.plans.plan", plan_id=line.plan_id))
    paid = queries.paid_in_month(line.plan, today).get(line.project_id, 0)
    status = 422 if request.method == "POST" else 200
    return render("supervision/explain.html", line=line, paid=paid, form=form), status


def _list(form: PlanForm) -> str:
    return render(
        "supervision/plans.html",
        plans=queries.plans(actor()),
        form=form,
        issue_by_day=queries.issue_by_day(),
    )


def _next_month() -> Mapping[str, int]:
    """The month to plan for: this one, or the next where this one has its plan."""
    today = clock.today()
    year, month = today.year, today.month
    if queries.plan_of_month(actor().county_id, year, month):
        year, month = month_after(year, month)
    return {"year": year, "month": month}


def _refused(
    plan: PaymentPlan,
    form: CellsForm | PasteForm,
    entries: Sequence[Entry],
    seen: int | None = None,
) -> Mapping[int, str] | None:
    """Save all lines, or say why not: the reasons by line number; None means saved."""
    if not form.validate():
        return {}
    try:
        planning.write_lines(plan, entries, on=clock.today(), seen=seen)
    except RuleBroken as broken:
        restart_unit()
        form.refuse(broken)
        return broken.reasons if isinstance(broken, LinesRefused) else {}
    return None


def _saved(plan: PaymentPlan) -> Response:
    flash("已保存。核对无误后下达。")
    return hx.go_to(url_for("supervision.plans.plan", plan_id=plan.id))


def _draft(
    plan: PaymentPlan,
    *,
    cells: CellsForm | None = None,
    paste: PasteForm | None = None,
    issue: IssueForm | None = None,
    entries: Sequence[Entry] = (),
    reasons: Mapping[int, str] = MappingProxyType({}),
) -> str:
    typed = {entry.project.id: entry for entry in entries if entry.project and cells}
    return render(
        "supervision/plan_draft.html",
        plan=plan,
        payable=queries.payable(plan.county_id, clock.today()),
        planned={line.project_id: line.amount for line in plan.lines},
        total=sum(line.amount for line in plan.lines),
        cells=cells or CellsForm(formdata=None, seen=plan.version),
        paste=paste or PasteForm(formdata=None),
        issue=issue or IssueForm(formdata=None),
        entries=typed,
        pasted=entries if paste else (),
        reasons=reasons,
        issue_by_day=queries.issue_by_day(),
        CELL=CELL,
    )


def _issued(plan: PaymentPlan) -> str:
    today = clock.today()
    units = queries.unit_plans(plan, today)
    planned, paid = sum(unit.planned for unit in units), sum(unit.paid for unit in units)
    return render(
        "supervision/plan.html",
        plan=plan,
        units=units,
        planned=planned,
        paid=paid,
        percent=percent(paid, planned),
        over=month_span(plan.year, plan.month)[1] <= today,
        issue_by_day=queries.issue_by_day(),
    )
