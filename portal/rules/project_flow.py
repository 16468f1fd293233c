"""The project library's flow: 村（项目单位）申报 → 乡镇审核 → 部门审查 → 县级审定 (P1, source S1).

Posting on the village and township boards is a fact on record (from, to, where, photo, objections),
not a status: reviewing goes on while a paper hangs, and a step that needs it says so.
"""

from dataclasses import dataclass

from portal.rules.access import Action
from portal.rules.vocabulary import OrganizationKind
from portal.rules.vocabulary import ProjectStatus as S
from portal.rules.workflow import Move, Step, Words


@dataclass(frozen=True)
class ProjectFacts:
    """What the flow needs to know about one project."""

    applicant: OrganizationKind
    missing_fields: tuple[str, ...]
    target_count: int
    village_notice: str | None
    township_notice: str | None
    minutes_number: str
    allocated_amount: int


def complete(facts: ProjectFacts) -> str | None:
    """Eleven mandatory fields (国开办发〔2018〕10号)."""
    if not facts.missing_fields:
        return None
    return f"还有 {len(facts.missing_fields)} 项必填内容没有填：{'、'.join(facts.missing_fields)}"


def has_targets(facts: ProjectFacts) -> str | None:
    """No performance target, no admission (安徽 2018, restated in DOMAIN P1)."""
    return None if facts.target_count else "还没有申报绩效目标，请至少填写 1 条"


def village_notice_done(facts: ProjectFacts) -> str | None:
    """Villages post the application before they hand it up; ``village_notice`` is what is wrong."""
    return facts.village_notice if facts.applicant is OrganizationKind.VILLAGE else None


def township_notice_done(facts: ProjectFacts) -> str | None:
    """The township posts what it forwards; ``township_notice`` is what is wrong."""
    return facts.township_notice if facts.applicant is not OrganizationKind.DEPARTMENT else None


def has_minutes(facts: ProjectFacts) -> str | None:
    """The leading group's minutes are the basis of admission (source S4)."""
    return None if facts.minutes_number else "请填写领导小组会议纪要或审定文件的文号"


def no_money_arranged(facts: ProjectFacts) -> str | None:
    """A project that money was arranged for cannot leave the library."""
    if not facts.allocated_amount:
        return None
    return "已有资金安排到本项目，不能出库。请先由财政部门调整资金安排"


def _from_department(facts: ProjectFacts) -> bool:
    return facts.applicant is OrganizationKind.DEPARTMENT


def _from_below(facts: ProjectFacts) -> bool:
    return not _from_department(facts)


_APPLIED = (complete, has_targets)

FLOW: tuple[Step[ProjectFacts], ...] = (
    Step(
        Move.SUBMIT,
        (S.DRAFT, S.RETURNED),
        S.TOWN_REVIEW,
        by=Action.APPLY,
        needs=(*_APPLIED, village_notice_done),
        when=_from_below,
    ),
    Step(
        Move.SUBMIT,
        (S.DRAFT, S.RETURNED),
        S.DEPT_REVIEW,
        by=Action.APPLY,
        needs=_APPLIED,
        when=_from_department,
    ),
    Step(Move.WITHDRAW, (S.TOWN_REVIEW,), S.DRAFT, by=Action.APPLY),
    Step(
        Move.PASS,
        (S.TOWN_REVIEW,),
        S.DEPT_REVIEW,
        by=Action.REVIEW_AT_TOWN,
        needs=(township_notice_done,),
        fresh_eyes=True,
    ),
    Step(
        Move.PASS,
        (S.DEPT_REVIEW,),
        S.COUNTY_REVIEW,
        by=Action.REVIEW_AT_DEPARTMENT,
        fresh_eyes=True,
    ),
    Step(
        Move.ADMIT,
        (S.COUNTY_REVIEW,),
        S.ADMITTED,
        by=Action.DECIDE_ADMISSION,
        needs=(*_APPLIED, has_minutes),
        fresh_eyes=True,
    ),
    Step(
        Move.RETURN_ONE_LEVEL,
        (S.COUNTY_REVIEW,),
        S.DEPT_REVIEW,
        by=Action.DECIDE_ADMISSION,
        words=Words.REASON,
    ),
    Step(
        Move.RETURN_ONE_LEVEL,
        (S.DEPT_REVIEW,),
        S.TOWN_REVIEW,
        by=Action.REVIEW_AT_DEPARTMENT,
        words=Words.REASON,
        when=_from_below,
    ),
    *(
        Step(move, (status,), target, by=action, words=Words.REASON)
        for move, target in (
            (Move.RETURN_TO_APPLICANT, S.RETURNED),
            (Move.REJECT, S.REJECTED),
        )
        for status, action in (
            (S.TOWN_REVIEW, Action.REVIEW_AT_TOWN),
            (S.DEPT_REVIEW, Action.REVIEW_AT_DEPARTMENT),
            (S.COUNTY_REVIEW, Action.DECIDE_ADMISSION),
        )
    ),
    Step(
        Move.REMOVE,
        (S.ADMITTED,),
        S.REMOVED,
        by=Action.REMOVE_PROJECT,
        needs=(no_money_arranged,),
        words=Words.REASON,
    ),
)

EDITABLE = frozenset({S.DRAFT, S.RETURNED})
"""Statuses in which the applicant may change the application."""
