"""The flow of a disclosure item: one drafts, another approves, the snapshot is what is published (P6)."""

from dataclasses import dataclass
from datetime import date, timedelta

from portal.rules.access import Action
from portal.rules.vocabulary import DisclosureKind
from portal.rules.vocabulary import DisclosureStatus as S
from portal.rules.workflow import Move, Step, Words

FREE_KINDS = frozenset(
    {
        DisclosureKind.POLICY,
        DisclosureKind.RECTIFICATION,
        DisclosureKind.COMPLAINTS,
        DisclosureKind.ANNOUNCEMENT,
    }
)
"""What may be told without naming a fund document or a project."""
NOTICE_DAYS = 10
"""Natural days that a 公示 stands, the first not counted (国开办发〔2018〕11号第四条)."""
TO_FILL = "（待填写）"
"""Stands in a draft where the data does not know; nothing is handed in that still has it."""


@dataclass(frozen=True)
class DisclosureFacts:
    """What the flow needs to know about one item; ``private_data`` names what must not leave.

    ``period``: first and last day of a 公示, None for what only announces.
    """

    missing_fields: tuple[str, ...]
    period: tuple[date, date] | None
    record_count: int
    needs_records: bool
    private_data: tuple[str, ...]


def complete(facts: DisclosureFacts) -> str | None:
    """Every notice says what, who is responsible, and where to call (F8, F9)."""
    if not facts.missing_fields:
        return None
    return f"还没有填：{'、'.join(facts.missing_fields)}"


def long_enough(facts: DisclosureFacts) -> str | None:
    """A 公示 leaves people time to object."""
    if facts.period is None:
        return None
    from_on, to_on = facts.period
    least = from_on + timedelta(days=NOTICE_DAYS)
    if to_on >= least:
        return None
    days = (to_on - from_on).days
    return f"公示期从 {from_on} 到 {to_on} 只有 {days} 天，不足 {NOTICE_DAYS} 天，请公示到 {least} 或更晚"


def has_records(facts: DisclosureFacts) -> str | None:
    """An allocation result or a library without a row tells the public nothing."""
    if facts.record_count or not facts.needs_records:
        return None
    return "还没有选择要公开的资金文件或项目"


def nothing_private(facts: DisclosureFacts) -> str | None:
    """No identity number, private phone or account leaves the office (个人信息保护法第二十五条)."""
    if not facts.private_data:
        return None
    return (
        f"内容里有不能公开的个人信息：{'、'.join(facts.private_data)}。请删去或遮盖后再提交；"
        "值班电话写在“联系电话”里；确实不是个人信息的，在本页申请放行"
    )


_READY = (complete, long_enough, has_records, nothing_private)

FLOW: tuple[Step[DisclosureFacts], ...] = (
    Step(Move.SUBMIT, (S.DRAFT,), S.SUBMITTED, by=Action.DRAFT_DISCLOSURE, needs=_READY),
    Step(
        Move.APPROVE,
        (S.SUBMITTED,),
        S.PUBLISHED,
        by=Action.APPROVE_DISCLOSURE,
        needs=_READY,
        fresh_eyes=True,
    ),
    Step(Move.RETURN, (S.SUBMITTED,), S.DRAFT, by=Action.APPROVE_DISCLOSURE, words=Words.REASON),
    Step(
        Move.WITHDRAW,
        (S.PUBLISHED,),
        S.WITHDRAWN,
        by=Action.APPROVE_DISCLOSURE,
        words=Words.REASON,
    ),
)
