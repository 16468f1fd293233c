"""监督举报: the register, a complaint's way, and the one button that shows how to reach a person."""

from collections.abc import Callable

import sqlalchemy as sa
from flask import Blueprint, Response, flash, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock, hx
from portal.accounts.models import Organization, User
from portal.accounts.scopes import may, visible
from portal.complaints import operations, queries
from portal.complaints.forms import (
    AnswerForm,
    AssignForm,
    CloseForm,
    IntakeForm,
    LookForm,
    ReturnForm,
)
from portal.complaints.models import Complaint, ComplaintScan
from portal.db import db
from portal.files.models import StoredFile
from portal.files.operations import keep_upload
from portal.files.views import download
from portal.forms import PortalForm
from portal.library.models import Project
from portal.rules.access import Action
from portal.rules.broken import RuleBroken
from portal.rules.complaint_flow import FLOW
from portal.rules.vocabulary import ComplaintChannel, ComplaintResult, ComplaintStatus
from portal.rules.workflow import Move
from portal.web import actor, load_or_404, render, requires

bp = Blueprint("complaints", __name__, url_prefix="/complaints")
FORMS: dict[Move, type[PortalForm]] = {
    Move.ASSIGN: AssignForm,
    Move.ANSWER: AnswerForm,
    Move.RETURN: ReturnForm,
    Move.CLOSE: CloseForm,
}


@bp.get("/")
@requires(Action.VIEW_COMPLAINTS)
def complaints() -> ResponseReturnValue:
    wanted, page = queries.Wanted.read(request.args), request.args.get("page", "")
    number = int(page) if page.isdecimal() and len(page) < 7 else 1
    return render(
        "complaints/complaints.html",
        found=queries.page_of(actor(), wanted, number, clock.today()),
        wanted=wanted,
        statuses=[*((one.value, one.label) for one in ComplaintStatus), (queries.OVERDUE, "逾期")],
        channels=list(ComplaintChannel),
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Action.REGISTER_COMPLAINT)
def register() -> ResponseReturnValue:
    form, made = IntakeForm(), list[Complaint]()
    if request.method == "GET":
        form.received_on.data = clock.today()
        return render("complaints/new.html", form=form)
    if not form.accepts(lambda: made.append(_register(form))):
        return render("complaints/new.html", form=form), 422
    flash(f"已登记，编号 {made[0].code}。")
    if may(actor(), Action.VIEW_COMPLAINTS, made[0]):
        return hx.go_to(url_for("complaints.complaint", complaint_id=made[0].id))
    return hx.go_to(url_for("complaints.complaints"))


@bp.get("/<int:complaint_id>")
@requires(Action.VIEW_COMPLAINTS)
def complaint(complaint_id: int) -> ResponseReturnValue:
    return _page(_load(complaint_id))


@bp.get("/<int:complaint_id>/scans/<int:file_id>")
@requires(Action.VIEW_COMPLAINTS)
def scan(complaint_id: int, file_id: int) -> Response:
    """A page of the letter, to whoever may read the complaint."""
    own = sa.select(ComplaintScan.file_id).filter_by(complaint_id=_load(complaint_id).id)
    found = sa.select(StoredFile).where(StoredFile.id == file_id, StoredFile.id.in_(own))
    return download(load_or_404(found))


@bp.post("/<int:complaint_id>/contact")
@requires(Action.ASSIGN_COMPLAINT, Action.ANSWER_COMPLAINT)
def contact(complaint_id: int) -> ResponseReturnValue:
    found = _load(complaint_id)
    return _page(found, contact=operations.look_at_contact(found, actor()))


@bp.post(f"/<int:complaint_id>/<any({','.join(FORMS)}):move>")
@requires(*{step.by for step in FLOW})
def step(complaint_id: int, move: str) -> ResponseReturnValue:
    found, wanted = _load(complaint_id), Move(move)
    form = _form(wanted, found)
    if not form.accepts(lambda: _STEPS[wanted](found, form)):
        return _page(_load(complaint_id), form), 422
    flash(f"已{wanted.label}。")
    return hx.go_to(url_for("complaints.complaint", complaint_id=complaint_id))


def _load(complaint_id: int) -> Complaint:
    statement = visible(sa.select(Complaint), Complaint, actor(), Action.VIEW_COMPLAINTS)
    found: Complaint = load_or_404(statement.where(Complaint.id == complaint_id))
    return found


def _register(form: IntakeForm) -> Complaint:
    named = (form.project.data or "").strip()
    project = _project(named) if named else None
    scans = [
        keep_upload(one, actor=actor(), field="scans")
        for one in form.scans.data or ()
        if one and one.filename
    ]
    return operations.register(form.intake(), project, scans, actor=actor(), on=clock.today())


def _project(named: str) -> Project:
    """The project of this code or this whole name, among those that the person may see."""
    fitting = queries.projects_named(actor(), named)
    if not fitting:
        words = f"没有编码或名称是“{named}”的项目。名称要写全；不清楚的请留空。"
        raise RuleBroken(words, field="project")
    if len(fitting) > 1:
        codes = "、".join(one.code for one in fitting)
        words = f"有 {len(fitting)} 个项目叫这个名称，请改填编码：{codes}。"
        raise RuleBroken(words, field="project")
    return fitting[0]


def _form(move: Move, found: Complaint, *, blank: bool = False) -> PortalForm:
    form = FORMS[move](formdata=None) if blank else FORMS[move]()
    if isinstance(form, AssignForm):
        offices = {str(office.id): office.name for office in queries.offices(found.county_id)}
        form.office.choices = [("", "请选择"), *offices.items()]
        if blank and found.project and found.status is ComplaintStatus.RECEIVED:
            form.office.data = str(found.project.township_id or "")
    return form


def _assign(found: Complaint, form: AssignForm) -> None:
    office = db.session.get_one(Organization, int(form.office.data))
    words = form.words.data or ""
    operations.assign(found, office, words=words, actor=actor(), on=clock.today())


def _answer(found: Complaint, form: AnswerForm) -> None:
    result = ComplaintResult(form.result.data)
    operations.answer(found, result, form.answer.data, actor=actor(), on=clock.today())


_STEPS: dict[Move, Callable[..., None]] = {
    Move.ASSIGN: _assign,
    Move.ANSWER: _answer,
    Move.RETURN: lambda found, form: operations.give_back(
        found, form.words.data, actor=actor(), on=clock.today()
    ),
    Move.CLOSE: lambda found, form: operations.close(
        found, form.summary.data, actor=actor(), on=clock.today()
    ),
}


def _name_of(user_id: int) -> str:
    name: str | None = db.session.scalar(sa.select(User.name).where(User.id == user_id))
    return name or "系统"


def _page(found: Complaint, refused: PortalForm | None = None, contact: str = "") -> str:
    moves = [
        step.move for step in FLOW if found.status in step.source and may(actor(), step.by, found)
    ]
    forms = {
        move: refused if isinstance(refused, FORMS[move]) else _form(move, found, blank=True)
        for move in moves
    }
    return render(
        "complaints/complaint.html",
        complaint=found,
        forms=forms,
        refused=refused,
        contact=contact,
        registered_by=_name_of(found.registered_by_id),
        look_form=LookForm(formdata=None),
        may_look=operations.may_see_contact(found, actor()),
    )
