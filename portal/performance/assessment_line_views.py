"""Pages of one line of the score sheet: its claim, its facts, its papers, and whether it applies."""

from flask import Blueprint, Response, abort, flash, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock, hx
from portal.accounts.scopes import may
from portal.files.operations import keep_upload
from portal.files.views import download
from portal.forms import PortalForm
from portal.performance import assessment_cards as cards
from portal.performance import assessment_operations as operations
from portal.performance.assessment_forms import (
    FACT_FORMS,
    ClaimForm,
    EvidenceForm,
    FactForm,
    RowsForm,
)
from portal.performance.assessment_page import SheetLine, load_assessment, sheet_lines
from portal.performance.models import Assessment, AssessmentEvidence
from portal.rules.access import Action
from portal.rules.scoring.entries import values_of
from portal.rules.vocabulary import AssessmentStatus, FactOrigin
from portal.web import actor, render, requires

bp = Blueprint("lines", __name__, url_prefix="/<int:assessment_id>")


@bp.get("/lines/<no>")
@requires(Action.VIEW_PERFORMANCE)
def line(assessment_id: int, no: str) -> ResponseReturnValue:
    return _page(load_assessment(assessment_id), no)


@bp.post("/lines/<no>/claim")
@requires(Action.WRITE_ASSESSMENT)
def claim(assessment_id: int, no: str) -> ResponseReturnValue:
    found, form = _mine(assessment_id), ClaimForm()
    sign = -1 if _takes_off(found, no) else 1
    if not form.accepts(
        lambda: operations.claim(
            found,
            no,
            None if form.points.data is None else sign * form.points.data,
            form.reason.data or "",
            actor=actor(),
        )
    ):
        return _page(found, no, form), 422
    flash("申报得分已保存。" if form.points.data is not None else "按计算得分计。")
    return _back(found, no)


@bp.post("/lines/<no>/applies")
@requires(Action.WRITE_ASSESSMENT)
def applies(assessment_id: int, no: str) -> ResponseReturnValue:
    """Take the line out of the sheet, or put it back."""
    found, form = _mine(assessment_id), PortalForm()
    numbers = cards.not_applicable(found) ^ {no}
    if not form.accepts(lambda: operations.mark_not_applicable(found, numbers, actor=actor())):
        return _page(found, no, form), 422
    flash(f"第 {no} 行已标为不适用。" if no in numbers else f"第 {no} 行重新计分。")
    return _back(found, no)


@bp.post("/lines/<no>/papers")
@requires(Action.WRITE_ASSESSMENT)
def add_evidence(assessment_id: int, no: str) -> ResponseReturnValue:
    found, form = _mine(assessment_id), EvidenceForm()
    if not form.accepts(
        lambda: operations.add_evidence(
            found,
            no,
            form.title.data or "",
            keep_upload(form.file.data, actor=actor(), field="file"),
            actor=actor(),
        )
    ):
        return _page(found, no, form), 422
    flash("佐证材料已上传。")
    return _back(found, no)


@bp.post("/papers/<int:evidence_id>/remove")
@requires(Action.WRITE_ASSESSMENT)
def remove_evidence(assessment_id: int, evidence_id: int) -> ResponseReturnValue:
    found = _mine(assessment_id)
    evidence = _evidence(found, evidence_id)
    operations.remove_evidence(found, evidence, actor=actor(), on=clock.today())
    flash(f"已移除“{evidence.title}”。")
    return _back(found, evidence.no)


@bp.get("/papers/<int:evidence_id>")
@requires(Action.VIEW_PERFORMANCE)
def evidence_file(assessment_id: int, evidence_id: int) -> Response:
    return download(_evidence(load_assessment(assessment_id), evidence_id).file)


@bp.route("/facts/<name>", methods=["GET", "POST"])
@requires(Action.WRITE_ASSESSMENT)
def fact(assessment_id: int, name: str) -> ResponseReturnValue:
    found = _mine(assessment_id)
    part = cards.scheme_of(found).parts.get(name)
    if part is None:
        abort(404)
    form = FACT_FORMS[part.formula.fact]()
    if request.method == "GET":
        return _fact_page(found, name, _filled(form, found, name))
    if not form.accepts(lambda: operations.enter_fact(found, name, form.values(), actor=actor())):
        return _fact_page(found, name, form), 422
    flash("数据已保存。")
    return _back(found, _no_of(found, name))


def _mine(assessment_id: int) -> Assessment:
    return load_assessment(assessment_id, Action.WRITE_ASSESSMENT)


def _back(found: Assessment, no: str) -> Response:
    return hx.go_to(url_for("performance.assessments.lines.line", assessment_id=found.id, no=no))


def _line(found: Assessment, no: str) -> SheetLine:
    lines = sheet_lines(found, cards.gather(found), cards.card(found).lines)
    wanted = next((one for one in lines if one.indicator.no == no), None)
    if wanted is None:
        abort(404)
    return wanted


def _no_of(found: Assessment, name: str) -> str:
    """The line that asks for a fact."""
    indicators = cards.scheme_of(found).indicators
    return next(one.no for one in indicators if any(part.fact == name for part in one.parts))


def _takes_off(found: Assessment, no: str) -> bool:
    full = _line(found, no).indicator.full
    return full is not None and full < 0


def _page(found: Assessment, no: str, refused: PortalForm | None = None) -> str:
    """The line; ``refused`` is the one form that was not accepted, with its messages."""
    shown = _line(found, no)
    claimed = next((one for one in found.claims if one.no == no), None)
    blank = {
        "claim": ClaimForm(
            formdata=None,
            points=abs(claimed.points) if claimed else None,
            reason=claimed.reason if claimed else "",
        ),
        "evidence": EvidenceForm(formdata=None),
        "applies": PortalForm(formdata=None),
    }
    forms = {
        key: refused if refused is not None and type(refused) is type(form) else form
        for key, form in blank.items()
    }
    return render(
        "performance/assessment_line.html",
        found=found,
        shown=shown,
        forms=forms,
        refused=refused,
        writes=found.status is AssessmentStatus.OPEN
        and may(actor(), Action.WRITE_ASSESSMENT, found),
        FactOrigin=FactOrigin,
    )


def _fact_page(found: Assessment, name: str, form: FactForm) -> str:
    part = cards.scheme_of(found).parts[name]
    if isinstance(form, RowsForm):
        form.add_blank_rows()
    return render(
        "performance/assessment_fact.html",
        found=found,
        part=part,
        shown=_line(found, _no_of(found, name)),
        form=form,
        rows=form.items if isinstance(form, RowsForm) else None,
    )


def _filled(form: FactForm, found: Assessment, name: str) -> FactForm:
    entered = next((one for one in found.facts if one.name == name), None)
    if entered:
        form.fill(values_of(entered.content))
    return form


def _evidence(found: Assessment, evidence_id: int) -> AssessmentEvidence:
    return next((one for one in found.evidence if one.id == evidence_id), None) or abort(404)
