"""Forms of the library, one per intention of one person."""

import unicodedata
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    Form,
    FormField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, Optional

from portal.forms import REQUIRED, DayField, MoneyField, PortalForm, choices_of, line, text
from portal.intake.signatures import MAX_BYTES
from portal.library.operations import TargetLine
from portal.library.queries import book
from portal.rules.broken import RuleBroken
from portal.rules.vocabulary import (
    AttachmentCategory,
    Comparison,
    ConstructionNature,
    TargetLevel,
)
from portal.spreadsheets.cells import clean_text

MONEY = (
    "central_amount",
    "provincial_amount",
    "provincial_other_amount",
    "municipal_amount",
    "county_amount",
    "other_amount",
)
COUNTS = (
    "benefiting_villages",
    "benefiting_households",
    "benefiting_people",
    "lifted_households",
    "lifted_people",
    "monitored_households",
    "monitored_people",
)
MANDATORY = (
    "name",
    "project_type",
    "nature",
    "tasks",
    "site",
    "responsible_unit",
    "start_on",
    "finish_on",
    "beneficiaries",
    "benefit_linkage",
    "goal",
)
NOT_COLUMNS = frozenset({"csrf_token", "submission", "seen", "villages", "targets"})
PASTED = "粘贴.tsv"
MOST_TARGETS = 30
LARGEST_COUNT = 10_000_000


def clean(typed: str | None) -> str:
    """What was typed without what nobody can see, control characters among it."""
    return clean_text(typed or "")


