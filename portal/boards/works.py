"""The fields of a completion notice (F8): money used, works done, acceptance, settlement, goal reached."""

from datetime import date

import sqlalchemy as sa

from portal.db import db
from portal.funds.models import Placement
from portal.implementation.models import Acceptance
from portal.implementation.queries import contracts_of, dates_of, executions_of, latest_reports
from portal.library.models import Project
from portal.performance.models import PerformanceForm
from portal.rules.money import wan_exact
from portal.rules.vocabulary import FormKind, FormStatus, FundingTier
from portal.wording import plain_day


def works_rows(project: Project, today: date) -> tuple[tuple[str, str], ...]:
    """Field and text, in the order of the form; what is not on record yet says so."""
    return (
        ("资金使用", _money(project, today)),
        ("实施结果", _works(project, today)),
        ("验收结果", _acceptances(project)),
        ("结算价", _settlements(project)),
        ("绩效目标实现", _achieved(project)),
    )


def _money(project: Project, today: date) -> str:
    placed = sa.select(Placement).filter_by(project_id=project.id)
    placements = list(db.session.scalars(placed.order_by(Placement.id)))
    allocated = sum(one.allocated_amount for one in placements)
    paid = sum(one.paid_amount for one in placements)
    tiers = []
    for tier in FundingTier:
        amount = sum(one.allocated_amount for one in placements if one.document.tier is tier)
        if amount:
            tiers.append(f"{tier.label} {wan_exact(amount)} 万元")
    of_which = f"（{'、'.join(tiers)}）" if tiers else ""
    return (
        f"安排衔接资金 {wan_exact(allocated)} 万元{of_which}；"
        f"截至{plain_day(today)}已支付 {wan_exact(paid)} 万元。"
    )


def _works(project: Project, today: date) -> str:
    dates = dates_of(executions_of([project.id]).get(project.id))
    report = latest_reports([project.id], today).get(project.id)
    parts = [project.tasks]
    if dates["started_on"]:
        parts.append(f"{plain_day(dates['started_on'])}开工")
    if dates["finished_on"]:
        parts.append(f"{plain_day(dates['finished_on'])}完工")
    elif report:
        parts.append(f"到{plain_day(report.reported_on)}完成 {report.percent}%")
    return "；".join(filter(None, parts))


def _acceptances(project: Project) -> str:
    statement = sa.select(Acceptance).filter_by(project_id=project.id)
    found = list(db.session.scalars(statement.order_by(Acceptance.accepted_on, Acceptance.id)))
    if not found:
        return "还没有验收"
    return "\n".join(
        f"{one.level.label}：{plain_day(one.accepted_on)}{'通过' if one.passed else '没有通过'}"
        for one in found
    )


def _settlements(project: Project) -> str:
    lines = []
    for contract in contracts_of([project.id]).get(project.id, []):
        settled = "还没有结算"
        if contract.settlement_amount is not None:
            settled = f"结算价 {wan_exact(contract.settlement_amount)} 万元"
        lines.append(f"{contract.name}：合同价 {wan_exact(contract.amount)} 万元，{settled}")
    return "\n".join(lines) or "没有签订合同，按实际支付"


def _achieved(project: Project) -> str:
    """The achievement of the approved self-evaluation; before that the goal, and when the result comes."""
    statement = (
        sa.select(PerformanceForm.achieved)
        .where(
            PerformanceForm.project_id == project.id,
            PerformanceForm.kind == FormKind.SELF_EVALUATION,
            PerformanceForm.status == FormStatus.APPROVED,
        )
        .order_by(PerformanceForm.year.desc())
        .limit(1)
    )
    achieved = db.session.scalar(statement)
    return achieved or f"目标：{project.goal}。实现情况在年度绩效自评后公开。"
