"""Pages: 项目实施. The list, the page of one project's works, and the files on it."""

import sqlalchemy as sa
from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from portal import clock
from portal.files.models import StoredFile
from portal.files.views import download
from portal.implementation import (
    change_views,
    contract_views,
    progress_views,
    record_views,
)
from portal.implementation.models import Acceptance, Contract, ProgressPhoto, ProgressReport
from portal.implementation.overview import Chosen, sums_of, works_lines, years_with_money
from portal.implementation.works_page import PHASE_TONES, show_works
from portal.library import queries as library
from portal.library.filters import chosen_filter, kept_arguments, page_number
from portal.library.project_page import load_project
from portal.rules.access import Action
from portal.rules.vocabulary import Phase
from portal.web import actor, load_or_404, render, requires

bp = Blueprint("implementation", __name__, url_prefix="/implementation")
for pages in (contract_views, record_views, change_views, progress_views):
    bp.register_blueprint(pages.bp)

PAGE_SIZE = 50


@bp.get("/")
@requires(Action.VIEW_PROJECTS)
def projects() -> ResponseReturnValue:
    years, page = years_with_money(actor()), page_number(request.args)
    chosen = _chosen(years)
    lines = works_lines(actor(), chosen, clock.today())
    return render(
        "implementation/projects.html",
        fragment="implementation/_rows.html",
        lines=lines[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        total=len(lines),
        sums=sums_of(lines),
        number=page,
        pages=-(-len(lines) // PAGE_SIZE),
        chosen=chosen,
        keep=kept_arguments(request.args, ("year", "township", "phase", "late")),
        years=years,
        townships=library.townships(actor()),
        tones=PHASE_TONES,
        Phase=Phase,
    )


@bp.get("/<int:project_id>")
@requires(Action.VIEW_PROJECTS)
def project(project_id: int) -> ResponseReturnValue:
    return show_works(load_project(project_id))


@bp.get("/<int:project_id>/files/<int:file_id>")
@requires(Action.VIEW_PROJECTS)
def file(project_id: int, file_id: int) -> Response:
    """A photo of the works, a contract or an acceptance paper, to whoever may see the project."""
    project = load_project(project_id)
    photos = sa.select(ProgressPhoto.file_id).join(
        ProgressReport, ProgressReport.id == ProgressPhoto.report_id
    )
    papers = (
        photos.where(ProgressReport.project_id == project.id),
        sa.select(Contract.file_id).where(Contract.project_id == project.id),
        sa.select(Acceptance.file_id).where(Acceptance.project_id == project.id),
    )
    own = sa.or_(*(StoredFile.id.in_(paper) for paper in papers))
    return download(load_or_404(sa.select(StoredFile).where(StoredFile.id == file_id, own)))


def _chosen(years: list[int]) -> Chosen:
    """The filter that the address names; without a year the latest one with money."""
    asked, phase = chosen_filter(request.args), request.args.get("phase")
    return Chosen(
        year=asked.year if asked.year in years else next(iter(years), None),
        township_id=asked.township_id,
        phase=next((one for one in Phase if one.value == phase), None),
        late="late" in request.args,
    )
