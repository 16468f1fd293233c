"""The phone's page: how far the works are, with photos."""

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue

from portal import clock, hx
from portal.files.operations import keep_upload
from portal.funds.forms import value_of
from portal.implementation import operations, queries
from portal.implementation.forms import ProgressForm
from portal.implementation.works_page import address_of
from portal.library.models import Project
from portal.library.project_page import load_project
from portal.rules.access import Action
from portal.web import actor, render, requires

bp = Blueprint("progress", __name__, url_prefix="/<int:project_id>/progress")


@bp.route("/new", methods=["GET", "POST"])
@requires(Action.REPORT_PROGRESS)
def report(project_id: int) -> ResponseReturnValue:
    project = load_project(project_id, Action.REPORT_PROGRESS)
    form = ProgressForm(taken_on=clock.today())
    if not form.is_submitted():
        return _page(project, form)
    if not form.accepts(lambda: _record(project, form)):
        return _page(project, form), 422
    flash("进度已上报。")
    return hx.go_to(address_of(project_id))


def _record(project: Project, form: ProgressForm) -> None:
    taken_on = form.taken_on.data
    operations.report_progress(
        project,
        form.share(),
        words=value_of(form.words),
        photos=[
            (keep_upload(photo, actor=actor(), field="photos"), taken_on)
            for photo in form.photos.data or ()
        ],
        actor=actor(),
        on=clock.today(),
    )


def _page(project: Project, form: ProgressForm) -> str:
    last = queries.latest_reports([project.id], clock.today()).get(project.id)
    return render("implementation/progress.html", project=project, form=form, last=last)
