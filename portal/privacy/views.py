"""What stopped the public site, asking to let a finding through, and deciding on it."""

from collections.abc import Sequence

import sqlalchemy as sa
from flask import Blueprint, abort, flash, url_for
from flask.typing import ResponseReturnValue

from portal import clock, hx
from portal.accounts.models import User
from portal.accounts.scopes import visible
from portal.db import db
from portal.privacy import operations, queries
from portal.privacy.forms import GRANT, REFUSE, TAKE_BACK, AskForm, DecideForm
from portal.privacy.models import PrivacyFinding, PrivacyOverride
from portal.rules.access import Action
from portal.rules.privacy import Private
from portal.rules.privacy.findings import NEVER
from portal.rules.vocabulary import OverrideStatus
from portal.web import actor, load_or_404, render, requires

bp = Blueprint("privacy", __name__, url_prefix="/disclosure/site/overrides")
DONE = {
    GRANT: "已同意放行。公开网站在几分钟内重新生成。",
    REFUSE: "已记下不同意。请申请人删去或遮盖这一处。",
    TAKE_BACK: "已撤回。下次生成时重新检查每一页。",
}


@bp.get("/")
@requires(Action.DRAFT_DISCLOSURE, Action.APPROVE_DISCLOSURE, Action.VIEW_AUDIT)
def overrides() -> ResponseReturnValue:
    return _page()


@bp.post("/")
@requires(Action.DRAFT_DISCLOSURE, Action.APPROVE_DISCLOSURE)
def ask() -> ResponseReturnValue:
    form = AskForm()
    statement = visible(sa.select(PrivacyFinding), PrivacyFinding, actor(), Action.VIEW_DISCLOSURES)
    found: PrivacyFinding = load_or_404(
        statement.where(PrivacyFinding.id == (form.finding.data or 0))
    )
    wanted = operations.Candidate(found.kind, found.digest, found.masked, found.place)
    asked = form.accepts(
        lambda: operations.ask(
            wanted,
            county_id=found.county_id,
            reason=form.reason.data or "",
            actor=actor(),
            on=clock.today(),
        )
    )
    if not asked:
        form.reason.id = f"reason-{found.id}"
        return _page(asking=form), 422
    flash("已提出申请，由另一位批准人决定。")
    return hx.go_to(url_for("privacy.overrides"))


@bp.post("/<int:override_id>")
@requires(Action.DRAFT_DISCLOSURE, Action.APPROVE_DISCLOSURE)
def decide(override_id: int) -> ResponseReturnValue:
    statement = visible(
        sa.select(PrivacyOverride), PrivacyOverride, actor(), Action.VIEW_DISCLOSURES
    )
    override: PrivacyOverride = load_or_404(statement.where(PrivacyOverride.id == override_id))
    form = DecideForm()
    move, words = form.move.data, form.words.data or ""
    if move not in DONE:
        abort(400)
    if move == TAKE_BACK:
        taken = form.accepts(lambda: operations.take_back(override, words=words, actor=actor()))
    else:
        grant = move == GRANT
        taken = form.accepts(
            lambda: operations.decide(
                override, grant=grant, words=words, actor=actor(), on=clock.today()
            )
        )
    if not taken:
        form.words.id = f"words-{override_id}"
        return _page(deciding=(override_id, form)), 422
    flash(DONE[move])
    return hx.go_to(url_for("privacy.overrides"))


def _page(asking: AskForm | None = None, deciding: tuple[int, DecideForm] | None = None) -> str:
    found = queries.overrides(actor())
    in_force = {one.digest for one in found if one.status in _IN_FORCE}
    findings = queries.latest_findings(actor())
    return render(
        "privacy/overrides.html",
        stopped=[one for one in findings if one.digest not in in_force],
        findings=findings,
        never={kind.value: words for kind, words in NEVER.items()},
        overrides=found,
        kinds={kind.value: kind.label for kind in Private},
        people=_people(found),
        form=asking or AskForm(),
        decide_form=deciding[1] if deciding else DecideForm(),
        decided=deciding[0] if deciding else 0,
        OverrideStatus=OverrideStatus,
    )


_IN_FORCE = (OverrideStatus.ASKED, OverrideStatus.GRANTED)


def _people(found: Sequence[PrivacyOverride]) -> dict[int, str]:
    ids = {one.asked_by_id for one in found} | {one.decided_by_id for one in found}
    rows = db.session.execute(sa.select(User.id, User.name).where(User.id.in_(ids - {None})))
    return dict(rows.tuples().all())
