"""The flow of a complaint: given to an office, answered there, closed by somebody else with a summary."""

from dataclasses import dataclass

from portal.rules.access import Action
from portal.rules.vocabulary import ComplaintStatus as S
from portal.rules.workflow import Move, Step, Words


@dataclass(frozen=True)
class ComplaintFacts:
    """What the flow needs to know; ``private_data`` names what the summary must not hold."""

    answered: bool
    summary: str
    private_data: tuple[str, ...] = ()


def has_answer(facts: ComplaintFacts) -> str | None:
    """An answer says what was found and what follows from it."""
    return None if facts.answered else "还没有填办理结果和答复内容"


def has_summary(facts: ComplaintFacts) -> str | None:
    """Who complains is owed an answer, the public a summary (办理情况公开)."""
    return None if facts.summary.strip() else "还没有写公开摘要"


def nothing_private(facts: ComplaintFacts) -> str | None:
    """The summary names nobody (个人信息保护法第二十五条)."""
    if not facts.private_data:
        return None
    return f"公开摘要里有{'、'.join(facts.private_data)}，请删去"


FLOW: tuple[Step[ComplaintFacts], ...] = (
    Step(Move.ASSIGN, (S.RECEIVED, S.ASSIGNED), S.ASSIGNED, by=Action.ASSIGN_COMPLAINT),
    Step(Move.ANSWER, (S.ASSIGNED,), S.ANSWERED, by=Action.ANSWER_COMPLAINT, needs=(has_answer,)),
    Step(Move.RETURN, (S.ANSWERED,), S.ASSIGNED, by=Action.CLOSE_COMPLAINT, words=Words.REASON),
    Step(
        Move.CLOSE,
        (S.ANSWERED,),
        S.CLOSED,
        by=Action.CLOSE_COMPLAINT,
        needs=(has_summary, nothing_private),
        fresh_eyes=True,
    ),
)
