from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.rules.access import Action
from portal.web import render, requires

bp = Blueprint("deadlines", __name__, url_prefix="/deadlines")


@bp.get("/")
@requires(Action.VIEW_DEADLINES)
def calendar() -> ResponseReturnValue:
    return render("dashboard/home.html")
