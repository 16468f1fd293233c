"""One form per intention; amounts in 万元, days as people write them."""

from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, Field, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from portal.forms import REQUIRED, DayField, MoneyField, PortalForm, choices_of, line, text
from portal.funds.models import AllocationBatch, FundDocument
from portal.funds.papers import Paper
from portal.rules.vocabulary import FundingTier, FundTask
from portal.spreadsheets.cells import clean_text

TEXTS = (StringField, TextAreaField)
YEAR = (REQUIRED, NumberRange(1990, 2099, "年份要在 1990 到 2099 之间。"))


def value_of(field: Field) -> Any:  # noqa: ANN401 - whatever the field holds
    """What a field holds; text comes without what nobody can see, and is empty where none was sent."""
    return clean_text(field.data or "") if type(field) in TEXTS else field.data


class DocumentForm(PortalForm):
    number = line("文号", most=80)
    title = line("标题", required=True, most=200)
    amount = MoneyField("金额", [REQUIRED])
    tier = SelectField("资金级次", choices=choices_of(FundingTier))
    task = SelectField("任务方向", choices=choices_of(FundTask, blank="没有指明"))
    year = IntegerField("年度", YEAR)
    received_on = DayField("收文日期")
    issued_on = DayField("发文日期")
    issuer = line("发文单位")
    parent_number = line("上级文号", most=80)
    fund_name = line("资金名称")
    earmark = line("其中定向用于", most=200)
    direct = BooleanField("直达资金（01中央直达资金）")
    reissued = BooleanField("收回重新下达")
    revenue_code = line("收入科目", most=20)
    functional_code = line("功能科目", most=20)
    government_code = line("政府经济科目", most=20)
    department_code = line("部门经济科目", most=20)
    remark = text("备注")
    scan = FileField("文件扫描件", description="PDF 或照片，不超过 20 MB。")

    def paper(self) -> Paper:
        """What the person wrote, as the document's facts."""
        facts: dict[str, Any] = {
            name: value_of(self[name]) for name in Paper.__dataclass_fields__ if name in self
        }
        facts["tier"] = FundingTier(self.tier.data)
        facts["task"] = FundTask(self.task.data) if self.task.data else None
        return Paper(**facts)

    @classmethod
    def of(cls, document: FundDocument) -> "DocumentForm":
        """The form filled with a registered document."""
        return cls(obj=document, scan=None, task=document.task or "")


class ReportForm(PortalForm):
    reported_on = DayField("报告领导小组的日期", [REQUIRED])


class NewBatchForm(PortalForm):
    title = line("批次名称", required=True)


class AdjustmentForm(PortalForm):
    title = line("调整名称", required=True)
    reason = line("调整理由", required=True, most=500)


class TakeBackForm(PortalForm):
    batch_id = SelectField("写进哪个调整", coerce=int)
    amount = MoneyField("收回金额", [REQUIRED])
    purpose = line("说明", most=200)


class BatchForm(PortalForm):
    title = line("批次名称", required=True)
    reason = line("调整理由", required=True, most=500)
    approval_number = line("批复文号")
    approved_on = DayField("批复日期")
    approved_by = line("批复单位", most=80)
    minutes_number = line("会议纪要文号")
    minutes = FileField("会议纪要", description="PDF 或照片，不超过 20 MB。")

    FACTS = frozenset(
        {"title", "reason", "approval_number", "approved_on", "approved_by", "minutes_number"}
    )

    def facts(self) -> dict[str, Any]:
        """What the approval paper says."""
        return {field.name: value_of(field) for field in self if field.name in self.FACTS}

    @classmethod
    def of(cls, batch: AllocationBatch) -> "BatchForm":
        """The form filled with a batch; only an adjustment has a reason."""
        form = cls(obj=batch, minutes=None)
        if not batch.reason:
            del form.reason
        return form


class StepForm(PortalForm):
    seen = IntegerField(validators=[Optional()], widget=HiddenInput())
    words = text("意见或理由", most=1000)


class ArrangeForm(PortalForm):
    """Amounts come beside it as ``amount-<project id>``; empty ones are not meant."""

    purpose = line("用途", most=200, description="写一句，用于这次保存的各行；可不填。")


class PasteForm(PortalForm):
    pasted = TextAreaField("从表格粘贴", [REQUIRED, Length(max=200_000)])
    purpose = line("用途", most=200)


class MatrixForm(PortalForm):
    """Amounts come beside it as ``cell-<project id>-<document id>``, and ``was``: what was shown."""


class TableForm(PortalForm):
    table = TextAreaField("从表格粘贴", [REQUIRED, Length(max=500_000)])


class LineForm(PortalForm):
    amount = MoneyField("金额", [REQUIRED])
    purpose = line("用途", most=200)


class VoidForm(PortalForm):
    """Only the button."""


class OpeningForm(PortalForm):
    year = IntegerField("年度", YEAR)
    industry_amount = MoneyField("产业类金额", [REQUIRED])
    total_amount = MoneyField("资金总额", [REQUIRED])


class OpeningPaymentForm(PortalForm):
    year = IntegerField("资金年度", YEAR, id="paid_year")
    counted_on = DayField("截止日期", [REQUIRED])
    paid_amount = MoneyField("到这天共支出", [REQUIRED])
