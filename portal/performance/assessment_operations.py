"""Writes on an open assessment: its facts, claims, evidence, and the lines that do not apply."""

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm.attributes import flag_modified

from portal.accounts.scopes import may
from portal.db import db, lock
from portal.files.models import StoredFile
from portal.performance import assessment_cards as cards
from portal.performance.models import (
    Assessment,
    AssessmentClaim,
    AssessmentEvidence,
    AssessmentFact,
)
from portal.rules.access import Action, Actor, roles_with
from portal.rules.broken import RuleBroken
from portal.rules.scoring.entries import Values, fact_of, written
from portal.rules.scoring.scheme import Indicator, SchemeError, parse_scheme
from portal.rules.scoring.working import shown
from portal.rules.vocabulary import AssessmentStatus, FactOrigin

MOST_FILES = 50


def begin(
    county_id: int,
    year: int,
    *,
    scheme_text: str,
    counted_on: date,
    actor: Actor,
    on: date,
    scheme_name: str = "评分方案",
) -> Assessment:
    """Begin the assessment of a year by a scheme; ``counted_on`` is the day of the ledger's figures.

    Raises:
        RuleBroken: there is one of the year already, the scheme has faults (all are named with their row),
            or the day does not fit.
    """
    _check_day(year, counted_on, on)
    if db.session.scalar(sa.select(Assessment.id).filter_by(county_id=county_id, year=year)):
        raise RuleBroken(f"{year} 年度的绩效自评已经建立，请在列表中打开。", field="year")
    try:
        parse_scheme(scheme_name, scheme_text.encode())
    except SchemeError as error:
        raise RuleBroken("评分方案有错，请改正：" + "；".join(error.problems), "file") from error
    assessment = Assessment(
        county_id=county_id,
        year=year,
        counted_on=counted_on,
        scheme=scheme_text,
        begun_by_id=actor.user_id,
        begun_on=on,
    )
    if not may(actor, Action.WRITE_ASSESSMENT, assessment):
        raise RuleBroken(f"年度绩效自评由{_writers()}编制。")
    db.session.add(assessment)
    db.session.flush()
    return assessment


def count_on(assessment: Assessment, day: date, *, actor: Actor, on: date) -> None:
    """Take the ledger's figures as of another day."""
    _open(assessment, actor)
    _check_day(assessment.year, day, on)
    assessment.counted_on = day
    db.session.flush()


def enter_fact(assessment: Assessment, name: str, values: Values, *, actor: Actor) -> None:
    """Write a fact that the ledger does not know, in the shape that its formula asks for.

    Raises:
        RuleBroken: the ledger knows it, no line asks for it, or the values have another shape.
    """
    _open(assessment, actor)
    gathered = cards.gather(assessment)
    part = gathered.scheme.parts.get(name)
    if part is None:
        raise RuleBroken(f"评分方案里没有用到数据 {name}。")
    if gathered.origin(name) is FactOrigin.LEDGER:
        raise RuleBroken(
            f"“{part.title}”由账上数据计算，不能手工填写。数不对，请到对应的页面更正。"
        )
    try:
        fact_of(part, values)
    except SchemeError as error:
        raise RuleBroken("数据填写不完整，请检查：" + "；".join(error.problems)) from error
    found = next((fact for fact in assessment.facts if fact.name == name), None)
    if found is None:
        found = AssessmentFact(county_id=assessment.county_id, name=name)
        assessment.facts.append(found)
    found.content, found.entered_by_id = written(values), actor.user_id
    _touch(assessment)


def claim(
    assessment: Assessment, no: str, points: int | None, reason: str = "", *, actor: Actor
) -> None:
    """Claim points (hundredths; negative for a deduction) for a line; None takes the claim back.

    Raises:
        RuleBroken: the line has no such points, or a claim that differs from the rule has no reason.
    """
    _open(assessment, actor)
    found = next((one for one in assessment.claims if one.no == no), None)
    if points is None:
        if found:
            assessment.claims.remove(found)
            db.session.delete(found)
        _touch(assessment)
        return
    indicator = _indicator(assessment, no)
    _check_claim(assessment, indicator, points, reason)
    if found is None:
        found = AssessmentClaim(county_id=assessment.county_id, no=no)
        assessment.claims.append(found)
    found.points, found.reason, found.entered_by_id = points, reason.strip(), actor.user_id
    _touch(assessment)


