"""The flow of every performance form: the unit writes, finance's performance office looks at it (P5)."""

from portal.rules.access import Action
from portal.rules.performance import FormFacts, is_complete
from portal.rules.vocabulary import FormKind
from portal.rules.vocabulary import FormStatus as S
from portal.rules.workflow import Move, Step, Words


def of_project(facts: FormFacts) -> bool:
    """Whether a project's form, which its township or department writes."""
    return facts.kind is not FormKind.REGIONAL


def of_region(facts: FormFacts) -> bool:
    """Whether the county's own form."""
    return facts.kind is FormKind.REGIONAL


FLOW: tuple[Step[FormFacts], ...] = (
    Step(
        Move.SUBMIT,
        (S.DRAFT,),
        S.SUBMITTED,
        by=Action.WRITE_PERFORMANCE,
        needs=(is_complete,),
        when=of_project,
    ),
    Step(
        Move.SUBMIT,
        (S.DRAFT,),
        S.SUBMITTED,
        by=Action.WRITE_REGIONAL,
        needs=(is_complete,),
        when=of_region,
    ),
    Step(Move.WITHDRAW, (S.SUBMITTED,), S.DRAFT, by=Action.WRITE_PERFORMANCE, when=of_project),
    Step(Move.WITHDRAW, (S.SUBMITTED,), S.DRAFT, by=Action.WRITE_REGIONAL, when=of_region),
    Step(
        Move.APPROVE,
        (S.SUBMITTED,),
        S.APPROVED,
        by=Action.REVIEW_PERFORMANCE,
        needs=(is_complete,),
        fresh_eyes=True,
    ),
    Step(Move.RETURN, (S.SUBMITTED,), S.DRAFT, by=Action.REVIEW_PERFORMANCE, words=Words.REASON),
)
