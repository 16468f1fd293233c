"""The demo's seven documents and the batches that placed their money, up to the standing day."""

from datetime import date
from pathlib import Path

import sqlalchemy as sa

from portal.db import db
from portal.demo.people import organization, rows, somebody
from portal.funds import allocating, operations
from portal.funds.models import AllocationBatch, FundDocument
from portal.funds.papers import Paper
from portal.library.models import Project
from portal.rules import money
from portal.rules.access import Actor
from portal.rules.vocabulary import FundingTier, FundTask, Role
from portal.rules.workflow import Move

FUND = "财政衔接推进乡村振兴补助资金"
NO_DATE = "来源没有文号和日期，不计时限，不参与评分"


def add_documents(folder: Path, today: date) -> None:
    """Register the seven documents; one whose receipt lies after today has no day of receipt yet."""
    for row in rows(folder / "fund_documents.csv"):
        received = date.fromisoformat(row["received_on"]) if row["received_on"] else None
        here = received if received and received <= today else None
        paper = Paper(
            title=row["title"],
            tier=next(tier for tier in FundingTier if tier.label == row["level"]),
            task=next((task for task in FundTask if task.label == row["task"]), None),
            year=2023,
            amount=money.parse_wan(row["amount_wan"]),
            number=row["number"] or None,
            issuer="哈尔滨市财政局" if row["number"] else "阿城区财政局",
            received_on=here,
            fund_name=FUND,
            direct=row["level"] == FundingTier.CENTRAL.label,
            remark=_remark(received, today),
        )
        document = operations.register_document(paper, actor=_finance(), on=here or today)
        if here:
            operations.record_report(document, reported_on=here, on=today)


def _remark(received: date | None, today: date) -> str:
    if received is None:
        return NO_DATE
    return "" if received <= today else f"示范：到 {today} 还没有收到"


def add_batches(folder: Path, today: date) -> None:
    """Approve what was approved by today; the next batch waits as a half-filled draft."""
    for row in rows(folder / "batches.csv"):
        numbers = row["documents"].split(";")
        documents = {n: _document(int(n)) for n in numbers}
        approved_on = date.fromisoformat(row["approved_on"])
        if approved_on <= today:
            _approve(row, _draft(row, folder, documents, limit=None), approved_on)
        elif all(d.received_on for d in documents.values()):
            _draft(row, folder, documents, limit=2)


def _draft(
    row: dict[str, str], folder: Path, documents: dict[str, FundDocument], limit: int | None
) -> AllocationBatch:
    batch = operations.draft_batch(row["title"], actor=_finance())
    batch.illustrative = row["illustrative"] or "各项目金额为示范拆分"
    lines = [r for r in rows(folder / "allocations.csv") if r["document"] in documents]
    for line in lines[:limit]:
        allocating.allocate(
            batch,
            documents[line["document"]],
            _project(line["project_seq"]),
            amount=money.parse_wan(line["amount_wan"]),
            actor=_finance(),
        )
    return batch


def _approve(row: dict[str, str], batch: AllocationBatch, approved_on: date) -> None:
    operations.edit_batch(
        batch,
        title=row["title"],
        approval_number=row["approval_number"],
        approved_on=approved_on,
        approved_by="阿城区人民政府",
        minutes_number=row["minutes_number"],
        on=approved_on,
    )
    approver = somebody(Role.APPROVER, organization("acheng-lingdao"))
    operations.take_step(batch, Move.SUBMIT, actor=_finance(), on=approved_on)
    operations.take_step(batch, Move.APPROVE, actor=approver, on=approved_on)


def add_opening_figures(folder: Path) -> None:
    """2022 enters as figures only: industry money and total."""
    for row in rows(folder / "industry_share.csv"):
        if row["fund_year"] == "2022":
            operations.record_opening_figure(
                2022,
                industry_amount=money.parse_wan(row["industry_wan"]),
                total_amount=money.parse_wan(row["total_wan"]),
                actor=_finance(),
            )


def _finance() -> Actor:
    return somebody(Role.FINANCE_AGRI, organization("acheng-caizheng"))


def _document(number: int) -> FundDocument:
    code = f"acheng-2023-f{number:02d}"
    return db.session.scalars(sa.select(FundDocument).where(FundDocument.code == code)).one()


def _project(seq: str) -> Project:
    code = f"acheng-2023-{int(seq):02d}"
    return db.session.scalars(sa.select(Project).where(Project.code == code)).one()
