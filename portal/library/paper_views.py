"""Public notices and attached papers of a project."""

from collections.abc import Callable

import sqlalchemy as sa
from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from portal import clock, hx
from portal.files.models import StoredFile
from portal.files.operations import keep_upload
from portal.files.views import download
from portal.forms import PortalForm
from portal.library import papers
from portal.library.forms import AttachmentForm, NoticeForm, ObjectionForm, SettleForm
from portal.library.models import Attachment, Project, PublicNotice
from portal.library.project_page import load_project, show_project
from portal.rules.access import Action
from portal.rules.vocabulary import AttachmentCategory, NoticeLevel
from portal.web import actor, load_or_404, requires

bp = Blueprint("papers", __name__, url_prefix="/<int:project_id>")


@bp.post("/notices")
@requires(Action.RECORD_NOTICE)
def record_notice(project_id: int) -> ResponseReturnValue:
    project, form = load_project(project_id, Action.RECORD_NOTICE), NoticeForm()
    return _answer(
        project,
        "notice",
        form,
        lambda: papers.record_notice(
            project,
            actor=actor(),
            level=NoticeLevel(form.level.data),
            from_on=form.from_on.data,
            to_on=form.to_on.data,
            place=form.place.data,
            photo=keep_upload(form.photo.data, actor=actor(), field="photo"),
        ),
        "公示已登记。",
    )


@bp.post("/notices/<int:notice_id>/objections")
@requires(Action.RECORD_NOTICE)
def record_objections(project_id: int, notice_id: int) -> ResponseReturnValue:
    project, form = load_project(project_id, Action.RECORD_NOTICE), ObjectionForm()
    notice = _notice(project, notice_id)
    return _answer(
        project,
        "objection",
        form,
        lambda: papers.record_objections(
            notice, actor=actor(), objections=form.objections.data, notes=form.notes.data
        ),
        "异议已登记，请在公示期满前答复。",
    )


@bp.post("/notices/<int:notice_id>/settle")
@requires(Action.RECORD_NOTICE)
def settle_objections(project_id: int, notice_id: int) -> ResponseReturnValue:
    project, form = load_project(project_id, Action.RECORD_NOTICE), SettleForm()
    notice = _notice(project, notice_id)
    return _answer(
        project,
        "settle",
        form,
        lambda: papers.settle_objections(notice, actor=actor(), notes=form.notes.data),
        "异议已办结。",
    )


@bp.post("/attachments")
@requires(Action.APPLY)
def attach(project_id: int) -> ResponseReturnValue:
    project, form = load_project(project_id, Action.APPLY), AttachmentForm()
    return _answer(
        project,
        "attachment",
        form,
        lambda: papers.attach(
            project,
            actor=actor(),
            category=AttachmentCategory(form.category.data),
            file=keep_upload(form.file.data, actor=actor(), field="file"),
        ),
        "附件已上传。",
    )


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
    photos = sa.select(PublicNotice.photo_id).where(PublicNotice.project_id == project.id)
    attached = sa.select(Attachment.file_id).where(Attachment.project_id == project.id)
    statement = sa.select(StoredFile).where(
        StoredFile.id == file_id, sa.or_(StoredFile.id.in_(photos), StoredFile.id.in_(attached))
    )
    return download(load_or_404(statement))


def _notice(project: Project, notice_id: int) -> PublicNotice:
    statement = sa.select(PublicNotice).filter_by(id=notice_id, project_id=project.id)
    notice: PublicNotice = load_or_404(statement)
    return notice


def _answer(
    project: Project, name: str, form: PortalForm, operation: Callable[[], object], done: str
) -> ResponseReturnValue:
    if not form.accepts(operation):
        return show_project(project, **{name: form}), 422
    flash(done)
    return hx.go_to(_page(project))


def _page(project: Project) -> str:
    return url_for("library.project", project_id=project.id)
