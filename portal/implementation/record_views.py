"""Pages of what happened on site: the days of the works and the acceptances."""

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from portal import clock, hx
from portal.accounts.scopes import may
from portal.files.operations import keep_upload
from portal.funds.forms import value_of
from portal.implementation import operations, queries
from portal.implementation.forms import AcceptanceForm, DatesForm
from portal.implementation.works_page import address_of
from portal.library.models import Project
from portal.library.project_page import load_project
from portal.rules.access import Action
from portal.rules.vocabulary import AcceptanceLevel
from portal.rules.works import ACCEPTS, DATES
from portal.web import actor, render, requires

bp = Blueprint("records", __name__, url_prefix="/<int:project_id>")


@bp.route("/dates", methods=["GET", "POST"])
@requires(Action.RECORD_EXECUTION)
def dates(project_id: int) -> ResponseReturnValue:
    project, form = load_project(project_id, Action.RECORD_EXECUTION), DatesForm()
    if not form.is_submitted():
        execution = queries.executions_of([project_id]).get(project_id)
        form = DatesForm(obj=execution, seen=execution.version if execution else 0)
        return render("implementation/dates.html", project=project, form=form)
    saved = form.accepts(
        lambda: operations.record_dates(
            project,
            {name: form[name].data for name in DATES},
            actor=actor(),
            on=clock.today(),
            seen=form.seen.data,
        )
    )
    if not saved:
        return render("implementation/dates.html", project=project, form=form), 422
    flash("实施日期已保存。")
    return hx.go_to(address_of(project_id))


@bp.route("/acceptance/new", methods=["GET", "POST"])
@requires(*ACCEPTS.values())
def accept(project_id: int) -> ResponseReturnValue:
    project = load_project(project_id)
    form = _acceptance_form(project)
    if not form.is_submitted():
        return render("implementation/acceptance.html", project=project, form=form)
    saved = form.accepts(lambda: _record(project, form))
    if not saved:
        return render("implementation/acceptance.html", project=project, form=form), 422
    flash("验收已登记。")
    return hx.go_to(address_of(project_id))


def _acceptance_form(project: Project) -> AcceptanceForm:
    """The form with the levels at which this person may look."""
    form = AcceptanceForm()
    form.level.choices = [
        SelectChoice(level.value, level.label)
        for level, action in ACCEPTS.items()
        if may(actor(), action, project)
    ]
    return form


def _record(project: Project, form: AcceptanceForm) -> None:
    upload = form.file.data
    operations.record_acceptance(
        project,
        AcceptanceLevel(form.level.data),
        accepted_on=form.accepted_on.data,
        passed=form.passed.data == "yes",
        opinion=value_of(form.opinion),
        people=value_of(form.people),
        actor=actor(),
        on=clock.today(),
        file=keep_upload(upload, actor=actor(), field="file") if upload else None,
    )
