"""Pages: frozen figures, their file, and what has changed since."""

import json

import sqlalchemy as sa
from flask import Blueprint, Response, flash, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock, hx
from portal.accounts.scopes import visible
from portal.db import db
from portal.pace import frozen, operations, queries
from portal.pace.choices import rules
from portal.pace.forms import SnapshotForm
from portal.pace.models import Snapshot
from portal.rules.access import Action
from portal.web import actor, load_or_404, render, requires

bp = Blueprint("snapshots", __name__, url_prefix="/snapshots")


@bp.get("/")
@requires(Action.VIEW_PACE)
def snapshots() -> ResponseReturnValue:
    form = _form()
    form.day.data = clock.today()
    return _list_page(form)


@bp.post("/")
@requires(Action.TAKE_SNAPSHOT)
def take() -> ResponseReturnValue:
    form, made = _form(), list[Snapshot]()
    saved = form.accepts(
        lambda: made.append(
            operations.take_snapshot(
                actor().county_id,
                form.fund_year.data,
                form.day.data,
                actor=actor(),
                on=clock.today(),
                reason=form.reason.data,
            )
        )
    )
    if not saved:
        return _list_page(form), 422
    flash("已固定。以后账上再改，这份数也不变。")
    return hx.go_to(url_for("pace.snapshots.snapshot", snapshot_id=made[0].id))


@bp.get("/<int:snapshot_id>")
@requires(Action.VIEW_PACE)
def snapshot(snapshot_id: int) -> ResponseReturnValue:
    found = _load(snapshot_id)
    other_id = request.args.get("other", type=int)
    other = _load(other_id) if other_id else None
    before = json.loads(found.content)
    after = json.loads(other.content) if other else _figures_now(found)
    return render(
        "pace/snapshot.html",
        snapshot=found,
        content=before,
        whole=queries.Figures(*(before[name] for name in frozen.AMOUNTS)),
        parts=frozen.PARTS,
        differences=frozen.differences(before, after),
        late=frozen.posted_since(found),
        other=other,
        others=[one for one in _mine(found.fund_year) if one.id != found.id],
    )


@bp.get("/<int:snapshot_id>/file")
@requires(Action.VIEW_PACE)
def file(snapshot_id: int) -> Response:
    """The stored bytes as they are, so that anybody can compute the hash again."""
    found = _load(snapshot_id)
    response = Response(found.content, mimetype="application/json")
    name = f"pace-{found.fund_year}-{found.day}-{found.id}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _list_page(form: SnapshotForm) -> str:
    labels = {checkpoint.code: checkpoint.label for checkpoint in rules().checkpoints}
    return render("pace/snapshots.html", form=form, snapshots=_mine(), checkpoints=labels)


def _form() -> SnapshotForm:
    form = SnapshotForm()
    form.fund_year.choices = [
        (year, f"{year} 年") for year in queries.fund_years(actor().county_id)
    ]
    return form


def _figures_now(found: Snapshot) -> frozen.Content:
    return frozen.figures(found.county_id, found.fund_year, found.day)


def _mine(fund_year: int | None = None) -> list[Snapshot]:
    statement = visible(sa.select(Snapshot), Snapshot, actor(), Action.VIEW_PACE)
    if fund_year:
        statement = statement.where(Snapshot.fund_year == fund_year)
    return list(db.session.scalars(statement.order_by(Snapshot.day.desc(), Snapshot.id.desc())))


def _load(snapshot_id: int) -> Snapshot:
    statement = sa.select(Snapshot).where(Snapshot.id == snapshot_id)
    found: Snapshot = load_or_404(visible(statement, Snapshot, actor(), Action.VIEW_PACE))
    return found
