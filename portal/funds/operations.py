"""Writes on fund documents and on the life of a batch; placing the money itself is ``allocating``."""

from dataclasses import asdict
from datetime import date

import sqlalchemy as sa

from portal.accounts.models import Organization
from portal.accounts.scopes import may
from portal.db import db, lock
from portal.files.models import StoredFile
from portal.funds.allocating import release
from portal.funds.closed import closed_in, refuse_closed_day
from portal.funds.counting import place
from portal.funds.facts import batch_facts, last_news, took_part
from portal.funds.models import AllocationBatch, BatchStep, FundDocument
from portal.funds.papers import Paper, check_paper, tidy_number
from portal.rules import money
from portal.rules.access import Actor, roles_with
from portal.rules.batch_flow import FLOW
from portal.rules.broken import RuleBroken
from portal.rules.vocabulary import BatchStatus
from portal.rules.workflow import Move, check_step, find_step


def register_document(
    paper: Paper, *, actor: Actor, on: date, scan: StoredFile | None = None
) -> FundDocument:
    """Register a fund document that arrived in the actor's county; its receipt starts the clock.

    Raises:
        RuleBroken: the number is registered already, or a figure or day cannot be right.
    """
    check_paper(paper, on)
    county = lock(Organization, [actor.county_id])[0]
    number = _free_number(paper.number, county.id)
    document = FundDocument(
        **asdict(paper) | {"number": number},
        county_id=county.id,
        code=_next_code(county, paper.year),
        advance_issue=paper.advance_issue,
        arranged_amount=0,
        scan=scan,
        registered_by_id=actor.user_id,
        registered_on=on,
    )
    db.session.add(document)
    db.session.flush()
    return document


def correct_document(
    document: FundDocument, paper: Paper, *, on: date, scan: StoredFile | None = None
) -> None:
    """Correct a mistake in a registered document; once money is arranged, its frame stays.

    Raises:
        RuleBroken: as in :func:`register_document`, or the correction contradicts what is arranged.
    """
    check_paper(paper, on)
    lock(FundDocument, [document.id])
    number = _free_number(paper.number, document.county_id, document)
    _check_arranged(document, paper)
    _check_closed(document, paper)
    _check_later_days(document, paper)
    for name, value in (asdict(paper) | {"number": number}).items():
        setattr(document, name, value)
    document.advance_issue = paper.advance_issue
    if scan:
        document.scan = scan
    db.session.flush()


def record_report(document: FundDocument, *, reported_on: date, on: date) -> None:
    """Record the day on which finance reported the money to the leading group (3 days, source S4)."""
    received_on = document.received_on
    if received_on is None:
        raise RuleBroken("这份文件没有收文日期，请先补登收文日期。")
    if not received_on <= reported_on <= on:
        raise RuleBroken(
            f"报告日期要在收文日期 {received_on} 到今天 {on} 之间，您填的是 {reported_on}。",
            field="reported_on",
        )
    document.reported_on = reported_on
    db.session.flush()


def draft_batch(title: str, *, actor: Actor, reason: str = "") -> AllocationBatch:
    """Begin a batch: a draft that collects allocations for one approval; with a reason an adjustment."""
    batch = AllocationBatch(
        county_id=actor.county_id, title=title, reason=reason, drafted_by_id=actor.user_id
    )
    db.session.add(batch)
    db.session.flush()
    return batch


def edit_batch(
    batch: AllocationBatch,
    *,
    title: str,
    approval_number: str,
    approved_on: date | None,
    approved_by: str,
    minutes_number: str,
    on: date,
    minutes: StoredFile | None = None,
    reason: str | None = None,
) -> None:
    """Fill in what the approval paper says; only while the batch is a draft.

    ``reason`` is the corrected ground of an adjustment; None leaves it.

    Raises:
        RuleBroken: the batch is past its draft, the day of approval has not come or lies in a closed
            year, or an adjustment would lose its reason.
    """
    lock(AllocationBatch, [batch.id])
    if batch.status is not BatchStatus.DRAFT:
        raise RuleBroken(
            f"批次现在是“{batch.status.label}”，不能修改。{last_news(batch)}请看过最新内容再办理。"
        )
    if approved_on and approved_on > on:
        raise RuleBroken(
            f"批复日期 {approved_on} 还没有到，今天是 {on}。批复以后再填。", field="approved_on"
        )
    if approved_on:
        refuse_closed_day(batch.county_id, approved_on, word="批复日期", field="approved_on")
    if reason is not None and bool(reason) is not bool(batch.reason):
        raise RuleBroken("调整要写明理由；不是调整的批次不写。请更正", field="reason")
    batch.reason = batch.reason if reason is None else reason
    batch.title = title
    batch.approval_number = approval_number
    batch.approved_on = approved_on
    batch.approved_by = approved_by
    batch.minutes_number = minutes_number
    if minutes:
        batch.minutes = minutes
    db.session.flush()