class CountField(StringField):
    """A whole number from 0 up; full-width digits are read, what was typed is kept on error."""

    typed = ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed, or say what a count looks like."""
        self.typed = valuelist[0] if valuelist else ""
        self.data: Any = None
        digits = unicodedata.normalize("NFKC", self.typed).strip()
        if not digits:
            return
        if not (digits.isascii() and digits.isdigit()) or int(digits[:12]) > LARGEST_COUNT:
            raise ValueError("请填写整数，例如 12；没有就填 0。")
        self.data = int(digits)

    def _value(self) -> str:
        return self.typed or ("" if self.data is None else str(self.data))


def _line(label: str, **options: Any) -> Field:  # noqa: ANN401 - as portal.forms.line
    return line(label, filters=[clean], **options)


def _text(label: str, **options: Any) -> Field:  # noqa: ANN401 - as portal.forms.text
    return text(label, filters=[clean], **options)


class BeginForm(PortalForm):
    organization_id = SelectField("申报单位", coerce=int)
    name = _line(
        "项目名称", required=True, description="写清村名和建什么，例如“西川村烘干塔续建项目”。"
    )
    year = IntegerField("年度", [REQUIRED])
    department_id = SelectField("行业主管部门", coerce=int, description="由它审查这个项目。")


class TargetForm(Form):
    """One row of the target table; a row without a name and a value is left out."""

    level = SelectField(
        "指标类别", choices=choices_of(TargetLevel), default=TargetLevel.QUANTITY.value
    )
    name = StringField("指标名称", [Length(max=120)], filters=[clean])
    comparison = SelectField(
        "比较", choices=choices_of(Comparison), default=Comparison.AT_LEAST.value
    )
    value = StringField("指标值", [Length(max=40)], filters=[clean])
    unit = StringField("单位", [Length(max=20)], filters=[clean])

    def validate_value(self, field: StringField) -> None:
        """A target needs both its name and its value."""
        if bool(field.data) != bool(self.name.data):
            raise ValueError("指标名称和指标值要一起填。")

    @property
    def line(self) -> TargetLine | None:
        """The target, or ``None`` for an empty row."""
        if not (self.name.data and self.value.data):
            return None
        return TargetLine(
            level=TargetLevel(self.level.data),
            name=self.name.data,
            comparison=Comparison(self.comparison.data),
            value=self.value.data,
            unit=self.unit.data or "",
        )


class ApplicationForm(PortalForm):
    """The application (F1); whatever is filled in must be sound, whatever is not may wait."""

    seen = IntegerField("版本", [Optional()])
    name = _line("项目名称")
    project_type = SelectField("项目类别", default="")
    nature = SelectField(
        "建设性质", choices=choices_of(ConstructionNature, blank="请选择"), default=""
    )
    tasks = _text(
        "建设任务", description="建什么、建多少、什么标准，例如“烘干塔1座，日处理玉米300吨”。"
    )
    preparation = _text("前期条件", description="用地、环评、设计办到哪一步。")
    site = _line("实施地点", most=200, description="写到村、屯（组）。")
    villages = SelectMultipleField("涉及的村", coerce=int)
    in_lifted_village = BooleanField("在脱贫村实施")
    responsible_unit = _line("责任单位")
    responsible_person = _line("责任人", most=40)
    responsible_phone = _line("责任人电话", most=40)
    implementing_unit = _line("实施单位")
    start_on = DayField("计划开工")
    finish_on = DayField("计划完工")
    central_amount = MoneyField("中央衔接资金")
    provincial_amount = MoneyField("省级衔接资金")
    provincial_other_amount = MoneyField("省级财政资金")
    municipal_amount = MoneyField("市级资金")
    county_amount = MoneyField("县级资金")
    other_amount = MoneyField("其他资金")
    beneficiaries = _text("受益对象", description="谁受益，例如“脱贫户12户27人，监测户2户5人”。")
    for_households = BooleanField("到户项目")
    benefiting_villages = CountField("受益村数")
    benefiting_households = CountField("受益户数")
    benefiting_people = CountField("受益人数")
    lifted_households = CountField("其中脱贫户")
    lifted_people = CountField("脱贫人口")
    monitored_households = CountField("其中监测户")
    monitored_people = CountField("监测人口")
    benefit_linkage = _text("群众参与和联农带农机制", description="群众怎么参与，收益怎么分。")
    goal = _text("绩效目标", description="建成以后达到什么效果。")
    targets = FieldList(FormField(TargetForm), "绩效指标", max_entries=MOST_TARGETS)
    remark = _text("备注")

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - as FlaskForm
        super().__init__(*args, **options)
        self.project_type.choices = type_choices()
        for name in MANDATORY:
            self[name].flags.required = True

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 - as FlaskForm
        """Validate; the faults of the target table are named by row, in words."""
        sound: bool = super().validate(extra_validators)
        wrong = [str(n) for n, row in enumerate(self.targets, start=1) if row.errors]
        if wrong:
            self.targets.errors = [f"第 {'、'.join(wrong)} 行还没有填对"]
        return sound

    def columns(self) -> dict[str, Any]:
        """The values for the columns of a project; an empty amount is 0."""
        values = {
            name: field.data for name, field in self._fields.items() if name not in NOT_COLUMNS
        }
        values["nature"] = ConstructionNature(self.nature.data) if self.nature.data else None
        return values | {name: values[name] or 0 for name in MONEY}

    def lines(self) -> list[TargetLine]:
        """The targets that were filled in."""
        return [line for row in self.targets if (line := row.form.line)]

    def total(self) -> int:
        """The sum of the six amounts as far as they can be read, in fen."""
        return sum(self[name].data or 0 for name in MONEY)


def type_choices() -> dict[str, list[tuple[str, str]]]:
    """The leaves of the type tree below the words of its first level."""
    groups: dict[str, list[tuple[str, str]]] = {"": [("", "请选择")]}
    for node in book().project_types.values():
        if node.is_leaf:
            shown = " / ".join(node.path[1:]) or node.label
            groups.setdefault(node.path[0], []).append((node.code, shown))
    return groups


class StepForm(PortalForm):
    seen = IntegerField("版本", [Optional()])
    words = TextAreaField("意见或理由", [Length(max=1000)], filters=[clean])
    minutes_number = _line("会议纪要或审定文件文号", most=80)
    admitted_on = DayField("审定日期")


class AttachmentForm(PortalForm):
    category = SelectField("材料类别", choices=choices_of(AttachmentCategory))
    file = FileField("文件", [FileRequired("请选择文件。")])


class PlacesForm(PortalForm):
    """Numbers come beside it as ``priority-<project id>``."""


class PlacesTableForm(PortalForm):
    table = TextAreaField("编码和顺序号", [REQUIRED, Length(max=100_000)])


class ImportForm(PortalForm):
    year = IntegerField("年度", [REQUIRED], description="新增的项目记在这一年。")
    file = FileField("计划表文件")
    pasted = TextAreaField("或从 Excel 复制后粘贴在这里（连同表头）", [Length(max=1_000_000)])
    minutes_number = _line(
        "审定文件文号",
        most=80,
        description="已经领导小组审定的，填文号，新增的项目直接入库；不填，新增的项目作为草稿。",
    )
    admitted_on = DayField("审定日期")

    def table(self) -> tuple[bytes, str]:
        """The bytes to be read and their name; pasted text counts as a file of its own."""
        chosen = self.file.data
        if chosen and chosen.filename:
            return chosen.stream.read(MAX_BYTES + 1), chosen.filename
        pasted = self.pasted.data or ""
        if not pasted.strip():
            raise RuleBroken("请选择文件，或把表格粘贴进来。", field="file")
        return pasted.encode(errors="replace"), PASTED
