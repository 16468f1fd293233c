"""Pages of contracts: a new one, a correction, the settlement, and taking one out of account."""

import sqlalchemy as sa
from flask import Blueprint, flash
from flask.typing import ResponseReturnValue

from portal import clock, hx
from portal.files.models import StoredFile
from portal.files.operations import keep_upload
from portal.funds.forms import value_of
from portal.implementation import contracting
from portal.implementation.forms import ContractForm, SettleForm, VoidForm
from portal.implementation.models import Contract
from portal.implementation.works_page import address_of
from portal.library.models import Project
from portal.library.project_page import load_project
from portal.rules.access import Action
from portal.web import actor, load_or_404, render, requires

bp = Blueprint("contracts", __name__, url_prefix="/<int:project_id>/contracts")


@bp.route("/new", methods=["GET", "POST"])
@requires(Action.RECORD_EXECUTION)
def add(project_id: int) -> ResponseReturnValue:
    project, form = load_project(project_id, Action.RECORD_EXECUTION), ContractForm()
    if not form.is_submitted():
        return _page(project, form)
    saved = form.accepts(
        lambda: contracting.add_contract(
            project, form.paper(), actor=actor(), on=clock.today(), file=_scan(form)
        )
    )
    if not saved:
        return _page(project, form), 422
    flash("合同已登记。")
    return hx.go_to(address_of(project_id))


@bp.route("/<int:contract_id>/edit", methods=["GET", "POST"])
@requires(Action.RECORD_EXECUTION)
def correct(project_id: int, contract_id: int) -> ResponseReturnValue:
    contract = _load(project_id, contract_id)
    form = ContractForm()
    if not form.is_submitted():
        return _page(contract.project, ContractForm.of(contract), contract)
    saved = form.accepts(
        lambda: contracting.correct_contract(
            contract,
            form.paper(),
            actor=actor(),
            on=clock.today(),
            seen=form.seen.data,
            file=_scan(form),
        )
    )
    if not saved:
        return _page(contract.project, form, contract), 422
    flash("合同已更正。")
    return hx.go_to(address_of(project_id))


@bp.route("/<int:contract_id>/settle", methods=["GET", "POST"])
@requires(Action.RECORD_EXECUTION)
def settle(project_id: int, contract_id: int) -> ResponseReturnValue:
    contract = _load(project_id, contract_id)
    form = SettleForm()
    if not form.is_submitted():
        return render("implementation/settle.html", contract=contract, form=_settled(contract))
    saved = form.accepts(
        lambda: contracting.settle_contract(
            contract,
            amount=form.amount.data,
            settled_on=form.settled_on.data,
            settled_by=value_of(form.settled_by),
            retention_amount=form.retention_amount.data or 0,
            retention_due_on=form.retention_due_on.data,
            actor=actor(),
            on=clock.today(),
            seen=form.seen.data,
        )
    )
    if not saved:
        return render("implementation/settle.html", contract=contract, form=form), 422
    flash("结算已登记。付款从现在起以结算价为限。")
    return hx.go_to(address_of(project_id))


@bp.post("/<int:contract_id>/void")
@requires(Action.RECORD_EXECUTION)
def void(project_id: int, contract_id: int) -> ResponseReturnValue:
    contract, form = _load(project_id, contract_id), VoidForm()
    if not form.accepts(lambda: contracting.void_contract(contract, actor=actor())):
        return _page(contract.project, ContractForm.of(contract), contract, void=form), 422
    flash(f"合同“{contract.name}”已作废。")
    return hx.go_to(address_of(project_id))


def _page(
    project: Project,
    form: ContractForm,
    contract: Contract | None = None,
    void: VoidForm | None = None,
) -> str:
    return render(
        "implementation/contract_form.html",
        project=project,
        form=form,
        contract=contract,
        void=void or VoidForm(formdata=None),
    )


def _load(project_id: int, contract_id: int) -> Contract:
    project = load_project(project_id, Action.RECORD_EXECUTION)
    statement = sa.select(Contract).filter_by(id=contract_id, project_id=project.id)
    found: Contract = load_or_404(statement)
    return found


def _settled(contract: Contract) -> SettleForm:
    return SettleForm(
        obj=contract,
        amount=contract.settlement_amount,
        retention_amount=contract.retention_amount or None,
        seen=contract.version,
    )


def _scan(form: ContractForm) -> StoredFile | None:
    return keep_upload(form.file.data, actor=actor(), field="file") if form.file.data else None
