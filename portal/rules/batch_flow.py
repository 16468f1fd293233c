"""The flow of an allocation batch: finance drafts, the leading group or government approves (P2)."""

from dataclasses import dataclass

from portal.rules.access import Action
from portal.rules.vocabulary import BatchStatus as S
from portal.rules.workflow import Move, Step, Words


@dataclass(frozen=True)
class BatchFacts:
    """What the flow needs to know about one batch; amounts in fen."""

    line_count: int
    approval_number: str
    has_approval_date: bool
    minutes_number: str
    date_problem: str | None


def has_lines(facts: BatchFacts) -> str | None:
    """A batch without a line arranges nothing."""
    return None if facts.line_count else "批次里还没有项目，请先安排至少 1 个项目"


def has_approval(facts: BatchFacts) -> str | None:
    """Minutes on file are the basis of payment (source S4)."""
    missing = [
        word
        for word, present in (
            ("批复文号", facts.approval_number),
            ("批复日期", facts.has_approval_date),
            ("会议纪要文号", facts.minutes_number),
        )
        if not present
    ]
    return f"请先填写{'、'.join(missing)}" if missing else None


def dates_in_order(facts: BatchFacts) -> str | None:
    """An approval cannot be older than the receipt of the money."""
    return facts.date_problem


FLOW: tuple[Step[BatchFacts], ...] = (
    Step(
        Move.SUBMIT,
        (S.DRAFT,),
        S.SUBMITTED,
        by=Action.DRAFT_BATCH,
        needs=(has_lines, has_approval, dates_in_order),
    ),
    Step(Move.WITHDRAW, (S.SUBMITTED,), S.DRAFT, by=Action.DRAFT_BATCH),
    Step(
        Move.APPROVE,
        (S.SUBMITTED,),
        S.APPROVED,
        by=Action.APPROVE_BATCH,
        needs=(has_lines, has_approval, dates_in_order),
        fresh_eyes=True,
    ),
    Step(Move.RETURN, (S.SUBMITTED,), S.DRAFT, by=Action.APPROVE_BATCH, words=Words.REASON),
    Step(Move.VOID, (S.DRAFT,), S.VOIDED, by=Action.DRAFT_BATCH, words=Words.REASON),
)
