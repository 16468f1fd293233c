"""Forms of the report: a paragraph, an explanation, a report to be checked."""

from wtforms import FileField, IntegerField
from wtforms.validators import Optional

from portal.documents.reading import read_report
from portal.forms import PortalForm, text
from portal.intake import FileRefused
from portal.intake.signatures import MAX_BYTES
from portal.performance.report_writing import LONGEST_ANSWER, LONGEST_TEXT
from portal.rules.broken import RuleBroken
from portal.rules.crosscheck.text import Report


class SectionForm(PortalForm):
    """A paragraph, and the version of it that the person saw."""

    seen = IntegerField("版本", [Optional()])
    text = text(
        "正文",
        most=LONGEST_TEXT,
        description="每行是一段。留空保存，恢复自动草稿。",
    )


class AnswerForm(PortalForm):
    """Why a contradiction stays."""

    words = text("说明", required=True, most=LONGEST_ANSWER)


class CheckForm(PortalForm):
    """A report from outside; the check leaves no row behind, so that it may be sent again and again."""

    submission = None
    file = FileField("报告文件", description="Word（.docx）或文本（.txt）。文件不保存。")

    def report(self) -> Report:
        """The uploaded report.

        Raises:
            RuleBroken: nothing was chosen, or the file cannot be read; the message says what to do.
        """
        chosen = self.file.data
        if not chosen or not chosen.filename:
            raise RuleBroken("请选择要核对的文件。", field="file")
        try:
            return read_report(chosen.stream.read(MAX_BYTES + 1))
        except FileRefused as refused:
            raise RuleBroken(refused.message, field="file") from refused
