"""公开公示台账: the ledger, one duty, and the proofs that people record."""

import io
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, abort, flash, request, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import selectinload

from portal import clock, hx
from portal.accounts.scopes import may, visible
from portal.db import db
from portal.disclosure.models import DisclosureDuty
from portal.duties import operations, queries
from portal.duties.facts import SOURCES
from portal.duties.forms import ProofForm, RemoveForm
from portal.duties.sheets import write_ledger
from portal.files.models import StoredFile
from portal.files.operations import keep_upload
from portal.files.views import download
from portal.library.models import Project
from portal.library.queries import townships
from portal.rules.access import Action, holds
from portal.rules.broken import RuleBroken
from portal.rules.duties import DisclosureState, state_of
from portal.rules.vocabulary import Channel, DisclosureEvent, DisclosureLevel
from portal.web import actor, load_or_404, render, requires

bp = Blueprint("duties", __name__, url_prefix="/disclosure/ledger")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAGES = {
    "project": ("library.project", "project_id", Action.VIEW_PROJECTS),
    "fund_document": ("funds.document", "document_id", Action.VIEW_FUNDS),
    "allocation_batch": ("funds.batches.batch", "batch_id", Action.VIEW_FUNDS),
    "performance_form": ("performance.forms.form", "form_id", Action.VIEW_PERFORMANCE),
    "assessment": ("performance.assessments.assessment", "assessment_id", Action.VIEW_PERFORMANCE),
}
"""By kind of subject: where what happened is seen."""


@bp.get("/")
@requires(Action.VIEW_DISCLOSURES)
def ledger() -> ResponseReturnValue:
    who, today = actor(), clock.today()
    wanted, number = queries.Wanted.read(request.args)
    return render(
        "duties/ledger.html",
        fragment="duties/_rows.html",
        found=queries.page_of(who, wanted, number, today),
        counts=queries.counts_by_level(who, wanted, today),
        wanted=wanted,
        reach=wanted.reach or queries.default_reach(who),
        ticked=request.args.get("tick") == "all",
        **_words(),
        years=queries.years(who),
        townships=townships(who),
        levels=list(DisclosureLevel),
        states=list(DisclosureState),
        events=list(DisclosureEvent),
        records=holds(who, Action.RECORD_PROOF),
    )


@bp.get("/export")
@requires(Action.VIEW_DISCLOSURES)
def export() -> ResponseReturnValue:
    """The filtered ledger as Excel."""
    today, target = clock.today(), io.BytesIO()
    wanted, _number = queries.Wanted.read(request.args)
    statement = queries.in_order(queries.narrowed(actor(), wanted, today), today)
    duties = db.session.scalars(statement.options(selectinload(DisclosureDuty.photo))).all()
    write_ledger(duties, operations.rules(), queries.people_of(duties), today, target)
    target.seek(0)
    return send_file(
        target, mimetype=XLSX, as_attachment=True, download_name=f"公开公示台账-{today}.xlsx"
    )


@bp.get("/<int:duty_id>")
@requires(Action.VIEW_DISCLOSURES)
def duty(duty_id: int) -> ResponseReturnValue:
    return _page(_load(duty_id), RemoveForm())


@bp.get("/<int:duty_id>/photo")
@requires(Action.VIEW_DISCLOSURES)
def photo(duty_id: int) -> ResponseReturnValue:
    file: StoredFile | None = _load(duty_id).photo
    if file is None:
        abort(404)
    return download(file)


@bp.route("/proof", methods=["GET", "POST"])
@requires(Action.RECORD_PROOF)
def proof() -> ResponseReturnValue:
    form = ProofForm() if request.method == "POST" else ProofForm(request.args)
    ids = [one for one in form.duty.data or () if isinstance(one, int)][: queries.MOST_AT_ONCE]
    duties = queries.chosen(actor(), ids)
    if not duties:
        flash("请先在台账里勾选要登记凭证的任务。")
        return hx.go_to(url_for(".ledger"))
    if request.method == "GET":
        return _proof_page(ProofForm(formdata=None, **_first_guess(duties)), duties)
    if not form.accepts(lambda: _record(duties, form)):
        return _proof_page(form, queries.chosen(actor(), ids)), 422
    flash(f"已登记 {len(duties)} 项的公开凭证。")
    return hx.go_to(url_for(".duty", duty_id=ids[0]) if len(ids) == 1 else url_for(".ledger"))


