from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.rules.access import Action
from portal.web import render, requires

bp = Blueprint("audit", __name__, url_prefix="/audit")


@bp.get("/")
@requires(Action.VIEW_AUDIT)
def entries() -> ResponseReturnValue:
    return render("dashboard/home.html")
