"""Money for tests: admitted projects, registered documents and approved batches in the small county."""

from datetime import date

from portal.db import db, unit_of_work
from portal.funds import adjusting, allocating, operations
from portal.funds.models import Allocation, AllocationBatch, FundDocument
from portal.funds.papers import Paper
from portal.library.models import Project
from portal.rules import money
from portal.rules.vocabulary import FundingTier, ProjectStatus, ReportClass
from portal.rules.workflow import Move
from tests.world import World

TODAY = date(2023, 3, 20)


def wan(text: str | int) -> int:
    """Fen of an amount in 万元."""
    return money.parse_wan(str(text))


def paper(number: str | None = "财指〔2023〕1号", amount: str | int = 100, **facts) -> Paper:
    """A paper of central money of 2023 that came on 2023-02-01."""
    usual = {
        "title": f"关于下达资金的通知（{number}）",
        "tier": FundingTier.CENTRAL,
        "year": 2023,
        "received_on": date(2023, 2, 1),
    }
    return Paper(number=number, amount=wan(amount), **usual | facts)


def add_document(
    world: World, number: str | None = "财指〔2023〕1号", amount: str | int = 100, **facts
) -> FundDocument:
    """Register a document as the finance office does."""
    with unit_of_work(world.actor("finance_agri"), "test"):
        return operations.register_document(
            paper(number, amount, **facts), actor=world.actor("finance_agri"), on=TODAY
        )


def add_project(
    world: World,
    name: str = "东村道路",
    budget: str | int = 100,
    *,
    status: ProjectStatus = ProjectStatus.ADMITTED,
    report_class: ReportClass = ReportClass.INFRASTRUCTURE,
    project_type: str = "",
    code: str | None = None,
) -> Project:
    """A project that stands in the library."""
    with unit_of_work(world.actor("lead_office"), "test"):
        project = Project(
            county_id=world.ids["county"],
            organization_id=world.ids["dong"],
            township_id=world.ids["jia"],
            department_id=world.ids["rural"],
            code=code or f"county-2023-{db.session.query(Project).count() + 1:02d}",
            year=2023,
            name=name,
            status=status,
            report_class=report_class,
            project_type=project_type,
            central_amount=wan(budget),
            created_by_id=0,
            created_on=TODAY,
        )
        db.session.add(project)
        db.session.flush()
        return project


def add_batch(
    world: World, title: str = "第一批", person: str = "finance_agri", reason: str = ""
) -> AllocationBatch:
    """An empty draft; with a reason an adjustment."""
    with unit_of_work(world.actor(person), "test"):
        return operations.draft_batch(title, actor=world.actor(person), reason=reason)


def add_adjustment(world: World, title: str = "调整") -> AllocationBatch:
    """The empty draft of an adjustment."""
    return add_batch(world, title, reason="项目暂缓实施")


def take_back(
    world: World, batch: AllocationBatch, line: Allocation, amount: str | int
) -> Allocation:
    """Take an amount in 万元 of an approved line back."""
    actor = world.actor("finance_agri")
    with unit_of_work(actor, "test"):
        return adjusting.take_back(batch, line, amount=wan(amount), actor=actor)


def allocate(
    world: World,
    batch: AllocationBatch,
    document: FundDocument,
    project: Project,
    amount: str | int,
    **more,
) -> Allocation:
    """Arrange an amount in 万元."""
    actor = world.actor("finance_agri")
    with unit_of_work(actor, "test"):
        return allocating.allocate(
            batch, document, project, amount=wan(amount), actor=actor, **more
        )


def fill_approval(world: World, batch: AllocationBatch, approved_on: date = TODAY) -> None:
    """Write what the approval paper says."""
    with unit_of_work(world.actor("finance_agri"), "test"):
        operations.edit_batch(
            batch,
            title=batch.title,
            approval_number="县政批〔2023〕1号",
            approved_on=approved_on,
            approved_by="县人民政府",
            minutes_number="纪要〔2023〕1号",
            on=max(TODAY, approved_on),
        )


def take(world: World, batch: AllocationBatch, move: Move, person: str, **more) -> None:
    """One step of the flow by one person."""
    actor = world.actor(person)
    with unit_of_work(actor, "test"):
        operations.take_step(batch, move, actor=actor, **{"on": TODAY} | more)


def approve(world: World, batch: AllocationBatch, approved_on: date = TODAY) -> None:
    """The whole way from a filled draft to the approval."""
    fill_approval(world, batch, approved_on)
    day = max(TODAY, approved_on)
    take(world, batch, Move.SUBMIT, "finance_agri", on=day)
    take(world, batch, Move.APPROVE, "approver", on=day)


def differences() -> list[str]:
    """Documents whose counter is not the sum of their rows, projects above their budgets."""
    found = []
    for document in db.session.query(FundDocument).populate_existing():
        lines = [line.amount for line in document.allocations if not line.void]
        if sum(lines) != document.arranged_amount or document.arranged_amount > document.amount:
            found.append(f"{document.code}: {sum(lines)} {document.arranged_amount}")
    for project in db.session.query(Project).populate_existing():
        lines = db.session.query(Allocation).filter_by(project_id=project.id, void=False)
        if sum(line.amount for line in lines) > project.budget:
            found.append(project.code)
    return found
