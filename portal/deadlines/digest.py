"""The words of a reminder: one line per clock, the most urgent first, each with what to do and where."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import current_app

from portal.deadlines.disclosing import Overdue
from portal.deadlines.facts import Subject
from portal.rules import money
from portal.rules.access import Action
from portal.rules.deadlines import Deadline, short
from portal.supervision.warnings import ProjectWarning


@dataclass(frozen=True)
class Notice:
    """What people are told: a clock at one of its steps, or a warning in one week.

    ``subject`` is the lasting name of what it is about, ``covered`` the skipped steps that it stands for,
    ``falls_on`` the day of the step itself.
    """

    rule: str
    subject: str
    county_id: int
    name: str
    step: int
    covered: tuple[int, ...]
    falls_on: date
    days_left: int
    text: str
    is_warning: bool = False


@dataclass(frozen=True)
class Page:
    """Where a subject is seen, what the address calls its id (empty: nothing), and who may open it."""

    endpoint: str
    argument: str
    action: Action

    def values(self, subject: Subject) -> dict[str, Any]:
        """The arguments of the address."""
        return {self.argument: subject.id} if self.argument else {}


DUTIES = {
    "allocated_on": ("尚有 {rest} 万元未落实", "去分解"),
    "reported_on": ("还没有报告领导小组", "去登记报告日期"),
    "disclosed_on": ("分配结果还没有公开", "去公开"),
    "paid_on": ("已审核通过 {rest} 万元，还没有支付", "去登记支付"),
    "paced_on": ("“{label}”还差 {rest} 万元", "看支出进度"),
    "spent_on": ("{label}，还有 {rest} 万元没有支付", "看支出进度"),
    "planned_on": ("还没有下达用款计划", "去编制"),
    "declared_on": ("还没有交齐", "去填报"),
    "monitored_on": ("还没有交齐", "去填报"),
    "evaluated_on": ("还没有交齐", "去填报"),
    "bulletin_on": ("还没有编发上月支出通报", "去编发"),
    "answered_on": ("还没有答复", "去答复"),
    "met_on": ("“{label}”还没有办完", "去公开或登记凭证"),
}
"""By the fact that stops the clock: what is still missing, and the word for doing it."""

PAGES = {
    "fund_document": Page("funds.document", "document_id", Action.VIEW_FUNDS),
    "fund_rest": Page("funds.document", "document_id", Action.VIEW_FUNDS),
    "fund_year": Page("pace.overview", "year", Action.VIEW_PACE),
    "county_month": Page("supervision.home", "", Action.VIEW_PACE),
    "county_forms": Page("performance.forms.home", "year", Action.VIEW_PERFORMANCE),
    "payment": Page("payments.payment", "payment_id", Action.VIEW_PAYMENTS),
    "complaint": Page("complaints.complaint", "complaint_id", Action.VIEW_COMPLAINTS),
    "disclosure_duty": Page("duties.ledger", "", Action.VIEW_DISCLOSURES),
}
"""By kind of subject."""


def subject(notices: Sequence[Notice]) -> str:
    """The title of a digest: 今天有2件事快到期：哈财指(农)〔2023〕6号等."""
    clocks = [notice for notice in notices if not notice.is_warning]
    warned = len(notices) - len(clocks)
    late = sum(notice.days_left < 0 for notice in clocks)
    what = "快到期"
    if late:
        what = "已逾期" if late == len(clocks) else f"要办，其中{late}件已逾期"
    parts = [f"{len(clocks)}件事{what}"] if clocks else []
    parts += [f"{warned}条预警"] if warned else []
    more = "等" if len(notices) > 1 else ""
    return f"今天有{'，'.join(parts)}：{_urgent_first(notices)[0].name}{more}"[:200]


def body(notices: Sequence[Notice]) -> str:
    """One paragraph per notice, and where the rest is to be seen."""
    lines = [notice.text for notice in _urgent_first(notices)]
    if any(notice.is_warning for notice in notices):
        lines.append(f"全部预警 {address('supervision.warnings')}")
    return "\n\n".join([*lines, f"全部期限 {address('deadlines.calendar')}"])


def line(subject: Subject, deadline: Deadline) -> str:
    """Who-does-what-until-when: 哈财指(农)〔2023〕6号 尚有 305.00 万元未落实，剩 7 天（…到期）。去分解 …."""
    what, action = duty(subject, deadline)
    page = PAGES[subject.kind]
    link = address(page.endpoint, **page.values(subject))
    return f"{subject.name} {what}，{time_left(deadline)}。{action} {link}"


def overdue_line(found: Overdue, day: date) -> str:
    """东村有 3 项公开任务逾期，最早的应在2023年1月13日公开，已逾期 7 天。去公开或登记凭证 …."""
    late = f"最早的应在{_chinese(found.oldest_on)}公开，已逾期 {(day - found.oldest_on).days} 天"
    link = address("duties.ledger", state="overdue")
    return f"{found.name}有 {found.count} 项公开任务逾期，{late}。去公开或登记凭证 {link}"


def warning_line(warning: ProjectWarning) -> str:
    """The warning's own words, and the page of the project's works."""
    link = address("implementation.project", project_id=warning.project.id)
    return f"预警：{warning.words}去查看 {link}"


def duty(subject: Subject, deadline: Deadline) -> tuple[str, str]:
    """What is still missing for the clock to stop, and the word on the button."""
    what, action = DUTIES.get(deadline.rule.stop, (f"“{deadline.rule.label}”还没有办完", "去办理"))
    return what.format(rest=money.wan(subject.rest), label=deadline.rule.label), action


def time_left(deadline: Deadline) -> str:
    """剩 7 天（2023年1月29日到期）, or how late and what it still scores."""
    due = f"{_chinese(deadline.due_on)}到期"
    if deadline.days_left > 0:
        return f"剩 {deadline.days_left} 天（{due}）"
    if deadline.days_left == 0:
        return f"今天到期（{_chinese(deadline.due_on)}）"
    worth = "" if deadline.points is None else f"，现在落实得 {short(deadline.points)} 分"
    return f"已逾期 {-deadline.days_left} 天（{due}）{worth}"


def address(endpoint: str, **values: int | str) -> str:
    """A link for mail: the configured address of the portal, never the host that a request named (T21)."""
    path = current_app.url_map.bind("").build(endpoint, values)
    return f"{current_app.config['BASE_URL']}{path}"


def _urgent_first(notices: Sequence[Notice]) -> list[Notice]:
    return sorted(notices, key=lambda one: (one.is_warning, one.days_left, one.name))


def _chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
