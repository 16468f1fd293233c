"""公示栏: the list of notices, one notice with its photos and objections, the phone's page for a photo."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock, hx
from portal.accounts.models import User
from portal.boards import operations, poster_views, queries
from portal.boards.forms import AnswerForm, CloseForm, NoticeForm, ObjectionForm, PhotoForm
from portal.boards.loading import load_notice, load_objection
from portal.db import db
from portal.files.operations import keep_upload
from portal.forms import PortalForm
from portal.library.models import Project, PublicNotice
from portal.library.project_page import load_project
from portal.library.queries import book
from portal.rules.access import Action
from portal.rules.notices import photo_day
from portal.rules.vocabulary import BoardPhoto, NoticeLevel, NoticeStage
from portal.web import actor, render, requires

bp = Blueprint("boards", __name__, url_prefix="/boards")
bp.register_blueprint(poster_views.bp)
NOTICE = "/<int:project_id>/notices/<int:notice_id>"
OBJECTION = NOTICE + "/objections/<int:objection_id>"


@bp.get("/")
@requires(Action.VIEW_PROJECTS)
def boards() -> ResponseReturnValue:
    chosen = queries.Chosen(
        queries.Shown.named(request.args.get("shown", "")),
        NoticeStage.named(request.args.get("stage", "")),
    )
    page = request.args.get("page", "")[:6]
    today = clock.today()
    found = queries.page_of(actor(), chosen, int(page) if page.isdecimal() else 1, today)
    return render(
        "boards/boards.html",
        found=found,
        chosen=chosen,
        shown=list(queries.Shown),
        stages=list(NoticeStage),
        asked=queries.photos_asked(actor(), today),
        objections=queries.objections_waiting(actor()),
    )


@bp.route("/<int:project_id>/notices/new", methods=["GET", "POST"])
@requires(Action.RECORD_NOTICE)
def record(project_id: int) -> ResponseReturnValue:
    project, today = load_project(project_id, Action.RECORD_NOTICE), clock.today()
    days = book().notices[NoticeLevel.VILLAGE.value].days
    form = NoticeForm(
        stage=queries.likely_stage(project).value, from_on=today, to_on=today + timedelta(days)
    )
    form.offer(project.notice_stages, operations.notice_levels(actor()))
    made: list[PublicNotice] = []
    if request.method == "POST" and form.accepts(lambda: made.append(_record(project, form))):
        flash("公示已登记。")
        return hx.go_to(_address(made[0]))
    status = 200 if request.method == "GET" else 422
    return render("boards/record.html", project=project, form=form, days=days), status


@bp.get(NOTICE)
@requires(Action.VIEW_PROJECTS)
def notice(project_id: int, notice_id: int) -> ResponseReturnValue:
    return _page(load_notice(project_id, notice_id))


@bp.route(NOTICE + "/photos/<any(first,last):which>", methods=["GET", "POST"])
@requires(Action.RECORD_NOTICE)
def photograph(project_id: int, notice_id: int, which: str) -> ResponseReturnValue:
    found, form = load_notice(project_id, notice_id, Action.RECORD_NOTICE), PhotoForm()
    day = BoardPhoto(which)
    if request.method == "POST" and form.accepts(lambda: _add_photo(found, day, form)):
        flash(f"{day.label}已保存。")
        return hx.go_to(_address(found))
    status = 200 if request.method == "GET" else 422
    expected = photo_day(day, found.from_on, found.to_on)
    kept = operations.kept_photo(found, day, clock.today())
    return render(
        "boards/photograph.html", notice=found, form=form, which=day, expected=expected, kept=kept
    ), status


@bp.post(NOTICE + "/objections")
@requires(Action.RECORD_NOTICE)
def object_to(project_id: int, notice_id: int) -> ResponseReturnValue:
    found, form = load_notice(project_id, notice_id, Action.RECORD_NOTICE), ObjectionForm()
    return _answer(
        found,
        form,
        lambda: operations.record_objection(
            found,
            actor=actor(),
            received_on=form.received_on.data,
            content=form.content.data,
            on=clock.today(),
        ),
        "异议已登记，请在公示期满前答复。",
        objection=form,
    )


@bp.post(OBJECTION + "/answer")
@requires(Action.RECORD_NOTICE)
def answer(project_id: int, notice_id: int, objection_id: int) -> ResponseReturnValue:
    objection, form = load_objection(project_id, notice_id, objection_id), AnswerForm()
    return _answer(
        objection.notice,
        form,
        lambda: operations.answer_objection(
            objection, form.answer.data, actor=actor(), on=clock.today()
        ),
        "答复已登记。由乡镇的另一人办结，不能是登记公示或答复的人。",
        answers={objection.id: form},
    )


@bp.post(OBJECTION + "/close")
@requires(Action.RECORD_NOTICE)
def close(project_id: int, notice_id: int, objection_id: int) -> ResponseReturnValue:
    objection, form = load_objection(project_id, notice_id, objection_id), CloseForm()
    return _answer(
        objection.notice,
        form,
        lambda: operations.close_objection(objection, actor=actor(), on=clock.today()),
        "异议已办结。",
        closings={objection.id: form},
    )


def _record(project: Project, form: NoticeForm) -> PublicNotice:
    photo = form.photo.data
    return operations.record_notice(
        project,
        actor=actor(),
        stage=NoticeStage(form.stage.data),
        level=NoticeLevel(form.level.data),
        from_on=form.from_on.data,
        to_on=form.to_on.data,
        place=form.place.data.strip(),
        photo=keep_upload(photo, actor=actor(), field="photo") if photo else None,
        on=clock.today(),
    )


def _add_photo(found: PublicNotice, which: BoardPhoto, form: PhotoForm) -> None:
    photo = keep_upload(form.photo.data, actor=actor(), field="photo")
    operations.add_photo(found, which, photo, actor=actor(), on=clock.today())


def _answer(
    found: PublicNotice,
    form: PortalForm,
    operation: Callable[[], object],
    done: str,
    **refused: object,
) -> ResponseReturnValue:
    if not form.accepts(operation):
        return _page(found, **refused), 422
    flash(done)
    return hx.go_to(_address(found))


def _page(found: PublicNotice, **refused: object) -> str:
    """The page; ``refused`` are forms of it that were sent and not accepted."""
    today = clock.today()
    forms: dict[str, Any] = {
        "objection": ObjectionForm(formdata=None, received_on=today),
        "closings": {},
        **refused,
    }
    typed = forms.pop("answers", {})
    return render(
        "boards/notice.html",
        notice=found,
        people=_people(found),
        may_close=operations.may_close(actor()),
        may_answer=operations.may_answer,
        needs_last=book().notice_photos and found.stage is NoticeStage.COMPLETION,
        BoardPhoto=BoardPhoto,
        answers={
            one.id: typed.get(one.id, AnswerForm(formdata=None)).for_row(one.id)
            for one in found.objections
        },
        blank_closing=CloseForm(formdata=None),
        **forms,
    )


def _people(found: PublicNotice) -> dict[int, str]:
    ids = {found.recorded_by_id}
    for one in found.objections:
        ids |= {one.recorded_by_id, one.answered_by_id or 0, one.closed_by_id or 0}
    rows = db.session.execute(sa.select(User.id, User.name).where(User.id.in_(ids)))
    return dict(rows.tuples().all())


def _address(found: PublicNotice) -> str:
    return url_for("boards.notice", project_id=found.project_id, notice_id=found.id)
