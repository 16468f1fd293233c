"""The public site as the portal sees it: its last runs, a button, and what all its pages share."""

import sqlalchemy as sa
from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from portal import hx
from portal.accounts.models import Organization
from portal.accounts.scopes import visible
from portal.db import db
from portal.disclosure.queries import site_address
from portal.publication import bundle_views, log_views
from portal.publication.forms import BuildForm, SiteFactsForm
from portal.publication.models import SiteBuild
from portal.publication.operations import ask_for_build
from portal.publication.site_facts import facts_of, save_facts
from portal.rules.access import Action
from portal.rules.vocabulary import BuildState
from portal.web import actor, render, requires

bp = Blueprint("publication", __name__, url_prefix="/disclosure/site")
bp.register_blueprint(bundle_views.bp)
bp.register_blueprint(log_views.bp)
SHOWN = 10


@bp.get("/")
@requires(Action.VIEW_DISCLOSURES)
def site() -> ResponseReturnValue:
    return _page(SiteFactsForm(data=facts_of(_county())))


@bp.post("/build")
@requires(Action.APPROVE_DISCLOSURE)
def ask() -> ResponseReturnValue:
    ask_for_build(county_id=actor().county_id, actor=actor())
    flash("已登记。一分钟内开始生成，本页会自动显示结果。")
    return hx.go_to(url_for("publication.site"))


@bp.post("/facts")
@requires(Action.APPROVE_DISCLOSURE)
def change_facts() -> ResponseReturnValue:
    form = SiteFactsForm()
    if not form.accepts(lambda: save_facts(_county(), form.facts())):
        return _page(form), 422
    flash("已保存。下次生成后，每一页都会更新。")
    return hx.go_to(url_for("publication.site"))


def _page(form: SiteFactsForm) -> str:
    statement = visible(sa.select(SiteBuild), SiteBuild, actor(), Action.VIEW_DISCLOSURES)
    runs = db.session.scalars(statement.order_by(SiteBuild.id.desc()).limit(SHOWN)).all()
    return render(
        "publication/site.html",
        fragment="publication/_runs.html",
        runs=runs,
        waiting=any(run.state is BuildState.WAITING for run in runs),
        form=form,
        build_form=BuildForm(),
        site_url=site_address(actor().county_id),
    )


def _county() -> Organization:
    return db.session.get_one(Organization, actor().county_id)
