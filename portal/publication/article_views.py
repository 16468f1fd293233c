"""A published notice as text to be pasted into the CMS of the county's own portal."""

import sqlalchemy as sa
from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue

from portal.accounts.models import Organization
from portal.accounts.scopes import visible
from portal.db import db
from portal.disclosure.models import DisclosureItem
from portal.disclosure.queries import readable, site_address
from portal.publication.articles import article as article_of
from portal.publication.gate import PrivateDataFound
from portal.rules.access import Action
from portal.rules.broken import RuleBroken
from portal.web import actor, load_or_404, render, requires

bp = Blueprint("articles", __name__, url_prefix="/disclosure")


@bp.get("/<int:item_id>/article")
@requires(Action.VIEW_DISCLOSURES)
def article(item_id: int) -> ResponseReturnValue:
    found = _load(item_id)
    text, site = _text(found), site_address(found.county_id)
    return render("publication/article.html", item=found, text=text, site=site)


@bp.get("/<int:item_id>/article.html")
@requires(Action.VIEW_DISCLOSURES)
def download(item_id: int) -> ResponseReturnValue:
    found = _load(item_id)
    answer = Response(_text(found), mimetype="text/html")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{found.code}.html")
    answer.headers["Content-Security-Policy"] = "sandbox"
    return answer


def _load(item_id: int) -> DisclosureItem:
    statement = visible(sa.select(DisclosureItem), DisclosureItem, actor(), Action.VIEW_DISCLOSURES)
    statement = statement.where(readable(actor()), DisclosureItem.id == item_id)
    found: DisclosureItem = load_or_404(statement)
    return found


def _text(found: DisclosureItem) -> str:
    county = db.session.get_one(Organization, found.county_id)
    try:
        text = article_of(county, found.code) if found.standing else None
    except PrivateDataFound as private:
        raise RuleBroken(f"{private}，不能交给门户网站。请先更正这一条公开内容。") from None
    if text is None:
        abort(404, "批准公开以后，才有门户文章。")
    return text
