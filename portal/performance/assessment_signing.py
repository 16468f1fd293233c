"""Two departments sign an assessment; the second signature fixes it with its files for good."""

import hashlib
import json
from datetime import date

from portal.accounts.scopes import may
from portal.db import db, lock
from portal.files.checks import MIMES
from portal.files.operations import keep
from portal.performance import assessment_cards as cards
from portal.performance.assessment_content import changes, content_of, signatures_of, written
from portal.performance.assessment_sheet import sheet_bytes, sheet_name
from portal.performance.models import Assessment
from portal.performance.report import file_name, final_bytes
from portal.rules.access import Actor, roles_with
from portal.rules.assessment_flow import FLOW, SIGNATURES, AssessmentFacts
from portal.rules.broken import RuleBroken
from portal.rules.vocabulary import AssessmentStatus
from portal.rules.workflow import Move, check_step, find_step, steps_from


def take_step(
    assessment: Assessment,
    move: Move,
    *,
    actor: Actor,
    on: date,
    words: str = "",
    seen: int | None = None,
) -> None:
    """Sign for one of the two departments, or take one's signature back; ``seen`` is the version read.

    The first signature fixes the figures that both sign. The second one keeps score sheet and report as files
    and everything that led to them as ``content``: no later entry of the ledger changes any.

    Raises:
        RuleBroken: a line lacks points or a reason, the report contradicts itself, the figures changed
            since the first signature, one person would sign twice, or somebody was faster.
    """
    lock(Assessment, [assessment.id])
    if seen is not None and seen != assessment.version:
        raise RuleBroken("别人已改过这份自评，请刷新页面，看过最新内容再签。")
    facts = facts_of(assessment)
    step = find_step(FLOW, move, assessment.status, facts)
    if not may(actor, step.by, assessment):
        raise RuleBroken(
            f"“{move.label}”要由{'、'.join(r.label for r in roles_with(step.by))}办理。"
        )
    check_step(
        step, facts, actor_id=actor.user_id, earlier_actors=_signers(assessment), words=words
    )
    if move is Move.TAKE_BACK:
        _take_back(assessment, actor)
        return
    gathered = cards.gather(assessment)
    _sign(assessment, move, actor, on)
    report = final_bytes(assessment, cards.score_of(gathered))
    if step.target is AssessmentStatus.SUBMITTED:
        _fix_for_good(assessment, report, actor)
    else:
        assessment.content = written(content_of(assessment, gathered))
    assessment.sha256 = hashlib.sha256(assessment.content.encode()).hexdigest()
    assessment.status = AssessmentStatus(step.target.value)
    db.session.flush()


def open_moves(assessment: Assessment, actor: Actor) -> list[Move]:
    """What this person may do now about signatures; nobody signs twice or takes back another's."""
    own = actor.user_id in _signers(assessment)
    return [
        step.move
        for step in steps_from(FLOW, assessment.status, facts_of(assessment))
        if may(actor, step.by, assessment) and own == (step.move is Move.TAKE_BACK)
    ]


def facts_of(assessment: Assessment) -> AssessmentFacts:
    """What the flow needs to know, of the figures as they are now."""
    gathered = cards.gather(assessment)
    lines = [
        line for line in cards.score_of(gathered).lines if line.applies and line.full is not None
    ]
    return AssessmentFacts(
        unscored=tuple(line.no for line in lines if line.computed is None and line.claimed is None),
        unexplained=tuple(line.no for line in lines if cards.differs(line) and not line.reason),
        signed=_signatures(assessment),
        changed=_changed(assessment, gathered),
    )


def _changed(assessment: Assessment, gathered: cards.Gathered) -> tuple[str, ...]:
    if assessment.status is not AssessmentStatus.SIGNED:
        return ()
    return changes(assessment.content, written(content_of(assessment, gathered)))


def _signatures(assessment: Assessment) -> frozenset[Move]:
    signers = (assessment.finance_signed_by_id, assessment.agriculture_signed_by_id)
    return frozenset(move for move, signer in zip(SIGNATURES, signers, strict=True) if signer)


def _signers(assessment: Assessment) -> frozenset[int]:
    signers = (assessment.finance_signed_by_id, assessment.agriculture_signed_by_id)
    return frozenset(signer for signer in signers if signer)


def _sign(assessment: Assessment, move: Move, actor: Actor, on: date) -> None:
    department = SIDES[move]
    setattr(assessment, f"{department}_signed_by_id", actor.user_id)
    setattr(assessment, f"{department}_signed_by", actor.name)
    setattr(assessment, f"{department}_signed_on", on)


def _take_back(assessment: Assessment, actor: Actor) -> None:
    if actor.user_id not in _signers(assessment):
        raise RuleBroken("只有签署人本人能撤回签署，请联系签署人。")
    for department in SIDES.values():
        setattr(assessment, f"{department}_signed_by_id", None)
        setattr(assessment, f"{department}_signed_by", "")
        setattr(assessment, f"{department}_signed_on", None)
    assessment.content = assessment.sha256 = ""
    assessment.status = AssessmentStatus.OPEN
    db.session.flush()


def _fix_for_good(assessment: Assessment, report: bytes, actor: Actor) -> None:
    """Put the signatures to the figures, and keep the score sheet and the report as they are now."""
    figures = json.loads(assessment.content)
    assessment.content = written(figures | {"signatures": signatures_of(assessment)})
    sheet = sheet_bytes(assessment, cards.signed_card(assessment))
    assessment.sheet = keep(sheet, name=sheet_name(assessment), mime=MIMES["xlsx"], actor=actor)
    assessment.report = keep(report, name=file_name(assessment), mime=MIMES["docx"], actor=actor)


SIDES = {Move.SIGN_AS_FINANCE: "finance", Move.SIGN_AS_AGRICULTURE: "agriculture"}
"""Which department a signature is for, as its columns are called."""
