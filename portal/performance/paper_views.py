"""A form as its official table: a page to print, a Word file, an Excel file."""

import io

from flask import Blueprint, Response, send_file
from flask.typing import ResponseReturnValue

from portal import clock
from portal.performance.amounts import amounts_of
from portal.performance.loading import load_form
from portal.performance.paper_rows import Paper
from portal.performance.papers import paper_of
from portal.performance.sheets import paper_docx, paper_xlsx
from portal.rules.access import Action
from portal.web import render, requires

bp = Blueprint("papers", __name__, url_prefix="/forms/<int:form_id>")

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/print")
@requires(Action.VIEW_PERFORMANCE)
def sheet(form_id: int) -> ResponseReturnValue:
    form, paper = load_form(form_id), _paper(form_id)
    return render("performance/sheet.html", form=form, paper=paper)


@bp.get("/word")
@requires(Action.VIEW_PERFORMANCE)
def word(form_id: int) -> ResponseReturnValue:
    paper = _paper(form_id)
    return _file(paper_docx(paper), DOCX, f"{paper.title}.docx")


@bp.get("/excel")
@requires(Action.VIEW_PERFORMANCE)
def excel(form_id: int) -> ResponseReturnValue:
    paper = _paper(form_id)
    return _file(paper_xlsx(paper), XLSX, f"{paper.title}.xlsx")


def _paper(form_id: int) -> Paper:
    form = load_form(form_id)
    return paper_of(form, amounts_of(form, clock.today()))


def _file(content: bytes, kind: str, name: str) -> Response:
    return send_file(io.BytesIO(content), kind, as_attachment=True, download_name=name)
