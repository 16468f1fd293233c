"""One form per intention of supervision."""

from wtforms import HiddenField, IntegerField, SelectField, TextAreaField
from wtforms.validators import Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from portal.forms import REQUIRED, DayField, PortalForm, choices_of, line, text
from portal.rules.vocabulary import BulletinKind

YEAR = (REQUIRED, NumberRange(1990, 2099, "年份要在 1990 到 2099 之间。"))
MONTH = (REQUIRED, NumberRange(1, 12, "月份要在 1 到 12 之间。"))


class PlanForm(PortalForm):
    year = IntegerField("年份", YEAR)
    month = IntegerField("月份", MONTH)


class CellsForm(PortalForm):
    """Amounts come beside it as ``amount-<project id>``; an empty one takes the project out."""

    seen = IntegerField(validators=[Optional()], widget=HiddenInput())


class PasteForm(PortalForm):
    pasted = TextAreaField("从表格粘贴", [REQUIRED, Length(max=200_000)])


class IssueForm(PortalForm):
    """Only the button."""


class ExplanationForm(PortalForm):
    explanation = text("未完成原因", required=True, most=500)


class BulletinForm(PortalForm):
    kind = SelectField("种类", choices=choices_of(BulletinKind))
    fund_year = IntegerField("资金年度", YEAR)
    day = DayField("统计到哪一天", [REQUIRED])
    number = line("文号", required=True, most=80)
    words = text("有关要求", most=2000, description="写在排名和名单后面；可不填。")
    seen = HiddenField(validators=[Length(max=64)])


class ChosenUnitsForm(PortalForm):
    """The units come beside it as ``unit``, one for each box that is ticked."""


class LetterForm(PortalForm):
    number = line("文号", required=True, most=80)
    answer_by_on = DayField("回复期限", [REQUIRED])
    body = text("正文", required=True, most=8000)


class AnswerForm(PortalForm):
    answer = text("回复", required=True, most=4000)
