"""The one mechanism behind every approval: a flow is a tuple of steps; the rest is looking one up.

State and authority stay apart: a step says which action is needed, ``access.GRANTS`` says who holds it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

from portal.rules.access import Action
from portal.rules.broken import RuleBroken
from portal.rules.vocabulary import Labelled

Facts = TypeVar("Facts")


class Move(Labelled):
    """What a person does to an object in a flow; the label is the word on the button."""

    SUBMIT = "submit", "提交"
    WITHDRAW = "withdraw", "撤回"
    PASS = "pass", "审核通过"
    RETURN_TO_APPLICANT = "return_to_applicant", "退回申报单位"
    RETURN_ONE_LEVEL = "return_one_level", "退回上一级"
    REJECT = "reject", "不予通过"
    ADMIT = "admit", "审定入库"
    REMOVE = "remove", "出库"
    APPROVE = "approve", "批准"
    RETURN = "return", "退回修改"
    VOID = "void", "作废"
    PAY = "pay", "登记支付"
    SIGN_AS_FINANCE = "sign_as_finance", "财政部门签署"
    SIGN_AS_AGRICULTURE = "sign_as_agriculture", "农业农村部门签署"
    TAKE_BACK = "take_back", "撤回签署"
    ASSIGN = "assign", "交办"
    ANSWER = "answer", "答复"
    CLOSE = "close", "办结"
    DELIVER = "deliver", "登记移交"


class Words(Enum):
    """Whether a step asks for words: an opinion is welcome, a reason is obligatory."""

    OPINION = "审核意见（可不填）"
    REASON = "理由（必填）"


@dataclass(frozen=True)
class Step(Generic[Facts]):
    """One permitted transition.

    ``needs`` are pure predicates over frozen facts; each answers with a refusal in plain Chinese or
    ``None``. ``fresh_eyes`` refuses whoever already acted on the object in this round, because a
    submitter may not review and a reviewer may not approve (DOMAIN §2, separation of duty).
    ``when`` chooses between two steps of the same move, for example by who applied.
    """

    move: Move
    source: tuple[Labelled, ...]
    target: Labelled
    by: Action
    needs: tuple[Callable[[Facts], str | None], ...] = ()
    words: Words = Words.OPINION
    fresh_eyes: bool = False
    when: Callable[[Facts], bool] = lambda _facts: True


def steps_from(flow: tuple[Step[Facts], ...], status: Labelled, facts: Facts) -> list[Step[Facts]]:
    """The steps that the flow knows from this status, whoever may take them."""
    return [step for step in flow if status in step.source and step.when(facts)]


def find_step(
    flow: tuple[Step[Facts], ...], move: Move, status: Labelled, facts: Facts
) -> Step[Facts]:
    """The one step for this move, or :class:`RuleBroken` when the object is past it."""
    for step in steps_from(flow, status, facts):
        if step.move is move:
            return step
    raise RuleBroken(f"现在的状态是“{status.label}”，不能“{move.label}”。请刷新页面，看最新进展。")


def check_step(
    step: Step[Facts], facts: Facts, *, actor_id: int, earlier_actors: frozenset[int], words: str
) -> None:
    """Refuse the step with every reason at once; return silently when it may be taken."""
    reasons = [refusal for need in step.needs if (refusal := need(facts))]
    if step.fresh_eyes and actor_id in earlier_actors:
        reasons.append("您已经办理过本轮的前一环节，按规定须由另一人办理。请交给同岗位的其他人员")
    if step.words is Words.REASON and not words.strip():
        raise RuleBroken(
            f"“{step.move.label}”要写明理由，看到的人才知道为什么、怎么办。", field="words"
        )
    if reasons:
        raise RuleBroken("；".join(reasons) + "。")
