"""The demo's payments: each asked for, passed by every gate and paid on its own days, and two under way."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from itertools import groupby, islice
from operator import attrgetter
from typing import NamedTuple

from portal.demo.county import Demo
from portal.demo.replay import Event
from portal.demo.works import signed_contract
from portal.library.queries import book
from portal.payments import operations
from portal.payments.gates import assign_keepers, gate_named
from portal.payments.models import Payment
from portal.rules import money
from portal.rules.vocabulary import PaymentKind
from portal.rules.workflow import Move

ILLUSTRATIVE = "支付的日期、金额和来源为示范拆分，各检查点的合计与公开资料一致"
A_DAY = timedelta(1)
LAST_KINDS = (PaymentKind.SETTLEMENT, PaymentKind.RETENTION)


class Part(NamedTuple):
    """A row of ``payments.csv``; the rows of one project, kind and day are one payment."""

    requested_on: date
    project: str
    kind: PaymentKind
    paid_on: date
    document: str
    amount: int


def seat_keepers(demo: Demo) -> None:
    """Put the people of ``gates.csv`` at their gates."""
    for row in demo.rows("gates"):
        keeper = demo.person(row["username"])
        assign_keepers(gate_named(row["gate"]), [keeper.user_id], actor=demo.person("admin"))


def payments(demo: Demo) -> Iterator[Event]:
    """The steps of every payment, two gates a day after the request."""
    for number, parts in enumerate(_payments(demo), start=1):
        under_way: list[Payment] = []
        first = parts[0]
        yield Event(first.requested_on, partial(_submit, demo, parts, under_way))
        for position, gate in enumerate(book().payment_gates.codes):
            on = min(first.requested_on + A_DAY * (1 + position // 2), first.paid_on)
            yield Event(on, partial(_pass, demo, gate, under_way))
        yield Event(first.paid_on, partial(_pay, demo, number, under_way))


def add_open_requests(demo: Demo, today: date) -> None:
    """Two payments that come next: one waits at the third gate, one went back to whoever asked for it."""
    able = (parts for parts in _payments(demo) if _may_be_asked(demo, parts[0], today))
    for returned, parts in enumerate(islice(able, 2)):
        payment = _request(demo, parts, today - A_DAY)
        first, second, *_rest = book().payment_gates.codes
        if returned:
            words = "请补上监理签字的进度单，再报（示范）"
            keeper = _keepers(demo)[first]
            operations.take_step(
                payment, Move.RETURN, actor=demo.person(keeper), on=today, words=words
            )
        else:
            _pass(demo, first, [payment], today - A_DAY)
            _pass(demo, second, [payment], today)


def _payments(demo: Demo) -> list[list[Part]]:
    """The payments in the order of their requests."""
    parts = sorted(
        Part(
            date.fromisoformat(row["requested_on"]),
            row["project"],
            PaymentKind(row["kind"]),
            date.fromisoformat(row["paid_on"]),
            row["document"],
            money.parse_wan(row["amount_wan"]),
        )
        for row in demo.rows("payments")
    )
    return [list(found) for _key, found in groupby(parts, key=attrgetter(*Part._fields[:4]))]


def _may_be_asked(demo: Demo, part: Part, today: date) -> bool:
    """Whether this is yet to come, and everything it needs is there."""
    if part.requested_on <= today or part.kind in LAST_KINDS:
        return False
    placed = {
        number
        for row in demo.rows("batches")
        if date.fromisoformat(row["approved_on"]) < today
        for number in row["documents"].split(";")
    }
    project = demo.project(part.project)
    needs = book().project_types[project.project_type].needs_contract
    return part.document in placed and (not needs or signed_contract(project) is not None)


def _submit(demo: Demo, parts: list[Part], under_way: list[Payment], on: date) -> None:
    under_way.append(_request(demo, parts, on))


def _request(demo: Demo, parts: list[Part], on: date) -> Payment:
    project = demo.project(parts[0].project)
    contract, officer = signed_contract(project), demo.local_officer(project)
    payment = operations.request_payment(
        project,
        kind=parts[0].kind,
        parts={demo.document(part.document).id: part.amount for part in parts},
        payee=contract.contractor if contract else f"{project.name}收款单位（示范）",
        actor=officer,
        on=on,
        contract=contract,
        purpose="" if contract else "按名单或协议支付（示范）",
        without_contract="" if contract else "按合作协议先行拨付，施工合同尚未签订（示范）",
    )
    payment.illustrative = ILLUSTRATIVE
    operations.take_step(payment, Move.SUBMIT, actor=officer, on=on)
    return payment


def _pass(demo: Demo, gate: str, under_way: list[Payment], on: date) -> None:
    keeper = demo.person(_keepers(demo)[gate])
    operations.take_step(under_way[0], Move.PASS, actor=keeper, on=on, words="同意")


def _pay(demo: Demo, number: int, under_way: list[Payment], on: date) -> None:
    operations.record_paid(
        under_way[0],
        paid_on=on,
        voucher_number=f"示范{on.year}-{number:04d}",
        actor=demo.person(_keepers(demo)["payment_center"]),
        on=on,
    )


def _keepers(demo: Demo) -> dict[str, str]:
    return {row["gate"]: row["username"] for row in demo.rows("gates")}
