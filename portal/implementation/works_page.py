"""The page of one project's works: shown at its own address, and again by a form on it that was refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from flask import url_for
from sqlalchemy.orm import selectinload

from portal import clock
from portal.accounts.scopes import may
from portal.db import db
from portal.funds.models import Allocation, AllocationBatch, Placement
from portal.implementation import queries
from portal.implementation.changing import open_steps
from portal.implementation.facts import completion_notice_problem, needs_contract
from portal.implementation.forms import DecideForm
from portal.implementation.models import (
    Acceptance,
    Contract,
    ProgressReport,
    ProjectChange,
)
from portal.library.models import Project
from portal.rules.access import Action
from portal.rules.surplus import Surplus, SurplusFacts, surplus
from portal.rules.vocabulary import AcceptanceLevel, BatchStatus, Phase, ProjectStatus
from portal.rules.works import ACCEPTS, DATES
from portal.web import actor, render

PHASE_TONES = {
    Phase.NOT_STARTED: "idle",
    Phase.FINISHED: "good",
    Phase.ACCEPTED: "good",
    Phase.SETTLED: "good",
    Phase.SUSPENDED: "warn",
    Phase.TERMINATED: "late",
}


@dataclass(frozen=True)
class Stage:
    """One step of the strip from the library to the settlement; ``on`` is None while it is ahead."""

    label: str
    on: date | None


@dataclass(frozen=True)
class Money:
    """What is placed on the project, agreed, paid, settled and left, in fen; None: nothing is settled."""

    allocated: int
    contracts: int
    paid: int
    settled: int | None
    surplus: Surplus


def address_of(project_id: int) -> str:
    """The page's address, where every form of the works leads back to."""
    return url_for("implementation.project", project_id=project_id)


def show_works(project: Project, decision: DecideForm | None = None) -> str:
    """The page; ``decision`` is the form on it that was sent and not accepted."""
    today, ids = clock.today(), [project.id]
    contracts = queries.contracts_of(ids).get(project.id, [])
    acceptances, changes = _acceptances(project), _changes(project)
    dates = queries.dates_of(queries.executions_of(ids).get(project.id))
    phase = queries.phases(ids, today)[project.id]
    return render(
        "implementation/project.html",
        project=project,
        phase=phase,
        tones=PHASE_TONES,
        hold=queries.on_hold(ids, today).get(project.id),
        stages=_stages(project, dates, contracts, acceptances),
        money=_money(project, phase, contracts),
        dates=dates,
        DATES=DATES,
        milestones=queries.milestones_of(ids, today)[project.id],
        contracts=contracts,
        contract_money=queries.contract_money([contract.id for contract in contracts]),
        needs_contract=needs_contract(project.project_type),
        acceptances=acceptances,
        notice_problem=_notice_problem(project, contracts, today) if dates["finished_on"] else None,
        changes=changes,
        steps={change.id: open_steps(change, actor(), today) for change in changes},
        decision=decision or DecideForm(formdata=None),
        reports=_reports(project),
        may_do=_permitted(project),
        accepts=any(may(actor(), action, project) for action in ACCEPTS.values()),
    )


def _notice_problem(project: Project, contracts: Sequence[Contract], today: date) -> str | None:
    """What the last of its contracts to be settled still waits for."""
    settled_on = max((one.settled_on for one in contracts if one.settled_on), default=None)
    return completion_notice_problem(project, settled_on, today)


def _permitted(project: Project) -> frozenset[Action]:
    """What this person may write on these works; nothing outside the library."""
    if project.status is not ProjectStatus.ADMITTED:
        return frozenset()
    actions = (Action.RECORD_EXECUTION, Action.REPORT_PROGRESS, Action.PROPOSE_CHANGE)
    return frozenset(action for action in actions if may(actor(), action, project))


def _stages(
    project: Project,
    dates: Mapping[str, date | None],
    contracts: Sequence[Contract],
    acceptances: Sequence[Acceptance],
) -> list[Stage]:
    """The strip; what is paid without a contract has no tender, contract and settlement."""
    accepted = [
        look.accepted_on
        for look in acceptances
        if look.passed and look.level is AcceptanceLevel.COUNTY
    ]
    settled = [contract.settled_on for contract in contracts if contract.settled_on]
    whole = bool(contracts) and len(settled) == len(contracts)
    stages = [
        Stage("入库", project.admitted_on),
        Stage("安排", _placed_on(project)),
        Stage("招标", dates["tendered_on"]),
        Stage("合同", contracts[0].signed_on if contracts else None),
        Stage("开工", dates["started_on"]),
        Stage("完工", dates["finished_on"]),
        Stage("验收", accepted[0] if accepted else None),
        Stage("结算", max(settled) if whole else None),
    ]
    if contracts or needs_contract(project.project_type):
        return stages
    return [stage for stage in stages if stage.label not in {"招标", "合同", "结算"}]


def _money(project: Project, phase: Phase, contracts: Sequence[Contract]) -> Money:
    columns = (Placement.allocated_amount, Placement.requested_amount, Placement.paid_amount)
    sums = sa.select(*(sa.func.coalesce(sa.func.sum(column), 0) for column in columns))
    found = db.session.execute(sums.where(Placement.project_id == project.id)).one()
    allocated, requested, paid = map(int, found)
    settled = [c.settlement_amount for c in contracts if c.settlement_amount is not None]
    facts = SurplusFacts(
        phase=phase,
        needs_contract=needs_contract(project.project_type),
        allocated=allocated,
        used=requested + paid,
        owed=sum(contract.limit for contract in contracts) if contracts else None,
    )
    agreed = sum(contract.amount for contract in contracts)
    return Money(allocated, agreed, paid, sum(settled) if settled else None, surplus(facts))


def _placed_on(project: Project) -> date | None:
    """The day of the first approval that placed money on the project."""
    return db.session.scalar(
        sa.select(sa.func.min(AllocationBatch.approved_on))
        .join(Allocation, Allocation.batch_id == AllocationBatch.id)
        .where(
            Allocation.project_id == project.id,
            ~Allocation.void,
            AllocationBatch.status == BatchStatus.APPROVED,
        )
    )


def _acceptances(project: Project) -> list[Acceptance]:
    statement = sa.select(Acceptance).filter_by(project_id=project.id)
    return list(db.session.scalars(statement.order_by(Acceptance.id)))


def _changes(project: Project) -> list[ProjectChange]:
    statement = sa.select(ProjectChange).filter_by(project_id=project.id)
    return list(db.session.scalars(statement.order_by(ProjectChange.id.desc())))


def _reports(project: Project) -> list[ProgressReport]:
    statement = (
        sa.select(ProgressReport)
        .where(ProgressReport.project_id == project.id)
        .options(selectinload(ProgressReport.photos))
        .order_by(ProgressReport.reported_on.desc(), ProgressReport.id.desc())
    )
    return list(db.session.scalars(statement))
