"""What plans and letters ask of a person: answer, say why, issue in time."""

from datetime import date

from flask import url_for

from portal.dashboard.task import MOST_LINES, Task, Urgency
from portal.rules import money
from portal.rules.access import Action, Actor, holds
from portal.supervision import queries


def tasks(actor: Actor, today: date) -> list[Task]:
    """Open answers, lines of a plan that were not kept, and the month's plan while it is not issued."""
    return [*_letters(actor, today), *_explanations(actor, today), *_plan(actor, today)]


def _letters(actor: Actor, today: date) -> list[Task]:
    found = []
    for letter in queries.unanswered(actor)[:MOST_LINES]:
        left = (letter.answer_by_on - today).days
        found.append(
            Task(
                Urgency.OVERDUE if left < 0 else Urgency.SOON,
                f"逾期{-left}天" if left < 0 else f"剩{left}天",
                f"督办函待回复：{letter.number}",
                f"{letter.unit.name}，{letter.answer_by_on} 前回复",
                "去回复",
                url_for("supervision.letters.letter", letter_id=letter.id),
            )
        )
    return found


def _explanations(actor: Actor, today: date) -> list[Task]:
    return [
        Task(
            Urgency.WAITING,
            "未完成",
            f"说明用款计划未完成原因：{row.line.project.name}",
            f"{row.line.plan.month}月计划 {money.wan_exact(row.line.amount)} 万元，"
            f"实际支付 {money.wan_exact(row.paid)} 万元",
            "写明原因",
            url_for("supervision.plans.explain", plan_line_id=row.line.id),
        )
        for row in queries.unexplained(actor, today)[:MOST_LINES]
    ]


def _plan(actor: Actor, today: date) -> list[Task]:
    """Once a month, for those who issue the plan, as long as there is money to plan."""
    if not holds(actor, Action.ISSUE_PAYMENT_PLAN):
        return []
    plan = queries.plan_of_month(actor.county_id, today.year, today.month)
    if (plan and plan.issued_on) or not (plan or queries.payable(actor.county_id, today)):
        return []
    due = queries.issue_by_day()
    if due is None:
        return []
    left = due - today.day
    return [
        Task(
            Urgency.OVERDUE if left < 0 else Urgency.SOON,
            f"逾期{-left}天" if left < 0 else f"剩{left}天",
            "本月用款计划还没有下达",
            f"{today.month}月{due}日前下达",
            "去下达" if plan else "去编制",
            url_for("supervision.plans.plan", plan_id=plan.id)
            if plan
            else url_for("supervision.plans.plans"),
        )
    ]
