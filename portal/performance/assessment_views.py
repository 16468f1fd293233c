"""Pages of the yearly assessment: the list, the score sheet, its day, its signatures, and what-if."""

import io
from fractions import Fraction

import sqlalchemy as sa
from flask import Blueprint, Response, abort, flash, request, send_file, url_for
from flask.typing import ResponseReturnValue

from portal import clock, hx
from portal.accounts.scopes import may, visible
from portal.db import db
from portal.files.checks import MIMES
from portal.files.views import download
from portal.performance import assessment_cards as cards
from portal.performance import assessment_line_views
from portal.performance import assessment_operations as operations
from portal.performance import assessment_signing as signing
from portal.performance.assessment_forms import BeginForm, CountForm, WhatIfForm
from portal.performance.assessment_page import load_assessment, sheet_lines
from portal.performance.assessment_sheet import sheet_bytes, sheet_name
from portal.performance.forms import StepForm
from portal.performance.models import Assessment
from portal.rules.access import Action
from portal.rules.assessment_flow import FLOW
from portal.rules.broken import RuleBroken
from portal.rules.money import FEN_PER_WAN
from portal.rules.scoring.scheme import shipped_text
from portal.rules.scoring.what_if import WhatIf, what_if
from portal.rules.vocabulary import AssessmentStatus
from portal.rules.workflow import Move
from portal.web import actor, render, requires

bp = Blueprint("assessments", __name__, url_prefix="/assessments")
bp.register_blueprint(assessment_line_views.bp)

MOST_SCHEME_BYTES = 500_000
MOVES = tuple(dict.fromkeys(step.move for step in FLOW))
SIGNING = tuple(dict.fromkeys(step.by for step in FLOW))
TONES = {
    AssessmentStatus.OPEN: "idle",
    AssessmentStatus.SIGNED: "info",
    AssessmentStatus.SUBMITTED: "good",
}


@bp.get("/")
@requires(Action.VIEW_PERFORMANCE)
def home() -> ResponseReturnValue:
    statement = sa.select(Assessment).order_by(Assessment.year.desc())
    mine = visible(statement, Assessment, actor(), Action.VIEW_PERFORMANCE)
    found = [(one, cards.card(one)) for one in db.session.scalars(mine)]
    return render("performance/assessments.html", found=found, tones=TONES)


@bp.route("/new", methods=["GET", "POST"])
@requires(Action.WRITE_ASSESSMENT)
def begin() -> ResponseReturnValue:
    form, begun = BeginForm(), list[Assessment]()
    if request.method == "GET":
        form.year.data, form.counted_on.data = clock.today().year, clock.today()
        return render("performance/assessment_begin.html", form=form)
    if not form.accepts(lambda: begun.append(_begin(form))):
        return render("performance/assessment_begin.html", form=form), 422
    flash("已建立。账上有的数已经算好，请补充其余数据和佐证材料。")
    return hx.go_to(url_for(".assessment", assessment_id=begun[0].id))


@bp.get("/<int:assessment_id>")
@requires(Action.VIEW_PERFORMANCE)
def assessment(assessment_id: int) -> ResponseReturnValue:
    found = load_assessment(assessment_id)
    gathered, card = cards.gather(found), cards.card(found)
    return render(
        "performance/assessment.html",
        found=found,
        card=card,
        lines=sheet_lines(found, gathered, card.lines),
        writes=_writes(found),
        moves=signing.open_moves(found, actor()),
        tones=TONES,
    )


@bp.route("/<int:assessment_id>/day", methods=["GET", "POST"])
@requires(Action.WRITE_ASSESSMENT)
def count_on(assessment_id: int) -> ResponseReturnValue:
    found, form = load_assessment(assessment_id, Action.WRITE_ASSESSMENT), CountForm()
    if request.method == "GET":
        form.counted_on.data = found.counted_on
        return render("performance/assessment_day.html", found=found, form=form)
    if not form.accepts(
        lambda: operations.count_on(found, form.counted_on.data, actor=actor(), on=clock.today())
    ):
        return render("performance/assessment_day.html", found=found, form=form), 422
    flash(f"已按 {found.counted_on} 的账重新计算。")
    return hx.go_to(url_for(".assessment", assessment_id=found.id))


@bp.get("/<int:assessment_id>/signatures")
@requires(*SIGNING)
def signatures(assessment_id: int) -> ResponseReturnValue:
    return _signing_page(load_assessment(assessment_id), StepForm(formdata=None))


