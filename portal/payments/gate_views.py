"""Who sits at which gate: the chain of the county with the people of each gate."""

from flask import Blueprint, abort, flash, url_for
from flask.typing import ResponseReturnValue

from portal import hx
from portal.accounts.queries import people_with
from portal.library.queries import book
from portal.payments import gates
from portal.payments.forms import GateForm
from portal.rules.access import Action
from portal.rules.payment_gates import Gate, short_of_people
from portal.web import actor, render, requires

bp = Blueprint("gates", __name__, url_prefix="/gates")


@bp.get("/")
@requires(Action.ASSIGN_GATES)
def chain() -> ResponseReturnValue:
    return _page()


@bp.post("/<gate_code>")
@requires(Action.ASSIGN_GATES)
def assign(gate_code: str) -> ResponseReturnValue:
    found = next((one for one in book().payment_gates.gates if one.code == gate_code), None)
    if found is None:
        abort(404)
    form = _form(found)
    if not form.accepts(lambda: gates.assign_keepers(found, form.people.data or [], actor=actor())):
        return _page(), 422
    flash(f"已安排“{found.label}”的人员。")
    return hx.go_to(url_for("payments.gates.chain"))


def _form(gate: Gate) -> GateForm:
    form = GateForm()
    people = people_with(gate.role, county_id=actor().county_id)
    form.people.choices = [(user.id, f"{user.name}（{user.organization.name}）") for user in people]
    return form


def _page() -> str:
    chosen, rules = gates.keepers_of(actor().county_id), book().payment_gates
    people = {gate.code: gates.people_of(gate, actor().county_id) for gate in rules.gates}
    ids = {code: [user.id for user in found] for code, found in people.items()}
    return render(
        "payments/gates.html",
        rules=rules,
        forms={gate.code: _form(gate) for gate in rules.gates},
        keepers=chosen,
        short=short_of_people(rules, ids),
    )
