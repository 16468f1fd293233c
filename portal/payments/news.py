"""What the requester hears: a payment that came back, and one that was paid."""

from portal.mail.operations import tell
from portal.payments.models import Payment, PaymentCheck
from portal.rules.money import wan_exact
from portal.rules.workflow import Move

TOLD = {Move.RETURN: "支付申请被退回", Move.PAY: "已支付"}


def tell_requester(payment: Payment, check: PaymentCheck) -> None:
    """Tell whoever asked for the money; nobody is told of their own act."""
    if check.move not in TOLD or check.actor_id == payment.requested_by_id:
        return
    lines = [
        f"{check.actor_name} 于 {check.on} 办理了“{check.move.label}”。",
        f"金额 {wan_exact(payment.amount)} 万元，收款人：{payment.payee}。",
    ]
    if check.words:
        lines.append(f"意见：{check.words}")
    tell(
        payment.requested_by_id,
        subject=f"{payment.project.name}：{TOLD[check.move]}",
        body="\n".join(lines),
        dedupe_key=f"payment_check:{check.id}",
    )
