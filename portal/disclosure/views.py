"""The ledger of what is disclosed (公开台账), writing an item, and deciding on it."""

from typing import Any, TypeVar

import sqlalchemy as sa
from flask import Blueprint, abort, current_app, flash, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Field

from portal import clock, hx
from portal.accounts.models import User
from portal.accounts.scopes import may, visible
from portal.db import db
from portal.disclosure import drafting, operations, queries
from portal.disclosure.forms import (
    AnnouncementForm,
    CorrectForm,
    DocumentsForm,
    NoticeForm,
    StepForm,
    YearForm,
)
from portal.disclosure.models import DisclosureItem
from portal.forms import PortalForm
from portal.funds.models import FundDocument
from portal.library.models import Project
from portal.rules.access import Action
from portal.rules.disclosure_flow import FLOW
from portal.rules.vocabulary import DisclosureKind, DisclosureStatus
from portal.rules.workflow import Move, Words, steps_from
from portal.web import actor, load_or_404, render, requires

Covered = TypeVar("Covered", FundDocument, Project)
bp = Blueprint("disclosure", __name__, url_prefix="/disclosure")
BEGIN: dict[DisclosureKind, type[PortalForm]] = {
    DisclosureKind.FUND_ALLOCATION: DocumentsForm,
    DisclosureKind.LIBRARY: YearForm,
    DisclosureKind.ANNUAL_PLAN: YearForm,
    DisclosureKind.ANNOUNCEMENT: AnnouncementForm,
}


@bp.get("/")
@requires(Action.VIEW_DISCLOSURES)
def items() -> ResponseReturnValue:
    wanted, number = queries.Wanted.read(request.args)
    statement = visible(sa.select(DisclosureItem), DisclosureItem, actor(), Action.VIEW_DISCLOSURES)
    page = queries.page_of(statement, wanted, number)
    return render(
        "disclosure/items.html",
        fragment="disclosure/_rows.html",
        found=page,
        people=_people([*page.items]),
        wanted=wanted,
        kinds=list(DisclosureKind),
        statuses=list(DisclosureStatus),
        site_url=site_url,
    )


@bp.get("/new")
@requires(Action.DRAFT_DISCLOSURE)
def choose() -> ResponseReturnValue:
    return render("disclosure/choose.html")


@bp.route("/new/<kind>", methods=["GET", "POST"])
@requires(Action.DRAFT_DISCLOSURE)
def begin(kind: str) -> ResponseReturnValue:
    chosen, county_id = DisclosureKind.named(kind), actor().county_id
    if chosen is None:
        abort(404)
    form, documents = BEGIN[chosen](), queries.documents_with_allocations(county_id)
    if isinstance(form, DocumentsForm):
        form.documents.choices = [(one.id, one.short_name) for one in documents]
    made: list[DisclosureItem] = []
    if request.method == "POST" and form.accepts(lambda: made.append(_draft(chosen, form))):
        return hx.go_to(url_for("disclosure.edit", item_id=made[0].id))
    if request.method == "GET" and isinstance(form, YearForm):
        form.year.data = clock.today().year
    return render(
        "disclosure/begin.html",
        kind=chosen,
        form=form,
        documents=documents,
        disclosed=queries.disclosed_on([one.id for one in documents]),
    ), 200 if request.method == "GET" else 422


@bp.route("/<int:item_id>/edit", methods=["GET", "POST"])
@requires(Action.DRAFT_DISCLOSURE)
def edit(item_id: int) -> ResponseReturnValue:
    found = _load(item_id, Action.DRAFT_DISCLOSURE)
    if found.status is not DisclosureStatus.DRAFT:
        return hx.go_to(url_for("disclosure.item", item_id=found.id))
    form = NoticeForm.of(found) if request.method == "GET" else NoticeForm()
    documents, projects = queries.may_cover(found)
    form.documents.choices = [(one.id, one.short_name) for one in documents]
    form.projects.choices = [(one.id, one.name) for one in projects]
    if request.method == "POST" and form.accepts(
        lambda: operations.save(
            found,
            form.notice(),
            actor=actor(),
            documents=(chosen := _ticked(documents, form.documents)),
            projects=queries.projects_of(chosen) or _ticked(projects, form.projects),
        )
    ):
        flash("已保存。请核对公众将看到的内容，再提交审批。")
        return hx.go_to(url_for("disclosure.item", item_id=found.id, saved=1))
    return render(
        "disclosure/edit.html", item=found, form=form, documents=documents, projects=projects
    ), 200 if request.method == "GET" else 422