@bp.post("/<int:duty_id>/remove-proof")
@requires(Action.RECORD_PROOF)
def remove_proof(duty_id: int) -> ResponseReturnValue:
    found, form = _load(duty_id, Action.RECORD_PROOF), RemoveForm()
    if not form.accepts(lambda: operations.remove_proof(found, actor=actor(), on=clock.today())):
        return _page(_load(duty_id), form), 422
    flash("凭证已撤销，任务恢复为未公开。")
    return hx.go_to(url_for(".duty", duty_id=duty_id))


def _record(duties: list[DisclosureDuty], form: ProofForm) -> None:
    channel = Channel.named(form.channel.data)
    if channel is None:
        raise RuleBroken("请选择公开的渠道。", field="channel")
    operations.record_proof(
        duties,
        channel=channel,
        met_on=form.met_on.data,
        until_on=form.until_on.data,
        address=form.address.data or "",
        photo=keep_upload(form.photo.data, actor=actor(), field="photo")
        if form.photo.data
        else None,
        actor=actor(),
        on=clock.today(),
    )


def _first_guess(duties: list[DisclosureDuty]) -> dict[str, Any]:
    """What is most likely: the county's things are on its website, the others on the board."""
    first = duties[0]
    on_web = first.level is DisclosureLevel.COUNTY
    return {
        "channel": (first.channel or (Channel.WEBSITE if on_web else Channel.BOARD)).value,
        "met_on": first.met_on,
        "until_on": first.until_on,
        "address": first.address or ("" if on_web else f"{first.organization.name}公开栏"),
    }


def _load(duty_id: int, action: Action = Action.VIEW_DISCLOSURES) -> DisclosureDuty:
    statement = visible(sa.select(DisclosureDuty), DisclosureDuty, actor(), action)
    found: DisclosureDuty = load_or_404(statement.where(DisclosureDuty.id == duty_id))
    return found


def _page(found: DisclosureDuty, form: RemoveForm) -> str:
    return render(
        "duties/duty.html",
        duty=found,
        form=form,
        people=queries.people_of([found]),
        subject_page=_subject_page(found),
        record_page=_record_page(found),
        **_words(),
    )


def _subject_page(found: DisclosureDuty) -> str | None:
    """Where the person sees what happened; None where it is out of reach."""
    endpoint, argument, action = PAGES[found.subject_kind]
    model = next(one.model for one in SOURCES.values() if one.kind == found.subject_kind)
    row = db.session.get(model, found.subject_id)
    if row is None or not may(actor(), action, row):
        return None
    values: dict[str, Any] = {argument: found.subject_id}
    return url_for(endpoint, **values)


def _record_page(found: DisclosureDuty) -> str | None:
    """Where the person puts on record the notice that meets the duty; None where there is no board to it."""
    project = (
        db.session.get(Project, found.subject_id)
        if found.subject_kind == Project.__tablename__
        else None
    )
    if project is None or found.level is DisclosureLevel.COUNTY:
        return None
    if not (project.notice_stages and may(actor(), Action.RECORD_NOTICE, project)):
        return None
    return url_for("boards.record", project_id=project.id)


def _proof_page(form: ProofForm, duties: list[DisclosureDuty]) -> str:
    return render("duties/proof.html", form=form, duties=duties, **_words())


def _words() -> dict[str, Any]:
    return {
        "rules": operations.rules(),
        "state_of": state_of,
        "DisclosureState": DisclosureState,
        "can_record": _can_record,
    }


def _can_record(found: DisclosureDuty) -> bool:
    """Whether a proof of the person on this page would be taken."""
    try:
        operations.refuse_proof(found, actor())
    except RuleBroken:
        return False
    return True
