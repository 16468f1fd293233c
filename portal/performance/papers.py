"""The forms as the official tables (F4, F5, F6, F6b): one description for the page, Word and Excel."""

from collections.abc import Callable, Sequence

from portal.documents.grids import Cell, Merged
from portal.library.queries import book
from portal.performance.amounts import Amounts
from portal.performance.facts import HEAD, indicator_of
from portal.performance.models import IndicatorLine, PerformanceForm
from portal.performance.paper_money import (
    declared_money,
    invested_money,
    monitored_money,
    scored_money,
)
from portal.performance.paper_rows import Paper, Row, below, row
from portal.performance.wording import heading_of
from portal.rules.performance_points import points, total_score
from portal.rules.vocabulary import (
    DeviationCause,
    FormKind,
    Likelihood,
    ManagementAspect,
    TargetLevel,
)
from portal.rules.workflow import Move

FULL = 10_000
TICK = "√"
GAPS = "空白处的数台账没有记录，按凭证填写"


def paper_of(form: PerformanceForm, amounts: Amounts) -> Paper:
    """The official table of a form with what is filled in."""
    return _PAPERS[form.kind](form, amounts)


def _declaration(form: PerformanceForm, amounts: Amounts) -> Paper:
    project = form.project
    assert project is not None
    rows = [
        row(("项目名称", 2), (project.name, 3)),
        row(("项目负责人及电话", 2), (_person(form), 3)),
        *_units(form, 3),
        *below("资金情况（万元）", declared_money(amounts, project.other_amount), 2),
        row(("年度总体目标", 2), (form.goal, 3)),
        row(("一级指标", 1), ("二级指标", 1), ("三级指标", 1), ("指标值", 1), ("备注", 1)),
        *_indicator_rows(form, lambda line: [_target(line), "★★★" if line.core else ""]),
        *(
            row((desk, 2), (_opinion(form) if desk == "财政绩效股审核" else "", 3))
            for desk in ("财政支出股室初审", "财政绩效股审核", "主管部门审核")
        ),
    ]
    return _paper(form, (10, 15, 35, 22, 18), {2}, rows, landscape=False)


def _monitoring(form: PerformanceForm, amounts: Amounts) -> Paper:
    months = f"1—{form.month}月"
    rows = [
        row(("项目名称", 2), (_name(form), 14)),
        *_units(form, 14),
        *below("项目资金（万元）", monitored_money(amounts, months, form.expected_amount), 2),
        row(("年度总体目标", 2), (form.goal, 14)),
        *_monitored_titles(months),
        *_indicator_rows(form, _monitored),
        row(("财政绩效股审核", 2), (_opinion(form), 14)),
    ]
    return _paper(form, _MONITORED_WIDTHS, {2, 11}, rows)


_MONITORED_WIDTHS = (6, 7, 14, 9, 8, 8, 4, 4, 4, 4, 4, 12, 4, 4, 4, 4)


def _monitored_titles(months: str) -> list[Row]:
    """Two rows: 偏差原因分析 and 完成目标可能性 have a column for each answer."""
    spans = row(
        ("偏差原因分析", len(DeviationCause) + 1), ("完成目标可能性", len(Likelihood)), ("备注", 1)
    )
    answers = [*(cause.label for cause in DeviationCause), "原因说明"]
    answers += [likelihood.label for likelihood in Likelihood]
    titles = _titles(f"{months}完成值", "全年预计完成值")
    return [[*titles, *spans], [*[Merged.UP] * 6, *answers, Merged.UP]]


def _monitored(line: IndicatorLine) -> list[str]:
    return [
        _target(line),
        line.achieved,
        line.expected,
        *(TICK if line.cause is cause else "" for cause in DeviationCause),
        line.explanation,
        *(TICK if line.likelihood is likelihood else "" for likelihood in Likelihood),
        "",
    ]


def _self_evaluation(form: PerformanceForm, amounts: Amounts) -> Paper:
    rows = [
        row(("项目名称", 2), (_name(form), 7)),
        *_units(form, 7),
        *below("项目资金（万元）", scored_money(amounts), 2),
        *_result_rows(form, amounts),
    ]
    return _paper(form, _RESULT_WIDTHS, {2}, rows, gaps=amounts.has_gaps)


