"""预警: which projects of a county need a look, with the money as the ledger has it now."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import joinedload

from portal.accounts.scopes import visible
from portal.db import db
from portal.funds.models import Allocation, AllocationBatch, Placement
from portal.implementation import queries as works
from portal.implementation.facts import needs_contract
from portal.implementation.models import Contract
from portal.library.models import Project
from portal.payments.queries import paid_of_contracts
from portal.rules.access import Action, Actor
from portal.rules.vocabulary import BatchStatus
from portal.rules.warnings import ContractFacts, Finding, WarningRule, WorkFacts, find

YEARS_BACK = 2


@dataclass(frozen=True)
class ProjectWarning:
    """One thing wrong with one project."""

    project: Project
    finding: Finding

    @property
    def rule(self) -> WarningRule:
        """The row of the rule book."""
        return self.finding.rule

    @property
    def responsible(self) -> str:
        """Who answers for the project: the person, with the unit."""
        project = self.project
        unit = project.responsible_unit or project.organization.name
        return f"{unit} {project.responsible_person}".strip()

    @property
    def words(self) -> str:
        """Project, figures, who is responsible and what to do, in two sentences."""
        return f"{self.project.name}：{self.finding.words}，责任人 {self.responsible}。{self.rule.advice}。"


def warnings_of(county_id: int, day: date) -> list[ProjectWarning]:
    """Every warning of a county, the most important first."""
    return _warnings(sa.select(Project).where(Project.county_id == county_id), day)


def counties_with_placements() -> list[int]:
    """The counties whose money is placed on projects: without it there is nothing to warn of."""
    return sorted(db.session.scalars(sa.select(Placement.county_id).distinct()))


def warnings_for(actor: Actor, day: date) -> list[ProjectWarning]:
    """The warnings on the projects that the actor may see."""
    return _warnings(visible(sa.select(Project), Project, actor, Action.VIEW_PROJECTS), day)


def _warnings(statement: sa.Select[tuple[Project]], day: date) -> list[ProjectWarning]:
    """Only projects with money are looked at; each kind of fact is one query for all of them.

    What is older than ``YEARS_BACK`` years and wholly paid is history, whatever was wrong with it once.
    """
    money = sa.select(Placement.project_id).where(Placement.allocated_amount > 0)
    unpaid = money.where(Placement.paid_amount < Placement.allocated_amount)
    statement = statement.where(
        Project.id.in_(money),
        sa.or_(Project.year >= day.year - YEARS_BACK, Project.id.in_(unpaid)),
    )
    projects = list(db.session.scalars(statement.options(joinedload(Project.organization))))
    rules: Mapping[str, WarningRule] = current_app.extensions["book"].warnings
    facts = _facts(projects, day)
    found = [
        ProjectWarning(project, finding)
        for project in projects
        for finding in find(rules, facts[project.id])
    ]
    order = list(rules)
    return sorted(found, key=lambda one: (order.index(one.rule.code), one.project.code))


def _facts(projects: Collection[Project], day: date) -> dict[int, WorkFacts]:
    ids = [project.id for project in projects]
    sums, first = _money(ids), _first_approvals(ids)
    held, percents = works.on_hold(ids, day), works.progress_percents(ids, day)
    executions, milestones = works.executions_of(ids), works.milestones_of(ids, day)
    contracts = _contracts(ids)
    return {
        project.id: WorkFacts(
            day=day,
            allocated=sums[project.id][0],
            paid=sums[project.id][1],
            allocated_on=first.get(project.id),
            progress=percents.get(project.id),
            held=held[project.id].kind.label if project.id in held else "",
            held_on=held[project.id].decided_on if project.id in held else None,
            needs_contract=needs_contract(project.project_type),
            finished_on=executions[project.id].finished_on if project.id in executions else None,
            contracts=contracts.get(project.id, ()),
            late_milestones=tuple(
                (one.rule.label, -one.days_left) for one in milestones[project.id] if one.is_late
            ),
        )
        for project in projects
    }


def _money(ids: Collection[int]) -> dict[int, tuple[int, int]]:
    statement = (
        sa.select(
            Placement.project_id,
            sa.func.sum(Placement.allocated_amount),
            sa.func.sum(Placement.paid_amount),
        )
        .where(Placement.project_id.in_(ids))
        .group_by(Placement.project_id)
    )
    rows = db.session.execute(statement).tuples()
    return {project_id: (int(allocated), int(paid)) for project_id, allocated, paid in rows}


def _first_approvals(ids: Collection[int]) -> dict[int, date]:
    statement = (
        sa.select(Allocation.project_id, sa.func.min(AllocationBatch.approved_on))
        .join(Allocation.batch)
        .where(
            Allocation.project_id.in_(ids),
            ~Allocation.void,
            AllocationBatch.status == BatchStatus.APPROVED,
        )
        .group_by(Allocation.project_id)
    )
    rows = db.session.execute(statement).tuples()
    return {project_id: first for project_id, first in rows if first}


def _contracts(ids: Collection[int]) -> dict[int, tuple[ContractFacts, ...]]:
    found = works.contracts_of(ids)
    kept_back = [one for of_project in found.values() for one in of_project if one.retention_due_on]
    paid = paid_of_contracts([contract.id for contract in kept_back])
    return {
        project_id: tuple(_contract(contract, paid.get(contract.id, 0)) for contract in of_project)
        for project_id, of_project in found.items()
    }


def _contract(contract: Contract, paid: int) -> ContractFacts:
    """The retention is the last part of the price: it is open as far as the price is."""
    return ContractFacts(
        id=contract.id,
        name=contract.name,
        expires_on=contract.expires_on,
        retention_due_on=contract.retention_due_on,
        retention_open=min(contract.retention_amount, contract.limit - paid),
    )
