"""Pages of changes: a proposal, and the one route of the steps that decide it."""

import sqlalchemy as sa
from flask import Blueprint, abort, flash
from flask.typing import ResponseReturnValue

from portal import clock, hx
from portal.accounts.scopes import may
from portal.funds.forms import value_of
from portal.implementation import changing
from portal.implementation.forms import ChangeForm, DecideForm
from portal.implementation.models import ProjectChange
from portal.implementation.works_page import address_of, show_works
from portal.library.project_page import load_project
from portal.rules.access import Action
from portal.rules.change_flow import FLOW
from portal.rules.vocabulary import ChangeKind
from portal.rules.workflow import Move
from portal.web import actor, load_or_404, render, requires

bp = Blueprint("changes", __name__, url_prefix="/<int:project_id>/changes")

DECIDING = {step.move: step.by for step in FLOW}


@bp.route("/new", methods=["GET", "POST"])
@requires(Action.PROPOSE_CHANGE)
def propose(project_id: int) -> ResponseReturnValue:
    project, form = load_project(project_id, Action.PROPOSE_CHANGE), ChangeForm()
    if not form.is_submitted():
        return render("implementation/change.html", project=project, form=form)
    saved = form.accepts(
        lambda: changing.propose_change(
            project,
            ChangeKind(form.kind.data),
            reason=value_of(form.reason),
            details=value_of(form.details),
            finish_on=form.finish_on.data,
            actor=actor(),
            on=clock.today(),
        )
    )
    if not saved:
        return render("implementation/change.html", project=project, form=form), 422
    flash("申请已提交，等领导小组审批。")
    return hx.go_to(address_of(project_id))


@bp.post(f"/<int:change_id>/<any({','.join(DECIDING)}):move>")
@requires(*set(DECIDING.values()))
def step(project_id: int, change_id: int, move: str) -> ResponseReturnValue:
    project, wanted, form = load_project(project_id), Move(move), DecideForm()
    statement = sa.select(ProjectChange).filter_by(id=change_id, project_id=project.id)
    change: ProjectChange = load_or_404(statement)
    if not may(actor(), DECIDING[wanted], change):
        abort(403)
    taken = form.accepts(
        lambda: changing.take_step(
            change,
            wanted,
            actor=actor(),
            on=clock.today(),
            minutes_number=value_of(form.minutes_number),
            words=value_of(form.words),
        )
    )
    if not taken:
        return show_works(project, form), 422
    flash(f"{change.kind.label}：{change.status.label}。")
    return hx.go_to(address_of(project_id))
