"""The forms of the performance chain: what each must say, and the arithmetic of its points."""

from datetime import date
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules import indicators, performance_points
from portal.rules import performance as p
from portal.rules.book import DEFAULT_FOLDER, BookError, load
from portal.rules.performance_flow import FLOW
from portal.rules.performance_tables import core_of
from portal.rules.vocabulary import (
    Comparison,
    DeviationCause,
    DutyState,
    FormKind,
    FormStatus,
    Likelihood,
    ManagementAspect,
    ReportClass,
    TargetGroup,
    TargetLevel,
)
from portal.rules.workflow import Move, steps_from

LEVELS = (TargetLevel.QUANTITY, TargetLevel.SOCIAL, TargetLevel.SATISFACTION)
QUANTITY, SOCIAL, SATISFACTION = LEVELS


def row(level=QUANTITY, name="道路", value="10", unit="公里", **more):
    return indicators.Indicator(level, name, value=value, unit=unit, **more)


def declared(*lines, **more):
    usual = (row(), row(SOCIAL, "受益人口", "27", "人"), row(SATISFACTION, "满意度", "95", "%"))
    facts = {"goal": "修通道路", "lines": lines or usual} | more
    return p.FormFacts(FormKind.DECLARATION, **facts)


def evaluated(*weights, kind=FormKind.SELF_EVALUATION):
    """Each indicator reached and with full points; weights by group in points."""
    lines = tuple(
        row(level, f"指标{n}", achieved="10", weight=100 * weight, score=100 * weight)
        for n, (level, weight) in enumerate(zip(LEVELS, weights, strict=True))
    )
    return p.FormFacts(kind, lines, goal="修通道路", achieved="已修通")


def monitored(**more):
    usual = {"achieved": "6", "expected": "10", "likelihood": Likelihood.CERTAIN}
    line = row(**usual | more)
    return p.FormFacts(FormKind.MONITORING, (line,), month=7, far_below=50)


def test_a_full_declaration_has_no_problem():
    assert p.problems(declared()) == []


def test_a_declaration_needs_output_benefit_and_satisfaction():
    assert p.problems(declared(row())) == ["还没有效益指标、满意度指标，每类至少填 1 条"]


def test_a_declaration_needs_its_goal_and_its_core_indicators():
    facts = declared(goal=" ", required=("受益脱贫（监测）人口数", "道路"))
    assert p.problems(facts) == [
        "请填写年度总体目标",
        "请填写必填的核心指标：受益脱贫（监测）人口数",
    ]


@pytest.mark.parametrize(
    ("value", "unit", "comparison", "problem"),
    [
        ("１，２００", "米", Comparison.AT_LEAST, None),
        ("2023年10月底前", "", Comparison.EXACTLY, None),
        ("2023年10月底前", "", Comparison.AT_MOST, "文字请改选“＝”：道路"),
        ("10公里", "", Comparison.AT_LEAST, "要填数字"),
        ("10", "", Comparison.AT_LEAST, "请填写单位：道路"),
        (" ", "", Comparison.EXACTLY, "请填写指标值：道路"),
    ],
)
def test_a_value_can_be_measured(value, unit, comparison, problem):
    facts = declared(row(value=value, unit=unit, comparison=comparison))
    found = p.is_measurable(facts)
    assert found is None if problem is None else problem in found


def test_a_monitoring_says_what_is_done_and_what_will_be():
    assert p.problems(monitored()) == []
    assert p.problems(monitored(achieved="")) == ["请填写完成值：道路"]
    assert "可能性：道路" in p.problems(monitored(likelihood=None))[0]
    assert "可能性：道路" in p.problems(monitored(expected=" "))[0]


