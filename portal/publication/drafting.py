"""First drafts of notices on money, works and complaints; officers only read and correct (F8, F9).

What the data does not know stands as :data:`TO_FILL`, which must be gone before a draft is handed in.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from portal.complaints.models import Complaint
from portal.db import db
from portal.disclosure.drafting import (
    budgets,
    class_paragraphs,
    draft_covering,
    name_of,
    notice_text,
)
from portal.disclosure.models import DisclosureItem
from portal.disclosure.operations import NoticeText, draft_item
from portal.disclosure.queries import library_projects
from portal.funds.models import Allocation, AllocationBatch, FundDocument, Placement
from portal.implementation.facts import needs_contract
from portal.implementation.queries import on_hold, phases
from portal.library.models import Project
from portal.payments.models import Posting
from portal.rules.access import Actor
from portal.rules.broken import RuleBroken
from portal.rules.disclosure_flow import TO_FILL
from portal.rules.money import percent, wan_exact
from portal.rules.phases import DONE
from portal.rules.vocabulary import (
    BatchStatus,
    ComplaintStatus,
    DisclosureForm,
    DisclosureKind,
    Phase,
)

NAMED = 100
"""Projects that a text names one by one; a longer list says how many more there are."""


@dataclass(frozen=True)
class Office:
    """Who drafts, for which county, on which day."""

    county_id: int
    actor: Actor
    on: date


def draft_fund_receipt(documents: Sequence[FundDocument], office: Office) -> DisclosureItem:
    """Draft 资金来源和规模 of documents that came: from whom, how much, for what, since when."""
    if not documents:
        raise RuleBroken("请至少选择 1 份资金文件。", field="documents")
    total = wan_exact(sum(one.amount for one in documents))
    more = f"等{len(documents)}份文件" if len(documents) > 1 else ""
    body = [
        *map(_received, documents),
        f"合计 {total} 万元。",
        "怎样安排到项目，批复后另行公告。",
    ]
    return draft_item(
        text_of(f"{name_of(documents[0])}{more}资金来源和规模公告", body, office),
        kind=DisclosureKind.FUND_RECEIPT,
        year=max(one.year for one in documents),
        documents=documents,
        **vars(office),
    )


def draft_adjustment(batch: AllocationBatch, office: Office) -> DisclosureItem:
    """Draft 资金项目调整 of one approved adjustment, covering the projects and documents that it touches."""
    if not batch.reason or batch.status is not BatchStatus.APPROVED:
        raise RuleBroken("只能公开已批复的资金调整，请另选一批。", field="batch")
    body = [
        f"调整原因：{batch.reason}",
        *map(_moved, batch.lines),
        f"共{batch.in_words}。",
        f"批准：{_approval(batch)}。",
    ]
    documents = {line.document.id: line.document for line in batch.lines}
    projects = {line.project.id: line.project for line in batch.lines}
    return draft_item(
        text_of(f"{batch.title}公告", body, office),
        kind=DisclosureKind.ADJUSTMENT,
        year=max(one.year for one in documents.values()),
        documents=list(documents.values()),
        projects=list(projects.values()),
        **vars(office),
    )


def draft_completion(year: int, office: Office) -> DisclosureItem:
    """Draft 计划完成情况 of a year: works and payments against the plan, and why something is still open."""
    projects = library_projects(office.county_id, year, with_money=True)
    reached = phases([one.id for one in projects], office.on)
    placed, paid = _placed(projects), _paid(projects, office.on)
    still_open = [
        one
        for one in projects
        if not _is_done(one, reached[one.id], placed.get(one.id, 0), paid.get(one.id, 0))
    ]
    share = percent(sum(paid.values()), sum(placed.values()))
    arranged, spent = (wan_exact(sum(amounts.values())) for amounts in (placed, paid))
    plan = f"计划投入 {budgets(projects)} 万元，已安排 {arranged} 万元"
    done = f"完成 {len(projects) - len(still_open)} 个，已支付 {spent} 万元"
    body = [
        f"{year}年度项目计划共 {len(projects)} 个项目，{plan}。",
        *class_paragraphs(projects),
        f"截至{_day(office.on)}，{done}，占已安排 {share or 0:.2f}%。",
        *_open_paragraphs(still_open, reached, paid, office.on),
    ]
    return covering(
        f"{year}年度项目计划完成情况公告", body, DisclosureKind.COMPLETION, year, projects, office
    )


def draft_policy(title: str, number: str, words: str, office: Office) -> DisclosureItem:
    """Draft 政策制度: a paper with its number and text; the paper itself is attached to the draft."""
    body = [*([f"文号：{number.strip()}"] if number.strip() else []), words.strip() or TO_FILL]
    return _free(title, body, DisclosureKind.POLICY, office)


def draft_rectification(
    title: str, problem: str, remedy: str, done_on: date | None, office: Office
) -> DisclosureItem:
    """Draft 问题整改: what was found, what was done about it, and since when it is done."""
    done = f"{_day(done_on)}完成整改" if done_on else f"整改完成日期{TO_FILL}"
    body = [f"发现的问题：{problem.strip()}", f"整改措施：{remedy.strip()}", f"完成情况：{done}。"]
    return _free(title, body, DisclosureKind.RECTIFICATION, office)


def draft_complaints(from_on: date, to_on: date, office: Office) -> DisclosureItem:
    """Draft 监督举报办理 from the summaries of complaints closed from the first to the last of the days."""
    found = _closed(from_on, to_on, office.county_id)
    if not found:
        raise RuleBroken(
            f"{from_on} 至 {to_on} 没有写了公开摘要的办结件，请换一段时间。", field="from_on"
        )
    period = f"{_day(from_on)}至{_day(to_on)}"
    body = [
        f"{period}办结群众反映 {len(found)} 件，办理情况如下。",
        *(f"{number}. {one.summary.strip()}" for number, one in enumerate(found, start=1)),
    ]
    item = _free(f"{period}监督举报办理情况公告", body, DisclosureKind.COMPLAINTS, office)
    for one in found:
        one.item = item
    db.session.flush()
    return item


def text_of(title: str, body: Iterable[str], office: Office) -> NoticeText:
    """A notice of the office; the paragraphs of its body one below the other."""
    words = "\n".join(body)
    return notice_text(title, DisclosureForm.ANNOUNCEMENT, words, office.actor, office.on)


def _free(title: str, body: Iterable[str], kind: DisclosureKind, office: Office) -> DisclosureItem:
    text = text_of(title, body, office)
    return draft_item(text, kind=kind, year=office.on.year, **vars(office))


def covering(
    title: str,
    body: Iterable[str],
    kind: DisclosureKind,
    year: int,
    projects: list[Project],
    office: Office,
) -> DisclosureItem:
    """Draft a notice of the office that covers these projects."""
    return draft_covering(text_of(title, body, office), kind, year, projects, **vars(office))


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _received(document: FundDocument) -> str:
    number = f"（{document.number}）" if document.number else ""
    purpose = f"，用于{document.task.label}" if document.task else ""
    day = _day(document.received_on) if document.received_on else ""
    return (
        f"{day}收到《{document.title}》{number}："
        f"{document.tier.label}资金 {wan_exact(document.amount)} 万元{purpose}。"
    )


def _moved(line: Allocation) -> str:
    verb = "从“{}”收回" if line.amount < 0 else "安排到“{}”"
    amount = wan_exact(abs(line.amount))
    return f"{verb.format(line.project.name)} {amount} 万元（{line.document.short_name}）。"


def _approval(batch: AllocationBatch) -> str:
    day = _day(batch.approved_on) if batch.approved_on else TO_FILL
    return "，".join(filter(None, (day, batch.approval_number, batch.minutes_number)))


def _placed(projects: Sequence[Project]) -> dict[int, int]:
    """Project id -> fen that approved batches placed on it."""
    statement = (
        sa.select(Placement.project_id, sa.func.sum(Placement.allocated_amount))
        .where(Placement.project_id.in_([one.id for one in projects]))
        .group_by(Placement.project_id)
    )
    return {found: int(amount) for found, amount in db.session.execute(statement).tuples()}


def _paid(projects: Sequence[Project], day: date) -> dict[int, int]:
    """Project id -> fen that were paid for it up to the day."""
    statement = (
        sa.select(Posting.project_id, sa.func.sum(Posting.amount))
        .where(Posting.project_id.in_([one.id for one in projects]), Posting.paid_on <= day)
        .group_by(Posting.project_id)
    )
    return {found: int(amount) for found, amount in db.session.execute(statement).tuples()}


def _is_done(project: Project, reached: Phase, placed: int, paid: int) -> bool:
    """Works are done when they are finished, subsidies when all their money is paid."""
    return reached in DONE if needs_contract(project.project_type) else paid >= placed > 0


def _open_paragraphs(
    projects: Sequence[Project], reached: dict[int, Phase], paid: dict[int, int], on: date
) -> Iterable[str]:
    """Each project that is not done, with how far it is and why."""
    if not projects:
        yield "所有项目都已完成。"
        return
    yield f"还没有完成的 {len(projects)} 个："
    held = on_hold([one.id for one in projects], on)
    for one in projects[:NAMED]:
        reason = held[one.id].reason if one.id in held else TO_FILL
        works = f"{reached[one.id].label}，" if needs_contract(one.project_type) else ""
        so_far = f"{works}已支付 {wan_exact(paid.get(one.id, 0))} 万元"
        yield f"“{one.name}”：{so_far}，原因：{reason}"
    if len(projects) > NAMED:
        yield f"另有 {len(projects) - NAMED} 个，进展见项目页面。"


def _closed(from_on: date, to_on: date, county_id: int) -> list[Complaint]:
    statement = (
        sa.select(Complaint)
        .where(
            Complaint.county_id == county_id,
            Complaint.status == ComplaintStatus.CLOSED,
            Complaint.closed_on.between(from_on, to_on),
            Complaint.summary != "",
        )
        .order_by(Complaint.closed_on, Complaint.id)
    )
    return list(db.session.scalars(statement))
