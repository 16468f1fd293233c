"""Writes on the treasury's list: upload after a clean check, a decision for each line, booking at once."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from portal.accounts.models import Organization
from portal.db import bulk_insert, db, lock
from portal.files.names import display_name
from portal.funds.models import Allocation, AllocationBatch, FundDocument, Placement
from portal.implementation.facts import needs_contract
from portal.intake.signatures import refuse_size
from portal.library.models import Project
from portal.payments.models import Payment, PaymentPart, TreasuryLine, TreasuryList
from portal.payments.operations import next_code, record_paid, record_step
from portal.payments.posting import post
from portal.payments.sheets import TABLE
from portal.payments.vouchers import free_voucher, tidy_voucher
from portal.rules.access import Actor
from portal.rules.broken import RuleBroken
from portal.rules.money import wan_exact
from portal.rules.vocabulary import BatchStatus, PaymentKind, PaymentOrigin, PaymentStatus
from portal.rules.workflow import Move
from portal.spreadsheets.checking import CheckedSheet, check_file


@dataclass(frozen=True)
class Decision:
    """What one line means: a payment of the portal, a placement that paid unseen, or nothing (``words``)."""

    payment_id: int | None = None
    placement_id: int | None = None
    words: str = ""


def check_list(content: bytes, filename: str, *, county_id: int, on: date) -> CheckedSheet:
    """Judge every cell of a list, and every voucher against the lists that came before.

    Raises:
        FileRefused: the file cannot be read as such a table.
        RuleBroken: exactly this file was uploaded before.
    """
    refuse_size(content)
    _refuse_same_file(content, county_id)
    sheet = check_file(TABLE, content, filename)
    earlier, here = _listed_vouchers(county_id), dict[str, int]()
    for row in sheet.rows:
        if (day := row.values["paid_on"]) and day > on:
            sheet.add_error(row.number, "paid_on", f"还没有到，今天是 {on}", day)
        if row.values["amount"] == 0:
            sheet.add_error(row.number, "amount", "金额要大于 0", "0")
        if not (number := tidy_voucher(row.values["voucher_number"] or "")):
            continue
        if number in earlier:
            sheet.add_error(row.number, "voucher_number", f"已在{earlier[number]}里", number)
        first = here.setdefault(number, row.number)
        if first != row.number:
            sheet.add_error(row.number, "voucher_number", f"与第 {first} 行重复", number)
    sheet.errors.sort(key=lambda error: (error.row, error.letter))
    return sheet


def store_list(
    sheet: CheckedSheet, content: bytes, filename: str, *, actor: Actor, on: date
) -> TreasuryList:
    """Keep a list that was checked without a fault; the ledger is not touched.

    Raises:
        RuleBroken: the list has faults, or was uploaded meanwhile.
    """
    lock(Organization, [actor.county_id])
    _refuse_same_file(content, actor.county_id)
    if sheet.errors:
        raise RuleBroken(f"文件里有 {len(sheet.errors)} 处错误，没有保存。请改正后重新上传。")
    uploaded = TreasuryList(
        county_id=actor.county_id,
        filename=display_name(filename),
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_by_id=actor.user_id,
        uploaded_on=on,
    )
    db.session.add(uploaded)
    db.session.flush()
    keys = ("summary", "document_number", "project_name")
    rows = [
        {
            "county_id": actor.county_id,
            "list_id": uploaded.id,
            "number": row.number,
            "paid_on": row.values["paid_on"],
            "voucher_number": tidy_voucher(row.values["voucher_number"]),
            "payee": row.values["payee"],
            "amount": row.values["amount"],
            **{key: row.values.get(key) or "" for key in keys},
        }
        for row in sheet.rows
    ]
    source = f"sha256:{uploaded.sha256}"
    bulk_insert(TreasuryLine, rows, source=source, county_id=actor.county_id)
    return uploaded


def decide(uploaded: TreasuryList, decisions: Mapping[int, Decision]) -> None:
    """Keep what somebody decided for lines, by the id of the line; lines that are not named stay.

    Raises:
        RuleBroken: the list is booked already, or a decision does not fit its line.
    """
    _lock_open(uploaded)
    for line in uploaded.lines:
        if decision := decisions.get(line.id):
            _check_decision(line, decision)
            line.payment_id, line.placement_id = decision.payment_id, decision.placement_id
            line.passed_over = decision.words
    db.session.flush()
    _refuse_twice(uploaded.lines)


def book(uploaded: TreasuryList, *, actor: Actor, on: date) -> None:
    """Book every line of a list at once: all of them, or none.

    Raises:
        RuleBroken: naming the line that is undecided or cannot be booked, and why.
    """
    lock(Organization, [uploaded.county_id])
    _lock_open(uploaded)
    open_lines = [line.number for line in uploaded.lines if not is_decided(line)]
    if open_lines:
        numbers = "、".join(map(str, open_lines[:10]))
        raise RuleBroken(f"还有 {len(open_lines)} 行没有核对：第 {numbers} 行。请先选好，再入账。")
    _lock_money(uploaded.lines)
    for line in uploaded.lines:
        try:
            _book_line(line, actor, on)
        except RuleBroken as broken:
            raise RuleBroken(f"没有入账，第 {line.number} 行：{broken.message}") from broken
    uploaded.booked_on = on
    db.session.flush()


def _refuse_same_file(content: bytes, county_id: int) -> None:
    earlier = db.session.scalar(
        sa.select(TreasuryList).filter_by(
            county_id=county_id, sha256=hashlib.sha256(content).hexdigest()
        )
    )
    if earlier:
        raise RuleBroken(
            f"这份文件已于 {earlier.uploaded_on} 上传过（{earlier.filename}）。请打开那一份接着核对。",
            field="file",
        )


def _listed_vouchers(county_id: int) -> dict[str, str]:
    """Vouchers of earlier lists, each with the words that name its list; those passed over are free."""
    statement = (
        sa.select(TreasuryLine.voucher_number, TreasuryList.filename, TreasuryList.uploaded_on)
        .join(TreasuryLine.list)
        .where(TreasuryLine.county_id == county_id, TreasuryLine.passed_over == "")
    )
    return {
        number: f"{on} 上传的“{name}”"
        for number, name, on in db.session.execute(statement).tuples()
    }


def _lock_open(uploaded: TreasuryList) -> None:
    lock(TreasuryList, [uploaded.id])
    if uploaded.booked_on:
        raise RuleBroken(f"这份清单已于 {uploaded.booked_on} 入账，不能再改。")


def is_decided(line: TreasuryLine) -> bool:
    """Whether somebody said what the line means."""
    return bool(line.payment_id or line.placement_id or line.passed_over)


def _check_decision(line: TreasuryLine, decision: Decision) -> None:
    if sum(map(bool, (decision.payment_id, decision.placement_id, decision.words))) != 1:
        raise RuleBroken(f"第 {line.number} 行：请选择一项；不入账的要写理由。")
    payment = db.session.get(Payment, decision.payment_id) if decision.payment_id else None
    if decision.payment_id and not (payment and _fits(line, payment)):
        raise RuleBroken(
            f"第 {line.number} 行：只能对应金额相同、待支付的申请，或凭证号相同的已支付款项。"
        )
    placement = db.session.get(Placement, decision.placement_id) if decision.placement_id else None
    if decision.placement_id and not (placement and placement.county_id == line.county_id):
        raise RuleBroken(f"第 {line.number} 行：没有这笔到项目资金，请重新选择。")


def _fits(line: TreasuryLine, payment: Payment) -> bool:
    if payment.county_id != line.county_id or payment.amount != line.amount:
        return False
    return payment.status is PaymentStatus.APPROVED or _is_booked(line, payment)


def _is_booked(line: TreasuryLine, payment: Payment) -> bool:
    paid = payment.status is PaymentStatus.PAID
    return paid and payment.voucher_number == line.voucher_number


def _refuse_twice(lines: Sequence[TreasuryLine]) -> None:
    taken: dict[int, int] = {}
    for line in lines:
        first = taken.setdefault(line.payment_id, line.number) if line.payment_id else line.number
        if first != line.number:
            raise RuleBroken(f"第 {first} 行和第 {line.number} 行选了同一笔支付，请改一行。")


def _lock_money(lines: Sequence[TreasuryLine]) -> None:
    """Lock documents, projects and placements of all lines, in the order of every writer of money."""
    placements = {line.placement_id for line in lines if line.placement_id}
    placements |= {
        part.placement_id for line in lines if line.payment for part in line.payment.parts
    }
    rows = db.session.execute(
        sa.select(Placement.document_id, Placement.project_id).where(Placement.id.in_(placements))
    ).tuples()
    pairs = list(rows)
    lock(FundDocument, sorted({document_id for document_id, _project in pairs}))
    lock(Project, sorted({project_id for _document, project_id in pairs}))
    lock(Placement, sorted(placements))


def _book_line(line: TreasuryLine, actor: Actor, on: date) -> None:
    if line.passed_over or (line.payment and _is_booked(line, line.payment)):
        return
    if line.payment:
        if line.payment.amount != line.amount:
            raise RuleBroken("申请的金额已经改动，请重新核对")
        record_paid(
            line.payment,
            paid_on=line.paid_on,
            voucher_number=line.voucher_number,
            actor=actor,
            on=on,
        )
    elif line.placement:
        line.payment = _book_unseen(line, line.placement, actor, on)


def _book_unseen(line: TreasuryLine, placement: Placement, actor: Actor, on: date) -> Payment:
    """补登: money that left without a request; it is booked all the same, and marked as not checked."""
    _refuse_before_approval(line, placement)
    project = placement.project
    contracted = needs_contract(project.project_type)
    payment = Payment(
        county_id=project.county_id,
        organization_id=project.organization_id,
        township_id=project.township_id,
        department_id=project.department_id,
        code=next_code(project),
        project=project,
        kind=PaymentKind.PROGRESS if contracted else PaymentKind.SUBSIDY,
        origin=PaymentOrigin.TREASURY,
        status=PaymentStatus.PAID,
        payee=line.payee,
        purpose=line.summary,
        voucher_number=free_voucher(line.county_id, line.voucher_number),
        requested_by_id=actor.user_id,
        requested_on=on,
        paid_on=line.paid_on,
        recorded_by_id=actor.user_id,
        parts=[
            PaymentPart(county_id=line.county_id, placement_id=placement.id, amount=line.amount)
        ],
    )
    db.session.add(payment)
    db.session.flush()
    post(payment, paid_on=line.paid_on, actor=actor, on=on, reserved=False)
    record_step(payment, Move.PAY, actor, on, PaymentOrigin.TREASURY.label)
    return payment


def _refuse_before_approval(line: TreasuryLine, placement: Placement) -> None:
    first = db.session.scalar(
        sa.select(sa.func.min(AllocationBatch.approved_on))
        .join(AllocationBatch.allocations)
        .where(
            Allocation.document_id == placement.document_id,
            Allocation.project_id == placement.project_id,
            ~Allocation.void,
            AllocationBatch.status == BatchStatus.APPROVED,
        )
    )
    if first and line.paid_on < first:
        raise RuleBroken(
            f"支付日期 {line.paid_on} 早于资金批复日期 {first}，"
            f"不能从“{placement.document.short_name}”支付 {wan_exact(line.amount)} 万元。请核对来源"
        )