def _regional(form: PerformanceForm, amounts: Amounts) -> Paper:
    notes = {note.aspect: note for note in form.notes}
    described = [
        row(("情况说明", 5), ("存在问题和改进措施", 2)),
        *(
            row((f"{aspect.label}：{notes[aspect].words}", 5), (notes[aspect].problems, 2))
            for aspect in ManagementAspect
            if aspect in notes
        ),
    ]
    rows = [
        row(("转移支付（项目）名称", 2), (book().fund_name, 7)),
        *(row((label, 2), (getattr(form, name), 7)) for name, label in HEAD.items()),
        *below("资金投入情况（万元）", invested_money(amounts), 2),
        *below("资金管理情况", described, 2),
        *_result_rows(form, amounts),
    ]
    return _paper(form, _RESULT_WIDTHS, {2}, rows, gaps=amounts.has_gaps)


_PAPERS = {
    FormKind.DECLARATION: _declaration,
    FormKind.MONITORING: _monitoring,
    FormKind.SELF_EVALUATION: _self_evaluation,
    FormKind.REGIONAL: _regional,
}
_RESULT_WIDTHS = (7, 10, 19, 12, 12, 8, 9, 16, 16)


def _result_rows(form: PerformanceForm, amounts: Amounts) -> list[Row]:
    """Goal and outcome, indicators with points, the total."""
    lines = [indicator_of(line) for line in form.lines]
    total = total_score(lines, amounts.budget, amounts.executed)
    goals = [
        row(("预期目标", 3), ("实际完成情况", 4)),
        row((form.goal, 3), (form.achieved, 4)),
    ]
    return [
        *below("年度总体目标", goals, 2),
        _titles("实际完成值", "分值", "得分", "偏差原因分析", "改进措施"),
        *_indicator_rows(form, _result),
        row(("总分", 5), (points(FULL), 1), (points(total), 1), ("", 2)),
        row(("财政绩效股审核", 2), (_opinion(form), 7)),
    ]


def _result(line: IndicatorLine) -> list[str]:
    return [
        _target(line),
        line.achieved,
        points(line.weight),
        points(line.score),
        line.explanation,
        line.remedy,
    ]


def _indicator_rows(form: PerformanceForm, rest: Callable[[IndicatorLine], list[str]]) -> list[Row]:
    """A row for each indicator; one cell for all rows of a first and of a second level."""
    order = list(TargetLevel)
    rows: list[Row] = []
    above: IndicatorLine | None = None
    for line in sorted(form.lines, key=lambda one: order.index(one.level)):
        group: Cell = line.level.group.label
        level: Cell = line.level.label
        if above and above.level.group is line.level.group:
            group = Merged.UP
        if above and above.level is line.level:
            level = Merged.UP
        rows.append([group, level, line.name, *rest(line)])
        above = line
    return rows


def _titles(*rest: str) -> Row:
    return ["一级指标", "二级指标", "三级指标", "年度指标值", *rest]


def _units(form: PerformanceForm, columns: int) -> list[Row]:
    project = form.project
    assert project is not None
    department = project.department.name if project.department else ""
    implementing = project.implementing_unit or project.organization.name
    return [
        row(("主管部门", 2), (department, columns)),
        row(("实施单位", 2), (implementing, columns)),
    ]


def _paper(
    form: PerformanceForm,
    widths: tuple[int, ...],
    left: set[int],
    rows: Sequence[Row],
    *,
    landscape: bool = True,
    gaps: bool = False,
) -> Paper:
    title, note = heading_of(form), f"单位：万元（{GAPS}）" if gaps else "单位：万元"
    return Paper(title, note, widths, frozenset(left), tuple(rows), landscape)


def _name(form: PerformanceForm) -> str:
    return form.project.name if form.project else ""


def _person(form: PerformanceForm) -> str:
    project = form.project
    return f"{project.responsible_person} {project.responsible_phone}".strip() if project else ""


def _target(line: IndicatorLine) -> str:
    return f"{line.comparison.label}{line.value}{line.unit}" if line.value else ""


def _opinion(form: PerformanceForm) -> str:
    """What finance said when it approved, with name and day; empty before."""
    found = [step for step in form.steps if step.move is Move.APPROVE]
    return "".join(f"{step.words or '同意'}　{step.actor_name}　{step.on}" for step in found)
