"""The home page: 今天要做的事."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.rules.access import Action
from portal.web import render, requires

bp = Blueprint("dashboard", __name__)


@bp.get("/")
@requires(Action.SEE_HOME)
def home() -> ResponseReturnValue:
    return render("dashboard/home.html")
