"""Pages of the self-evaluation report: its check, its paragraphs, a preview, the Word file."""

import io

from flask import Blueprint, abort, current_app, flash, send_file, url_for
from flask.typing import ResponseReturnValue

from portal import hx
from portal.accounts.scopes import may
from portal.documents.reading import read_report
from portal.files.checks import MIMES
from portal.files.views import download
from portal.performance import report, report_writing
from portal.performance.assessment_cards import card
from portal.performance.assessment_page import load_assessment
from portal.performance.models import Assessment
from portal.performance.report_drafts import Section
from portal.performance.report_forms import AnswerForm, SectionForm
from portal.performance.report_template import FILE_NAME, template_bytes
from portal.performance.report_words import WORDS_HELP
from portal.rules.access import Action
from portal.rules.crosscheck.check import crosscheck
from portal.rules.vocabulary import AssessmentStatus
from portal.web import actor, render, requires

bp = Blueprint("report", __name__, url_prefix="/assessments/<int:assessment_id>/report")


@bp.get("/")
@requires(Action.VIEW_PERFORMANCE)
def page(assessment_id: int) -> ResponseReturnValue:
    return _page(load_assessment(assessment_id), AnswerForm(formdata=None))


@bp.get("/report.docx")
@requires(Action.VIEW_PERFORMANCE)
def word(assessment_id: int) -> ResponseReturnValue:
    """The file as it was signed, before that as it is now."""
    found = load_assessment(assessment_id)
    if found.report is not None:
        return download(found.report)
    return _file(report.report_bytes(found, card(found)), report.file_name(found))


@bp.get("/template.docx")
@requires(Action.WRITE_ASSESSMENT)
def template(assessment_id: int) -> ResponseReturnValue:
    load_assessment(assessment_id)
    return _file(template_bytes(current_app.config["RULEBOOK"]), FILE_NAME)


@bp.get("/sections/<key>")
@requires(Action.WRITE_ASSESSMENT)
def section(assessment_id: int, key: str) -> ResponseReturnValue:
    found = load_assessment(assessment_id, Action.WRITE_ASSESSMENT)
    content, asked = _section(found, key)
    form = SectionForm(formdata=None)
    form.seen.data, form.text.data = content.versions.get(key, 0), content.texts[key]
    return _section_page(found, asked, content, form)


@bp.post("/sections/<key>")
@requires(Action.WRITE_ASSESSMENT)
def write(assessment_id: int, key: str) -> ResponseReturnValue:
    found = load_assessment(assessment_id, Action.WRITE_ASSESSMENT)
    (content, asked), form = _section(found, key), SectionForm()
    if not form.accepts(
        lambda: report_writing.write_section(
            found,
            asked,
            form.text.data or "",
            content,
            actor=actor(),
            seen=form.seen.data or 0,
        )
    ):
        return _section_page(found, asked, content, form), 422
    flash(f"“{asked.name}”已保存。")
    return hx.go_to(url_for(".page", assessment_id=found.id, _anchor="sections"))


@bp.post("/findings/<digest>")
@requires(Action.WRITE_ASSESSMENT)
def explain(assessment_id: int, digest: str) -> ResponseReturnValue:
    found, form = load_assessment(assessment_id, Action.WRITE_ASSESSMENT), AnswerForm()
    findings = report.findings_of(found, card(found)).findings
    finding = next((one for one in findings if report.digest(one) == digest), None)
    if finding is None:
        abort(404, "这处矛盾已经不在报告里了，请刷新页面。")
    if not form.accepts(
        lambda: report_writing.explain(found, finding, form.words.data or "", actor=actor())
    ):
        return _page(found, form, digest), 422
    flash("说明已保存。")
    return hx.go_to(url_for(".page", assessment_id=found.id, _anchor="findings"))


def _section(assessment: Assessment, key: str) -> tuple[report.Content, Section]:
    content = report.content_of(assessment, card(assessment))
    asked = next((one for one in content.sections if one.key == key), None)
    return content, asked or abort(404)


def _page(assessment: Assessment, form: AnswerForm, refused: str = "") -> str:
    content = report.content_of(assessment, card(assessment))
    shown = read_report(report.fill_report(content))
    return render(
        "performance/report.html",
        assessment=assessment,
        content=content,
        shown=shown,
        outcome=crosscheck(shown),
        answers={one.finding: one for one in assessment.answers},
        digest=report.digest,
        level=report.level_of,
        form=form,
        refused=refused,
        writes=may(actor(), Action.WRITE_ASSESSMENT, assessment),
        AssessmentStatus=AssessmentStatus,
    )


def _section_page(
    assessment: Assessment, section: Section, content: report.Content, form: SectionForm
) -> str:
    return render(
        "performance/report_section.html",
        assessment=assessment,
        section=section,
        words=[(name, about, content.words[name]) for name, about in WORDS_HELP.items()],
        form=form,
    )


def _file(content: bytes, name: str) -> ResponseReturnValue:
    return send_file(io.BytesIO(content), MIMES["docx"], as_attachment=True, download_name=name)
