"""Forms of the yearly assessment; a fact's form has the fields of its shape."""

import unicodedata
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import FieldList, Form, FormField, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from portal.forms import REQUIRED, DayField, MoneyField, PortalForm, choices_of, line, text
from portal.performance.forms import PointsField
from portal.rules.scoring import facts
from portal.rules.scoring.entries import Values
from portal.rules.scoring.scheme import shipped
from portal.rules.vocabulary import FundingTier

BLANK_ROWS = 3
MOST_ROWS = 60
LARGEST = Decimal(10**9)
DAY_HINT = "账上的数取到这一天，最晚 12 月 31 日。"


class NumberField(StringField):
    """A number from 0 with up to six decimals; the data is a Decimal."""

    typed = ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed, or say what a number looks like."""
        self.typed = valuelist[0] if valuelist else ""
        self.data: Any = None
        plain = unicodedata.normalize("NFKC", self.typed).replace(",", "").strip()
        if not plain:
            return
        try:
            number = Decimal(plain)
        except InvalidOperation:
            raise ValueError("请填写数字，例如 81.68。") from None
        if not (number.is_finite() and 0 <= number <= LARGEST) or number != round(number, 6):
            raise ValueError("请填写 0 以上的数字，最多 6 位小数。")
        self.data = number

    def _value(self) -> str:
        if self.typed or self.data is None:
            return self.typed
        return f"{Decimal(self.data).normalize():f}"


class BeginForm(PortalForm):
    """A new assessment: its year, its day, and the table by which it is scored."""

    year = IntegerField("年度", [REQUIRED])
    counted_on = DayField("取数日", [REQUIRED], description=DAY_HINT)
    scheme = SelectField("评分方案", description="本省、本年的评分表。没有的，请在下面上传。")
    file = FileField(
        "自备评分方案", description="TOML 文件，上传后代替上面的选择。写法见《使用手册》。"
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401
        super().__init__(*arguments, **options)
        self.scheme.choices = list(shipped().items())


class CountForm(PortalForm):
    """Another day of the ledger's figures."""

    counted_on = DayField("取数日", [REQUIRED], description=DAY_HINT)


class ClaimForm(PortalForm):
    """The points that officials claim for a line; empty takes the claim back."""

    points = PointsField("申报得分", description="不填就按计算得分。")
    reason = text("理由", most=500, description="与计算得分不同时必填。")


class EvidenceForm(PortalForm):
    """A paper behind a line."""

    title = line("材料名称", description="不填就用文件名。")
    file = FileField("文件", [FileRequired("请选择文件。")])


class WhatIfForm(PortalForm):
    """A payment that might be made; read from the address."""

    class Meta:  # noqa: D106 - WTForms looks it up by this name
        csrf = False
        locales = ("zh_CN", "zh")

    amount = MoneyField("再支付（万元）", [REQUIRED])
    by = DayField("在这一天以前", [REQUIRED])


class FactForm(PortalForm):
    """The base of a fact's form: its fields carry the names that a facts file uses."""

    def values(self) -> Values:
        """What was typed, in the shape of the fact."""
        return {
            name: field.data
            for name, field in self._fields.items()
            if name not in {"submission", "csrf_token"} and field.data is not None
        }

    def fill(self, values: Values) -> None:
        """Show what was entered before."""
        for name, value in values.items():
            self[name].process(None, value)


class ShareForm(FactForm):
    """Done of whole."""

    whole = NumberField("应办（抽查）数", [InputRequired("请填写，没有就填 0。")])
    done = NumberField("已办（合格）数", [InputRequired("请填写，没有就填 0。")])

    def validate_done(self, field: NumberField) -> None:
        """The part is no more than the whole."""
        if None not in {field.data, self.whole.data} and field.data > self.whole.data:
            raise ValidationError(f"不能大于应办（抽查）数 {self.whole.data}，请核对。")


class AnswerForm(FactForm):
    """Yes or no."""

    yes = SelectField("结果", choices=[SelectChoice("yes", "是"), SelectChoice("no", "否")])

    def values(self) -> Values:
        """As a flag."""
        return {"yes": self.yes.data == "yes"}

    def fill(self, values: Values) -> None:
        """From a flag."""
        self.yes.data = "yes" if values["yes"] else "no"


