"""What a payment may not do: pure checks over the facts of one payment. Amounts in fen.

Each check answers with a refusal in plain Chinese, with the figures and the fix, or with None.
"""

from dataclasses import dataclass
from datetime import date

from portal.rules.money import wan_exact
from portal.rules.vocabulary import ContractKind, PaymentKind

_FINAL = (PaymentKind.SETTLEMENT, PaymentKind.RETENTION)


@dataclass(frozen=True)
class ContractFacts:
    """What limits the payments on a contract: ``spoken_for`` are its other payments, asked for or paid."""

    name: str
    kind: ContractKind
    contractor: str
    limit: int
    spoken_for: int
    settled: bool
    retention_amount: int
    retention_due_on: date | None


@dataclass(frozen=True)
class PaymentFacts:
    """What the flow needs to know about one payment on the day ``on`` of the step.

    ``held`` says why the project stands still, ``notice_problem`` what the completion notice lacks; both
    are empty where nothing does. ``paid_on`` is known from the registration of the payment on.
    """

    on: date
    kind: PaymentKind
    amount: int
    payee: str
    purpose: str
    held: str
    needs_contract: bool
    without_contract: str
    contract: ContractFacts | None
    notice_problem: str | None
    more_gates: bool
    approved_on: date | None
    paid_on: date | None = None

    @property
    def is_final(self) -> bool:
        """Whether this is the last money, by its kind or because it leaves only the retention."""
        return is_final(self.kind, self.amount, self.contract)


def is_final(kind: PaymentKind, amount: int, contract: ContractFacts | None) -> bool:
    """The last money of a contract leaves no more than the retention, whatever it is called.

    A service (design, supervision) ends with a paper: nothing of it is completed that could hang on a board.
    """
    if kind in _FINAL or contract is None or contract.kind is ContractKind.SERVICE:
        return kind in _FINAL
    return contract.spoken_for + amount >= contract.limit - contract.retention_amount


def has_amount(facts: PaymentFacts) -> str | None:
    """A payment of nothing pays nobody."""
    return None if facts.amount > 0 else "还没有填金额，请至少从一份资金文件申请"


def not_on_hold(facts: PaymentFacts) -> str | None:
    """Nothing is asked for or paid while the works stand still (S0: the cattle project)."""
    return facts.held or None


def has_contract(facts: PaymentFacts) -> str | None:
    """Works and goods are paid on a contract, or somebody says why not."""
    if facts.contract or not facts.needs_contract or facts.without_contract.strip():
        return None
    return "这类项目按合同付款，请选择合同；没有合同的，写明“无合同付款的理由”"


def right_payee(facts: PaymentFacts) -> str | None:
    """The contractor is paid; somebody else only with a reason in the purpose."""
    contract = facts.contract
    if contract is None or facts.payee == contract.contractor or facts.purpose.strip():
        return None
    return (
        f"收款人“{facts.payee}”不是合同的承包单位“{contract.contractor}”，"
        "请改收款人，或在用途里写明原因"
    )


def within_contract(facts: PaymentFacts) -> str | None:
    """All payments of a contract stay within its price, the settled one once it is known."""
    contract = facts.contract
    if contract is None:
        return None
    over = contract.spoken_for + facts.amount - contract.limit
    if over <= 0:
        return None
    price = "结算价" if contract.settled else "合同价"
    return (
        f"不能超过{price}：合同“{contract.name}”{price} {wan_exact(contract.limit)} 万元，"
        f"已付和在途 {wan_exact(contract.spoken_for)} 万元，本次 {wan_exact(facts.amount)} 万元。"
        f"请减少 {wan_exact(over)} 万元"
    )


def leaves_retention(facts: PaymentFacts) -> str | None:
    """The retention (质保金) stays back until its day, whatever a payment is called."""
    contract = facts.contract
    if contract is None or not contract.retention_amount or _retention_due(facts, contract):
        return None
    if facts.kind is PaymentKind.RETENTION:
        day = contract.retention_due_on
        until = f"{day} 到期，到期后再申请" if day else "还没有登记到期日，请先在合同里登记"
        return f"质保金 {wan_exact(contract.retention_amount)} 万元，{until}"
    over = contract.spoken_for + facts.amount - (contract.limit - contract.retention_amount)
    if over <= 0:
        return None
    return (
        f"要留质保金 {wan_exact(contract.retention_amount)} 万元：合同“{contract.name}”到期前最多付 "
        f"{wan_exact(contract.limit - contract.retention_amount)} 万元，"
        f"已付和在途 {wan_exact(contract.spoken_for)} 万元。请减少 {wan_exact(over)} 万元"
    )


def names_contract(facts: PaymentFacts) -> str | None:
    """Settlement and retention are words of a contract."""
    if facts.kind not in _FINAL or facts.contract or not facts.needs_contract:
        return None
    return f"“{facts.kind.label}”要对应合同，请选择合同"


def is_settled(facts: PaymentFacts) -> str | None:
    """The last money of works is counted on the audited price."""
    contract = facts.contract
    if contract is None or contract.settled or contract.kind is not ContractKind.WORKS:
        return None
    if facts.kind in _FINAL:
        return (
            f"合同“{contract.name}”还没有登记结算价，请先登记结算审计结果，再付{facts.kind.label}"
        )
    if not facts.is_final:
        return None
    return (
        f"本次付后就付到合同价了：合同“{contract.name}”合同价 {wan_exact(contract.limit)} 万元，"
        f"已付和在途 {wan_exact(contract.spoken_for)} 万元。还没有登记结算价，请减少金额，"
        "或者先登记结算审计结果，用结算款支付"
    )


def notice_over(facts: PaymentFacts) -> str | None:
    """The last money waits for the completion notice (S0: 竣工结算结果先行公示，无反馈问题后再最终付款)."""
    return facts.notice_problem if facts.is_final else None


def day_in_order(facts: PaymentFacts) -> str | None:
    """Money leaves the treasury after the last gate and not in the future."""
    if facts.paid_on is None or facts.approved_on is None:
        return "请填写支付日期"
    if not facts.approved_on <= facts.paid_on <= facts.on:
        return (
            f"支付日期要在审核通过日 {facts.approved_on} 到今天 {facts.on} 之间，"
            f"您填的是 {facts.paid_on}"
        )
    return None


def _retention_due(facts: PaymentFacts, contract: ContractFacts) -> bool:
    day = contract.retention_due_on
    return day is not None and (facts.paid_on or facts.on) >= day
