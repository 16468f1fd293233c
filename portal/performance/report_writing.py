"""Writes on the report: the paragraphs that people word, and why a contradiction stays as it is."""

from portal.accounts.scopes import may
from portal.db import db, lock
from portal.documents.filling import faults
from portal.performance.models import Assessment, FindingAnswer, ReportSection
from portal.performance.report import Content, digest
from portal.performance.report_drafts import Section
from portal.rules.access import Action, Actor, roles_with
from portal.rules.broken import RuleBroken
from portal.rules.crosscheck.findings import Finding
from portal.rules.vocabulary import AssessmentStatus

LONGEST_TEXT = 20_000
LONGEST_ANSWER = 500


def write_section(
    assessment: Assessment,
    section: Section,
    text: str,
    content: Content,
    *,
    actor: Actor,
    seen: int = 0,
) -> None:
    """Keep a paragraph as a person worded it; empty, or as drafted, it follows the draft again.

    ``seen`` is the version that the person was looking at, 0 for the draft.

    Raises:
        RuleBroken: the assessment is signed, somebody was faster, or a placeholder is unknown.
    """
    _lock(assessment, actor)
    if assessment.status is not AssessmentStatus.OPEN:
        raise RuleBroken("自评已经签署，报告不能修改。要改，请签署人先撤回签署。")
    kept = next((one for one in assessment.sections if one.key == section.key), None)
    if seen != (kept.version if kept else 0):
        raise RuleBroken("别人刚改过这一段。请先复制您写的文字，刷新页面后再改。", field="text")
    if problems := faults(text, content.words):
        raise RuleBroken(f"{problems[0]}，请改成占位符表里的名称。", field="text")
    worded = "\n".join(line.rstrip() for line in text.splitlines()).strip()
    if worded in ("", section.draft):
        if kept:
            assessment.sections.remove(kept)
            db.session.delete(kept)
    elif kept:
        kept.text, kept.written_by_id = worded, actor.user_id
    else:
        assessment.sections.append(_section(assessment, section, worded, actor))
    db.session.flush()


def explain(assessment: Assessment, finding: Finding, words: str, *, actor: Actor) -> FindingAnswer:
    """Say why a contradiction stays as it is; the words replace earlier ones.

    Raises:
        RuleBroken: nothing is said, or the assessment is sent up.
    """
    _lock(assessment, actor)
    if assessment.status is AssessmentStatus.SUBMITTED:
        raise RuleBroken("自评已经上报，不能再补充说明。")
    if not words.strip():
        raise RuleBroken("请写明为什么保留这个数，或者回去修改报告。", field="words")
    key = digest(finding)
    answer = next((one for one in assessment.answers if one.finding == key), None)
    if answer is None:
        answer = FindingAnswer(county_id=assessment.county_id, finding=key)
        assessment.answers.append(answer)
    answer.words, answer.answered_by_id = words.strip(), actor.user_id
    db.session.flush()
    return answer


def _lock(assessment: Assessment, actor: Actor) -> None:
    lock(Assessment, [assessment.id])
    if not may(actor, Action.WRITE_ASSESSMENT, assessment):
        writers = "、".join(role.label for role in roles_with(Action.WRITE_ASSESSMENT))
        raise RuleBroken(f"自评报告由{writers}编写。")


def _section(assessment: Assessment, section: Section, text: str, actor: Actor) -> ReportSection:
    return ReportSection(
        county_id=assessment.county_id, key=section.key, text=text, written_by_id=actor.user_id
    )
