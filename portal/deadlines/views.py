"""The calendar: what ends when, what it scores now, and the rules behind it."""

from calendar import Calendar
from datetime import date, timedelta

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue

from portal import clock
from portal.deadlines import digest, queries
from portal.rules.access import Action
from portal.web import actor, render, requires

bp = Blueprint("deadlines", __name__, url_prefix="/deadlines")

MOST_DAYS_AHEAD = 92
FACTS = {
    "issued_on": "发文",
    "received_on": "收到资金文件",
    "registered_on": "登记资金文件",
    "reported_on": "报告领导小组",
    "allocated_on": "全部落实到项目并批复",
    "disclosed_on": "公开分配结果",
    "approved_on": "支付审核通过",
    "paid_on": "国库支付",
    "complained_on": "收到投诉举报",
    "answered_on": "答复投诉举报",
    "begins_on": "年初或月初",
    "paced_on": "达到到期日的序时进度",
    "aged_from": "资金开始计算年限",
    "spent_on": "全部支付",
    "last_month_ended_on": "上月结束",
    "planned_on": "下达本月用款计划",
    "bulletin_on": "编发上月通报",
    "declared_on": "交齐绩效目标申报表",
    "monitored_on": "交齐绩效运行监控表",
    "evaluated_on": "交齐绩效自评表",
}


@bp.get("/")
@requires(Action.VIEW_DEADLINES)
def calendar() -> ResponseReturnValue:
    today = clock.today()
    first = chosen_month(request.args.get("month", ""), today)
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    clocks = queries.clocks(actor(), today)
    return render(
        "deadlines/calendar.html",
        first=first,
        earlier=(first - timedelta(days=1)).strftime("%Y-%m"),
        later=(first + timedelta(days=31)).strftime("%Y-%m"),
        weeks=weeks,
        due=queries.due_in(clocks, [day for week in weeks for day in week]),
        open_clocks=[
            c for c in clocks if c.deadline.is_open and c.deadline.days_left <= MOST_DAYS_AHEAD
        ],
        done_clocks=[c for c in clocks if _closed_in(c, first.year)],
        rules=current_app.extensions["book"].deadlines.values(),
        facts=FACTS,
        duty=digest.duty,
        pages=digest.PAGES,
    )


def chosen_month(text: str, today: date) -> date:
    """The first day of the month that an address names as ``2023-03``; this month for anything else."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        first = today
    if not 1990 <= first.year <= 2099:
        first = today
    return first.replace(day=1)


def _closed_in(found: queries.Clock, year: int) -> bool:
    closed_on = found.deadline.closed_on
    return closed_on is not None and closed_on.year == year