class EnteredForm(FactForm):
    """Points that people give."""

    points = NumberField("得分", [REQUIRED])
    reason = text("依据", required=True, most=500)


class ChangeForm(FactForm):
    """This year beside the last."""

    now = NumberField("本年", [REQUIRED])
    before = NumberField("上年", [REQUIRED])


class ProgressForm(FactForm):
    """Paid by a checkpoint."""

    paid = NumberField("已支付（万元）", [REQUIRED])
    total = NumberField("到位（万元）", [REQUIRED])
    day = DayField("截至", [REQUIRED])
    average = NumberField("全省平均进度（%，可不填）", [Optional()])


class IncomeForm(FactForm):
    """Level and growth, each beside the average."""

    level = NumberField("脱贫人口人均收入（元）", [REQUIRED])
    average_level = NumberField("全县（区）平均（元）", [REQUIRED])
    growth = NumberField("脱贫人口收入增速（%）", [REQUIRED])
    average_growth = NumberField("全县（区）平均增速（%）", [REQUIRED])


class RowsForm(FactForm):
    """A fact of several rows; a row without a name is left out."""

    items: Any

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 - as FlaskForm
        """Validate; a row that is begun is filled in whole, and the table says which rows are not."""
        sound: bool = super().validate(extra_validators)
        for row in self.items:
            _ask_for_the_rest(row.form)
        wrong = [str(n) for n, row in enumerate(self.items, start=1) if row.errors]
        if wrong:
            self.items.errors = [f"第 {'、'.join(wrong)} 行还没有填对"]
        return sound and not wrong

    def values(self) -> Values:
        """The rows that have a name."""
        rows = [row.form.data for row in self.items if row.form.data["name"]]
        return {"items": [{k: v for k, v in row.items() if v is not None} for row in rows]}

    def fill(self, values: Values) -> None:
        """The rows that were entered before."""
        for row in values["items"]:
            self.items.append_entry(row)

    def add_blank_rows(self) -> None:
        """Room for more without JavaScript."""
        for _number in range(min(BLANK_ROWS, MOST_ROWS - len(self.items))):
            self.items.append_entry()


def _ask_for_the_rest(row: Form) -> None:
    """Note the empty cells of a row in which anything was typed; a choice is always made."""
    typed = [cell for cell in row if not isinstance(cell, SelectField)]
    if all(cell.data in {None, ""} for cell in typed):
        return
    for cell in typed:
        if cell.data in {None, ""} and not cell.errors:
            cell.errors = [f"请填写{cell.label.text}。"]


class IncidentCells(Form):
    """Something found, and what it costs."""

    name = StringField("发现的问题", [Length(max=120)])
    points = NumberField("扣分")


class ShareCells(Form):
    """One share among several."""

    name = StringField("名称", [Length(max=60)])
    done = NumberField("已办")
    whole = NumberField("应办")

    def validate_done(self, field: NumberField) -> None:
        """The part is no more than the whole."""
        if None not in {field.data, self.whole.data} and field.data > self.whole.data:
            raise ValidationError(f"不能大于应办 {self.whole.data}，请核对。")


class PlacedCells(Form):
    """One document and the days to its placement."""

    name = StringField("文号", [Length(max=60)])
    days = IntegerField("用了几天", [Optional()])
    amount = NumberField("金额（万元）")
    tier = SelectField("级次", choices=choices_of(FundingTier))


class IncidentsForm(RowsForm):
    """All that was found; no row is good."""

    items = FieldList(FormField(IncidentCells), "各项", max_entries=MOST_ROWS)


class SharesForm(RowsForm):
    """Several shares whose mean counts."""

    items = FieldList(FormField(ShareCells), "各项", max_entries=MOST_ROWS)


class PlacedForm(RowsForm):
    """All documents of a year."""

    items = FieldList(FormField(PlacedCells), "各项", max_entries=MOST_ROWS)


FACT_FORMS: Mapping[type, type[FactForm]] = {
    facts.Share: ShareForm,
    facts.Answer: AnswerForm,
    facts.Entered: EnteredForm,
    facts.Change: ChangeForm,
    facts.Progress: ProgressForm,
    facts.Income: IncomeForm,
    facts.Incidents: IncidentsForm,
    facts.Shares: SharesForm,
    facts.PlacedDays: PlacedForm,
}
"""Shape of a fact -> its form."""
