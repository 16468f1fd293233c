"""自评报告: one Word file from a template, the ledger and what people wrote, and its own cross-check.

What the cross-check and the page read is the finished file itself, so that all three say the same.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import current_app

from portal.documents.filling import Block, Line, TemplateError, faults, fill, written
from portal.documents.reading import read_report
from portal.intake import FileRefused
from portal.performance.models import Assessment
from portal.performance.report_drafts import Section, sections_of
from portal.performance.report_facts import read_facts
from portal.performance.report_tables import fund_table, line_details, score_table
from portal.performance.report_template import FILE_NAME, template_bytes
from portal.performance.report_words import words_of
from portal.rules.broken import RuleBroken
from portal.rules.crosscheck.check import crosscheck
from portal.rules.crosscheck.findings import Finding, Outcome
from portal.rules.crosscheck.text import Report
from portal.rules.scoring.scorecard import Scorecard

_LEVELS = (
    (1, re.compile(r"[一二三四五六七八九十]+、[^。；]{1,30}")),
    (2, re.compile(r"（[一二三四五六七八九十]+）[^。；]{1,30}")),
    (3, re.compile(r"\d{1,2}\.[^。；]{1,30}")),
)


@dataclass(frozen=True)
class Content:
    """What goes into the template: words by placeholder, sections as written, blocks by placeholder."""

    words: Mapping[str, str]
    sections: Sequence[Section]
    texts: Mapping[str, str]
    versions: Mapping[str, int]
    blocks: Mapping[str, Sequence[Block]]


def content_of(assessment: Assessment, card: Scorecard) -> Content:
    """Everything of a report but its template.

    ``texts`` are the sections as they stand, by key, ``versions`` those of the ones that people wrote.

    Raises:
        RuleBroken: a section holds a placeholder that nobody knows.
    """
    facts = read_facts(assessment)
    words, sections = words_of(facts, card), sections_of(facts, card)
    kept = {one.key: one.text for one in assessment.sections}
    texts = {one.key: kept.get(one.key, one.draft) for one in sections}
    filled = {one.key: _filled(one, texts[one.key], words) for one in sections}
    blocks: dict[str, Sequence[Block]] = {
        "资金分配表": [fund_table(facts)],
        "得分明细表": [score_table(card, _evidence(assessment))],
        "逐项说明": line_details(card, {line.no: filled[f"line-{line.no}"] for line in card.lines}),
    }
    for one in sections:
        if not one.key.startswith("line-"):
            blocks[one.name] = paragraphs_of(filled[one.key])
    versions = {one.key: one.version for one in assessment.sections}
    return Content(words, sections, texts, versions, blocks)


def report_bytes(assessment: Assessment, card: Scorecard) -> bytes:
    """The report as .docx; the same assessment, card and template give the same bytes.

    Raises:
        RuleBroken: the template or a section cannot be filled; placeholders are named.
    """
    return fill_report(content_of(assessment, card))


def fill_report(content: Content) -> bytes:
    """The county's template with this content."""
    template = template_bytes(current_app.config["RULEBOOK"])
    try:
        read_report(template)  # a file that is no Word file, or a bomb, is refused here
        return fill(template, content.words, content.blocks)
    except (TemplateError, FileRefused) as error:
        raise RuleBroken(f"报告模板 {FILE_NAME} 不能用：{error}") from error


def report_text(assessment: Assessment, card: Scorecard) -> Report:
    """The report's paragraphs and tables, read from the finished file."""
    return read_report(report_bytes(assessment, card))


def findings_of(assessment: Assessment, card: Scorecard) -> Outcome:
    """Everything that the cross-check says of the report."""
    return crosscheck(report_text(assessment, card))


def final_bytes(assessment: Assessment, card: Scorecard) -> bytes:
    """The report as it is kept with the second signature.

    Raises:
        RuleBroken: a contradiction is neither mended nor explained, or the template cannot be filled.
    """
    if found := open_findings(assessment, card):
        first = found[0]
        raise RuleBroken(
            f"自评报告还有 {len(found)} 处数字矛盾没有修改或说明，例如{first.place}：{first.arithmetic}。"
            "请到自评报告页逐条处理。"
        )
    return report_bytes(assessment, card)


def file_name(assessment: Assessment) -> str:
    """How the file is called when it is handed out."""
    return f"{assessment.year}年度绩效自评报告.docx"


def open_findings(assessment: Assessment, card: Scorecard) -> list[Finding]:
    """Contradictions that nobody has explained: the second signature waits until there are none."""
    answered = {one.finding for one in assessment.answers}
    found = findings_of(assessment, card).findings
    return [finding for finding in found if digest(finding) not in answered]


def digest(finding: Finding) -> str:
    """What an answer is tied to: the claim and what was computed, wherever in the report it stands."""
    content = "\n".join((finding.kind, finding.claim, finding.recomputed, finding.arithmetic))
    return hashlib.sha256(content.encode()).hexdigest()


def paragraphs_of(text: str) -> list[Block]:
    """A text as paragraphs; a short line numbered 一、（一）or 1. is a heading."""
    lines = [line.strip() for line in text.splitlines()]
    return [Line(line, level_of(line)) for line in lines if line]


def level_of(line: str) -> int:
    """1 to 3 for a heading by its number, 0 for text."""
    return next((level for level, shape in _LEVELS if shape.fullmatch(line)), 0)


def _filled(section: Section, text: str, words: Mapping[str, str]) -> str:
    if problems := faults(text, words):
        raise RuleBroken(f"“{section.name}”里{problems[0]}，请改成占位符表里的名称")
    return written(text, words)


def _evidence(assessment: Assessment) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in assessment.evidence:
        if one.removed_on is None:
            found.setdefault(one.no, []).append(one.title)
    return found
