"""The page that checks a report from outside: the file is read, answered and forgotten."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from portal.audit import recorder
from portal.performance.report_forms import CheckForm
from portal.rules.access import Action
from portal.rules.crosscheck.check import crosscheck
from portal.rules.crosscheck.findings import Outcome
from portal.web import render, requires

bp = Blueprint("crosscheck", __name__, url_prefix="/crosscheck")


@bp.route("/", methods=["GET", "POST"])
@requires(Action.VIEW_PERFORMANCE)
def check() -> ResponseReturnValue:
    """The answer to an upload is the page itself: nothing is stored that another address could show."""
    form, found = CheckForm(), list[Outcome]()
    if request.method == "GET":
        return _page(form, None)
    if not form.accepts(lambda: found.append(crosscheck(form.report()))):
        return _page(form, None), 422
    recorder.note("crosschecked", form.file.data.filename, findings=len(found[0].findings))
    return _page(form, found[0])


def _page(form: CheckForm, outcome: Outcome | None) -> str:
    name = form.file.data.filename if outcome else ""
    return render("performance/crosscheck.html", form=form, outcome=outcome, name=name)
