"""Reads on the works of projects, each for many projects at once.

What happened after the asked day has not happened yet; a project without a row is missing from the answer
unless said otherwise.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from portal.db import db
from portal.implementation.facts import needs_contract
from portal.implementation.models import (
    Acceptance,
    Contract,
    Execution,
    ProgressReport,
    ProjectChange,
)
from portal.library.models import Project
from portal.library.queries import book
from portal.rules.milestones import Milestone, evaluate
from portal.rules.phases import PhaseFacts, phase
from portal.rules.vocabulary import AcceptanceLevel, ChangeKind, ChangeStatus, PaymentStatus, Phase
from portal.rules.works import DATES

_HOLDING = (ChangeKind.SUSPEND, ChangeKind.TERMINATE)
_ASKED = (PaymentStatus.CHECKING.value, PaymentStatus.APPROVED.value)

# The payments stand to the right of the works, which may not import them; the names of their tables are
# enough to ask what they took of a contract (decision 007).
_payment = sa.table("payment", sa.column("id"), sa.column("contract_id"), sa.column("status"))
_part = sa.table("payment_part", sa.column("payment_id"), sa.column("amount"))


@dataclass(frozen=True)
class ContractMoney:
    """What payments that are not void took of a contract: their number, fen paid and fen on the way."""

    payments: int
    paid: int
    asked: int


def phases(project_ids: Collection[int], day: date) -> dict[int, Phase]:
    """Project id -> how far its works are on ``day``; every id is there. Five queries in all."""
    held = on_hold(project_ids, day)
    percents = progress_percents(project_ids, day)
    executions = executions_of(project_ids)
    contracts = contracts_of(project_ids)
    accepted = _accepted_on(project_ids, day)
    return {
        project_id: phase(
            PhaseFacts(
                held_by=held[project_id].kind if project_id in held else None,
                percent=percents.get(project_id, 0),
                accepted_on=accepted.get(project_id),
                **_dates(executions.get(project_id), day),
                **_contract_dates(contracts.get(project_id, []), day),
            )
        )
        for project_id in project_ids
    }


def progress_percents(project_ids: Collection[int], day: date) -> dict[int, int]:
    """Project id -> the share of the works in the latest report on or before ``day``, in percent."""
    return {
        project_id: report.percent
        for project_id, report in latest_reports(project_ids, day).items()
    }


def latest_reports(project_ids: Collection[int], day: date) -> dict[int, ProgressReport]:
    """Project id -> the latest report on or before ``day``; of two on one day the later entry."""
    place = (
        sa.func.row_number()
        .over(
            partition_by=ProgressReport.project_id,
            order_by=(ProgressReport.reported_on.desc(), ProgressReport.id.desc()),
        )
        .label("place")
    )
    ranked = (
        sa.select(ProgressReport.id, place)
        .where(ProgressReport.project_id.in_(project_ids), ProgressReport.reported_on <= day)
        .subquery()
    )
    latest = sa.select(ranked.c.id).where(ranked.c.place == 1)
    reports = db.session.scalars(sa.select(ProgressReport).where(ProgressReport.id.in_(latest)))
    return {report.project_id: report for report in reports}


def contracts_of(project_ids: Collection[int]) -> dict[int, list[Contract]]:
    """Project id -> its contracts that are not void, by the day of signing."""
    statement = (
        sa.select(Contract)
        .where(Contract.project_id.in_(project_ids), ~Contract.void)
        .order_by(Contract.signed_on, Contract.id)
    )
    found: dict[int, list[Contract]] = defaultdict(list)
    for contract in db.session.scalars(statement):
        found[contract.project_id].append(contract)
    return dict(found)


def contract_money(contract_ids: Collection[int]) -> dict[int, ContractMoney]:
    """Contract id -> what payments took of it; reversals count with their sign, drafts only by number."""
    amount = _part.c.amount
    asked = sa.case((_payment.c.status.in_(_ASKED), amount), else_=0)
    paid = sa.case((_payment.c.status == PaymentStatus.PAID.value, amount), else_=0)
    statement = (
        sa.select(
            _payment.c.contract_id,
            sa.func.count(_payment.c.id.distinct()),
            sa.func.coalesce(sa.func.sum(paid), 0),
            sa.func.coalesce(sa.func.sum(asked), 0),
        )
        .select_from(_payment)
        .outerjoin(_part, _part.c.payment_id == _payment.c.id)
        .where(
            _payment.c.contract_id.in_(contract_ids),
            _payment.c.status != PaymentStatus.VOIDED.value,
        )
        .group_by(_payment.c.contract_id)
    )
    return {
        contract_id: ContractMoney(count, int(paid), int(asked))
        for contract_id, count, paid, asked in db.session.execute(statement)
    }


def on_hold(project_ids: Collection[int], day: date) -> dict[int, ProjectChange]:
    """Project id -> the approved suspension or termination that stands on ``day``."""
    statement = (
        sa.select(ProjectChange)
        .where(
            ProjectChange.project_id.in_(project_ids),
            ProjectChange.status == ChangeStatus.APPROVED,
            ProjectChange.kind.in_((*_HOLDING, ChangeKind.RESUME)),
            ProjectChange.decided_on <= day,
        )
        .order_by(ProjectChange.decided_on, ProjectChange.id)
    )
    latest = {change.project_id: change for change in db.session.scalars(statement)}
    return {project_id: change for project_id, change in latest.items() if change.kind in _HOLDING}


def executions_of(project_ids: Collection[int]) -> dict[int, Execution]:
    """Project id -> the dates of its works, as they are on record now."""
    statement = sa.select(Execution).where(Execution.project_id.in_(project_ids))
    return {execution.project_id: execution for execution in db.session.scalars(statement)}


def milestones_of(project_ids: Collection[int], day: date) -> dict[int, tuple[Milestone, ...]]:
    """Project id -> the county's milestones for its year, as they stand on ``day``; every id is there.

    A project has none while it is suspended or terminated, and where its type needs no contract.
    """
    statement = sa.select(Project.id, Project.year, Project.project_type).where(
        Project.id.in_(project_ids)
    )
    held, executions = on_hold(project_ids, day), executions_of(project_ids)
    rules = book().milestones
    return {
        project_id: evaluate(rules, dates_of(executions.get(project_id)), year, day)
        if project_id not in held and needs_contract(project_type)
        else ()
        for project_id, year, project_type in db.session.execute(statement).tuples()
    }


def dates_of(execution: Execution | None) -> Mapping[str, date | None]:
    """The days of the works by the names of :data:`DATES`; all None where nothing is on record."""
    return {name: getattr(execution, name, None) for name in DATES}


def _accepted_on(project_ids: Collection[int], day: date) -> dict[int, date]:
    statement = (
        sa.select(Acceptance.project_id, sa.func.min(Acceptance.accepted_on))
        .where(
            Acceptance.project_id.in_(project_ids),
            Acceptance.level == AcceptanceLevel.COUNTY,
            Acceptance.passed,
            Acceptance.accepted_on <= day,
        )
        .group_by(Acceptance.project_id)
    )
    return dict(db.session.execute(statement).tuples().all())


def _dates(execution: Execution | None, day: date) -> Mapping[str, date | None]:
    if execution is None:
        return {}
    names = ("tendered_on", "started_on", "finished_on")
    return {name: _by(getattr(execution, name), day) for name in names}


def _contract_dates(contracts: Sequence[Contract], day: date) -> Mapping[str, date | None]:
    signed = [contract for contract in contracts if contract.signed_on <= day]
    settled = [on for contract in signed if (on := _by(contract.settled_on, day))]
    whole = signed and len(settled) == len(signed)
    return {
        "contracted_on": signed[0].signed_on if signed else None,
        "settled_on": max(settled) if whole else None,
    }


def _by(on: date | None, day: date) -> date | None:
    return on if on is not None and on <= day else None
