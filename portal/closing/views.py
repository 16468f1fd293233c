"""Pages of 结转结余: the years that are closed, the proof of each, and the decision on it."""

from io import BytesIO

import sqlalchemy as sa
from flask import Blueprint, Response, abort, flash, send_file, url_for
from flask.typing import ResponseReturnValue

from portal import clock, hx
from portal.accounts.scopes import may, visible
from portal.closing import operations, queries, sheets, surplus_views
from portal.closing.forms import DecideForm, ProposeForm
from portal.closing.models import YearClosing
from portal.db import db
from portal.rules.access import Action
from portal.rules.closing_flow import FLOW, ClosingFacts, year_problem
from portal.rules.workflow import Move, Words, steps_from
from portal.web import actor, load_or_404, render, requires

bp = Blueprint("closing", __name__, url_prefix="/closing")
bp.register_blueprint(surplus_views.bp)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOVES = tuple(step.move for step in FLOW)
DONE = {
    Move.APPROVE: "已结账。从现在起，任何批复和支付都不能再记入该年度。",
    Move.REJECT: "已退回，财政可以重新编制。",
}


@bp.get("/")
@requires(Action.VIEW_PACE)
def closings() -> ResponseReturnValue:
    return _list(ProposeForm())


@bp.post("/")
@requires(Action.PROPOSE_CLOSING)
def propose() -> ResponseReturnValue:
    form, made = ProposeForm(), list[YearClosing]()
    proposed = form.accepts(
        lambda: made.append(
            operations.propose_closing(
                actor().county_id, form.year.data, actor=actor(), on=clock.today()
            )
        )
    )
    if not proposed:
        return _list(form), 422
    flash("已编制。核对以后，请领导小组审定人审批。")
    return hx.go_to(url_for("closing.closing", closing_id=made[0].id))


@bp.get("/<int:closing_id>")
@requires(Action.VIEW_PACE)
def closing(closing_id: int) -> ResponseReturnValue:
    return _page(_load(closing_id), DecideForm())


@bp.post(f"/<int:closing_id>/<any({','.join(MOVES)}):move>")
@requires(Action.DECIDE_CLOSING)
def decide(closing_id: int, move: str) -> ResponseReturnValue:
    found, wanted, form = _load(closing_id), Move(move), DecideForm()
    if not may(actor(), Action.DECIDE_CLOSING, found):
        abort(403)
    decided = form.accepts(
        lambda: operations.decide_closing(
            found, wanted, actor=actor(), on=clock.today(), words=form.words.data or ""
        )
    )
    if not decided:
        return _page(found, form), 422
    flash(DONE[wanted])
    return hx.go_to(url_for("closing.closing", closing_id=found.id))


@bp.get("/<int:closing_id>/export")
@requires(Action.VIEW_PACE)
def export(closing_id: int) -> Response:
    found, target = _load(closing_id), BytesIO()
    sheets.write_closing(found, target)
    target.seek(0)
    name = f"{found.year}年度结转明细.xlsx"
    return send_file(target, XLSX, download_name=name, as_attachment=True)


def _list(form: ProposeForm) -> str:
    county_id, today = actor().county_id, clock.today()
    statement = sa.select(YearClosing).order_by(YearClosing.year.desc(), YearClosing.id.desc())
    found = db.session.scalars(visible(statement, YearClosing, actor(), Action.VIEW_PACE)).all()
    year = queries.next_year(county_id)
    form.year.data = year
    return render(
        "closing/closings.html",
        closings=found,
        rests=queries.rests_of(found),
        year=year,
        problem=year_problem(year, today, year) if year else None,
        waiting=queries.waiting(county_id),
        form=form,
    )


def _page(found: YearClosing, form: DecideForm) -> str:
    lines = queries.lines_of(found)
    steps = steps_from(FLOW, found.status, ClosingFacts(None))
    return render(
        "closing/closing.html",
        closing=found,
        groups=queries.by_tier_and_year(lines),
        documents=queries.by_document(lines),
        total=queries.sums_of(lines),
        before=queries.closing_before(found),
        steps=[step for step in steps if may(actor(), step.by, found)],
        form=form,
        Words=Words,
    )


def _load(closing_id: int) -> YearClosing:
    statement = sa.select(YearClosing).where(YearClosing.id == closing_id)
    found: YearClosing = load_or_404(visible(statement, YearClosing, actor(), Action.VIEW_PACE))
    return found
