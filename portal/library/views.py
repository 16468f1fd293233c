"""The list of projects, the page of one project, and the one route of all its steps."""

from flask import Blueprint, abort, flash, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock, hx
from portal.accounts.scopes import may
from portal.library import (
    application_views,
    import_views,
    operations,
    paper_views,
    priority_views,
    queries,
)
from portal.library.filters import chosen_filter, kept_arguments, page_number
from portal.library.forms import StepForm
from portal.library.project_page import TONES, load_project, show_project
from portal.rules.access import Action
from portal.rules.project_flow import FLOW
from portal.rules.vocabulary import ProjectStatus, ReportClass
from portal.rules.workflow import Move
from portal.web import actor, render, requires

bp = Blueprint("library", __name__, url_prefix="/library")
bp.register_blueprint(application_views.bp)
bp.register_blueprint(paper_views.bp)
bp.register_blueprint(import_views.bp)
bp.register_blueprint(priority_views.bp)

MOVES = tuple(dict.fromkeys(step.move for step in FLOW))
DECIDING = {move: {step.by for step in FLOW if step.move is move} for move in MOVES}
DONE = {
    Move.SUBMIT: "已提交。审核结果会发到“消息”。",
    Move.WITHDRAW: "已撤回，可以修改后再提交。",
}


@bp.get("/")
@requires(Action.VIEW_PROJECTS)
def projects() -> ResponseReturnValue:
    chosen, page = chosen_filter(request.args), page_number(request.args)
    rows, more = queries.project_page(actor(), chosen, page)
    fragment = hx.wants("rows")
    return render(
        "library/projects.html",
        fragment="library/_rows.html",
        rows=rows,
        more=more,
        number=page,
        base=url_for("library.projects"),
        keep=kept_arguments(request.args),
        chosen=chosen,
        total=None if fragment else queries.project_count(actor(), chosen),
        years=[] if fragment else queries.years(actor()),
        townships=[] if fragment else queries.townships(actor()),
        tones=TONES,
        ReportClass=ReportClass,
        ProjectStatus=ProjectStatus,
    )


@bp.get("/<int:project_id>")
@requires(Action.VIEW_PROJECTS)
def project(project_id: int) -> ResponseReturnValue:
    return show_project(load_project(project_id))


@bp.post(f"/<int:project_id>/<any({','.join(MOVES)}):move>")
@requires(*set().union(*DECIDING.values()))
def step(project_id: int, move: str) -> ResponseReturnValue:
    found, wanted = load_project(project_id), Move(move)
    if not any(may(actor(), action, found) for action in DECIDING[wanted]):
        abort(403)
    form = StepForm()
    taken = form.accepts(
        lambda: operations.take_step(
            found,
            wanted,
            actor=actor(),
            on=clock.today(),
            words=form.words.data or "",
            minutes_number=form.minutes_number.data or "",
            admitted_on=form.admitted_on.data,
            seen=form.seen.data,
        )
    )
    if not taken:
        overtaken = form.seen.data is not None and form.seen.data != found.version
        return show_project(found, step=form), 409 if overtaken else 422
    flash(DONE.get(wanted, f"已办理：{wanted.label}。"))
    return hx.go_to(url_for("library.project", project_id=found.id))
