"""Writes on payments: asking, the steps through the gates, the payment itself, and its reversal."""

from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa

from portal.accounts.models import Organization
from portal.accounts.scopes import may
from portal.db import db, lock
from portal.files.models import StoredFile
from portal.funds.models import Placement
from portal.implementation.models import Contract
from portal.library.models import Project
from portal.payments.facts import last_news, payment_facts
from portal.payments.gates import gate_after, gate_problem
from portal.payments.models import Payment, PaymentCheck, PaymentPart
from portal.payments.news import tell_requester
from portal.payments.posting import post, release, reserve
from portal.payments.vouchers import free_voucher
from portal.rules.access import Action, Actor, roles_with
from portal.rules.broken import RuleBroken
from portal.rules.payment_flow import FLOW
from portal.rules.payment_limits import PaymentFacts
from portal.rules.vocabulary import PaymentKind, PaymentOrigin, PaymentStatus
from portal.rules.workflow import Move, Step, check_step, find_step


def request_payment(
    project: Project,
    *,
    kind: PaymentKind,
    parts: Mapping[int, int],
    payee: str,
    actor: Actor,
    on: date,
    contract: Contract | None = None,
    purpose: str = "",
    without_contract: str = "",
    invoice: StoredFile | None = None,
    acceptance: StoredFile | None = None,
) -> Payment:
    """Draft a payment; ``parts`` are fen by the id of the fund document they come from.

    Nothing is kept aside before the draft is submitted.

    Raises:
        RuleBroken: a document has no money for the project, or the contract is another project's.
    """
    lock(Project, [project.id])
    payment = Payment(
        county_id=project.county_id,
        organization_id=project.organization_id,
        township_id=project.township_id,
        department_id=project.department_id,
        code=next_code(project),
        project=project,
        origin=PaymentOrigin.REQUEST,
        status=PaymentStatus.DRAFT,
        requested_on=on,
    )
    _write(payment, kind, parts, payee, contract, purpose, without_contract, actor)
    payment.invoice, payment.acceptance = invoice, acceptance
    db.session.add(payment)
    db.session.flush()
    return payment


def edit_payment(
    payment: Payment,
    *,
    kind: PaymentKind,
    parts: Mapping[int, int],
    payee: str,
    actor: Actor,
    contract: Contract | None = None,
    purpose: str = "",
    without_contract: str = "",
    invoice: StoredFile | None = None,
    acceptance: StoredFile | None = None,
) -> None:
    """Write a draft anew; whoever does so answers for it. Files that are not given stay.

    Raises:
        RuleBroken: as in :func:`request_payment`, or the payment is no draft any more.
    """
    _lock(payment)
    if payment.status is not PaymentStatus.DRAFT:
        raise RuleBroken(
            f"这笔支付现在是“{payment.status.label}”，不能修改。{last_news(payment)}"
            "要改，请先撤回或请审核人退回。"
        )
    _write(payment, kind, parts, payee, contract, purpose, without_contract, actor)
    payment.invoice = invoice or payment.invoice
    payment.acceptance = acceptance or payment.acceptance
    db.session.flush()


def take_step(
    payment: Payment,
    move: Move,
    *,
    actor: Actor,
    on: date,
    words: str = "",
    seen: int | None = None,
) -> PaymentCheck:
    """Take one step of :data:`portal.rules.payment_flow.FLOW`, or refuse it in plain words.

    ``seen`` is the version that the person decided on. The payment itself is :func:`record_paid`.

    Raises:
        RuleBroken: somebody was faster, a limit is broken, or another person has to decide.
    """
    _lock(payment)
    _refuse_overtaken(payment, seen)
    step = _permitted(payment, move, payment_facts(payment, on), actor, words)
    gate, before = payment.gate, payment.status
    if move is Move.SUBMIT:
        reserve(payment)
        payment.requested_on = on
    elif before in {PaymentStatus.CHECKING, PaymentStatus.APPROVED} and move is not Move.PASS:
        release(payment)
    following = gate_after(payment) if move in {Move.SUBMIT, Move.PASS} else None
    payment.gate = following.code if following else ""
    payment.status = PaymentStatus(step.target.value)
    payment.approved_on = on if payment.status is PaymentStatus.APPROVED else None
    return record_step(payment, move, actor, on, words, gate)


def record_paid(
    payment: Payment, *, paid_on: date, voucher_number: str, actor: Actor, on: date
) -> PaymentCheck:
    """Record that the treasury paid an approved payment: its parts become postings.

    Raises:
        RuleBroken: it is not approved, the day or the voucher cannot be right, or a limit is broken.
    """
    lock(Organization, [payment.county_id])
    _lock(payment)
    _permitted(payment, Move.PAY, payment_facts(payment, on, paid_on), actor)
    payment.voucher_number = free_voucher(payment.county_id, voucher_number)
    payment.status, payment.paid_on = PaymentStatus.PAID, paid_on
    payment.recorded_by_id = actor.user_id
    post(payment, paid_on=paid_on, actor=actor, on=on, reserved=True)
    return record_step(payment, Move.PAY, actor, on)


