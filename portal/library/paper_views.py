"""Attached papers of a project, and every file that belongs to it."""

import sqlalchemy as sa
from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from portal import clock, hx
from portal.files.models import StoredFile
from portal.files.operations import keep_upload
from portal.files.views import download
from portal.library import papers
from portal.library.forms import AttachmentForm
from portal.library.models import Attachment, Project, PublicNotice
from portal.library.project_page import load_project, show_project
from portal.rules.access import Action
from portal.rules.vocabulary import AttachmentCategory
from portal.web import actor, load_or_404, requires

bp = Blueprint("papers", __name__, url_prefix="/<int:project_id>")


@bp.post("/attachments")
@requires(Action.APPLY)
def attach(project_id: int) -> ResponseReturnValue:
    project, form = load_project(project_id, Action.APPLY), AttachmentForm()
    if not form.accepts(
        lambda: papers.attach(
            project,
            actor=actor(),
            category=AttachmentCategory(form.category.data),
            file=keep_upload(form.file.data, actor=actor(), field="file"),
        )
    ):
        return show_project(project, attachment=form), 422
    flash("附件已上传。")
    return hx.go_to(_page(project))


@bp.post("/attachments/<int:attachment_id>/remove")
@requires(Action.APPLY)
def remove_attachment(project_id: int, attachment_id: int) -> ResponseReturnValue:
    project = load_project(project_id, Action.APPLY)
    attachment: Attachment = load_or_404(
        sa.select(Attachment).filter_by(id=attachment_id, project_id=project.id)
    )
    papers.remove_attachment(project, attachment, actor=actor(), on=clock.today())
    flash(f"已移除“{attachment.file.name}”。")
    return hx.go_to(_page(project))


@bp.get("/files/<int:file_id>")
@requires(Action.VIEW_PROJECTS)
def file(project_id: int, file_id: int) -> ResponseReturnValue:
    """A photo of a notice or an attached paper, to whoever may see the project."""
    project = load_project(project_id)
    own = (
        sa.select(column).where(table.project_id == project.id)
        for column, table in (
            (PublicNotice.photo_id, PublicNotice),
            (PublicNotice.last_photo_id, PublicNotice),
            (Attachment.file_id, Attachment),
        )
    )
    belongs = sa.or_(*(StoredFile.id.in_(ids) for ids in own))
    return download(load_or_404(sa.select(StoredFile).where(StoredFile.id == file_id, belongs)))


def _page(project: Project) -> str:
    return url_for("library.project", project_id=project.id)
