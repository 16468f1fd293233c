"""The plan table in and out: upload or paste, look at the check, confirm; export of the filtered list."""

import io

import sqlalchemy as sa
from flask import Blueprint, flash, request, send_file, url_for
from flask.typing import ResponseReturnValue

from portal import clock, hx
from portal.accounts.scopes import visible
from portal.intake import FileRefused
from portal.library import importing
from portal.library.filters import chosen_filter
from portal.library.forms import ImportForm
from portal.library.models import PlanImport, Project
from portal.library.sheets import TABLE, write_plan
from portal.rules.access import Action
from portal.rules.broken import RuleBroken
from portal.spreadsheets.writing import write_template
from portal.web import actor, load_or_404, render, requires

bp = Blueprint("plan", __name__)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN_ROWS = 200


@bp.get("/export")
@requires(Action.VIEW_PROJECTS)
def export() -> ResponseReturnValue:
    """The filtered list as the county's plan table, in the order of the years."""
    ids = visible(sa.select(Project.id), Project, actor(), Action.VIEW_PROJECTS)
    target = io.BytesIO()
    write_plan(chosen_filter(request.args).applied(ids), target)
    return _sheet(target, f"项目计划安排表-{clock.today()}.xlsx")


@bp.get("/import/template")
@requires(Action.IMPORT_PROJECTS)
def template() -> ResponseReturnValue:
    target = io.BytesIO()
    write_template(TABLE, target)
    return _sheet(target, "项目计划安排表-模板.xlsx")


def _sheet(target: io.BytesIO, name: str) -> ResponseReturnValue:
    target.seek(0)
    return send_file(target, mimetype=XLSX, as_attachment=True, download_name=name)


@bp.route("/import", methods=["GET", "POST"])
@requires(Action.IMPORT_PROJECTS)
def upload() -> ResponseReturnValue:
    form = ImportForm()
    if request.method == "GET":
        form.year.data = clock.today().year
        return render("library/import.html", form=form)
    begun: list[PlanImport] = []
    if not form.accepts(lambda: begun.append(_begin(form))):
        return render("library/import.html", form=form), 422
    return hx.go_to(url_for(".check", import_id=begun[0].id))


def _begin(form: ImportForm) -> PlanImport:
    content, filename = form.table()
    upload = importing.begin_import(
        content,
        filename,
        actor=actor(),
        county_id=actor().county_id,
        year=form.year.data or 0,
        on=clock.today(),
        minutes_number=form.minutes_number.data,
        admitted_on=form.admitted_on.data,
    )
    try:
        importing.check_import(upload)
    except FileRefused as refused:
        raise RuleBroken(refused.message, field="file") from refused
    return upload


@bp.get("/import/<int:import_id>")
@requires(Action.IMPORT_PROJECTS)
def check(import_id: int) -> ResponseReturnValue:
    upload = _load(import_id)
    return render(
        "library/check.html",
        upload=upload,
        check=None if upload.imported_on else importing.check_import(upload),
        earlier=importing.earlier_import(upload),
        shown=SHOWN_ROWS,
    )


@bp.post("/import/<int:import_id>")
@requires(Action.IMPORT_PROJECTS)
def confirm(import_id: int) -> ResponseReturnValue:
    done = importing.confirm_import(_load(import_id), actor=actor(), on=clock.today())
    flash(f"已导入：新增 {done.added} 个项目，修改 {done.changed} 个项目。")
    return hx.go_to(url_for("library.projects", year=done.year))


def _load(import_id: int) -> PlanImport:
    statement = sa.select(PlanImport).where(PlanImport.id == import_id)
    upload: PlanImport = load_or_404(
        visible(statement, PlanImport, actor(), Action.IMPORT_PROJECTS)
    )
    return upload
