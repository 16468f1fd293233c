"""The ledger of what is disclosed (公开台账), writing an item, and deciding on it."""

from collections.abc import Sequence
from hashlib import sha256
from typing import TypeVar

import sqlalchemy as sa
from flask import Blueprint, abort, flash, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Field

from portal import clock, hx
from portal.accounts.models import User
from portal.accounts.scopes import may, visible
from portal.db import db
from portal.disclosure import attaching, checking, operations, queries
from portal.disclosure.forms import CorrectForm, FileForm, NoticeForm, StepForm
from portal.disclosure.models import DisclosureAttachment, DisclosureItem
from portal.disclosure.snapshots import Snapshot
from portal.files.views import download
from portal.funds.models import FundDocument
from portal.library.models import Project
from portal.privacy.forms import AskForm
from portal.rules.access import Action
from portal.rules.broken import RuleBroken
from portal.rules.disclosure_flow import FLOW
from portal.rules.vocabulary import DisclosureKind, DisclosureStatus
from portal.rules.workflow import Move, Words, steps_from
from portal.web import actor, load_or_404, render, requires

Covered = TypeVar("Covered", FundDocument, Project)
bp = Blueprint("disclosure", __name__, url_prefix="/disclosure")


@bp.get("/")
@requires(Action.VIEW_DISCLOSURES)
def items() -> ResponseReturnValue:
    wanted, number = queries.Wanted.read(request.args)
    statement = visible(sa.select(DisclosureItem), DisclosureItem, actor(), Action.VIEW_DISCLOSURES)
    page = queries.page_of(statement.where(queries.readable(actor())), wanted, number)
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
            projects=_covered(found, chosen) or _ticked(projects, form.projects),
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
    unseen = _is_unseen(found, move, form)

    def take() -> None:
        if unseen:
            raise RuleBroken("内容在您打开以后改过，还没有批准。请重新看一遍下面的内容再批准。")
        operations.take_step(
            found, move, actor=actor(), on=clock.today(), words=form.words.data or ""
        )

    if not form.accepts(take):
        return _page(_load(item_id), form), 409 if unseen else 422
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


@bp.post("/<int:item_id>/files")
@requires(Action.DRAFT_DISCLOSURE)
def attach(item_id: int) -> ResponseReturnValue:
    found, form = _load(item_id, Action.DRAFT_DISCLOSURE), FileForm()
    if not form.accepts(
        lambda: attaching.attach(
            found,
            attaching.keep_paper(form.file.data, actor=actor()),
            form.title.data,
            actor=actor(),
        )
    ):
        return _page(_load(item_id), StepForm(formdata=None), form), 422
    flash("附件已加上，和公告一起公开。")
    return hx.go_to(url_for("disclosure.item", item_id=found.id, _anchor="files"))


@bp.post("/<int:item_id>/files/<int:attachment_id>/remove")
@requires(Action.DRAFT_DISCLOSURE)
def take_out(item_id: int, attachment_id: int) -> ResponseReturnValue:
    found = _load(item_id, Action.DRAFT_DISCLOSURE)
    attachment = _attachment(found, attachment_id)
    attaching.take_out(found, attachment, actor=actor())
    flash(f"已去掉“{attachment.title}”。")
    return hx.go_to(url_for("disclosure.item", item_id=found.id, _anchor="files"))


@bp.get("/<int:item_id>/files/<int:attachment_id>")
@requires(Action.VIEW_DISCLOSURES)
def file(item_id: int, attachment_id: int) -> ResponseReturnValue:
    return download(_attachment(_load(item_id), attachment_id).file)


@bp.post("/<int:item_id>/override")
@requires(Action.DRAFT_DISCLOSURE, Action.APPROVE_DISCLOSURE)
def ask_override(item_id: int) -> ResponseReturnValue:
    """Ask to let through what the gate found in the item; it is decided on the page of permissions."""
    found, form = _load(item_id), AskForm()
    asked = form.accepts(
        lambda: checking.ask_to_pass(
            found,
            form.digest.data or "",
            reason=form.reason.data or "",
            actor=actor(),
            on=clock.today(),
        )
    )
    if not asked:
        return _page(_load(item_id), StepForm(formdata=None), ask_form=form), 422
    flash("已提出放行申请，由另一位批准人决定。")
    return hx.go_to(url_for("disclosure.item", item_id=found.id, _anchor="private"))


def site_url(item: DisclosureItem) -> str | None:
    """The notice's page on the public site, where the settings say where that is."""
    base = queries.site_address(item.county_id)
    return f"{base}/notices/{item.code}.html" if base else None


def _load(item_id: int, action: Action = Action.VIEW_DISCLOSURES) -> DisclosureItem:
    statement = visible(sa.select(DisclosureItem), DisclosureItem, actor(), action)
    statement = statement.where(queries.readable(actor()), DisclosureItem.id == item_id)
    found: DisclosureItem = load_or_404(statement)
    return found


def _attachment(found: DisclosureItem, attachment_id: int) -> DisclosureAttachment:
    statement = sa.select(DisclosureAttachment).filter_by(id=attachment_id, item_id=found.id)
    attachment: DisclosureAttachment = load_or_404(statement)
    return attachment


def _is_unseen(found: DisclosureItem, move: Move, form: StepForm) -> bool:
    """Whether approving would publish something else than what the approver's page showed.

    The item may have been returned and rewritten meanwhile, and so may a project that it covers.
    """
    approving = move is Move.APPROVE and found.status is DisclosureStatus.SUBMITTED
    return approving and form.shown.data != _digest(queries.snapshots_of(found))


def _digest(shown: Sequence[Snapshot]) -> str:
    """By which it is known again what a page showed."""
    content = "\n".join(f"{one.folder} {one.code} {one.json}" for one in shown)
    return sha256(content.encode()).hexdigest()


def _covered(found: DisclosureItem, documents: list[FundDocument]) -> list[Project]:
    """An allocation result covers the projects that got the money of its documents."""
    result = found.kind is DisclosureKind.FUND_ALLOCATION
    return queries.projects_of(documents) if result else []


def _page(
    found: DisclosureItem,
    form: StepForm,
    file_form: FileForm | None = None,
    ask_form: AskForm | None = None,
) -> str:
    facts = operations.facts_of(found)
    steps = [one for one in steps_from(FLOW, found.status, facts) if may(actor(), one.by, found)]
    shown = queries.snapshots_of(found)
    return render(
        "disclosure/item.html",
        item=found,
        facts=facts,
        steps=steps,
        form=form,
        file_form=file_form or FileForm(formdata=None),
        ask_form=ask_form or AskForm(formdata=None),
        stopped=checking.in_the_way(found)
        if facts.private_data and not found.decided_by_id
        else [],
        Words=Words,
        shown=queries.preview(shown),
        digest=_digest(shown),
        editions=queries.editions(found),
        people=_people([found]),
        site_url=site_url,
    )


def _ticked(rows: list[Covered], field: Field) -> list[Covered]:
    return [row for row in rows if row.id in (field.data or ())]


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
