"""Writes on disclosure: one drafts, another approves, and the snapshot that was approved stays as it was."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

import sqlalchemy as sa

from portal.accounts.scopes import may
from portal.db import bulk_insert, db
from portal.disclosure.attaching import copied
from portal.disclosure.checking import private_in
from portal.disclosure.models import DisclosedRecord, DisclosureItem, DisclosureStep
from portal.disclosure.snapshots import phones_of, snapshot
from portal.funds.models import FundDocument
from portal.library.models import Project
from portal.rules.access import Actor
from portal.rules.broken import RuleBroken
from portal.rules.disclosure_flow import FLOW, FREE_KINDS, TO_FILL, DisclosureFacts
from portal.rules.privacy import private_data
from portal.rules.vocabulary import DisclosureForm, DisclosureKind, DisclosureStatus
from portal.rules.workflow import Move, check_step, find_step
from public_site.names import checked_code

MISSING_WORDS = (("title", "标题"), ("body", "正文"), ("unit", "发布单位"), ("phones", "联系电话"))


@dataclass(frozen=True)
class NoticeText:
    """What a person writes for a notice; ``phones``: a duty telephone a line, name and number."""

    title: str
    form: DisclosureForm
    body: str = ""
    unit: str = ""
    phones: str = ""
    address: str = ""
    from_on: date | None = None
    to_on: date | None = None


def draft_item(
    text: NoticeText,
    *,
    county_id: int,
    kind: DisclosureKind,
    year: int,
    actor: Actor,
    on: date,
    documents: Sequence[FundDocument] = (),
    projects: Sequence[Project] = (),
) -> DisclosureItem:
    """Begin an item; its code, made from the day, will be its lasting address."""
    _check_text(text)
    item = DisclosureItem(
        county_id=county_id,
        code=_next_code(county_id, on),
        kind=kind,
        year=year,
        drafted_by_id=actor.user_id,
        drafted_on=on,
        documents=list(documents),
        projects=list(projects),
        **asdict(text),
    )
    db.session.add(item)
    db.session.flush()
    return item


def save(
    item: DisclosureItem,
    text: NoticeText,
    *,
    actor: Actor,
    documents: Sequence[FundDocument],
    projects: Sequence[Project],
) -> None:
    """Change a draft; :class:`RuleBroken` once it has been handed in."""
    if item.status is not DisclosureStatus.DRAFT:
        raise RuleBroken(f"现在的状态是“{item.status.label}”，不能修改。要改，请批准人先退回。")
    _check_text(text)
    for field, value in asdict(text).items():
        setattr(item, field, value)
    item.documents = list(documents)
    item.projects = list(projects)
    item.edited_by_id = actor.user_id
    db.session.flush()


def take_step(item: DisclosureItem, move: Move, *, actor: Actor, on: date, words: str = "") -> None:
    """Take one step of the flow; approving stores the snapshot, which the public sees from then on.

    Raises:
        RuleBroken: the flow, the person or the content does not allow it; the message says why.
    """
    facts = facts_of(item)
    step = find_step(FLOW, move, item.status, facts)
    if not may(actor, step.by, item):
        raise RuleBroken(f"您的岗位不能办理“{move.label}”，需要“{step.by.label}”的权限。")
    check_step(
        step, facts, actor_id=actor.user_id, earlier_actors=_earlier_actors(item), words=words
    )
    _check_public_words(words, "words")
    if move is Move.APPROVE:
        _publish(item, actor, on)
    elif move is Move.WITHDRAW:
        item.closed_on, item.closing_reason = on, words.strip()
    assert isinstance(step.target, DisclosureStatus)
    item.status = step.target
    _tell(item, move, actor, words, on)
    db.session.flush()


def correct(item: DisclosureItem, *, reason: str, actor: Actor, on: date) -> DisclosureItem:
    """Begin the next edition of a published item; it replaces the item when it is approved.

    ``reason`` says what was wrong and is published with the corrected text.
    """
    if not item.standing:
        raise RuleBroken(f"只有“已公开”的内容可以更正，现在是“{item.status.label}”。")
    if not reason.strip():
        raise RuleBroken("请写明更正了什么、为什么更正，群众会看到。", field="reason")
    _check_public_words(reason, "reason")
    if _has_open_correction(item):
        raise RuleBroken("这条内容已有更正稿在办理，请在更正稿上继续修改。")
    successor = DisclosureItem(
        county_id=item.county_id,
        code=item.code,
        edition=item.edition + 1,
        kind=item.kind,
        year=item.year,
        correction=reason.strip(),
        supersedes=item,
        drafted_by_id=actor.user_id,
        drafted_on=on,
        documents=list(item.documents),
        projects=list(item.projects),
        attachments=[copied(one) for one in item.attachments],
        **{field: getattr(item, field) for field in NoticeText.__dataclass_fields__},
    )
    db.session.add(successor)
    db.session.flush()
    return successor


def facts_of(item: DisclosureItem) -> DisclosureFacts:
    """What the flow has to know about the item, taken from the data as it is now."""
    return DisclosureFacts(
        missing_fields=_missing(item),
        period=(item.from_on, item.to_on) if item.from_on and item.to_on else None,
        record_count=len(item.documents) + len(item.projects),
        # The county's own assessment names no project.
        needs_records=item.kind not in {*FREE_KINDS, DisclosureKind.PERFORMANCE},
        private_data=tuple(one.words for one in private_in(item)),
    )


def _missing(item: DisclosureItem) -> tuple[str, ...]:
    words = [word for field, word in MISSING_WORDS if not getattr(item, field).strip()]
    if item.form is DisclosureForm.PUBLIC_NOTICE and not (item.from_on and item.to_on):
        words.append("公示起止日期")
    if TO_FILL in item.body:
        words.append(f"正文里写着“{TO_FILL}”的地方")
    return tuple(words)


def _publish(item: DisclosureItem, actor: Actor, on: date) -> None:
    started = item.from_on is not None and item.from_on < on
    if item.form is DisclosureForm.PUBLIC_NOTICE and started and not item.supersedes:
        raise RuleBroken(
            f"公示期从 {item.from_on} 开始，今天是 {on}，群众会少看到"
            f" {(on - (item.from_on or on)).days} 天。请退回修改起止日期。"
        )
    item.published_on, item.decided_by_id = on, actor.user_id
    if item.supersedes:
        _supersede(item.supersedes, item.correction, on)
    rows = [
        {
            "county_id": item.county_id,
            "item_id": item.id,
            "folder": one.folder,
            "code": _public_code(one.code),
            "subject_id": one.subject_id,
            "content": one.json,
        }
        for one in snapshot(item)
    ]
    source = f"{item.code} 第 {item.edition} 版"
    bulk_insert(DisclosedRecord, rows, source=source, county_id=item.county_id)


def _supersede(earlier: DisclosureItem, reason: str, on: date) -> None:
    if not earlier.standing:
        raise RuleBroken(f"原来的内容现在是“{earlier.status.label}”，不能再更正。请另行起草。")
    earlier.status = DisclosureStatus.SUPERSEDED
    earlier.closed_on, earlier.closing_reason = on, reason


def _public_code(code: str) -> str:
    try:
        return checked_code(code)
    except ValueError as error:
        raise RuleBroken(f"{error}。请先在项目库或资金文件里改正编码。") from None


def _tell(item: DisclosureItem, move: Move, actor: Actor, words: str, on: date) -> None:
    item.steps.append(
        DisclosureStep.by(
            actor, on, words, county_id=item.county_id, move=move, to_status=item.status
        )
    )


def _earlier_actors(item: DisclosureItem) -> frozenset[int]:
    submitters = {step.actor_id for step in item.steps if step.move is Move.SUBMIT}
    return frozenset({item.drafted_by_id, item.edited_by_id or 0} | submitters)


def _check_text(text: NoticeText) -> None:
    try:
        phones_of(text.phones)
    except ValueError as error:
        raise RuleBroken(str(error), field="phones") from None
    if text.from_on and text.to_on and text.to_on < text.from_on:
        raise RuleBroken(
            f"公示截止日期 {text.to_on} 早于开始日期 {text.from_on}，请更正。",
            field="to_on",
        )


def _check_public_words(words: str, field: str) -> None:
    """Reasons are published too."""
    if found := private_data(words):
        raise RuleBroken(f"理由里有{found[0].masked}，请删去后再提交。", field=field)


def _has_open_correction(item: DisclosureItem) -> bool:
    statement = sa.select(DisclosureItem.id).where(
        DisclosureItem.supersedes_id == item.id,
        DisclosureItem.status.in_((DisclosureStatus.DRAFT, DisclosureStatus.SUBMITTED)),
    )
    return db.session.scalar(statement.limit(1)) is not None


def _next_code(county_id: int, on: date) -> str:
    """``20230320-1``: the day and a number; two people at once meet at the unique key."""
    start = f"{on:%Y%m%d}-"
    taken = db.session.scalar(
        sa.select(sa.func.count()).where(
            DisclosureItem.county_id == county_id,
            DisclosureItem.code.startswith(start),
            DisclosureItem.edition == 1,
        )
    )
    return f"{start}{(taken or 0) + 1}"
