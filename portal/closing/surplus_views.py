"""The page 结余收回 and its one click."""

import sqlalchemy as sa
from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock, hx
from portal.accounts.scopes import visible
from portal.closing import returning, surplus
from portal.closing.forms import ReturnForm
from portal.db import db
from portal.funds.models import AllocationBatch, Placement
from portal.library.filters import number_in
from portal.library.models import Project
from portal.rules.access import Action
from portal.web import actor, render, requires

bp = Blueprint("surplus", __name__, url_prefix="/surplus")


@bp.get("")
@requires(Action.VIEW_PACE)
def projects() -> ResponseReturnValue:
    return _page(ReturnForm())


@bp.post("")
@requires(Action.RETURN_SURPLUS)
def propose() -> ResponseReturnValue:
    form, made = ReturnForm(), list[AllocationBatch]()
    proposed = form.accepts(
        lambda: made.append(
            returning.propose_return(
                _choices(), reason=form.reason.data or "", actor=actor(), on=clock.today()
            )
        )
    )
    if not proposed:
        return _page(form), 422
    flash("已生成调整批次。核对以后填写批复信息，再提交审批。")
    return hx.go_to(url_for("funds.batches.batch", batch_id=made[0].id))


def _choices() -> dict[int, Project | None]:
    """The ticked placements, each with the project that was chosen for its money."""
    ticked = {number for text in request.form.getlist("placement") if (number := number_in(text))}
    targets = {key: number_in(request.form.get(f"target-{key}")) for key in ticked}
    mine = sa.select(Placement.id).where(Placement.id.in_(ticked))
    known = db.session.scalars(visible(mine, Placement, actor(), Action.RETURN_SURPLUS))
    wanted = sa.select(Project).where(Project.id.in_({key for key in targets.values() if key}))
    projects = {
        project.id: project
        for project in db.session.scalars(visible(wanted, Project, actor(), Action.VIEW_PROJECTS))
    }
    return {key: projects.get(targets[key] or 0) for key in known}


def _page(form: ReturnForm) -> str:
    years = surplus.years(actor())
    year = number_in(request.args.get("year")) or next(iter(years), clock.today().year)
    rows = surplus.money_of(surplus.projects_of(actor(), year), clock.today())
    everything = bool(request.args.get("all"))
    shown = [row for row in rows if everything or row.surplus.amount]
    return render(
        "closing/surplus.html",
        form=form,
        rows=shown,
        total=len(rows),
        everything=everything,
        year=year,
        years=years,
        candidates=surplus.candidates(actor()),
        ticked=set(request.form.getlist("placement")) if request.form else None,
    )
