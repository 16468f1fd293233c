"""Applying: begin, fill in, keep what is being typed."""

import json
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from portal import clock, hx
from portal.accounts.models import Organization
from portal.db import db, unit_of_work
from portal.library import operations, queries
from portal.library.forms import (
    COUNTS,
    MONEY,
    MOST_TARGETS,
    ApplicationForm,
    BeginForm,
)
from portal.library.models import Project, ProjectDraft
from portal.library.project_page import load_project
from portal.rules.access import Action
from portal.rules.money import wan_exact
from portal.rules.project_flow import EDITABLE
from portal.rules.vocabulary import OrganizationKind
from portal.web import actor, opens_own_units, render, requires

bp = Blueprint("application", __name__)

MOST_TYPED = 300_000
BLANK_TARGETS = 3


@bp.route("/new", methods=["GET", "POST"])
@requires(Action.APPLY)
def begin() -> ResponseReturnValue:
    form = _begin_form()
    if request.method == "GET":
        return render("library/begin.html", form=form)
    begun: list[Project] = []
    if not form.accepts(lambda: begun.append(_begin(form))):
        return render("library/begin.html", form=form), 422
    return hx.go_to(url_for(".edit", project_id=begun[0].id))


def _begin_form() -> BeginForm:
    form = BeginForm()
    if form.year.data is None and request.method == "GET":
        form.year.data = clock.today().year
    form.organization_id.choices = [(one.id, one.name) for one in queries.applicants(actor())]
    departments = queries.organizations(actor().county_id, OrganizationKind.DEPARTMENT)
    form.department_id.choices = [(one.id, one.name) for one in departments]
    return form


def _begin(form: BeginForm) -> Project:
    return operations.create_application(
        actor=actor(),
        organization=db.session.get_one(Organization, form.organization_id.data),
        department=db.session.get(Organization, form.department_id.data),
        year=form.year.data or 0,
        name=form.name.data,
        on=clock.today(),
    )


@bp.get("/<int:project_id>/edit")
@requires(Action.APPLY)
def edit(project_id: int) -> ResponseReturnValue:
    project = _load_open(project_id)
    draft = db.session.get(ProjectDraft, project.id)
    if draft is None:
        form = ApplicationForm(formdata=None, data=_saved(project))
    else:
        form = ApplicationForm(MultiDict(json.loads(draft.fields)), meta={"csrf": False})
    _offer(form, project)
    if draft is not None:
        form.validate()
    form.seen.data = project.version
    return _show(form, project, draft)


@bp.post("/<int:project_id>/edit")
@requires(Action.APPLY)
def save(project_id: int) -> ResponseReturnValue:
    project = _load_open(project_id)
    form = ApplicationForm()
    _offer(form, project)
    if form.accepts(lambda: _save(form, project)):
        flash("已保存。")
        return hx.go_to(url_for("library.project", project_id=project.id))
    if form.seen.data is not None and form.seen.data != project.version:
        _show_both(form, project)
        return _show(form, project, None), 409
    return _show(form, project, None), 422


def _save(form: ApplicationForm, project: Project) -> None:
    chosen = set(form.villages.data or [])
    fixed = project.organization.kind is OrganizationKind.VILLAGE
    operations.save_application(
        project,
        actor=actor(),
        fields=form.columns(),
        targets=form.lines(),
        villages=None if fixed else [v for v in _villages(project) if v.id in chosen],
        seen=form.seen.data,
    )


def _show_both(form: ApplicationForm, project: Project) -> None:
    """Somebody saved in between: say at each field what stands there now (nothing is overwritten)."""
    form.seen.raw_data = None
    form.seen.data = project.version
    for name, value in _saved(project).items():
        field = form[name]
        if name not in {"targets", "villages"} and (field.data or None) != (value or None):
            field.errors = [*field.errors, f"现在保存的是：{_shown(name, value)}"]


def _shown(name: str, value: Any) -> str:  # noqa: ANN401 - the value of any column
    return f"{wan_exact(value or 0)} 万元" if name in MONEY else str(value or "（空）")


@bp.post("/<int:project_id>/draft")
@requires(Action.APPLY)
@opens_own_units
def draft(project_id: int) -> ResponseReturnValue:
    typed = {
        name: values
        for name, values in request.form.to_dict(flat=False).items()
        if name not in {"csrf_token", "submission", "seen", "rows"}
    }
    if sum(len(value) for values in typed.values() for value in values) > MOST_TYPED:
        abort(413)
    with unit_of_work(actor(), "library.application.draft", ip=request.remote_addr or ""):
        project = load_project(project_id, Action.APPLY)
        kept = operations.keep_draft(project, actor=actor(), typed=typed)
        if hx.is_htmx():
            form = ApplicationForm(formdata=request.form, meta={"csrf": False})
            return render_template("library/_saved.html", draft=kept, total=form.total())
    rows = request.form.get("rows", type=int)
    if not rows:
        flash("草稿已保存，内容一字未改。填好后请点“检查并保存”。")
    anchor = "targets" if rows else None
    return hx.go_to(url_for(".edit", project_id=project_id, rows=rows, _anchor=anchor))


def _load_open(project_id: int) -> Project:
    project = load_project(project_id, Action.APPLY)
    if project.status not in EDITABLE and request.method == "GET":
        abort(404, "这份申请已经提交，不能修改。要修改，请先在项目页撤回，或请审核人退回。")
    return project


def _saved(project: Project) -> dict[str, Any]:
    """What the form shows of a saved application; an amount of 0 stays an empty field."""
    columns = sa.inspect(Project).columns
    values = {name: getattr(project, name) for name in dir(ApplicationForm) if name in columns}
    values |= {name: values[name] or None for name in MONEY}
    values["targets"] = [
        {name: getattr(target, name) for name in ("level", "name", "comparison", "value", "unit")}
        for target in project.targets
    ]
    values["villages"] = [village.id for village in project.villages]
    return values


def _offer(form: ApplicationForm, project: Project) -> None:
    """Fill in the choices, and enough blank rows for targets to work without JavaScript."""
    form.villages.choices = [(village.id, village.name) for village in _villages(project)]
    rows = request.args.get("rows", type=int) or 0
    wanted = max(rows, BLANK_TARGETS, len(project.targets) + 1)
    while len(form.targets) < min(wanted, MOST_TARGETS):
        form.targets.append_entry()


def _villages(project: Project) -> list[Organization]:
    """The villages that a project of this applicant may lie in."""
    if project.organization.kind is OrganizationKind.TOWNSHIP:
        statement = sa.select(Organization).where(
            Organization.parent_id == project.organization_id, Organization.active
        )
        return list(db.session.scalars(statement.order_by(Organization.id)))
    if project.organization.kind is OrganizationKind.DEPARTMENT:
        return queries.organizations(project.county_id, OrganizationKind.VILLAGE)
    return []


def _show(form: ApplicationForm, project: Project, draft: ProjectDraft | None) -> str:
    return render(
        "library/edit.html",
        form=form,
        project=project,
        draft=draft,
        total=form.total(),
        money=MONEY,
        counts=COUNTS,
        townships={
            o.id: o.name
            for o in queries.organizations(project.county_id, OrganizationKind.TOWNSHIP)
        },
        villages=_villages(project),
    )
