"""What bulletins and letters say in words, from their frozen figures: one text for page, mail and Word."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from portal.rules.money import wan_exact
from portal.supervision.bulletins import Figures, Planned, Spent, UnitSpent

MOST_PROJECTS = 10
ASKED = (
    "请你单位逐个项目查明原因，明确支付时间和责任人；符合支付条件的尽快申请支付，"
    "不能按计划实施的及时申请调整。"
)


def bulletin_title(figures: Figures, period: str) -> str:
    """关于2023年财政衔接推进乡村振兴补助资金支出进度的通报（2023年7月）."""
    return f"关于{figures.fund_year}年{figures.fund_name}支出进度的通报（{period}）"


def letter_title(figures: Figures) -> str:
    """关于加快2023年财政衔接推进乡村振兴补助资金支出进度的督办函."""
    return f"关于加快{figures.fund_year}年{figures.fund_name}支出进度的督办函"


def summary(figures: Figures) -> str:
    """The first paragraph: the county's own figures against the pace."""
    return (
        f"截至{long(figures.on)}，{figures.county}{figures.fund_year}年{figures.fund_name}到位"
        f"{wan_exact(figures.received)}万元，已安排到项目{wan_exact(figures.allocated)}万元，"
        f"已支出{wan_exact(figures.paid)}万元，支出进度{figures.rate or '0.00'}%，"
        f"序时进度（{figures.method}）{figures.pace}%。"
    )


def ranking(figures: Figures) -> str:
    """What stands above the ranking."""
    behind = figures.behind
    if not behind:
        return f"{len(figures.units)}个单位都达到序时进度，按支出进度排名如下。"
    names = "、".join(unit.name for unit in behind)
    return (
        f"{len(figures.units)}个单位按支出进度（已支出占安排资金的比例）排名如下。"
        f"低于序时进度的有{len(behind)}个：{names}。"
    )


def plan(figures: Figures) -> str:
    """How the month's plan was kept."""
    if figures.plan is None:
        return f"{figures.month}没有下达用款计划。"
    return f"{figures.month}{_planned(figures.plan)}"


def slow(figures: Figures) -> str:
    """What stands above the list of slow projects."""
    if not figures.slow:
        return "各项目支出都达到序时进度。"
    unpaid = wan_exact(sum(project.unpaid for project in figures.slow))
    return f"支出低于序时进度的项目有{len(figures.slow)}个，还有{unpaid}万元没有支出。"


def compared(spent: Spent) -> str:
    """How a rate stands against the pace: 慢 8.05, 快 1.11, 持平."""
    points = Decimal(spent.behind)
    if not points:
        return "持平"
    return f"慢 {points}" if points > 0 else f"快 {-points}"


def letter_body(figures: Figures, unit: UnitSpent) -> str:
    """The draft of a letter to a unit below the pace: its figures, its slow projects, what is asked."""
    slow_ones = [project for project in figures.slow if project.unit == unit.name]
    planned = [one for one in figures.plans if one.unit_id == unit.unit_id]
    standing = (
        f"截至{long(figures.on)}，你单位{figures.fund_year}年{figures.fund_name}安排"
        f"{wan_exact(unit.allocated)}万元，已支出{wan_exact(unit.paid)}万元，支出进度{unit.rate}%，"
        f"低于序时进度（{figures.pace}%）{unit.behind}个百分点，"
        f"在{len(figures.units)}个单位中列第{unit.rank}位。"
    )
    kept = [f"{figures.month}{_planned(one)}" for one in planned]
    return "\n".join([standing, *kept, *_projects(slow_ones), ASKED])


def closing(answer_by_on: date) -> str:
    """The last paragraph of a letter."""
    return f"请于{long(answer_by_on)}前书面回复原因、整改措施和完成时间。"


def long(day: date) -> str:
    """A day in running text: 2023年7月15日."""
    return f"{day.year}年{day.month}月{day.day}日"


def _planned(planned: Planned) -> str:
    return (
        f"用款计划{wan_exact(planned.planned)}万元，实际支付{wan_exact(planned.paid)}万元，"
        f"完成{planned.share}%。"
    )


def _projects(slow_ones: Sequence[Spent]) -> list[str]:
    if not slow_ones:
        return []
    named = [
        f"{number}.{project.name}：安排{wan_exact(project.allocated)}万元，"
        f"已支出{wan_exact(project.paid)}万元，支出进度{project.rate}%。"
        for number, project in enumerate(slow_ones[:MOST_PROJECTS], start=1)
    ]
    more = len(slow_ones) - len(named)
    rest = [f"另有{more}个项目见通报附表。"] if more else []
    return ["其中支出慢的项目：", *named, *rest]
