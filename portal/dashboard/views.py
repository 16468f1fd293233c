"""The home page: 今天要做的事."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal import clock
from portal.dashboard.queries import fund_overview
from portal.dashboard.tasks import tasks_of
from portal.rules.access import Action, holds
from portal.web import actor, render, requires

bp = Blueprint("dashboard", __name__)


@bp.get("/")
@requires(Action.SEE_HOME)
def home() -> ResponseReturnValue:
    me, today = actor(), clock.today()
    overview = fund_overview(me, today) if holds(me, Action.VIEW_FUNDS) else None
    return render("dashboard/home.html", tasks=tasks_of(me, today), overview=overview)