def reverse(payment: Payment, *, reason: str, paid_on: date, actor: Actor, on: date) -> Payment:
    """Take a whole payment back by a counter-entry: what was paid is never edited.

    Raises:
        RuleBroken: it is not paid or reversed already, the same person recorded it, the reason is
            missing, or the day cannot be right.
    """
    _lock(payment)
    _check_reversal(payment, reason, paid_on, actor, on)
    entry = Payment(
        **_same(payment, "county_id", "organization_id", "township_id", "department_id", "payee"),
        **_same(payment, "project", "contract", "kind", "purpose", "without_contract"),
        code=next_code(payment.project),
        origin=PaymentOrigin.REVERSAL,
        status=PaymentStatus.PAID,
        reverses=payment,
        reason=reason.strip(),
        requested_by_id=actor.user_id,
        requested_on=on,
        paid_on=paid_on,
        recorded_by_id=actor.user_id,
        parts=[
            PaymentPart(
                county_id=part.county_id, placement_id=part.placement_id, amount=-part.amount
            )
            for part in payment.parts
        ],
    )
    db.session.add(entry)
    db.session.flush()
    post(entry, paid_on=paid_on, actor=actor, on=on, reserved=False)
    record_step(entry, Move.PAY, actor, on, reason)
    return entry


def next_code(project: Project) -> str:
    """``<project>-p03``: a lasting name, counted under the lock of the project."""
    count = sa.select(sa.func.count()).where(Payment.project_id == project.id)
    return f"{project.code}-p{(db.session.scalar(count) or 0) + 1:02d}"


def _write(
    payment: Payment,
    kind: PaymentKind,
    parts: Mapping[int, int],
    payee: str,
    contract: Contract | None,
    purpose: str,
    without_contract: str,
    actor: Actor,
) -> None:
    if contract and (contract.project_id != payment.project.id or contract.void):
        raise RuleBroken("这份合同不是该项目的有效合同，请重新选择", field="contract")
    payment.kind, payment.payee, payment.contract = kind, payee, contract
    payment.purpose, payment.without_contract = purpose, "" if contract else without_contract
    payment.requested_by_id = actor.user_id
    _write_parts(payment, parts)


def _write_parts(payment: Payment, parts: Mapping[int, int]) -> None:
    """Bring the parts to the given amounts, a row per document; rows that lose their money go."""
    wanted = {document_id: amount for document_id, amount in parts.items() if amount}
    placements = db.session.scalars(
        sa.select(Placement)
        .where(Placement.project_id == payment.project.id, Placement.document_id.in_(wanted))
        .order_by(Placement.id)
    ).all()
    if len(placements) < len(wanted) or min(wanted.values(), default=0) < 0:
        raise RuleBroken("只能从已批复安排给该项目的资金文件申请，金额不能为负。", field="parts")
    kept = {part.placement_id: part for part in payment.parts}
    payment.parts = [
        kept.get(placement.id)
        or PaymentPart(county_id=payment.county_id, placement=placement, amount=0)
        for placement in placements
    ]
    for part, placement in zip(payment.parts, placements, strict=True):
        part.amount = wanted[placement.document_id]


def _lock(payment: Payment) -> None:
    """Lock project, contract and payment in this order: one payment of a project moves at a time."""
    lock(Project, [payment.project_id])
    if payment.contract_id:
        lock(Contract, [payment.contract_id])
    lock(Payment, [payment.id])


def _permitted(
    payment: Payment, move: Move, facts: PaymentFacts, actor: Actor, words: str = ""
) -> Step[PaymentFacts]:
    """The step, if this person may take it now."""
    step = find_step(FLOW, move, payment.status, facts)
    if not may(actor, step.by, payment):
        holders = "、".join(role.label for role in roles_with(step.by))
        raise RuleBroken(f"“{move.label}”要由{holders}办理。")
    if step.by is Action.CHECK_PAYMENT and (problem := gate_problem(payment, move, actor)):
        raise RuleBroken(f"{problem}。")
    check_step(step, facts, actor_id=actor.user_id, earlier_actors=frozenset(), words=words)
    return step


def _refuse_overtaken(payment: Payment, seen: int | None) -> None:
    if seen not in {None, payment.version}:
        raise RuleBroken(
            f"这笔支付刚刚有变动，现在的状态是“{payment.status.label}”。{last_news(payment)}"
            "请看过最新内容再办理。"
        )


def _check_reversal(payment: Payment, reason: str, paid_on: date, actor: Actor, on: date) -> None:
    if not may(actor, Action.RECORD_PAYMENT, payment):
        raise RuleBroken("冲销要由财政支付中心办理。")
    if payment.status is not PaymentStatus.PAID or payment.origin is PaymentOrigin.REVERSAL:
        raise RuleBroken(f"这笔支付是“{payment.status.label}”，只有已支付的款项才能冲销。")
    earlier = db.session.scalar(sa.select(Payment).filter_by(reverses_id=payment.id))
    if earlier:
        raise RuleBroken(f"这笔支付已于 {earlier.paid_on} 冲销（{earlier.code}），不能再冲。")
    if actor.user_id == payment.recorded_by_id:
        raise RuleBroken("这笔支付是您登记的，冲销要由另一人办理。请交给支付中心的其他人员。")
    if not reason.strip():
        raise RuleBroken("请写明冲销的理由，例如退票、付错收款人。", field="reason")
    first = payment.paid_on
    if first is None or not first <= paid_on <= on:
        raise RuleBroken(
            f"冲销日期要在支付日期 {first} 到今天 {on} 之间，您填的是 {paid_on}。", field="paid_on"
        )


def _same(payment: Payment, *names: str) -> dict[str, object]:
    return {name: getattr(payment, name) for name in names}


def record_step(
    payment: Payment, move: Move, actor: Actor, on: date, words: str = "", gate: str = ""
) -> PaymentCheck:
    """Write down who took which step; the requester hears of what concerns them."""
    check = PaymentCheck.by(
        actor,
        on,
        words,
        county_id=payment.county_id,
        gate=gate,
        move=move,
        to_status=payment.status,
    )
    payment.checks.append(check)
    db.session.flush()
    tell_requester(payment, check)
    return check
