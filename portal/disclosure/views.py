from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.rules.access import Action
from portal.web import render, requires

bp = Blueprint("disclosure", __name__, url_prefix="/disclosure")


@bp.get("/")
@requires(Action.VIEW_DISCLOSURES)
def items() -> ResponseReturnValue:
    return render("dashboard/home.html")
