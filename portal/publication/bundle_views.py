"""移交包: made, looked through, approved by somebody else, downloaded, handed over."""

import errno
import json
import zipfile
from contextlib import ExitStack

import sqlalchemy as sa
from flask import Blueprint, abort, flash, request, send_file, url_for
from flask.typing import ResponseReturnValue

from portal import clock, hx
from portal.accounts.models import Organization
from portal.accounts.scopes import may, visible
from portal.audit import recorder
from portal.db import db, unit_of_work
from portal.disclosure.queries import site_address
from portal.publication import bundle_store, bundles, differences, signing
from portal.publication.forms import BundleStepForm, MakeBundleForm
from portal.publication.models import SiteBundle
from portal.rules.access import Action
from portal.rules.broken import RuleBroken
from portal.rules.bundle_flow import FLOW
from portal.rules.vocabulary import BundleStatus
from portal.rules.workflow import Move, Words, steps_from
from portal.web import actor, load_or_404, opens_own_units, render, requires

bp = Blueprint("bundles", __name__, url_prefix="/bundles")
SHOWN = 20
FULL = (errno.ENOSPC, errno.EDQUOT)


@bp.get("/")
@requires(Action.VIEW_DISCLOSURES)
def all_bundles() -> ResponseReturnValue:
    return _list(MakeBundleForm())


@bp.post("/")
@opens_own_units
@requires(Action.DRAFT_DISCLOSURE)
def make() -> ResponseReturnValue:
    form = MakeBundleForm()
    if not form.validate():
        return _list(form), 422
    try:
        made = bundles.make_bundle(
            db.session.get_one(Organization, actor().county_id), actor(), clock.today()
        )
    except RuleBroken as broken:
        return _not_made(form, broken.message, 422)
    except OSError as fault:
        full = fault.errno in FULL
        why = "磁盘已满，请系统管理员清理" if full else f"磁盘出错（{fault.strerror}）"
        return _not_made(form, f"没有生成移交包，原来的都没有动：{why}。", 507 if full else 500)
    flash(f"第 {made.number} 号移交包已生成。下一步由另一人看过变化后批准。")
    return hx.go_to(url_for(".bundle", bundle_id=made.id))


@bp.get("/<int:bundle_id>")
@requires(Action.VIEW_DISCLOSURES)
def bundle(bundle_id: int) -> ResponseReturnValue:
    return _page(_load(bundle_id), BundleStepForm())


@bp.get(f"/<int:bundle_id>/changes/<any({', '.join(differences.GROUPS)}):group>")
@requires(Action.VIEW_DISCLOSURES)
def changes(bundle_id: int, group: str) -> ResponseReturnValue:
    found, page = _load(bundle_id), request.args.get("page", "")
    number = int(page) if page.isdecimal() and 0 < len(page) < 7 else 1
    with ExitStack() as files:
        compared = _comparison(found, files)
        listed = compared.listed(group, max(1, number)) if compared else None
    return render(
        "publication/changes.html",
        bundle=found,
        group=group,
        label=differences.GROUPS[group],
        listed=listed,
        number=max(1, number),
        pages=-(-listed.total // differences.SHOWN) if listed else 1,
        site=site_address(found.county_id),
    )


@bp.post("/<int:bundle_id>/step")
@requires(Action.DRAFT_DISCLOSURE, Action.APPROVE_DISCLOSURE)
def step(bundle_id: int) -> ResponseReturnValue:
    found, form = _load(bundle_id), BundleStepForm()
    move = Move.named(form.move.data)
    if move is None:
        abort(400)
    taken = form.accepts(
        lambda: bundles.take_step(
            found,
            move,
            actor=actor(),
            on=clock.today(),
            words=form.words.data or "",
            delivered_on=form.delivered_on.data,
        )
    )
    if not taken:
        return _page(_load(bundle_id), form), 422
    flash(_done(found))
    return hx.go_to(url_for(".bundle", bundle_id=found.id))


@bp.post("/<int:bundle_id>/file")
@requires(Action.DRAFT_DISCLOSURE, Action.APPROVE_DISCLOSURE)
def fetch(bundle_id: int) -> ResponseReturnValue:
    found = _load(bundle_id)
    path = bundles.fetch(found)
    return send_file(path, "application/zip", as_attachment=True, download_name=found.file_name)


def _load(bundle_id: int) -> SiteBundle:
    statement = visible(sa.select(SiteBundle), SiteBundle, actor(), Action.VIEW_DISCLOSURES)
    found: SiteBundle = load_or_404(statement.where(SiteBundle.id == bundle_id))
    return found


def _list(form: MakeBundleForm) -> str:
    statement = visible(sa.select(SiteBundle), SiteBundle, actor(), Action.VIEW_DISCLOSURES)
    found = db.session.scalars(statement.order_by(SiteBundle.id.desc()).limit(SHOWN)).all()
    return render(
        "publication/bundles.html",
        bundles=found,
        form=form,
        fingerprint=signing.key_fingerprint(),
    )


def _not_made(form: MakeBundleForm, why: str, status: int) -> ResponseReturnValue:
    """The attempt leaves its trace, and the page says why there is no bundle."""
    with unit_of_work(actor(), "make_bundle", ip=request.remote_addr or ""):
        recorder.note("refused", request.path, status=status, reason=why)
    form.refuse(RuleBroken(why))
    return _list(form), status


def _page(found: SiteBundle, form: BundleStepForm) -> str:
    facts = bundles.facts_of(found)
    steps = [one for one in steps_from(FLOW, found.status, facts) if may(actor(), one.by, found)]
    open_ = found.status in bundle_store.OPEN
    with ExitStack() as files:
        compared = _comparison(found, files) if open_ else None
        listed = {group: compared.listed(group) for group in differences.GROUPS} if compared else {}
    return render(
        "publication/bundle.html",
        bundle=found,
        facts=facts,
        open=open_,
        steps=steps,
        form=form,
        Words=Words,
        groups=differences.GROUPS,
        counts=json.loads(found.differences),
        listed=listed,
        site=site_address(found.county_id),
    )


def _comparison(found: SiteBundle, files: ExitStack) -> differences.Comparison | None:
    """Both files opened for as long as they are read; None when the bundle's own is gone."""
    archive = bundle_store.opened(found)
    if archive is None:
        return None
    base = sa.select(SiteBundle).filter_by(county_id=found.county_id, number=found.base_number)
    earlier = db.session.scalar(base) if found.base_number else None
    before = bundle_store.opened(earlier) if earlier else None
    opened: list[zipfile.ZipFile] = [one for one in (archive, before) if one]
    for one in opened:
        files.enter_context(one)
    return differences.Comparison(archive, before)


def _done(found: SiteBundle) -> str:
    return {
        BundleStatus.APPROVED: "已批准。请经办人下载，交给门户网站，再登记移交。",
        BundleStatus.REJECTED: "已退回，经办人会看到理由。",
        BundleStatus.DELIVERED: f"已登记第 {found.number} 号移交。",
        BundleStatus.VOID: "已作废，可以重新生成。",
    }[found.status]
