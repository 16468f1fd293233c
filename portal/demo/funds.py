"""The demo's fund documents and the batches that placed their money, up to the standing day."""

from datetime import date

from portal.demo.county import Demo, organization
from portal.funds import allocating, operations
from portal.funds.models import AllocationBatch, FundDocument
from portal.funds.papers import Paper
from portal.rules import money
from portal.rules.vocabulary import FundingTier, FundTask
from portal.rules.workflow import Move

NO_DATE = "来源没有文号和日期，不计时限，不参与评分"


def add_documents(demo: Demo, today: date) -> None:
    """Register the documents; one whose receipt lies after today has no day of receipt yet.

    One that never had such a day was there at the latest when it was placed.
    """
    placed_on = {
        number: date.fromisoformat(row["approved_on"])
        for row in demo.rows("batches")
        for number in row["documents"].split(";")
    }
    for number, row in enumerate(demo.rows("fund_documents"), start=1):
        received = date.fromisoformat(row["received_on"]) if row["received_on"] else None
        here = received if received and received <= today else None
        paper = Paper(
            title=row["title"],
            tier=next(tier for tier in FundingTier if tier.label == row["level"]),
            task=next((task for task in FundTask if task.label == row["task"]), None),
            year=demo.year,
            amount=money.parse_wan(row["amount_wan"]),
            number=row["number"] or None,
            issuer=demo.issuer if row["number"] else organization(demo.finance).name,
            received_on=here,
            fund_name=demo.fund_name,
            direct=row["level"] == FundingTier.CENTRAL.label,
            remark=_remark(received, today),
        )
        document = operations.register_document(
            paper, actor=demo.finance_officer, on=here or min(today, placed_on[str(number)])
        )
        if here:
            operations.record_report(document, reported_on=here, on=today)


def _remark(received: date | None, today: date) -> str:
    if received is None:
        return NO_DATE
    return "" if received <= today else f"示范：到 {today} 还没有收到"


def add_batches(demo: Demo, today: date) -> None:
    """Approve what was approved by today; the next batch waits as a half-filled draft."""
    for row in demo.rows("batches"):
        documents = {number: demo.document(number) for number in row["documents"].split(";")}
        approved_on = date.fromisoformat(row["approved_on"])
        if approved_on <= today:
            _approve(demo, row, _draft(demo, row, documents, limit=None), approved_on)
        elif all(document.received_on for document in documents.values()):
            _draft(demo, row, documents, limit=2)


def _draft(
    demo: Demo, row: dict[str, str], documents: dict[str, FundDocument], limit: int | None
) -> AllocationBatch:
    finance = demo.finance_officer
    batch = operations.draft_batch(row["title"], actor=finance)
    batch.illustrative = row["illustrative"] or "各项目金额为示范拆分"
    lines = [line for line in demo.rows("allocations") if line["document"] in documents]
    for line in lines[:limit]:
        allocating.allocate(
            batch,
            documents[line["document"]],
            demo.project(line["project_seq"]),
            amount=money.parse_wan(line["amount_wan"]),
            actor=finance,
        )
    return batch


def _approve(demo: Demo, row: dict[str, str], batch: AllocationBatch, approved_on: date) -> None:
    operations.edit_batch(
        batch,
        title=row["title"],
        approval_number=row["approval_number"],
        approved_on=approved_on,
        approved_by=demo.government,
        minutes_number=row["minutes_number"],
        on=approved_on,
    )
    operations.take_step(batch, Move.SUBMIT, actor=demo.finance_officer, on=approved_on)
    operations.take_step(batch, Move.APPROVE, actor=demo.approver, on=approved_on)
