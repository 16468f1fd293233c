"""Pages: 跟踪督促."""

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue

from portal import clock
from portal.rules.access import Action
from portal.supervision import bulletin_views, letter_views, plan_views, queries
from portal.supervision.warnings import warnings_for
from portal.web import actor, render, requires

bp = Blueprint("supervision", __name__, url_prefix="/supervision")
bp.register_blueprint(plan_views.bp)
bp.register_blueprint(bulletin_views.bp)
bp.register_blueprint(letter_views.bp)


@bp.get("/warnings")
@requires(Action.VIEW_PROJECTS)
def warnings() -> ResponseReturnValue:
    found = warnings_for(actor(), clock.today())
    rules = current_app.extensions["book"].warnings
    chosen = rules.get(request.args.get("rule", ""))
    return render(
        "supervision/warnings.html",
        warnings=[one for one in found if chosen in {None, one.rule}],
        counts={rule: sum(one.rule is rule for one in found) for rule in rules.values()},
        chosen=chosen,
        total=len(found),
    )


@bp.get("/")
@requires(Action.VIEW_PACE)
def home() -> ResponseReturnValue:
    who, today = actor(), clock.today()
    issued = [plan for plan in queries.plans(who) if plan.issued_on]
    return render(
        "supervision/home.html",
        warnings=len(warnings_for(who, today)),
        plan=next(iter(issued), None),
        bulletin=next(iter(queries.bulletins_within_reach(who)), None),
        open_letters=sum(letter.is_open for letter in queries.letters(who)),
    )
