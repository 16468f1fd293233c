"""The words of the report that hang on the ledger: each placeholder's name with what it stands for.

Shares are rounded once, half up; where four of them do not add up to 100.00 they stay so.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal

from portal.funds.queries import DocumentLine
from portal.pace.queries import Figures
from portal.performance.report_facts import ClassFigures, ReportFacts, days_to_place
from portal.rules.money import percent, wan_exact
from portal.rules.scoring.scorecard import Line, Scorecard
from portal.rules.vocabulary import FundingTier

NONE = "—"


def words_of(facts: ReportFacts, card: Scorecard) -> dict[str, str]:
    """Placeholder -> words; each has a single line."""
    return {name: write(facts) for name, (_about, write) in FACT_WORDS.items()} | {
        name: write(card) for name, (_about, write) in CARD_WORDS.items()
    }


def day_words(day: date) -> str:
    """2023年12月25日."""
    return f"{day.year}年{day.month}月{day.day}日"


def points_words(points: Decimal | None) -> str:
    """Points without idle zeros."""
    return NONE if points is None else shown_points(points)


def shown_points(points: Decimal) -> str:
    """8.34, 5, −10."""
    return f"{points.normalize():f}".replace("-", "−")


def document_words(line: DocumentLine) -> str:
    """When a document came, and how long its money took to reach projects."""
    document, days = line.document, days_to_place(line)
    number = f"（{document.number}）" if document.number else ""
    named = f"《{document.title}》{number}，下达{document.tier.label}资金{wan_exact(document.amount)}万元"
    if document.received_on is None:
        return f"{named}，没有登记收文日期，不计算天数。"
    came = f"{day_words(document.received_on)}收到{named}"
    if days is None or line.allocated_on is None:
        rest = wan_exact(document.amount - line.approved_amount)
        return f"{came}，还有{rest}万元没有落实到具体项目。"
    return f"{came}，{day_words(line.allocated_on)}批复资金安排，落实到具体项目为{days}天。"


def progress_words(on: date, figures: Figures) -> str:
    """What was paid by a checkpoint."""
    return (
        f"截至{day_words(on)}，收到资金{wan_exact(figures.received)}万元，"
        f"支出{wan_exact(figures.paid)}万元，支出进度为{_rate(figures.rate)}。"
    )


def execution_words(year: int, on: date, figures: Figures) -> str:
    """Received, paid, the rest and the rate of one fund year."""
    return (
        f"{year}年共收到资金{wan_exact(figures.received)}万元，截至{day_words(on)}，"
        f"累计支出{wan_exact(figures.paid)}万元，剩余{wan_exact(figures.unpaid)}万元，"
        f"预算执行率为{_rate(figures.rate)}。"
    )


def industry_words(facts: ReportFacts) -> str:
    """The industry's share of the year, beside last year's where it is known."""
    share = facts.industry
    if share is None:
        return "还没有安排资金。"
    now = (
        f"{facts.year}年安排产业类项目资金{wan_exact(share.industry)}万元，"
        f"占安排资金总额{wan_exact(share.total)}万元的{_rate(share.percent)}"
    )
    if share.last_year is None:
        return f"{now}。"
    industry, total = share.last_year
    return (
        f"{now}；{facts.year - 1}年安排产业类项目资金{wan_exact(industry)}万元，"
        f"占安排资金总额{wan_exact(total)}万元的{_rate(share.last_percent)}。"
    )


def groups_of(card: Scorecard) -> dict[str, list[Line]]:
    """The lines of a score sheet by group, in their order."""
    found: dict[str, list[Line]] = {}
    for line in card.lines:
        found.setdefault(line.group, []).append(line)
    return found


def full_words(lines: Iterable[Line]) -> str:
    """The full points of a group: 「8分」; of adjustments from the most off to the most on: 「−30—3分」."""
    full = [line.full for line in lines if line.full is not None]
    taken = sum((one for one in full if one < 0), Decimal(0))
    given = sum((one for one in full if one > 0), Decimal(0))
    if taken:
        return f"{shown_points(taken)}—{shown_points(given)}分"
    return f"{shown_points(given)}分"


def group_points(lines: Iterable[Line]) -> str:
    """The points of a group."""
    return shown_points(sum((line.points for line in lines), Decimal(0)))


def _rate(rate: Decimal | None) -> str:
    return NONE if rate is None else f"{rate}%"


def _tiers(facts: ReportFacts) -> str:
    return "；".join(
        f"{tier.label}财政安排{wan_exact(one.received)}万元，"
        f"占总资金额的{_rate(percent(one.received, facts.figures.received))}"
        for tier, one in facts.tiers.items()
    )


def _classes(facts: ReportFacts) -> str:
    return "；".join(_class(one, facts.figures.allocated) for one in facts.classes)


def _class(one: ClassFigures, total: int) -> str:
    return (
        f"{one.report_class.label}{len(one.projects)}个，金额{wan_exact(one.allocated)}万元，"
        f"资金占比{_rate(percent(one.allocated, total))}"
    )


def _projects(facts: ReportFacts) -> str:
    return str(sum(len(one.projects) for one in facts.classes))


def _groups(card: Scorecard) -> str:
    return "；".join(
        f"“{group}”满分{full_words(lines)}，得分{group_points(lines)}分"
        for group, lines in groups_of(card).items()
    )


def _own(facts: ReportFacts) -> str:
    own = facts.tiers.get(FundingTier.COUNTY)
    return wan_exact(own.received if own else 0)


Write = Callable[[ReportFacts], str]
FACT_WORDS: Mapping[str, tuple[str, Write]] = {
    "县": ("县（区）名称", lambda facts: facts.county),
    "年度": ("资金年度", lambda facts: str(facts.year)),
    "资金名称": ("资金的名称，取自规则手册", lambda facts: facts.fund_name),
    "截止日期": ("数据统计到哪一天", lambda facts: day_words(facts.counted_on)),
    "资金总额": ("当年收到的资金，万元", lambda facts: wan_exact(facts.figures.received)),
    "资金构成": ("各级资金和占比", _tiers),
    "本级资金": ("本级财政安排的资金，万元", _own),
    "安排总额": ("已安排到项目的资金，万元", lambda facts: wan_exact(facts.figures.allocated)),
    "项目数": ("有资金安排的项目个数", _projects),
    "项目构成": ("各类项目的个数、金额和占比", _classes),
    "已付": ("累计支出，万元", lambda facts: wan_exact(facts.figures.paid)),
    "剩余": ("未支出的资金，万元", lambda facts: wan_exact(facts.figures.unpaid)),
    "执行率": ("预算执行率，带百分号", lambda facts: _rate(facts.figures.rate)),
    "开始日期": ("自评开始编制的日期", lambda facts: day_words(facts.begun_on)),
    "产业比例": ("产业类资金比例，有上年的附上年", industry_words),
    "财政部门": ("财政部门名称", lambda facts: facts.finance),
    "农业农村部门": ("农业农村部门名称", lambda facts: facts.agriculture),
    "签署日期": (
        "第二方签署的日期，未签时留空",
        lambda facts: day_words(facts.signed_on) if facts.signed_on else "　　年　月　日",
    ),
}
CARD_WORDS: Mapping[str, tuple[str, Callable[[Scorecard], str]]] = {
    "总得分": ("总得分，含加减分", lambda card: shown_points(card.total)),
    "适用分值": ("适用指标的分值合计", lambda card: shown_points(card.applicable)),
    "折合得分": ("折合为百分制的得分", lambda card: points_words(card.normalized)),
    "等级": ("绩效等级", lambda card: card.grade or NONE),
    "分组得分": ("各部分的满分和得分", _groups),
    "评分依据": ("评分方案的依据", lambda card: card.scheme.basis),
}
WORDS_HELP: Mapping[str, str] = {
    name: about for table in (FACT_WORDS, CARD_WORDS) for name, (about, _write) in table.items()
}
"""What each placeholder stands for; they go inside a paragraph, also of a text that people write."""
BLOCKS_HELP: Mapping[str, str] = {
    "资金分配表": "各类项目的资金、合计和占比",
    "得分明细表": "绩效得分明细表",
    "逐项说明": "每项指标的说明和计分过程",
    "绩效目标": "可改写的段落",
    "评价对象和范围": "可改写的段落",
    "评价原则": "可改写的段落",
    "评价工作过程": "可改写的段落",
    "主要经验及做法": "可改写的段落",
    "存在的问题": "可改写的段落",
    "下一步工作打算": "可改写的段落",
}
"""Placeholders of a template that stand in a paragraph of their own."""