@pytest.mark.parametrize(
    ("deviation", "why"),
    [
        ({"achieved": "2.9"}, "July is 7/12 of 10, half of that is 2.92"),
        ({"expected": "9.9"}, "the year will not bring the 10"),
        ({"likelihood": Likelihood.POSSIBLE}, "nobody is sure"),
    ],
)
def test_a_deviation_needs_cause_and_words(deviation, why):
    problem = "有偏差，请选偏差原因并写明情况：道路"
    assert p.problems(monitored(**deviation)) == [problem], why
    assert p.problems(monitored(**deviation, cause=DeviationCause.MONEY)) == [problem]
    told = {"cause": DeviationCause.MONEY, "explanation": "资金 6 月才到"}
    assert p.problems(monitored(**deviation, **told)) == []


def test_three_tenths_of_the_year_are_not_far_below():
    assert p.problems(monitored(achieved="3")) == []
    assert p.problems(monitored(achieved="未到调查时间")) == []


def test_the_published_table_of_110_points_is_refused_with_its_figures():
    """中江's own table: 产出 70, 效益 20, 满意度 10 and 执行率 10, printed as 100."""
    (problem,) = p.problems(evaluated(70, 20, 10))
    assert "现在 预算执行率 10 ＋ 产出指标 70 ＋ 效益指标 20 ＋ 满意度指标 10 ＝ 110" in problem
    assert problem.endswith("产出指标应为 50 分，现在 70 分；效益指标应为 30 分，现在 20 分")


def test_fifty_thirty_ten_is_taken():
    assert p.problems(evaluated(50, 30, 10)) == []


def test_a_score_above_its_weight_is_refused():
    lines = (row(name="道路", achieved="10", weight=5_000, score=5_050),)
    facts = p.FormFacts(FormKind.SELF_EVALUATION, lines)
    assert p.within_weights(facts) == "得分不能超过分值：“道路”得 50.5 分，分值只有 50 分"


@pytest.mark.parametrize(
    ("line", "short"),
    [
        (row(achieved="9"), True),
        (row(achieved="10"), False),
        (row(comparison=Comparison.AT_MOST, achieved="11"), True),
        (row(value="完成", achieved="基本完成", weight=1_000, score=900), True),
        (row(value="完成", achieved="基本完成", weight=1_000, score=1_000), False),
        (row(value="完成", achieved="完成", weight=1_000, score=900), False),
    ],
)
def test_what_fell_short_needs_cause_and_remedy(line, short):
    assert indicators.falls_short(line) is short
    facts = p.FormFacts(FormKind.SELF_EVALUATION, (line,))
    assert bool(p.has_remedies(facts)) is short


def test_the_regional_form_describes_the_management_of_the_money():
    facts = evaluated(50, 30, 10, kind=FormKind.REGIONAL)
    assert p.problems(facts) == []
    silent = p.FormFacts(**vars(facts) | {"unnoted": (ManagementAspect.USE,)})
    assert p.problems(silent) == ["请写明资金管理情况：使用规范性"]


WEIGHTS = st.tuples(*(st.integers(0, 100) for _ in TargetGroup))
AMOUNTS = st.integers(0, 10**12)


@given(WEIGHTS)
def test_only_one_split_of_the_points_is_taken(weights):
    assert (p.weights_add_up(evaluated(*weights)) is None) is (weights == (50, 30, 10))


@given(st.lists(st.sampled_from(TargetLevel), min_size=1, max_size=30))
def test_the_proposed_weights_add_up_in_every_group(levels):
    lines = [row(level) for level in levels]
    sums = dict.fromkeys({line.group for line in lines}, 0)
    for line, weight in zip(lines, performance_points.even_weights(lines), strict=True):
        sums[line.group] += weight
    assert sums == {group: performance_points.WEIGHTS[group] for group in sums}


@given(AMOUNTS, AMOUNTS, AMOUNTS)
def test_the_points_of_execution_stay_within_ten_and_grow_with_what_is_paid(budget, paid, more):
    score = performance_points.execution_score(budget, paid)
    assert 0 <= score <= 1_000
    assert score <= performance_points.execution_score(budget, paid + more)


def test_the_points_of_execution():
    assert performance_points.execution_score(1_000_000, 985_000) == 985
    assert performance_points.execution_score(3, 1) == 333
    assert performance_points.execution_score(0, 5) == 0
    assert performance_points.total_score([row(score=5_000), row(score=None)], 100, 50) == 5_500


