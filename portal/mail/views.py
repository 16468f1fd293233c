from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.rules.access import Action
from portal.web import render, requires

bp = Blueprint("mail", __name__)


@bp.get("/inbox")
@requires(Action.SEE_HOME)
def inbox() -> ResponseReturnValue:
    return render("dashboard/home.html")


@bp.get("/outbox/")
@requires(Action.VIEW_OUTBOX)
def outbox() -> ResponseReturnValue:
    return render("dashboard/home.html")
