"""Monthly payment plans (form F12): drafted from what is not paid yet, issued, explained where not kept."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm.attributes import flag_modified

from portal.db import db, lock
from portal.funds.entering import Entry, LinesRefused
from portal.library.models import Project
from portal.mail.operations import queue
from portal.rules.access import Action, Actor
from portal.rules.broken import RuleBroken
from portal.rules.money import wan_exact
from portal.rules.supervision import month_after, proposed
from portal.supervision import queries
from portal.supervision.models import PaymentPlan, PlanLine


def draft_plan(year: int, month: int, *, county_id: int, actor: Actor, on: date) -> PaymentPlan:
    """Draft the plan of this month or the next, with a proposal for each project with unpaid money.

    Raises:
        RuleBroken: another month, a plan that is there already, or nothing left to pay.
    """
    if (year, month) not in {(on.year, on.month), month_after(on.year, on.month)}:
        raise RuleBroken("只能编制本月和下月的用款计划，请换一个月份。", field="month")
    if queries.plan_of_month(county_id, year, month):
        raise RuleBroken(f"{year}年{month}月的用款计划已经有了，请打开它修改。", field="month")
    payable = [one for one in queries.payable(county_id, on) if not one.held]
    if not payable:
        raise RuleBroken("没有可以编入计划的项目：安排到项目的资金都已支付，或项目暂缓。")
    plan = PaymentPlan(
        county_id=county_id,
        year=year,
        month=month,
        drafted_by_id=actor.user_id,
        drafted_on=on,
        lines=[
            PlanLine(
                county_id=county_id,
                unit_id=one.unit.id,
                project_id=one.project.id,
                amount=proposed(one.open_amount, month),
            )
            for one in payable
        ],
    )
    db.session.add(plan)
    db.session.flush()
    return plan


def write_lines(
    plan: PaymentPlan, entries: Sequence[Entry], *, on: date, seen: int | None = None
) -> None:
    """Set the planned amounts (fen) of these projects: every line or none; 0 takes a project out.

    ``seen`` is the version of the plan that the person was looking at.

    Raises:
        LinesRefused: with the reason of each refused line.
        RuleBroken: there is no line, the plan is issued, or somebody else changed it since.
    """
    _lock_draft(plan)
    if seen not in {None, plan.version}:
        raise RuleBroken("别人刚刚改过这个计划。请打开最新的计划，看过再填。")
    flag_modified(
        plan, "drafted_on"
    )  # its lines are its content: their change is a new version of it
    if not entries:
        raise RuleBroken("还没有填金额。请至少给 1 个项目填写金额，再保存。")
    payable = {one.project.id: one for one in queries.payable(plan.county_id, on)}
    reasons: dict[int, str] = {}
    for entry in entries:
        try:
            _write(plan, entry, payable)
        except RuleBroken as broken:
            reasons[entry.number] = broken.message
    if reasons:
        raise LinesRefused(reasons)
    db.session.flush()


def issue_plan(plan: PaymentPlan, *, actor: Actor, on: date) -> None:
    """Issue the plan to the units; from now on nothing of it is edited.

    Raises:
        RuleBroken: the plan is empty or issued, or a line is above what its project still has.
    """
    _lock_draft(plan)
    if not plan.lines:
        raise RuleBroken("计划里还没有项目，请先填写金额。")
    payable = {one.project.id: one for one in queries.payable(plan.county_id, on)}
    for line in plan.lines:
        _check(line.project, line.amount, payable)
    plan.issued_on, plan.issued_by = on, actor.name
    db.session.flush()
    _tell_units(plan)


def explain(line: PlanLine, words: str, *, actor: Actor, on: date) -> None:
    """Write why less was paid than planned (未完成原因).

    Raises:
        RuleBroken: the plan is not issued, all of it was paid, or nothing is written.
    """
    (line,) = lock(PlanLine, [line.id])
    if line.plan.issued_on is None:
        raise RuleBroken("计划还没有下达，不用说明原因。")
    paid = queries.paid_in_month(line.plan, on).get(line.project_id, 0)
    if paid >= line.amount:
        raise RuleBroken(
            f"不用说明：计划 {wan_exact(line.amount)} 万元，已支付 {wan_exact(paid)} 万元。"
        )
    if not words:
        raise RuleBroken("请写明为什么没有完成、打算什么时候支付。", field="explanation")
    line.explanation, line.explained_by = words, actor.name
    db.session.flush()


def _write(plan: PaymentPlan, entry: Entry, payable: dict[int, queries.Payable]) -> None:
    if entry.project is None or entry.problem:
        raise RuleBroken(entry.problem)
    line = next((one for one in plan.lines if one.project_id == entry.project.id), None)
    if not entry.amount:
        if line:
            plan.lines.remove(line)
        return
    _check(entry.project, entry.amount, payable)
    if line:
        line.amount = entry.amount
        return
    plan.lines.append(
        PlanLine(
            county_id=plan.county_id,
            unit_id=payable[entry.project.id].unit.id,
            project_id=entry.project.id,
            amount=entry.amount,
        )
    )


def _check(project: Project, amount: int, payable: dict[int, queries.Payable]) -> None:
    """A plan is no promise of money that the project does not have."""
    found = payable.get(project.id)
    if found is None:
        raise RuleBroken(f"“{project.name}”没有待支付的资金，请把它从计划里去掉。")
    if found.held:
        raise RuleBroken(f"“{project.name}”已{found.held}，不能编入计划，请把它去掉。")
    if amount > found.open_amount:
        raise RuleBroken(
            f"“{project.name}”还有 {wan_exact(found.open_amount)} 万元没有支付，"
            f"计划 {wan_exact(amount)} 万元。请减少 {wan_exact(amount - found.open_amount)} 万元"
        )


def _lock_draft(plan: PaymentPlan) -> None:
    (locked,) = lock(PaymentPlan, [plan.id])
    if locked.issued_on is not None:
        raise RuleBroken(
            f"{plan.year}年{plan.month}月的用款计划已于 {plan.issued_on} 下达，不能再改。"
        )


def _tell_units(plan: PaymentPlan) -> None:
    month = f"{plan.year}年{plan.month}月"
    for unit_id in dict.fromkeys(line.unit_id for line in plan.lines):
        lines = [line for line in plan.lines if line.unit_id == unit_id]
        planned = wan_exact(sum(line.amount for line in lines))
        for person in queries.people_of(unit_id, Action.EXPLAIN_PAYMENT_PLAN):
            queue(
                person,
                subject=f"{month}用款计划已下达",
                body=f"{month}计划支付 {len(lines)} 个项目，共 {planned} 万元。请按计划申请支付；"
                "月底没有完成的，请在“跟踪督促—用款计划”里写明原因。",
                dedupe_key=f"payment_plan:{plan.id}:{person.id}",
            )
