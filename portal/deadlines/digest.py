"""The words of a reminder: one line per clock, the most urgent first, each with what to do and where."""

from collections.abc import Sequence
from datetime import date

from flask import current_app

from portal.deadlines.facts import Subject
from portal.rules import money
from portal.rules.deadlines import Deadline, short

Clock = tuple[Subject, Deadline]

DUTIES = {
    "allocated_on": ("尚有 {rest} 万元未落实", "去分解"),
    "reported_on": ("还没有报告领导小组", "去登记报告日期"),
    "disclosed_on": ("分配结果还没有公开", "去公开"),
}
"""By the fact that stops the clock: what is still missing, and the word for doing it."""

PAGES = {"fund_document": ("funds.document", "document_id")}
"""By kind of subject: the page of one, and what its address calls the id."""


def subject(clocks: Sequence[Clock]) -> str:
    """The title of a digest: 今天有2件事快到期：哈财指(农)〔2023〕6号等."""
    late = sum(deadline.days_left < 0 for _, deadline in clocks)
    ordered = _urgent_first(clocks)
    what = "快到期"
    if late:
        what = "已超期" if late == len(clocks) else f"要办，其中{late}件已超期"
    more = "等" if len(clocks) > 1 else ""
    return f"今天有{len(clocks)}件事{what}：{ordered[0][0].name}{more}"[:200]


def body(clocks: Sequence[Clock]) -> str:
    """One paragraph per clock, and where the rest is to be seen."""
    lines = [line(*clock) for clock in _urgent_first(clocks)]
    return "\n\n".join([*lines, f"全部期限 {address('deadlines.calendar')}"])


def line(subject: Subject, deadline: Deadline) -> str:
    """Who-does-what-until-when: 哈财指(农)〔2023〕6号 尚有 305.00 万元未落实，剩 7 天（…到期）。去分解 …."""
    what, action = duty(subject, deadline)
    page, its_id = PAGES[subject.kind]
    link = address(page, **{its_id: subject.id})
    return f"{subject.name} {what}，{time_left(deadline)}。{action} {link}"


def duty(subject: Subject, deadline: Deadline) -> tuple[str, str]:
    """What is still missing for the clock to stop, and the word on the button."""
    what, action = DUTIES.get(deadline.rule.stop, (f"“{deadline.rule.label}”还没有办完", "去办理"))
    return what.format(rest=money.wan(subject.rest)), action


def time_left(deadline: Deadline) -> str:
    """剩 7 天（2023年1月29日到期）, or how late and what it still scores."""
    due = f"{_chinese(deadline.due_on)}到期"
    if deadline.days_left > 0:
        return f"剩 {deadline.days_left} 天（{due}）"
    if deadline.days_left == 0:
        return f"今天到期（{_chinese(deadline.due_on)}）"
    worth = "" if deadline.points is None else f"，现在落实得 {short(deadline.points)} 分"
    return f"已超期 {-deadline.days_left} 天（{due}）{worth}"


def address(endpoint: str, **values: int) -> str:
    """A link for mail: the configured address of the portal, never the host that a request named (T21)."""
    path = current_app.url_map.bind("").build(endpoint, values)
    return f"{current_app.config['BASE_URL']}{path}"


def _urgent_first(clocks: Sequence[Clock]) -> list[Clock]:
    return sorted(clocks, key=lambda clock: (clock[1].days_left, clock[0].name))


def _chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
