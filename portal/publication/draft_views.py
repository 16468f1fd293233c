"""Beginning a notice: the choice of what to disclose, and the little that the first draft has to know."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, abort, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock, hx
from portal.db import db
from portal.disclosure import drafting as disclosure
from portal.disclosure import queries
from portal.disclosure.forms import (
    AnnouncementForm,
    BatchForm,
    DocumentsForm,
    PeriodForm,
    PolicyForm,
    RectificationForm,
    ResultsForm,
    YearForm,
)
from portal.disclosure.models import DisclosureItem
from portal.forms import PortalForm
from portal.funds.models import AllocationBatch, FundDocument
from portal.publication import drafting, results
from portal.publication.drafting import Office
from portal.rules.access import Action
from portal.rules.vocabulary import BatchStatus, DisclosureKind
from portal.web import actor, render, requires

bp = Blueprint("drafting", __name__, url_prefix="/disclosure/new")
K = DisclosureKind
GROUPS: dict[str, dict[DisclosureKind, str]] = {
    "资金": {
        K.FUND_RECEIPT: "收到哪些资金、多少、用在哪里。收文后 20 个工作日内",
        K.FUND_ALLOCATION: "每份资金安排到哪些项目。下达后 15 个工作日内",
        K.ADJUSTMENT: "从哪个项目调到哪个项目、多少、为什么。批复后 20 个工作日内",
    },
    "项目": {
        K.LIBRARY: "公示已审定入库的全部项目，不少于 10 天。入库后 20 个工作日内",
        K.ANNUAL_PLAN: "当年安排资金的项目。计划批复后 20 个工作日内",
        K.COMPLETION: "完工多少、支付多少、没有完成的为什么。每个项目完工后 20 个工作日内",
    },
    "绩效": {
        K.TARGETS: "审核通过的绩效目标和指标。批复后 20 个工作日内",
        K.PERFORMANCE: "每个项目的自评得分，或全县（区）的年度评价结果。审核、上报后 20 个工作日内",
    },
    "其他": {
        K.POLICY: "资金管理办法、工作制度的全文。印发后 20 个工作日内",
        K.RECTIFICATION: "检查发现的问题和整改结果。整改完成后公开",
        K.COMPLAINTS: "办结的群众反映，不写当事人。每季度一次",
        K.ANNOUNCEMENT: "自己写标题和正文",
    },
}

FORMS: dict[DisclosureKind, type[PortalForm]] = {
    K.FUND_RECEIPT: DocumentsForm,
    K.FUND_ALLOCATION: DocumentsForm,
    K.LIBRARY: YearForm,
    K.ANNUAL_PLAN: YearForm,
    K.ADJUSTMENT: BatchForm,
    K.COMPLETION: YearForm,
    K.TARGETS: YearForm,
    K.PERFORMANCE: ResultsForm,
    K.POLICY: PolicyForm,
    K.RECTIFICATION: RectificationForm,
    K.COMPLAINTS: PeriodForm,
    K.ANNOUNCEMENT: AnnouncementForm,
}


@bp.get("")
@requires(Action.DRAFT_DISCLOSURE)
def choose() -> ResponseReturnValue:
    return render("disclosure/choose.html", groups=GROUPS)


@bp.route("/<kind>", methods=["GET", "POST"])
@requires(Action.DRAFT_DISCLOSURE)
def begin(kind: str) -> ResponseReturnValue:
    chosen = DisclosureKind.named(kind)
    if chosen is None:
        abort(404)
    form, documents, batches = FORMS[chosen](), _documents(chosen), _adjustments(chosen)
    if isinstance(form, DocumentsForm):
        form.documents.choices = [(one.id, one.short_name) for one in documents]
    if isinstance(form, BatchForm):
        form.batch.choices = [(one.id, f"{one.approved_on} {one.title}") for one in batches]
    made: list[DisclosureItem] = []
    if request.method == "POST" and form.accepts(lambda: made.append(_draft(chosen, form))):
        return hx.go_to(url_for("disclosure.edit", item_id=made[0].id))
    if request.method == "GET" and isinstance(form, YearForm):
        form.year.data = clock.today().year
    return render(
        "disclosure/begin.html",
        kind=chosen,
        words=next(words[chosen] for words in GROUPS.values() if chosen in words),
        form=form,
        documents=documents,
        batches=batches,
        disclosed=queries.disclosed_on([one.id for one in documents], chosen),
    ), 200 if request.method == "GET" else 422


def _documents(kind: DisclosureKind) -> list[FundDocument]:
    """Those that a notice of the kind may be about."""
    if kind is K.FUND_RECEIPT:
        return queries.documents_of(actor().county_id)
    if kind is K.FUND_ALLOCATION:
        return queries.documents_with_allocations(actor().county_id)
    return []


def _adjustments(kind: DisclosureKind) -> list[AllocationBatch]:
    """Approved adjustments, the latest first."""
    if kind is not K.ADJUSTMENT:
        return []
    statement = (
        sa.select(AllocationBatch)
        .where(
            AllocationBatch.county_id == actor().county_id,
            AllocationBatch.status == BatchStatus.APPROVED,
            AllocationBatch.reason != "",
        )
        .order_by(AllocationBatch.approved_on.desc(), AllocationBatch.id.desc())
    )
    return list(db.session.scalars(statement))


def _draft(kind: DisclosureKind, form: Any) -> DisclosureItem:  # noqa: ANN401 - one of FORMS
    office = Office(actor().county_id, actor(), clock.today())
    made: DisclosureItem = _DRAFTS[kind](form, office)
    return made


def _ticked(kind: DisclosureKind, form: DocumentsForm) -> list[FundDocument]:
    return [one for one in _documents(kind) if one.id in (form.documents.data or ())]


def _chosen_batch(form: BatchForm) -> AllocationBatch:
    return next(one for one in _adjustments(K.ADJUSTMENT) if one.id == form.batch.data)


_DRAFTS: dict[DisclosureKind, Any] = {
    K.FUND_RECEIPT: lambda form, office: drafting.draft_fund_receipt(
        _ticked(K.FUND_RECEIPT, form), office
    ),
    K.FUND_ALLOCATION: lambda form, office: disclosure.draft_fund_allocation(
        _ticked(K.FUND_ALLOCATION, form), **vars(office)
    ),
    K.LIBRARY: lambda form, office: disclosure.draft_library(form.year.data, **vars(office)),
    K.ANNUAL_PLAN: lambda form, office: disclosure.draft_annual_plan(
        form.year.data, **vars(office)
    ),
    K.ADJUSTMENT: lambda form, office: drafting.draft_adjustment(_chosen_batch(form), office),
    K.COMPLETION: lambda form, office: drafting.draft_completion(form.year.data, office),
    K.TARGETS: lambda form, office: results.draft_targets(form.year.data, office),
    K.PERFORMANCE: lambda form, office: (
        results.draft_assessment(form.year.data, office)
        if form.about.data == ResultsForm.COUNTY
        else results.draft_performance(form.year.data, office)
    ),
    K.POLICY: lambda form, office: drafting.draft_policy(
        form.title.data, form.number.data or "", form.words.data or "", office
    ),
    K.RECTIFICATION: lambda form, office: drafting.draft_rectification(
        form.title.data, form.problem.data, form.remedy.data, form.done_on.data, office
    ),
    K.COMPLAINTS: lambda form, office: drafting.draft_complaints(
        form.from_on.data, form.to_on.data, office
    ),
    K.ANNOUNCEMENT: lambda form, office: disclosure.draft_announcement(
        form.title.data, form.notice_form(), **vars(office)
    ),
}
