"""Writes on contracts: what was agreed, what the settlement audit made of it."""

from dataclasses import asdict, dataclass
from datetime import date

import sqlalchemy as sa

from portal.db import db, lock
from portal.files.models import StoredFile
from portal.implementation.models import Contract, ProjectChange
from portal.implementation.operations import refuse_overtaken, take_up
from portal.implementation.queries import contract_money
from portal.library.models import Project
from portal.rules import works
from portal.rules.access import Action, Actor
from portal.rules.broken import RuleBroken
from portal.rules.vocabulary import ChangeKind, ChangeStatus, ContractKind, TenderMethod


@dataclass(frozen=True)
class ContractPaper:
    """What a contract says; amounts in fen."""

    kind: ContractKind
    name: str
    contractor: str
    method: TenderMethod
    signed_on: date
    amount: int
    number: str = ""
    expires_on: date | None = None
    retention_amount: int = 0
    retention_due_on: date | None = None

    @property
    def terms(self) -> works.ContractTerms:
        """What the rules look at."""
        return works.ContractTerms(
            amount=self.amount,
            signed_on=self.signed_on,
            expires_on=self.expires_on,
            retention_amount=self.retention_amount,
            retention_due_on=self.retention_due_on,
        )


def add_contract(
    project: Project,
    paper: ContractPaper,
    *,
    actor: Actor,
    on: date,
    file: StoredFile | None = None,
) -> Contract:
    """Put a contract of a project on record; its price is the limit of what may be paid on it.

    Raises:
        RuleBroken: a figure or day cannot be right, or the same number is on record already.
    """
    take_up(project, actor, Action.RECORD_EXECUTION)
    works.check_terms(paper.terms, on, paid=0)
    _refuse_twice(project, paper.number)
    contract = Contract(
        **asdict(paper),
        county_id=project.county_id,
        project_id=project.id,
        file=file,
        recorded_by_id=actor.user_id,
    )
    db.session.add(contract)
    db.session.flush()
    return contract


def correct_contract(
    contract: Contract,
    paper: ContractPaper,
    *,
    actor: Actor,
    on: date,
    seen: int | None = None,
    file: StoredFile | None = None,
) -> None:
    """Correct a mistake in a contract that is not settled yet; never below what was paid on it.

    ``seen`` is the version that the person had before them.

    Raises:
        RuleBroken: the contract is void or settled, somebody was faster, or as in :func:`add_contract`.
    """
    _take_up(contract, actor, seen)
    if contract.settlement_amount is not None:
        raise RuleBroken(
            f"合同已于 {contract.settled_on} 结算，不能再更正。结算有误，请重新登记结算"
        )
    works.check_terms(paper.terms, on, paid=_committed(contract))
    _refuse_twice(contract.project, paper.number, itself=contract)
    for name, value in asdict(paper).items():
        setattr(contract, name, value)
    if file:
        contract.file = file
    db.session.flush()


def void_contract(contract: Contract, *, actor: Actor) -> None:
    """Take a contract that was entered by mistake out of account; its row stays.

    Raises:
        RuleBroken: payments name it.
    """
    _take_up(contract, actor)
    money = contract_money([contract.id]).get(contract.id)
    if money is not None:
        raise RuleBroken(
            f"有 {money.payments} 笔支付用到这份合同，不能作废。请先作废或冲销这些支付"
        )
    contract.void = True
    db.session.flush()


def settle_contract(
    contract: Contract,
    *,
    amount: int,
    settled_on: date,
    settled_by: str,
    retention_amount: int,
    retention_due_on: date | None,
    actor: Actor,
    on: date,
    seen: int | None = None,
) -> None:
    """Write the price that the settlement audit found, in fen; from now on it is the limit of payments.

    ``seen`` is the version that the person had before them.

    Raises:
        RuleBroken: below what was paid or asked for, above the contract without an approved change, the
            retention money does not fit, or somebody was faster.
    """
    _take_up(contract, actor, seen)
    works.check_settlement(
        amount,
        settled_on,
        terms=works.ContractTerms(
            amount=contract.amount,
            signed_on=contract.signed_on,
            expires_on=contract.expires_on,
            retention_amount=retention_amount,
            retention_due_on=retention_due_on,
        ),
        changed=_changed(contract),
        paid=_committed(contract),
        today=on,
    )
    contract.settlement_amount = amount
    contract.settled_on, contract.settled_by = settled_on, settled_by
    contract.retention_amount, contract.retention_due_on = retention_amount, retention_due_on
    db.session.flush()


def _take_up(contract: Contract, actor: Actor, seen: int | None = None) -> None:
    take_up(contract.project, actor, Action.RECORD_EXECUTION)
    lock(Contract, [contract.id])
    refuse_overtaken(contract.version, seen)
    if contract.void:
        raise RuleBroken("合同已作废，不能再办理")


def _committed(contract: Contract) -> int:
    money = contract_money([contract.id]).get(contract.id)
    return money.paid + money.asked if money else 0


def _changed(contract: Contract) -> bool:
    """Whether the leading group approved a change of the project since the contract was signed."""
    statement = sa.select(ProjectChange.id).where(
        ProjectChange.project_id == contract.project_id,
        ProjectChange.kind == ChangeKind.CHANGE,
        ProjectChange.status == ChangeStatus.APPROVED,
        ProjectChange.decided_on >= contract.signed_on,
    )
    return db.session.scalar(statement.limit(1)) is not None


def _refuse_twice(project: Project, number: str, itself: Contract | None = None) -> None:
    statement = sa.select(Contract).filter_by(project_id=project.id, number=number, void=False)
    other = number and db.session.scalar(statement)
    if other and other is not itself:
        raise RuleBroken(
            f"合同编号“{number}”已经登记过：{other.name}，{other.contractor}。请核对，不要重复登记",
            field="number",
        )
