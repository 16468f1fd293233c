"""The flow of a change to a project under way: the unit asks, the leading group decides (P3)."""

from dataclasses import dataclass
from datetime import date

from portal.rules.access import Action
from portal.rules.broken import RuleBroken
from portal.rules.vocabulary import ChangeKind
from portal.rules.vocabulary import ChangeStatus as S
from portal.rules.workflow import Move, Step, Words


@dataclass(frozen=True)
class Hold:
    """The suspension or termination that stands, and since when."""

    kind: ChangeKind
    on: date


@dataclass(frozen=True)
class ChangeFacts:
    """What the flow needs to know about one change."""

    kind: ChangeKind
    hold: Hold | None
    minutes_number: str


def misfit(kind: ChangeKind, hold: Hold | None) -> str | None:
    """Why this cannot be asked of a project that is held, or not held; ``None`` where it can."""
    if hold is not None and hold.kind is ChangeKind.TERMINATE:
        return f"项目已于 {hold.on} 终止，不再办理{kind.label}"
    if kind is ChangeKind.RESUME and hold is None:
        return "项目没有暂缓，不用恢复"
    if kind is ChangeKind.SUSPEND and hold is not None:
        return f"项目已于 {hold.on} 暂缓，不用再次暂缓"
    return None


def still_fits(facts: ChangeFacts) -> str | None:
    """Another decision may have come between the proposal and this one."""
    return misfit(facts.kind, facts.hold)


def has_minutes(facts: ChangeFacts) -> str | None:
    """Minutes on file are the basis of the decision (source S4)."""
    return None if facts.minutes_number else "请填写会议纪要文号"


def check_proposal(kind: ChangeKind, hold: Hold | None, waiting: date | None, details: str) -> None:
    """Refuse what does not fit the project's state, a second proposal, and a change of nothing.

    ``waiting`` is the day of a proposal of the project that nobody has decided yet.
    """
    if problem := misfit(kind, hold):
        raise RuleBroken(f"不能申请：{problem}", field="kind")
    if waiting is not None:
        raise RuleBroken(f"{waiting} 提出的申请还没有审批，请等审批结果，或先撤回那一份")
    if kind is ChangeKind.CHANGE and not details.strip():
        raise RuleBroken("请写明变更的内容：原来是什么，改成什么", field="details")


FLOW: tuple[Step[ChangeFacts], ...] = (
    Step(
        Move.APPROVE,
        (S.SUBMITTED,),
        S.APPROVED,
        by=Action.DECIDE_CHANGE,
        needs=(still_fits, has_minutes),
        fresh_eyes=True,
    ),
    Step(
        Move.REJECT,
        (S.SUBMITTED,),
        S.REJECTED,
        by=Action.DECIDE_CHANGE,
        words=Words.REASON,
        fresh_eyes=True,
    ),
    Step(Move.WITHDRAW, (S.SUBMITTED,), S.WITHDRAWN, by=Action.PROPOSE_CHANGE),
)
