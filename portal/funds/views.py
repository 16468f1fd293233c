from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.rules.access import Action
from portal.web import render, requires

bp = Blueprint("funds", __name__, url_prefix="/funds")


@bp.get("/")
@requires(Action.VIEW_FUNDS)
def documents() -> ResponseReturnValue:
    return render("dashboard/home.html")