@bp.get("/<int:item_id>")
@requires(Action.VIEW_DISCLOSURES)
def item(item_id: int) -> ResponseReturnValue:
    return _page(_load(item_id), StepForm())


@bp.post("/<int:item_id>/step")
@requires(Action.DRAFT_DISCLOSURE, Action.APPROVE_DISCLOSURE)
def step(item_id: int) -> ResponseReturnValue:
    found, form = _load(item_id), StepForm()
    move = Move.named(form.move.data)
    if move is None:
        abort(400)
    taken = form.accepts(
        lambda: operations.take_step(
            found, move, actor=actor(), on=clock.today(), words=form.words.data or ""
        )
    )
    if not taken:
        return _page(_load(item_id), form), 422
    flash(f"已{move.label}。{_next_words(found)}")
    return hx.go_to(url_for("disclosure.item", item_id=found.id))


@bp.route("/<int:item_id>/correct", methods=["GET", "POST"])
@requires(Action.DRAFT_DISCLOSURE)
def correct(item_id: int) -> ResponseReturnValue:
    found, form = _load(item_id, Action.DRAFT_DISCLOSURE), CorrectForm()
    made: list[DisclosureItem] = []
    begun = request.method == "POST" and form.accepts(
        lambda: made.append(
            operations.correct(found, reason=form.reason.data, actor=actor(), on=clock.today())
        )
    )
    if begun:
        flash("更正稿已建好。改完提交审批，批准后公众看到更正后的内容。")
        return hx.go_to(url_for("disclosure.edit", item_id=made[0].id))
    status = 200 if request.method == "GET" else 422
    return render("disclosure/correct.html", item=found, form=form), status


def site_url(item: DisclosureItem) -> str | None:
    """The notice's page on the public site, where the settings say where that is."""
    base: str = current_app.config["SITE_URL"]
    return f"{base}/notices/{item.code}.html" if base else None


def _load(item_id: int, action: Action = Action.VIEW_DISCLOSURES) -> DisclosureItem:
    statement = visible(sa.select(DisclosureItem), DisclosureItem, actor(), action)
    found: DisclosureItem = load_or_404(statement.where(DisclosureItem.id == item_id))
    return found


def _page(found: DisclosureItem, form: StepForm) -> str:
    facts = operations.facts_of(found)
    steps = [one for one in steps_from(FLOW, found.status, facts) if may(actor(), one.by, found)]
    return render(
        "disclosure/item.html",
        item=found,
        facts=facts,
        steps=steps,
        form=form,
        Words=Words,
        shown=queries.preview(queries.snapshots_of(found)),
        editions=queries.editions(found),
        people=_people([found]),
        site_url=site_url,
    )


def _ticked(rows: list[Covered], field: Field) -> list[Covered]:
    return [row for row in rows if row.id in (field.data or ())]


def _draft(kind: DisclosureKind, form: PortalForm) -> DisclosureItem:
    made: DisclosureItem = _DRAFTS[kind](
        form, county_id=actor().county_id, actor=actor(), on=clock.today()
    )
    return made


def _draft_funds(form: Any, **who: Any) -> DisclosureItem:  # noqa: ANN401 - passed on as given
    documents = queries.documents_with_allocations(who["county_id"])
    return drafting.draft_fund_allocation(_ticked(documents, form.documents), **who)


_DRAFTS: dict[DisclosureKind, Any] = {
    DisclosureKind.FUND_ALLOCATION: _draft_funds,
    DisclosureKind.LIBRARY: lambda form, **who: drafting.draft_library(form.year.data, **who),
    DisclosureKind.ANNUAL_PLAN: lambda form, **who: drafting.draft_annual_plan(
        form.year.data, **who
    ),
    DisclosureKind.ANNOUNCEMENT: lambda form, **who: drafting.draft_announcement(
        form.title.data, form.notice_form(), **who
    ),
}


def _next_words(found: DisclosureItem) -> str:
    return {
        DisclosureStatus.DRAFT: "起草人修改后重新提交。",
        DisclosureStatus.SUBMITTED: "下一步由另一人批准。",
        DisclosureStatus.PUBLISHED: "公开网站在几分钟内更新。",
        DisclosureStatus.WITHDRAWN: "公开网站更新后，原地址只说明已撤回。",
    }.get(found.status, "")


def _people(found: list[DisclosureItem]) -> dict[int, str]:
    ids = {one.drafted_by_id for one in found} | {one.decided_by_id for one in found}
    rows = db.session.execute(sa.select(User.id, User.name).where(User.id.in_(ids - {None})))
    return dict(rows.tuples().all())
