"""The timeline of a document: what happened to its money, when, by whom."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from portal.funds.models import AllocationBatch, FundDocument
from portal.funds.queries import DocumentLine, names_of
from portal.rules import money
from portal.rules.vocabulary import BatchStatus


@dataclass(frozen=True)
class Event:
    """One entry of the timeline; ``is_open`` marks what is still to come."""

    on: date
    words: str
    is_open: bool = False


def story(line: DocumentLine) -> list[Event]:
    """The events of a document, the earliest first; an open clock ends it with its last day."""
    events = [*_arrival(line.document), *_batches(line.document), *_end(line)]
    return sorted(events, key=lambda event: event.on)


def _arrival(document: FundDocument) -> Iterator[Event]:
    if document.issued_on:
        yield Event(document.issued_on, f"发文：{document.issuer or '发文单位未登记'}")
    if document.received_on:
        yield Event(document.received_on, "收文，从次日起计天数")
    who = names_of([document.registered_by_id]).get(document.registered_by_id, "系统")
    yield Event(document.registered_on, f"{who}登记")
    if document.reported_on:
        yield Event(document.reported_on, "报告领导小组")


def _batches(document: FundDocument) -> Iterator[Event]:
    amounts: dict[AllocationBatch, int] = {}
    for line in document.allocations:
        if not line.void:
            amounts[line.batch] = amounts.get(line.batch, 0) + line.amount
    for batch, amount in amounts.items():
        if batch.status is BatchStatus.APPROVED and batch.approved_on:
            by = batch.approved_by or "领导小组"
            verb = "批准调整，净增减" if batch.reason else "批复"
            words = f"{by}{verb} {money.wan_exact(amount)} 万元（{batch.approval_number}）"
            yield Event(batch.approved_on, words)


def _end(line: DocumentLine) -> Iterator[Event]:
    if line.allocated_on and line.clock:
        yield Event(line.allocated_on, f"全部落实到项目，用 {line.clock.used} 天")
    elif line.clock:
        rest = money.wan_exact(line.document.amount - line.approved_amount)
        yield Event(line.clock.due_on, f"到期日，尚有 {rest} 万元未落实", is_open=True)
