"""The register of fund documents and the page of one document."""

import sqlalchemy as sa
from flask import Blueprint, Response, abort, flash, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock, hx
from portal.accounts.scopes import visible
from portal.db import db
from portal.files.models import StoredFile
from portal.files.operations import keep_upload
from portal.files.views import download
from portal.funds import (
    adjusting,
    adjustment_views,
    batch_views,
    line_views,
    matrix_views,
    opening,
    operations,
    queries,
    shares,
)
from portal.funds.forms import DocumentForm, OpeningForm, OpeningPaymentForm, ReportForm
from portal.funds.loading import load_document
from portal.funds.models import FundDocument
from portal.funds.story import story
from portal.rules.access import Action
from portal.rules.vocabulary import FundingTier
from portal.web import actor, render, requires

bp = Blueprint("funds", __name__, url_prefix="/funds")
bp.register_blueprint(batch_views.bp)
bp.register_blueprint(line_views.bp)
bp.register_blueprint(adjustment_views.bp)
bp.register_blueprint(matrix_views.bp)

FORM = "funds/document_form.html"


@bp.get("/")
@requires(Action.VIEW_FUNDS)
def documents() -> ResponseReturnValue:
    years = _years()
    year, tier = _chosen_year(years), _chosen_tier()
    of_year = _documents(year)
    shown = [document for document in of_year if tier in {None, document.tier}]
    return render(
        "funds/documents.html",
        lines=queries.document_lines(shown, clock.today()),
        totals=queries.totals_of(shown),
        tiers=queries.totals_by_tier(of_year),
        year_totals=queries.totals_of(of_year),
        share=shares.industry_share(actor().county_id, year) if year else None,
        years=years,
        year=year,
        tier=tier,
        FundingTier=FundingTier,
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Action.REGISTER_DOCUMENT)
def new_document() -> ResponseReturnValue:
    form, made = DocumentForm(), list[FundDocument]()
    if request.method == "GET":
        form.year.data = clock.today().year
        return render(FORM, form=form, document=None)
    saved = form.accepts(
        lambda: made.append(
            operations.register_document(
                form.paper(), actor=actor(), on=clock.today(), scan=_scan(form)
            )
        )
    )
    if not saved:
        return render(FORM, form=form, document=None), 422
    flash("已登记。下一步：把这笔钱分解到项目。")
    return hx.go_to(url_for("funds.document", document_id=made[0].id, saved=1))


@bp.get("/<int:document_id>")
@requires(Action.VIEW_FUNDS)
def document(document_id: int) -> ResponseReturnValue:
    return _page(load_document(document_id), ReportForm())


@bp.route("/<int:document_id>/edit", methods=["GET", "POST"])
@requires(Action.REGISTER_DOCUMENT)
def correct_document(document_id: int) -> ResponseReturnValue:
    found = load_document(document_id, Action.REGISTER_DOCUMENT)
    if request.method == "GET":
        return render(FORM, form=DocumentForm.of(found), document=found)
    form = DocumentForm()
    saved = form.accepts(
        lambda: operations.correct_document(found, form.paper(), on=clock.today(), scan=_scan(form))
    )
    if not saved:
        return render(FORM, form=form, document=found), 422
    flash("已更正，改动记入审计日志。")
    return hx.go_to(url_for("funds.document", document_id=found.id, saved=1))


@bp.post("/<int:document_id>/report")
@requires(Action.REGISTER_DOCUMENT)
def record_report(document_id: int) -> ResponseReturnValue:
    found, form = load_document(document_id, Action.REGISTER_DOCUMENT), ReportForm()
    saved = form.accepts(
        lambda: operations.record_report(found, reported_on=form.reported_on.data, on=clock.today())
    )
    if not saved:
        return _page(found, form), 422
    flash("已登记报告日期。")
    return hx.go_to(url_for("funds.document", document_id=found.id))


@bp.get("/<int:document_id>/scan")
@requires(Action.VIEW_FUNDS)
def scan(document_id: int) -> Response:
    file = load_document(document_id).scan
    if file is None:
        abort(404)
    return download(file)


@bp.route("/opening", methods=["GET", "POST"])
@requires(Action.REGISTER_DOCUMENT)
def opening_figure() -> ResponseReturnValue:
    form = OpeningForm()
    if request.method == "GET":
        return _opening_page()
    saved = form.accepts(
        lambda: opening.record_opening_figure(
            form.year.data or 0,
            industry_amount=form.industry_amount.data,
            total_amount=form.total_amount.data,
            actor=actor(),
        )
    )
    if not saved:
        return _opening_page(figure=form), 422
    flash("已保存。产业占比会同这一年比较。")
    return hx.go_to(url_for("funds.opening_figure"))


@bp.post("/opening/payments")
@requires(Action.RECORD_OPENING)
def opening_payment() -> ResponseReturnValue:
    form = OpeningPaymentForm()
    saved = form.accepts(
        lambda: opening.record_opening_payment(
            form.year.data or 0,
            counted_on=form.counted_on.data,
            paid_amount=form.paid_amount.data,
            actor=actor(),
            on=clock.today(),
        )
    )
    if not saved:
        return _opening_page(payment=form), 422
    flash("已保存。支出进度会用到这个数。")
    return hx.go_to(url_for("funds.opening_figure"))


def _opening_page(
    figure: OpeningForm | None = None, payment: OpeningPaymentForm | None = None
) -> str:
    last_year = {"year": clock.today().year - 1}
    return render(
        "funds/opening.html",
        figure=figure or OpeningForm(formdata=None, data=last_year),
        payment=payment or OpeningPaymentForm(formdata=None, data=last_year),
        figures=queries.opening_figures(actor()),
        counted=queries.opening_payments(actor()),
    )


def _page(found: FundDocument, form: ReportForm) -> str:
    line = queries.document_lines([found], clock.today())[0]
    facts = queries.clock_facts(found, queries.Approved(line.approved_amount, line.allocated_on))
    lines = queries.lines_of(found)
    return render(
        "funds/document.html",
        line=line,
        document=found,
        report=queries.clock_of(found, facts, clock.today(), queries.REPORT_RULE),
        allocations=lines,
        held=adjusting.held_of(lines),
        changes=adjusting.changes_of(lines),
        events=story(line),
        form=form,
    )


def _scan(form: DocumentForm) -> StoredFile | None:
    return keep_upload(form.scan.data, actor=actor(), field="scan") if form.scan.data else None


def _years() -> list[int]:
    statement = sa.select(FundDocument.year).distinct().order_by(FundDocument.year.desc())
    return list(db.session.scalars(visible(statement, FundDocument, actor(), Action.VIEW_FUNDS)))


def _documents(year: int | None) -> list[FundDocument]:
    statement = sa.select(FundDocument).order_by(
        FundDocument.received_on.desc().nulls_last(), FundDocument.code.desc()
    )
    if year:
        statement = statement.where(FundDocument.year == year)
    return list(db.session.scalars(visible(statement, FundDocument, actor(), Action.VIEW_FUNDS)))


def _chosen_year(years: list[int]) -> int | None:
    """The year in the address; ``all`` is every year, nothing is the latest that has a document."""
    wanted = request.args.get("year", "")
    if wanted == "all" or not years:
        return None
    return next((year for year in years if str(year) == wanted), years[0])


def _chosen_tier() -> FundingTier | None:
    wanted = request.args.get("tier", "")
    return next((tier for tier in FundingTier if tier.value == wanted), None)