def mark_not_applicable(assessment: Assessment, numbers: Collection[str], *, actor: Actor) -> None:
    """Say which lines do not apply; they leave the denominator.

    Raises:
        RuleBroken: the scheme has no such line, or it is one that only adds or takes off.
    """
    _open(assessment, actor)
    for no in numbers:
        if _indicator(assessment, no).is_adjustment:
            raise RuleBroken(f"第 {no} 行是加减分，不发生就是 0 分，不用标为不适用。")
    assessment.not_applicable = " ".join(sorted(set(numbers)))
    db.session.flush()


def add_evidence(
    assessment: Assessment, no: str, title: str, file: StoredFile, *, actor: Actor
) -> AssessmentEvidence:
    """Put a file behind a line."""
    _open(assessment, actor)
    _indicator(assessment, no)
    kept = [one for one in assessment.evidence if one.no == no and one.removed_on is None]
    if len(kept) >= MOST_FILES:
        raise RuleBroken(f"一行最多 {MOST_FILES} 个佐证材料，请先合并或移除。", field="file")
    evidence = AssessmentEvidence(
        county_id=assessment.county_id, no=no, title=title.strip() or file.name, file=file
    )
    assessment.evidence.append(evidence)
    _touch(assessment)
    return evidence


def remove_evidence(
    assessment: Assessment, evidence: AssessmentEvidence, *, actor: Actor, on: date
) -> None:
    """Take a file away from its line; the row stays with the day."""
    _open(assessment, actor)
    evidence.removed_on = on
    _touch(assessment)


def _open(assessment: Assessment, actor: Actor) -> None:
    """Lock it, and refuse whoever may not write it or comes after a signature."""
    lock(Assessment, [assessment.id])
    if not may(actor, Action.WRITE_ASSESSMENT, assessment):
        raise RuleBroken(f"年度绩效自评由{_writers()}编制。")
    if assessment.status is AssessmentStatus.OPEN:
        return
    signed = "，".join(
        f"{name} 已于 {on} 代表{department}签署"
        for department, name, on in (
            ("财政部门", assessment.finance_signed_by, assessment.finance_signed_on),
            ("农业农村部门", assessment.agriculture_signed_by, assessment.agriculture_signed_on),
        )
        if on
    )
    if assessment.status is AssessmentStatus.SIGNED:
        raise RuleBroken(f"不能修改：{signed}。要改，请签署人先撤回签署。")
    raise RuleBroken(f"不能修改：{signed}，已经上报并固定。")


def _touch(assessment: Assessment) -> None:
    """Its rows are its content: a new version of it."""
    flag_modified(assessment, "counted_on")
    db.session.flush()


def _check_day(year: int, counted_on: date, on: date) -> None:
    if counted_on > on:
        raise RuleBroken(f"取数日 {counted_on} 还没有到，请选今天 {on} 或以前。", "counted_on")
    if counted_on > date(year, 12, 31):
        raise RuleBroken(f"{year} 年度的数最晚取到 {year}-12-31，请改取数日。", "counted_on")


def _indicator(assessment: Assessment, no: str) -> Indicator:
    indicators = cards.scheme_of(assessment).indicators
    found = next((one for one in indicators if one.no == no), None)
    if found is None:
        raise RuleBroken(f"评分方案里没有第 {no} 行。")
    return found


def _check_claim(assessment: Assessment, indicator: Indicator, points: int, reason: str) -> None:
    no, full = indicator.no, indicator.full
    if full is None or no in cards.not_applicable(assessment):
        words = "的分值没有公布" if full is None else "已标为不适用"
        raise RuleBroken(f"第 {no} 行{words}，不能申报得分。")
    if points * full < 0 or abs(points) > abs(full) * 100:
        raise RuleBroken(
            f"第 {no} 行{'最多扣' if full < 0 else '满分'} {shown(abs(full))} 分，"
            f"申报了 {abs(points) / 100:g} 分。请改小。",
            field="points",
        )
    computed = next(line.computed for line in cards.card(assessment).lines if line.no == no)
    if computed is not None and computed * 100 != points and not reason.strip():
        raise RuleBroken(
            f"按规则计算是 {computed} 分，申报 {points / 100:.2f} 分。两者不同，请写明理由。",
            field="reason",
        )


def _writers() -> str:
    return "、".join(role.label for role in roles_with(Action.WRITE_ASSESSMENT))
