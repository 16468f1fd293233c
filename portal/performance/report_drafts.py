"""The paragraphs of the report that people write, and what stands there before anybody has written.

A draft says only what the ledger knows; it holds placeholders, so that its figures follow the ledger.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from portal.performance.report_facts import ReportFacts, days_to_place, late_documents
from portal.performance.report_words import (
    document_words,
    execution_words,
    groups_of,
    industry_words,
    progress_words,
)
from portal.rules.scoring.scheme import Indicator
from portal.rules.scoring.scorecard import Line, Scorecard

PRINCIPLES = """1.聚焦任务、突出成效。围绕项目是否精准、是否发挥成效进行评价。
2.科学规范、公正公开。标准统一、资料可靠，依法公开并接受监督。
3.分级分类、权责统一。由财政部门和项目主管部门按各自职责组织实施。
4.强化监督、严格奖惩。评价结果反映支出与产出、效益的对应关系。"""


@dataclass(frozen=True)
class Section:
    """A paragraph that people write; ``key`` names its row, ``name`` its placeholder."""

    key: str
    name: str
    draft: str


def sections_of(facts: ReportFacts, card: Scorecard) -> list[Section]:
    """Every editable paragraph with its draft, in the order of the report."""
    return [
        Section("goal", "绩效目标", facts.goal or _goal()),
        Section("scope", "评价对象和范围", _scope(card)),
        Section("principles", "评价原则", PRINCIPLES),
        Section("process", "评价工作过程", _process(facts)),
        *line_sections(facts, card),
        Section("experience", "主要经验及做法", _experience(facts, card)),
        Section("problems", "存在的问题", "\n".join(_numbered(_problems(facts, card)))),
        Section("next", "下一步工作打算", "\n".join(_numbered(_next(facts)))),
    ]


def line_sections(facts: ReportFacts, card: Scorecard) -> list[Section]:
    """One for each line of the score sheet."""
    indicators = {one.no: one for one in card.scheme.indicators}
    return [
        Section(
            f"line-{line.no}",
            f"{line.no}.{line.title}",
            _line_draft(facts, line, indicators[line.no]),
        )
        for line in card.lines
    ]


def _goal() -> str:
    return "{{年度}}年安排{{资金名称}}{{安排总额}}万元，用于{{项目数}}个项目，按项目绩效目标完成建设任务。"


def _scope(card: Scorecard) -> str:
    groups = [
        f"（{number}）{group}。包括{'、'.join(line.title for line in lines)}。"
        for number, (group, lines) in enumerate(groups_of(card).items(), start=1)
    ]
    return "\n".join(["1.评价对象", "{{年度}}年度{{资金名称}}项目。", "2.评价范围", *groups])


def _process(facts: ReportFacts) -> str:
    text = "{{开始日期}}开始编制自评，数据统计到{{截止日期}}。资金、项目和支付数据取自资金台账。"
    if facts.signed_on:
        text += "财政部门和农业农村部门核对后分别签署，{{签署日期}}完成。"
    return text


def _line_draft(facts: ReportFacts, line: Line, indicator: Indicator) -> str:
    """What the ledger says to a line, by the facts that its formulas ask for."""
    if not line.applies:
        return "本项不适用于本地区。"
    asked = {part.fact for part in indicator.parts}
    texts = [text for fact, text in _by_fact(facts) if fact in asked]
    if not texts and indicator.evidence:
        texts = [f"佐证材料：{'、'.join(indicator.evidence)}。"]
    return "\n".join(texts)


def _by_fact(facts: ReportFacts) -> Iterator[tuple[str, str]]:
    for document in facts.documents:
        yield "allocation_days", document_words(document)
    yield "county_budget", "{{年度}}年本级财政安排衔接资金{{本级资金}}万元。"
    for code, (on, figures) in facts.progress.items():
        yield f"progress_{code}", progress_words(on, figures)
    yield "execution_within_1_year", execution_words(facts.year, facts.counted_on, facts.figures)
    if facts.last_year.received:
        yield (
            "execution_1_to_2_years",
            execution_words(facts.year - 1, facts.counted_on, facts.last_year),
        )
    yield "industry_share", industry_words(facts)


def _experience(facts: ReportFacts, card: Scorecard) -> str:
    lines = ["（一）突出产业发展", "{{产业比例}}"]
    if facts.progress:
        lines += ["（二）加快支出进度", *(progress_words(*one) for one in facts.progress.values())]
    bonuses = [
        f"{line.title}：{line.working.rpartition('：')[0]}。"
        for line in card.lines
        if line.full is not None and line.points > 0 and _is_bonus(card, line)
    ]
    return "\n".join([*lines, *bonuses])


def _is_bonus(card: Scorecard, line: Line) -> bool:
    return any(one.no == line.no and one.is_adjustment for one in card.scheme.indicators)


def _problems(facts: ReportFacts, card: Scorecard) -> Iterator[str]:
    """What costs points or will cost some, in the words of the ledger."""
    if facts.figures.unpaid:
        yield "截至{{截止日期}}，还有{{剩余}}万元没有支出，预算执行率为{{执行率}}。"
    for line in late_documents(facts):
        if days := days_to_place(line):
            yield f"{line.document.short_name}下达的资金落实到具体项目为{days}天，时间偏长。"
    unknown = [
        f"“{one.title}”"
        for one in card.lines
        if one.applies and one.computed is None and one.full is not None
    ]
    if unknown:
        yield f"{'、'.join(unknown)}缺少可以计算的数据，按自评计分。"


def _next(facts: ReportFacts) -> Iterator[str]:
    if facts.figures.unpaid:
        yield "加快剩余{{剩余}}万元的支付，逐个项目核对未支付的原因。"
    if late_documents(facts):
        yield "收到资金文件后及时提出安排方案，缩短资金落实到具体项目的时间。"


def _numbered(texts: Iterator[str]) -> list[str]:
    found = list(texts)
    if not found:
        return ["无。"]
    return [f"{number}.{text}" for number, text in enumerate(found, start=1)]
