"""One form per intention."""

from collections.abc import Sequence
from typing import Any

from flask_wtf.file import FileField
from wtforms import IntegerField, SelectField, SelectMultipleField
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from portal.files.models import StoredFile
from portal.files.operations import keep_upload
from portal.forms import REQUIRED, DayField, PortalForm, choices_of, line, text
from portal.implementation.models import Contract
from portal.payments.models import Payment
from portal.payments.queries import ContractRoom
from portal.rules.access import Actor
from portal.rules.money import wan_exact
from portal.rules.vocabulary import PaymentKind
from portal.spreadsheets.cells import clean_text

TEXTS = ("payee", "purpose", "without_contract")
FILES = ("invoice", "acceptance")


class PaymentForm(PortalForm):
    """Amounts come beside it as ``amount-<document id>``."""

    kind = SelectField("付款类型", choices=choices_of(PaymentKind), default=PaymentKind.PROGRESS)
    contract = SelectField("合同", validate_choice=True)
    payee = line(
        "收款人", required=True, description="与合同的承包单位一致；不一致的在用途里写明原因。"
    )
    purpose = line("用途", most=200)
    without_contract = line(
        "无合同付款的理由", most=200, description="没有合同时填写，例如零星采购、补助到户。"
    )
    invoice = FileField("发票或凭证", description="PDF 或照片，不超过 20 MB。")
    acceptance = FileField("监理或验收单", description="PDF 或照片，不超过 20 MB。")

    def offer(self, rooms: Sequence[ContractRoom]) -> None:
        """Set the contracts that can be chosen."""
        self.contract.choices = [
            ("", "没有合同"),
            *((str(room.contract.id), _contract_words(room)) for room in rooms),
        ]

    def facts(self, rooms: Sequence[ContractRoom], actor: Actor) -> dict[str, Any]:
        """What the person wrote, for the operation; uploads are checked and kept.

        Raises:
            RuleBroken: what is wrong with a file.
        """
        return {
            "kind": PaymentKind(self.kind.data),
            "contract": self._contract(rooms),
            **{name: clean_text(self[name].data or "") for name in TEXTS},
            **{name: self._file(name, actor) for name in FILES},
        }

    def _contract(self, rooms: Sequence[ContractRoom]) -> Contract | None:
        chosen = (room.contract for room in rooms if str(room.contract.id) == self.contract.data)
        return next(chosen, None)

    def _file(self, name: str, actor: Actor) -> StoredFile | None:
        upload = self[name].data
        return keep_upload(upload, actor=actor, field=name) if upload else None

    @classmethod
    def blank(cls, rooms: Sequence[ContractRoom]) -> "PaymentForm":
        """The form of a new request; the only contract of a project is chosen already."""
        form = cls()
        if len(rooms) == 1:
            contract = rooms[0].contract
            form.contract.data, form.payee.data = str(contract.id), contract.contractor
        return form

    @classmethod
    def of(cls, payment: Payment) -> "PaymentForm":
        """The form filled with a draft."""
        form = cls(obj=payment)
        form.contract.data = str(payment.contract_id or "")
        return form


class StepForm(PortalForm):
    seen = IntegerField(validators=[Optional()], widget=HiddenInput())
    words = text("意见或理由", most=1000)


class PaidForm(PortalForm):
    paid_on = DayField("支付日期", [REQUIRED])
    voucher_number = line("支付凭证号", required=True, most=80)


class ReverseForm(PortalForm):
    reason = text("冲销理由", required=True, most=500)
    paid_on = DayField("冲销日期", [REQUIRED])


class GateForm(PortalForm):
    people = SelectMultipleField("人员", coerce=int)


class TreasuryForm(PortalForm):
    file = FileField("国库支付清单", description=".xlsx 或 .csv，第一行是表头。")


class MatchForm(PortalForm):
    """What each line means comes beside it as ``line-<id>`` and ``words-<id>``."""


class BookForm(PortalForm):
    """Only the button."""


def _contract_words(room: ContractRoom) -> str:
    contract = room.contract
    price = "合同价" if contract.settlement_amount is None else "结算价"
    return (
        f"{contract.name}（{contract.contractor}，{price} {wan_exact(contract.limit)}，"
        f"还可付 {wan_exact(room.rest)} 万元）"
    )
