"""The parts of the report that fill whole paragraphs: the two tables, and each line with its working."""

from collections.abc import Iterator, Sequence

from portal.documents.filling import Block
from portal.documents.filling import Line as Words
from portal.documents.grids import Cell, Grid, Merged
from portal.documents.layout import Align
from portal.performance.report_facts import ClassFigures, ReportFacts
from portal.performance.report_words import full_words, group_points, groups_of, shown_points
from portal.rules.money import percent, wan_exact
from portal.rules.scoring.scheme import Indicator
from portal.rules.scoring.scorecard import Line, Scorecard

NUMERALS = "一二三四五六七八九十"


def fund_table(facts: ReportFacts) -> Grid:
    """中央、省级、市级、县级资金分配情况: each class with its projects, its sum and its share."""
    rows: list[Sequence[Cell]] = []
    for one in facts.classes:
        rows += _class_rows(one, facts.figures.allocated)
    total = facts.figures.allocated
    rows.append(("资金总额", Merged.LEFT, wan_exact(total), "100%" if total else "—"))
    return Grid(
        header=("项目类别", "项目名称", "预算资金", "资金占比"),
        rows=rows,
        widths=(17, 51, 18, 14),
        align=(Align.CENTER, Align.LEFT, Align.RIGHT, Align.CENTER),
        caption="各级财政衔接资金分配情况（单位：万元）",
    )


def _class_rows(one: ClassFigures, total: int) -> Iterator[Sequence[Cell]]:
    label, share = one.report_class.label, f"{percent(one.allocated, total)}%"
    for project in one.projects:
        first = project is one.projects[0]
        yield (
            label if first else Merged.UP,
            project.name,
            wan_exact(project.allocated),
            share if first else Merged.UP,
        )
    yield f"{label}合计", Merged.LEFT, wan_exact(one.allocated), Merged.UP


def score_table(card: Scorecard, evidence: dict[str, list[str]]) -> Grid:
    """绩效得分明细表 (F7); ``evidence`` are the files of each line by its number."""
    rules = {one.no: one for one in card.scheme.indicators}
    numerals = [f"（{numeral}）" for numeral in NUMERALS]
    rows: list[Sequence[Cell]] = [("", "合计", "", "", "", shown_points(card.total))]
    for numeral, (group, lines) in zip(numerals, groups_of(card).items(), strict=False):
        rows.append((numeral, group, full_words(lines), "", "", group_points(lines)))
        for line in lines:
            indicator = rules[line.no]
            files = [*indicator.evidence, *evidence.get(line.no, ())]
            rows.append(
                (
                    line.no,
                    line.title,
                    _full(line, indicator),
                    indicator.rule,
                    "、".join(dict.fromkeys(files)),
                    shown_points(line.points) if line.applies else "不适用",
                )
            )
    return Grid(
        header=("序号", "指标", "指标\n分值", "评价及考核内容和赋分规则", "佐证材料", "得分"),
        rows=rows,
        widths=(11, 18, 11, 31, 18, 11),
        align=(Align.CENTER, Align.LEFT, Align.CENTER, Align.LEFT, Align.LEFT, Align.CENTER),
        caption="绩效得分明细表",
        leading=[at for at, row in enumerate(rows) if row[0] in numerals],
    )


def line_details(card: Scorecard, texts: dict[str, str]) -> list[Block]:
    """逐项说明: each group with its points, each line with what was written of it and how it is counted."""
    found: list[Block] = []
    for numeral, (group, lines) in zip(NUMERALS, groups_of(card).items(), strict=False):
        found.append(Words(f"（{numeral}）{group}", 2))
        found.append(Words(f"{group}满分{full_words(lines)}，得{group_points(lines)}分。"))
        for line in lines:
            found.append(Words(f"{line.no}.{line.title}", 3))
            found += [Words(text) for text in texts[line.no].splitlines() if text.strip()]
            found.append(Words(counting(line)))
    return found


def counting(line: Line) -> str:
    """How the points of a line come about; claimed points beside the computed ones, with the reason."""
    working = line.working.replace(" ", "")
    if not line.applies:
        return f"计分：{working}。"
    if line.claimed is None:
        return f"计分：{working}。本项得{shown_points(line.points)}分。"
    computed = "" if line.computed is None else f"按规则计算得{shown_points(line.computed)}分，"
    reason = f"，理由：{line.reason}" if line.reason else ""
    return f"计分：{working}。{computed}自评{shown_points(line.claimed)}分{reason}。"


def _full(line: Line, indicator: Indicator) -> str:
    if line.full is None:
        return "未公布"
    if not indicator.is_adjustment:
        return f"{shown_points(line.full)}分"
    return f"最高{'扣' if line.full < 0 else '加'}{shown_points(abs(line.full))}分"
