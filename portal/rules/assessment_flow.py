"""The flow of a yearly assessment: finance and agriculture sign in either order, two people (P7)."""

from dataclasses import dataclass

from portal.rules.access import Action
from portal.rules.vocabulary import AssessmentStatus as S
from portal.rules.workflow import Move, Step, Words

SIGNATURES = {
    Move.SIGN_AS_FINANCE: Action.SIGN_AS_FINANCE,
    Move.SIGN_AS_AGRICULTURE: Action.SIGN_AS_AGRICULTURE,
}
"""The two signatures, and who gives them."""


@dataclass(frozen=True)
class AssessmentFacts:
    """What the flow needs to know: the lines that lack something, and whose signature is there."""

    unscored: tuple[str, ...] = ()
    unexplained: tuple[str, ...] = ()
    signed: frozenset[Move] = frozenset()
    changed: tuple[str, ...] = ()


def is_scored(facts: AssessmentFacts) -> str | None:
    """A line that applies needs points, computed or claimed."""
    if not facts.unscored:
        return None
    return f"第 {'、'.join(facts.unscored)} 行还没有得分。请填数据、填申报得分，或者标为不适用"


def is_explained(facts: AssessmentFacts) -> str | None:
    """Whoever claims other points than the rule gives says why."""
    if not facts.unexplained:
        return None
    return f"第 {'、'.join(facts.unexplained)} 行的申报得分与计算得分不同，请写明理由"


def is_unchanged(facts: AssessmentFacts) -> str | None:
    """Both departments sign the same figures."""
    if not facts.changed:
        return None
    return (
        f"第一个部门签署以后，账上的数变了：{'；'.join(facts.changed)}。"
        "请第一个签署人撤回签署，双方重新签"
    )


NEEDS = (is_scored, is_explained)


def _first(move: Move) -> Step[AssessmentFacts]:
    return Step(move, (S.OPEN,), S.SIGNED, by=SIGNATURES[move], needs=NEEDS)


def _second(move: Move) -> Step[AssessmentFacts]:
    return Step(
        move,
        (S.SIGNED,),
        S.SUBMITTED,
        by=SIGNATURES[move],
        needs=(*NEEDS, is_unchanged),
        fresh_eyes=True,
        when=lambda facts: move not in facts.signed,
    )


def _back(move: Move) -> Step[AssessmentFacts]:
    return Step(
        Move.TAKE_BACK,
        (S.SIGNED,),
        S.OPEN,
        by=SIGNATURES[move],
        words=Words.REASON,
        when=lambda facts: move in facts.signed,
    )


FLOW: tuple[Step[AssessmentFacts], ...] = tuple(
    make(move) for make in (_first, _second, _back) for move in SIGNATURES
)