@bp.post(f"/<int:assessment_id>/<any({','.join(MOVES)}):move>")
@requires(*SIGNING)
def step(assessment_id: int, move: str) -> ResponseReturnValue:
    found, wanted, form = load_assessment(assessment_id), Move(move), StepForm()
    if not any(may(actor(), one.by, found) for one in FLOW if one.move is wanted):
        abort(403)
    if not form.accepts(
        lambda: signing.take_step(
            found,
            wanted,
            actor=actor(),
            on=clock.today(),
            words=form.words.data or "",
            seen=form.seen.data,
        )
    ):
        return _signing_page(found, form), 422
    flash(f"已办理：{wanted.label}。现在是“{found.status.label}”。")
    return hx.go_to(url_for(".assessment", assessment_id=found.id))


@bp.get("/<int:assessment_id>/sheet.xlsx")
@requires(Action.VIEW_PERFORMANCE)
def sheet(assessment_id: int) -> Response:
    """The stored file once it is submitted; before that the sheet as it stands."""
    found = load_assessment(assessment_id)
    if found.sheet:
        return download(found.sheet)
    content = io.BytesIO(sheet_bytes(found, cards.card(found)))
    name = f"（未上报）{sheet_name(found)}"
    return send_file(content, mimetype=MIMES["xlsx"], as_attachment=True, download_name=name)


@bp.get("/<int:assessment_id>/content.json")
@requires(Action.VIEW_PERFORMANCE)
def content(assessment_id: int) -> Response:
    """What was signed, byte for byte, so that anybody can compute its hash again."""
    found = load_assessment(assessment_id)
    if not found.content:
        abort(404)
    response = Response(found.content, mimetype="application/json")
    name = f"assessment-{found.year}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@bp.get("/<int:assessment_id>/what-if")
@requires(Action.VIEW_PERFORMANCE)
def what_if_page(assessment_id: int) -> ResponseReturnValue:
    found, form = load_assessment(assessment_id), WhatIfForm(formdata=request.args)
    outcome: list[WhatIf] = []
    if request.args and not form.accepts(lambda: outcome.append(_what_if(found, form))):
        outcome.clear()
    if not request.args:
        form.by.data = found.counted_on.replace(month=12, day=31)
    return render(
        "performance/what_if.html",
        found=found,
        form=form,
        outcome=outcome[0] if outcome else None,
    )


def _begin(form: BeginForm) -> Assessment:
    text, name = _scheme(form)
    return operations.begin(
        actor().county_id,
        form.year.data,
        scheme_text=text,
        scheme_name=name,
        counted_on=form.counted_on.data,
        actor=actor(),
        on=clock.today(),
    )


def _scheme(form: BeginForm) -> tuple[str, str]:
    """The text of the scheme, and the name of its file."""
    if not form.file.data:
        return shipped_text(form.scheme.data), f"{form.scheme.data}.toml"
    content = form.file.data.stream.read(MOST_SCHEME_BYTES + 1)
    if len(content) > MOST_SCHEME_BYTES:
        raise RuleBroken("评分方案最大 500 KB，请检查是不是选错了文件。", field="file")
    try:
        return content.decode("utf-8-sig"), form.file.data.filename or "评分方案"
    except UnicodeDecodeError as error:
        raise RuleBroken("评分方案要存成 UTF-8 编码的文本，请另存后再传。", "file") from error


def _writes(found: Assessment) -> bool:
    return found.status is AssessmentStatus.OPEN and may(actor(), Action.WRITE_ASSESSMENT, found)


def _signing_page(found: Assessment, form: StepForm) -> str:
    form.seen.data = found.version
    return render(
        "performance/signatures.html",
        found=found,
        card=cards.card(found),
        form=form,
        moves=signing.open_moves(found, actor()),
        tones=TONES,
        Move=Move,
    )


def _what_if(found: Assessment, form: WhatIfForm) -> WhatIf:
    if not found.counted_on <= form.by.data <= found.counted_on.replace(month=12, day=31):
        raise RuleBroken(
            f"请选 {found.counted_on}（取数日）到 {found.year}-12-31 之间的一天", field="by"
        )
    gathered = cards.gather(found, form.by.data)
    extra = Fraction(form.amount.data, FEN_PER_WAN)
    return what_if(gathered.scheme, gathered.evidence, extra, form.by.data)
