"""Forms of the works, one per intention of one person."""

from typing import Any

from flask_wtf.file import FileField, MultipleFileField
from wtforms import IntegerField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange, Optional
from wtforms.widgets import HiddenInput

from portal.forms import REQUIRED, DayField, MoneyField, PortalForm, choices_of, line, text
from portal.funds.forms import value_of
from portal.implementation.contracting import ContractPaper
from portal.implementation.models import Contract
from portal.rules.broken import RuleBroken
from portal.rules.vocabulary import AcceptanceLevel, ChangeKind, ContractKind, TenderMethod
from portal.rules.works import DATES

SHARES = (0, 30, 60, 100)
"""The shares that a village reports with one tap, in percent."""
PASSED = [SelectChoice("yes", "通过"), SelectChoice("no", "没有通过")]
PAPER = "PDF 或照片，不超过 20 MB。"


class SeenForm(PortalForm):
    """A form over something that others may change meanwhile; ``seen`` is the version it was made from."""

    seen = IntegerField(validators=[Optional()], widget=HiddenInput())


class DatesForm(SeenForm):
    designed_on = DayField(DATES["designed_on"])
    reviewed_on = DayField(DATES["reviewed_on"], description="概算评审批复的日期。")
    tendered_on = DayField(DATES["tendered_on"])
    started_on = DayField(DATES["started_on"])
    finished_on = DayField(DATES["finished_on"])
    claimed_on = DayField(DATES["claimed_on"])


class ContractForm(SeenForm):
    kind = SelectField("合同类别", choices=choices_of(ContractKind))
    name = line("合同名称", required=True)
    number = line("合同编号", most=80)
    contractor = line("承包（供货）单位", required=True)
    method = SelectField("采购方式", choices=choices_of(TenderMethod))
    amount = MoneyField("合同价", [REQUIRED])
    signed_on = DayField("签订日期", [REQUIRED])
    expires_on = DayField("合同到期日期")
    retention_amount = MoneyField("其中质保金")
    retention_due_on = DayField("质保金可支付日期")
    file = FileField("合同扫描件", description=PAPER)

    def paper(self) -> ContractPaper:
        """What the person wrote, as the contract's facts."""
        facts: dict[str, Any] = {
            name: value_of(self[name]) for name in ContractPaper.__dataclass_fields__
        }
        facts["kind"], facts["method"] = ContractKind(facts["kind"]), TenderMethod(facts["method"])
        facts["retention_amount"] = facts["retention_amount"] or 0
        return ContractPaper(**facts)

    @classmethod
    def of(cls, contract: Contract) -> "ContractForm":
        """The form filled with a contract on record."""
        retention = contract.retention_amount or None
        return cls(obj=contract, file=None, retention_amount=retention, seen=contract.version)


class SettleForm(SeenForm):
    amount = MoneyField("结算审定价", [REQUIRED])
    settled_on = DayField("审定日期", [REQUIRED])
    settled_by = line("审定单位", required=True)
    retention_amount = MoneyField("其中质保金")
    retention_due_on = DayField("质保金可支付日期")


class VoidForm(PortalForm):
    """Only the button."""


class AcceptanceForm(PortalForm):
    level = SelectField("验收级别", choices=choices_of(AcceptanceLevel))
    accepted_on = DayField("验收日期", [REQUIRED])
    passed = RadioField("结论", choices=PASSED, default="yes")
    people = line("验收人员", most=200)
    opinion = text("验收意见", most=1000)
    file = FileField("验收表", description=PAPER)


class ChangeForm(PortalForm):
    kind = SelectField("申请事项", choices=choices_of(ChangeKind))
    reason = text("原因", required=True, most=1000)
    details = text("变更内容", most=2000, description="变更内容时必填：原来是什么，改成什么。")
    finish_on = DayField("变更后的完工期限")


class DecideForm(PortalForm):
    minutes_number = line("会议纪要文号")
    words = text("意见或理由", most=1000)


class ProgressForm(PortalForm):
    percent = RadioField(
        "做到哪里了",
        choices=[SelectChoice(share, f"{share}%") for share in SHARES],
        coerce=int,
        validate_choice=False,
    )
    other = IntegerField(
        "都不是，填百分数", [Optional(), NumberRange(0, 100, "请填写 0 到 100 的整数。")]
    )
    words = text("说明", most=1000, description="写一两句：做完了什么，还差什么。")
    photos = MultipleFileField("现场拍照")
    taken_on = DayField("拍摄日期", [REQUIRED])

    def share(self) -> int:
        """The share that was meant, in percent: what was typed, else what was tapped."""
        found: int | None = self.percent.data if self.other.data is None else self.other.data
        if found is None:
            raise RuleBroken("请选一个进度", field="percent")
        return found
