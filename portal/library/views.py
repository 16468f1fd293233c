from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.rules.access import Action
from portal.web import render, requires

bp = Blueprint("library", __name__, url_prefix="/library")


@bp.get("/")
@requires(Action.VIEW_PROJECTS)
def projects() -> ResponseReturnValue:
    return render("dashboard/home.html")
