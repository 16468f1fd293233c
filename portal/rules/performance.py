"""绩效: what each form of the performance chain must say before finance looks at it (F4, F5, F6, F6b)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from portal.rules.indicators import MONTHS, Indicator, deviates, falls_short, number
from portal.rules.performance_points import EXECUTION_WEIGHT, WEIGHTS, group_weights, points
from portal.rules.vocabulary import Comparison, FormKind, ManagementAspect, TargetGroup


@dataclass(frozen=True)
class FormFacts:
    """What the flow needs to know about one form.

    ``required`` are the core indicators of its project, ``far_below`` the percent of the target due by
    ``month`` below which a value is a deviation, ``unnoted`` the aspects of which a regional form is silent,
    ``unnamed`` the lines of its head that are empty.
    """

    kind: FormKind
    lines: tuple[Indicator, ...]
    goal: str = ""
    achieved: str = ""
    month: int | None = None
    required: tuple[str, ...] = ()
    far_below: int = 0
    unnoted: tuple[ManagementAspect, ...] = ()
    unnamed: tuple[str, ...] = ()


def has_goal(facts: FormFacts) -> str | None:
    """The year's goal stands above the indicators."""
    return None if facts.goal.strip() else "请填写年度总体目标"


def has_each_group(facts: FormFacts) -> str | None:
    """At least one indicator each of output, benefit and satisfaction (F4)."""
    present = {line.group for line in facts.lines}
    missing = [group.label for group in TargetGroup if group not in present]
    return f"还没有{'、'.join(missing)}，每类至少填 1 条" if missing else None


def has_core(facts: FormFacts) -> str | None:
    """The indicators that are marked ★★★ for this kind of project (F4)."""
    present = {line.name for line in facts.lines if line.value.strip()}
    missing = [name for name in facts.required if name not in present]
    return f"请填写必填的核心指标：{'、'.join(missing)}" if missing else None


def is_measurable(facts: FormFacts) -> str | None:
    """≥ and ≤ compare numbers, and a number has a unit."""
    wordy = [
        line
        for line in facts.lines
        if number(line.value) is None and line.comparison is not Comparison.EXACTLY
    ]
    if wordy:
        return f"≥、≤ 后面要填数字，文字请改选“＝”：{_names(wordy)}"
    empty = [line for line in facts.lines if not line.value.strip()]
    if empty:
        return f"请填写指标值：{_names(empty)}"
    bare = [line for line in facts.lines if number(line.value) is not None and not line.unit]
    return f"请填写单位：{_names(bare)}" if bare else None


def is_measured(facts: FormFacts) -> str | None:
    """Every indicator says what is done by now."""
    return _missing("完成值", (line for line in facts.lines if not line.achieved.strip()))


def is_forecast(facts: FormFacts) -> str | None:
    """Every indicator says what the year will bring, and how likely that is (F5)."""
    return _missing(
        "全年预计完成值和完成目标可能性",
        (line for line in facts.lines if not line.expected.strip() or line.likelihood is None),
    )


def has_causes(facts: FormFacts) -> str | None:
    """A deviation is explained by its cause and in words (F5)."""
    month = facts.month or MONTHS
    silent = [
        line
        for line in facts.lines
        if deviates(line, month, facts.far_below) and not (line.cause and line.explanation.strip())
    ]
    return f"有偏差，请选偏差原因并写明情况：{_names(silent)}" if silent else None


def has_outcome(facts: FormFacts) -> str | None:
    """The goal is answered by what became of it."""
    return None if facts.achieved.strip() else "请填写年度总体目标的实际完成情况"


def weights_add_up(facts: FormFacts) -> str | None:
    """10 + 50 + 30 + 10 is 100, neither more nor less (F6)."""
    sums = group_weights(facts.lines)
    if sums == WEIGHTS:
        return None
    total = EXECUTION_WEIGHT + sum(sums.values())
    parts = [f"预算执行率 {points(EXECUTION_WEIGHT)}"]
    parts += [f"{group.label} {points(weight)}" for group, weight in sums.items()]
    wrong = [
        f"{group.label}应为 {points(WEIGHTS[group])} 分，现在 {points(weight)} 分"
        for group, weight in sums.items()
        if weight != WEIGHTS[group]
    ]
    return f"分值合计应为 100，现在 {' ＋ '.join(parts)} ＝ {points(total)}。{'；'.join(wrong)}"


def is_scored(facts: FormFacts) -> str | None:
    """Every indicator has its weight and its points (F6)."""
    return _missing(
        "分值和得分",
        (line for line in facts.lines if line.weight is None or line.score is None),
    )


def within_weights(facts: FormFacts) -> str | None:
    """No indicator earns more than its weight (F6)."""
    above = [
        f"“{line.name}”得 {points(line.score)} 分，分值只有 {points(line.weight)} 分"
        for line in facts.lines
        if line.weight is not None and line.score is not None and line.score > line.weight
    ]
    return f"得分不能超过分值：{'；'.join(above)}" if above else None


def has_remedies(facts: FormFacts) -> str | None:
    """What fell short says why, and what is done about it (F6)."""
    silent = [
        line
        for line in facts.lines
        if falls_short(line) and not (line.explanation.strip() and line.remedy.strip())
    ]
    return f"没有完成，请写明偏差原因和改进措施：{_names(silent)}" if silent else None


def has_notes(facts: FormFacts) -> str | None:
    """Each aspect of the management of the money is described (F6b)."""
    missing = "、".join(aspect.label for aspect in facts.unnoted)
    return f"请写明资金管理情况：{missing}" if missing else None


def has_head(facts: FormFacts) -> str | None:
    """Who answers for the money above and here, and who uses it (F6b)."""
    return f"请填写{'、'.join(facts.unnamed)}" if facts.unnamed else None


Check = Callable[[FormFacts], str | None]
_DECLARED: tuple[Check, ...] = (has_goal, has_each_group, has_core, is_measurable)
_EVALUATED: tuple[Check, ...] = (
    has_outcome,
    is_measured,
    weights_add_up,
    is_scored,
    within_weights,
    has_remedies,
)
CHECKS: Mapping[FormKind, tuple[Check, ...]] = {
    FormKind.DECLARATION: _DECLARED,
    FormKind.MONITORING: (is_measured, is_forecast, has_causes),
    FormKind.SELF_EVALUATION: _EVALUATED,
    FormKind.REGIONAL: (has_head, has_goal, has_each_group, is_measurable, *_EVALUATED, has_notes),
}
"""What each form is asked before it is handed in."""


def problems(facts: FormFacts) -> list[str]:
    """Everything that is still missing or wrong, in the order of the form."""
    return [problem for check in CHECKS[facts.kind] if (problem := check(facts))]


def is_complete(facts: FormFacts) -> str | None:
    """The same in one sentence, as the flow asks it."""
    return "；".join(problems(facts)) or None


def _missing(what: str, lines: Iterable[Indicator]) -> str | None:
    names = _names(lines)
    return f"请填写{what}：{names}" if names else None


def _names(lines: Iterable[Indicator]) -> str:
    return "、".join(line.name for line in lines)