def take_step(
    batch: AllocationBatch,
    move: Move,
    *,
    actor: Actor,
    on: date,
    words: str = "",
    seen: int | None = None,
) -> BatchStep:
    """Take one step of the flow (:data:`portal.rules.batch_flow.FLOW`), or refuse it in plain words.

    ``seen`` is the version that the person decided on.

    Raises:
        RuleBroken: somebody was faster, something is missing, or one person would do two people's work.
    """
    lock(AllocationBatch, [batch.id])
    _refuse_overtaken(batch, seen)
    facts = batch_facts(batch)
    step = find_step(FLOW, move, batch.status, facts)
    if not may(actor, step.by, batch):
        holders = "、".join(role.label for role in roles_with(step.by))
        raise RuleBroken(f"“{move.label}”要由本县（区）的{holders}办理。")
    check_step(step, facts, actor_id=actor.user_id, earlier_actors=took_part(batch), words=words)
    batch.status = BatchStatus(step.target.value)
    if move is Move.APPROVE:
        batch.decided_by_id = actor.user_id
        place(batch)
    if move is Move.VOID:
        release(batch)
    return _record_step(batch, move, actor, on, words)


def _free_number(
    typed: str | None, county_id: int, itself: FundDocument | None = None
) -> str | None:
    """The number in its one form, refused where another document of the county bears it."""
    number = tidy_number(typed)
    other = number and db.session.scalar(
        sa.select(FundDocument).filter_by(county_id=county_id, number=number)
    )
    if other and other is not itself:
        raise RuleBroken(
            f"文号“{number}”已经登记过：{other.title}，{money.wan_exact(other.amount)} 万元，"
            f"{other.registered_on} 登记。请打开那份文件核对，不要重复登记。",
            field="number",
        )
    return number


def _next_code(county: Organization, year: int) -> str:
    """``acheng-2023-f08``: a lasting name for addresses, one higher than any before."""
    stem = f"{county.code}-{year}-f"
    taken = db.session.scalars(
        sa.select(FundDocument.code).where(
            FundDocument.county_id == county.id, FundDocument.code.startswith(stem, autoescape=True)
        )
    )
    last = max((int(code.removeprefix(stem)) for code in taken), default=0)
    return f"{stem}{last + 1:02d}"


def _check_arranged(document: FundDocument, paper: Paper) -> None:
    arranged = document.arranged_amount
    if paper.amount < arranged:
        raise RuleBroken(
            f"已安排 {money.wan_exact(arranged)} 万元，金额不能改成 {money.wan_exact(paper.amount)} 万元。"
            "要改小，请先在批次草稿里减少安排。",
            field="amount",
        )
    for field, word in (("tier", "级次"), ("year", "年度")):
        if arranged and getattr(paper, field) != getattr(document, field):
            raise RuleBroken(
                f"已安排 {money.wan_exact(arranged)} 万元，不能改{word}。"
                "要改，请先在批次草稿里去掉这些安排。",
                field=field,
            )


def _check_closed(document: FundDocument, paper: Paper) -> None:
    """What a closing was figured from stays as it is."""
    year = closed_in(document)
    if year is None:
        return
    frame = {"amount": "金额", "tier": "级次", "year": "年度", "received_on": "收文日期"}
    for field, word in frame.items():
        if getattr(paper, field) != getattr(document, field):
            raise RuleBroken(
                f"这份文件已列入 {year} 年度结账，不能改{word}。其他各项可以改", field=field
            )


def _check_later_days(document: FundDocument, paper: Paper) -> None:
    """The receipt comes before the report and before every approval that used the money."""
    approved = [
        line.batch.approved_on
        for line in document.allocations
        if not line.void and line.batch.approved_on
    ]
    first = min(
        [*approved, *([document.reported_on] if document.reported_on else [])], default=None
    )
    if first and paper.received_on is None:
        raise RuleBroken("已有报告或批复日期，收文日期不能清空。", field="received_on")
    if first and paper.received_on and paper.received_on > first:
        raise RuleBroken(
            f"收文日期 {paper.received_on} 晚于已登记的报告或批复日期 {first}。请核对收文日期。",
            field="received_on",
        )


def _refuse_overtaken(batch: AllocationBatch, seen: int | None) -> None:
    if seen not in {None, batch.version}:
        raise RuleBroken(
            f"批次刚刚有变动，现在的状态是“{batch.status.label}”。{last_news(batch)}"
            "请看过最新内容再办理。"
        )


def _record_step(
    batch: AllocationBatch, move: Move, actor: Actor, on: date, words: str
) -> BatchStep:
    step = BatchStep.by(
        actor, on, words, county_id=batch.county_id, move=move, to_status=batch.status
    )
    batch.steps.append(step)
    db.session.flush()
    return step
