"""Forms of the performance chain: what a person types into each kind, row by row."""

from collections.abc import Mapping
from typing import Any

from wtforms import (
    FieldList,
    Form,
    FormField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, NumberRange, Optional

from portal.forms import REQUIRED, MoneyField, PortalForm, choices_of, text
from portal.library.forms import clean
from portal.library.operations import EARLIEST_YEAR, LATEST_YEAR
from portal.performance.facts import HEAD
from portal.performance.operations import FormContent
from portal.performance.pasting import read_pasted
from portal.rules.broken import RuleBroken
from portal.rules.indicators import Indicator, number, tidy
from portal.rules.performance_points import points
from portal.rules.vocabulary import (
    Comparison,
    DeviationCause,
    FormKind,
    Labelled,
    Likelihood,
    ManagementAspect,
    TargetLevel,
)

MOST_LINES = 100
LARGEST = 10_000


class PointsField(StringField):
    """Points from 0 to 100 with up to two decimals; the data is hundredths."""

    typed = ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed, or say what points look like."""
        self.typed = valuelist[0] if valuelist else ""
        self.data: Any = None
        if not self.typed.strip():
            return
        found = number(self.typed[:40])
        if found is None:
            raise ValueError("请填写数字，例如 12.5。")
        if found * 100 > LARGEST or (found * 100).denominator != 1:
            raise ValueError("请填写 0 到 100 的分数，最多 2 位小数。")
        self.data = int(found * 100)

    def _value(self) -> str:
        return self.typed or points(self.data)


def _words(label: str, most: int) -> StringField:
    return StringField(label, [Length(max=most)], filters=[clean])


def _measure(label: str) -> StringField:
    return StringField(label, [Length(max=40)], filters=[clean, tidy])


def _choice(label: str, kind: type[Labelled], **options: Any) -> SelectField:  # noqa: ANN401
    return SelectField(label, coerce=lambda word: kind.named(word) or "", **options)


class TargetCells(Form):
    """The declared part of a row; a row without a name is left out."""

    level = _choice("指标类别", TargetLevel, choices=choices_of(TargetLevel), default="quantity")
    name = _words("指标名称", 120)
    comparison = _choice("比较", Comparison, choices=choices_of(Comparison), default="ge")
    value = _measure("指标值")
    unit = _words("单位", 20)


class ProgressCells(Form):
    """The monitored part of a row."""

    achieved = _measure("完成值")
    expected = _measure("全年预计")
    likelihood = _choice(
        "完成目标可能性", Likelihood, choices=choices_of(Likelihood, blank="请选择"), default=""
    )
    cause = _choice(
        "偏差原因",
        DeviationCause,
        choices=choices_of(DeviationCause, blank="没有偏差"),
        default="",
    )
    explanation = text("原因说明", most=500, filters=[clean])


class ResultCells(Form):
    """The evaluated part of a row."""

    achieved = _measure("实际完成值")
    weight = PointsField("分值")
    score = PointsField("得分")
    explanation = text("偏差原因分析", most=500, filters=[clean])
    remedy = text("改进措施", most=500, filters=[clean])


class RegionalCells(TargetCells, ResultCells):
    """A row of the county's own form: declared and evaluated at once."""


class NoteCells(Form):
    """One aspect of the management of the money."""

    words = text("情况说明", most=2000, filters=[clean])
    problems = text("存在问题和改进措施", most=2000, filters=[clean])


class ContentForm(PortalForm):
    """What every kind has: the version that the person saw, and its rows."""

    seen = IntegerField("版本", [Optional()])
    lines: FieldList

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 - as FlaskForm
        """Validate; the faults of the table are named by row, in words."""
        sound: bool = super().validate(extra_validators)
        wrong = [str(n) for n, row in enumerate(self.lines, start=1) if row.errors]
        if wrong:
            self.lines.errors = [f"第 {'、'.join(wrong)} 行还没有填对"]
        return sound

    def content(self) -> FormContent:
        """The form as it is to be kept, with what was pasted below the rows that are there.

        Raises:
            RuleBroken: what was pasted is no table of indicators, or too long a one.
        """
        notes = self._fields.get("notes")
        return FormContent(
            lines=self._rows(),
            goal=self._text("goal"),
            achieved=self._text("achieved"),
            expected_amount=self._amount("expected_amount"),
            **{name: self._text(name) for name in HEAD},
            notes=dict(zip(ManagementAspect, map(_note, notes), strict=False)) if notes else None,
        )

    def _rows(self) -> list[Indicator]:
        typed = [indicator for row in self.lines if (indicator := _indicator(row.form))]
        pasted = read_pasted(self._text("pasted"))
        if len(typed) + len(pasted) > MOST_LINES:
            raise RuleBroken(
                f"一张表最多 {MOST_LINES} 条指标，现有 {len(typed)} 条，粘贴了 {len(pasted)} 条",
                "pasted",
            )
        return [*typed, *pasted]

    def _text(self, name: str) -> str:
        return (self[name].data or "").strip() if name in self else ""

    def _amount(self, name: str) -> int:
        return (self[name].data or 0) if name in self else 0


def _pasted() -> TextAreaField:
    return text(
        "从 Excel 粘贴指标",
        description="复制这几列：二级指标、三级指标、指标值、单位（前面有一级指标也可以）。"
        "指标值可写“≥3.2公里”。保存后接在已有指标后面。",
    )


class DeclarationForm(ContentForm):
    goal = text("年度总体目标", description="一年里做成什么、谁受益。", filters=[clean])
    lines = FieldList(FormField(TargetCells), "绩效指标", max_entries=MOST_LINES)
    pasted = _pasted()


class MonitoringForm(ContentForm):
    expected_amount = MoneyField("全年预计执行数")
    lines = FieldList(FormField(ProgressCells), "绩效指标", max_entries=MOST_LINES)


class EvaluationForm(ContentForm):
    achieved = text("年度总体目标实际完成情况", filters=[clean])
    lines = FieldList(FormField(ResultCells), "绩效指标", max_entries=MOST_LINES)


class RegionalForm(ContentForm):
    central_department = _words(HEAD["central_department"], 120)
    local_department = _words(HEAD["local_department"], 120)
    fund_user = _words(HEAD["fund_user"], 200)
    goal = text("年度总体目标", filters=[clean])
    achieved = text("年度总体目标实际完成情况", filters=[clean])
    lines = FieldList(FormField(RegionalCells), "绩效指标", max_entries=MOST_LINES)
    pasted = _pasted()
    notes = FieldList(FormField(NoteCells), "资金管理情况", max_entries=len(ManagementAspect))


FORMS: Mapping[FormKind, type[ContentForm]] = {
    FormKind.DECLARATION: DeclarationForm,
    FormKind.MONITORING: MonitoringForm,
    FormKind.SELF_EVALUATION: EvaluationForm,
    FormKind.REGIONAL: RegionalForm,
}


class BeginForm(PortalForm):
    """Which form of which year; ``month`` only for a monitoring."""

    kind = SelectField("表格", choices=choices_of(FormKind))
    year = IntegerField("年度", [REQUIRED, NumberRange(EARLIEST_YEAR, LATEST_YEAR, "请核对年度。")])
    month = IntegerField("月份", [Optional()])


class StepForm(PortalForm):
    seen = IntegerField("版本", [Optional()])
    words = text("审核意见或理由", most=1000, filters=[clean])


def _indicator(row: Form) -> Indicator | None:
    """The row as far as it was typed; None for an empty one. A row that follows has no name of its own."""
    cells: dict[str, Any] = {
        name: None if value == "" and name in {"cause", "likelihood"} else value
        for name, value in row.data.items()
    }
    if "name" not in cells:
        return Indicator(TargetLevel.QUANTITY, "", **cells)
    return Indicator(**cells) if cells["name"] else None


def _note(row: FormField) -> tuple[str, str]:
    return (row.form.words.data or "").strip(), (row.form.problems.data or "").strip()