def test_counts_are_added_and_rates_averaged_over_projects():
    first = [row(value="2", achieved="2"), row(SATISFACTION, "满意度", "95", "%", achieved="96")]
    second = [row(value="3.5", achieved="3"), row(SATISFACTION, "满意度", "90", "%", achieved="91")]
    words = [row(value="按期", unit="")]
    together = indicators.summed([first, second, words])
    assert [(one.name, one.value, one.achieved) for one in together] == [
        ("道路", "5.5", "5"),
        ("满意度", "92.5", "93.5"),
    ]


def test_numbers_are_kept_in_plain_digits():
    assert [indicators.tidy(one) for one in ("３０ ", "1,200", "１０月底")] == [
        "30",
        "1,200",
        "１０月底",
    ]


def test_points_are_written_without_needless_zeros():
    assert [performance_points.points(one) for one in (1_000, 750, 333, 0, None)] == [
        "10",
        "7.5",
        "3.33",
        "0",
        "",
    ]


def test_the_flow_ends_with_the_approval():
    project, region = declared(), evaluated(50, 30, 10, kind=FormKind.REGIONAL)
    for facts in (project, region):
        moves = [step.move for step in steps_from(FLOW, FormStatus.SUBMITTED, facts)]
        assert moves == [Move.WITHDRAW, Move.APPROVE, Move.RETURN]
        assert steps_from(FLOW, FormStatus.APPROVED, facts) == []
    writers = {steps_from(FLOW, FormStatus.DRAFT, facts)[0].by for facts in (project, region)}
    assert len(writers) == 2


def test_the_core_indicators_follow_class_and_type():
    book = load()

    def names(report_class, code):
        kind = book.project_types[code]
        return [one.code for one in core_of(book.core_indicators, report_class, kind)]

    assert names(ReportClass.INFRASTRUCTURE, "road") == ["lifted_people", "accepted_works"]
    assert names(ReportClass.OTHER, "travel_subsidy") == ["lifted_people"]
    assert names(ReportClass.OTHER, "management_fee") == []
    assert core_of(book.core_indicators, ReportClass.OTHER, None) == []


def test_the_forms_are_due_at_the_end_of_their_month():
    duties = load().monitoring.duties(2024)
    assert [(one.label, one.due_on) for one in duties] == [
        ("绩效目标", None),
        ("1—7月监控", date(2024, 7, 31)),
        ("1—9月监控", date(2024, 9, 30)),
        ("绩效自评", date(2024, 12, 31)),
    ]


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2024, 6, 29), DutyState.AHEAD),
        (date(2024, 6, 30), DutyState.MISSING),
        (date(2024, 7, 31), DutyState.MISSING),
        (date(2024, 8, 1), DutyState.LATE),
    ],
)
def test_a_form_is_missing_a_month_before_its_day_and_late_after_it(today, state):
    declaration, july, *_ = load().monitoring.duties(2024)
    assert july.state(None, today) is state
    assert july.state(FormStatus.SUBMITTED, today) is DutyState.SUBMITTED
    assert declaration.state(None, today) is DutyState.MISSING


FAULTS = MappingProxyType(
    {
        ("core_indicators.toml", '"就业项目", ', '"修路", '): "修路 不是",
        ("core_indicators.toml", 'report_classes = ["infrastructure"]\n', ""): "report_classes 和",
        ("monitoring.toml", "months = [7, 9]", "months = [7, 13]"): "现在有 13",
        ("monitoring.toml", "months = [7, 9]", "months = []"): "整数列表",
    }
)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_wrong_table_is_refused_with_its_reason(tmp_path: Path, fault):
    name, old, new = fault
    words = (DEFAULT_FOLDER / name).read_text("utf-8")
    assert old in words
    (tmp_path / name).write_text(words.replace(old, new), "utf-8")
    with pytest.raises(BookError, match=FAULTS[fault]):
        load(tmp_path)
