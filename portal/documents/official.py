"""公文 as .docx in the layout of GB/T 9704-2012, written part by part from top to bottom.

The official fonts may not be shipped: the file names them, and Word or WPS has them. The same content gives
the same bytes on any day, so that a paper can be told by its hash.
"""

import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Self

import docx
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt
from docx.text.paragraph import Paragraph

from portal.documents import parts
from portal.documents.grids import Cell, Grid, draw
from portal.documents.layout import (
    BODY_FONT,
    BODY_SIZE,
    HEADING_FONTS,
    LAST_GAP,
    LATIN_FONT,
    LINE,
    PAGE_NUMBER_FONT,
    PAGE_NUMBER_SIZE,
    TEXT_HEIGHT,
    TEXT_WIDTH,
    TITLE_FONT,
    TITLE_LINE,
    TITLE_SIZE,
    Align,
)

__all__ = ["Align", "OfficialDocument"]
SIGNATURE_INDENT = 4.0
NO_DAY = "\u3000\u3000年\u3000月\u3000日"

_FIXED = datetime(
    2012, 6, 29, tzinfo=UTC
)  # the day of the standard: a file is as old as its content


class OfficialDocument:
    """One paper. Each part is added below the last; :meth:`bytes` gives the file.

    ``landscape`` turns the page for wide tables: what was its height is the width of the text.
    """

    def __init__(self, name: str, *, landscape: bool = False) -> None:
        self._document = docx.Document()
        self._last: Paragraph | None = None
        self._width = TEXT_HEIGHT if landscape else TEXT_WIDTH
        self._set_page()
        if landscape:
            parts.turn(self._document.sections[0])
        self._set_style()
        properties = self._document.core_properties
        properties.title, properties.author, properties.comments = parts.clean(name), "", ""
        properties.created = properties.modified = _FIXED

    def number(self, text: str) -> Self:
        """发文字号, centred above the title: 阿农领办通〔2023〕7号."""
        return self._centred(text, BODY_FONT, BODY_SIZE, LINE, after=LINE)

    def title(self, text: str) -> Self:
        """The title: 2号小标宋, centred; one blank line below."""
        return self._centred(text, TITLE_FONT, TITLE_SIZE, TITLE_LINE, after=LINE)

    def addressee(self, text: str) -> Self:
        """主送机关: flush left, with a colon."""
        self._write(f"{text}：", first_line=0)
        return self

    def heading(self, text: str, level: int = 1) -> Self:
        """一、 in 黑体, （一） in 楷体, 1. in 仿宋: the numbering is part of the text."""
        self._write(text, font=HEADING_FONTS.get(level, BODY_FONT))
        return self._keep_with_next()

    def paragraph(self, text: str) -> Self:
        """Body text: 3号仿宋, first line two characters in; each line of the text is a paragraph."""
        for line in text.splitlines():
            if line.strip():
                self._write(line.strip())
        return self

    def table(
        self,
        header: Sequence[Cell],
        rows: Sequence[Sequence[Cell]],
        *,
        widths: Sequence[int],
        align: Sequence[Align],
        caption: str,
    ) -> Self:
        """A bordered table over the full width, see :class:`portal.documents.grids.Grid`."""
        drawn = draw(self._document, Grid(header, rows, widths, align, caption), self._width)
        self._last = drawn.gap
        return self

    def closing(self, *lines: str) -> Self:
        """Lines at the right, four characters in, below two blank ones: who signs, the day."""
        self._keep_with_next()
        for text in lines:
            line = self._write(text, first_line=0)
            line.alignment = Align.RIGHT
            line.paragraph_format.right_indent = Length(round(BODY_SIZE * SIGNATURE_INDENT))
            line.paragraph_format.keep_with_next = text is not lines[-1]
            line.paragraph_format.space_before = LINE * 2 if text is lines[0] else None
        return self

    def signature(self, unit: str, day: date | None) -> Self:
        """署名 centred over the date, the date four characters in from the right (GB/T 9704, 7.3.5.1).

        A draft has no day yet: room is left to write it by hand.
        """
        self._keep_with_next()
        written = f"{day.year}年{day.month}月{day.day}日" if day else NO_DAY
        overhang = (_characters(unit) - _characters(written)) / 2
        inset = max(SIGNATURE_INDENT, overhang)
        name, date_line = self._write(unit, first_line=0), self._write(written, first_line=0)
        name.paragraph_format.space_before = LINE * 2
        name.paragraph_format.keep_with_next = True
        for paragraph, characters in ((name, inset - overhang), (date_line, inset)):
            paragraph.alignment = Align.RIGHT
            paragraph.paragraph_format.right_indent = Length(round(BODY_SIZE * characters))
        return self

    def bytes(self) -> bytes:
        """The file; its archive carries no time of writing.

        Word wants a paragraph behind a table: at the very end it is so low that it opens no page of its own.
        """
        *_, last = self._document.paragraphs or [self._document.add_paragraph()]
        if not last.text:
            last.paragraph_format.line_spacing = LAST_GAP
        return parts.archived(self._document)

    def _set_page(self) -> None:
        section = self._document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        section.footer_distance = Mm(25)
        self._document.settings.odd_and_even_pages_header_footer = True
        for footer, align in (
            (section.footer, Align.RIGHT),
            (section.even_page_footer, Align.LEFT),
        ):
            paragraph = footer.paragraphs[0]
            paragraph.alignment = align
            side = "right_indent" if align is Align.RIGHT else "left_indent"
            setattr(paragraph.paragraph_format, side, PAGE_NUMBER_SIZE)
            for run in parts.page_number(paragraph):
                parts.face(run, PAGE_NUMBER_FONT, PAGE_NUMBER_SIZE, PAGE_NUMBER_FONT)

    def _set_style(self) -> None:
        style = self._document.styles["Normal"]
        style.font.name, style.font.size = LATIN_FONT, BODY_SIZE
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), BODY_FONT)
        style.paragraph_format.space_after = Pt(0)
        style.paragraph_format.widow_control = True

    def _line(self, height: Length) -> Paragraph:
        self._last = self._document.add_paragraph()
        self._last.paragraph_format.line_spacing = height
        return self._last

    def _write(self, text: str, *, font: str = BODY_FONT, first_line: int = 2) -> Paragraph:
        paragraph = self._line(LINE)
        paragraph.alignment = Align.JUSTIFY
        paragraph.paragraph_format.first_line_indent = Length(BODY_SIZE * first_line)
        parts.face(paragraph.add_run(parts.clean(text)), font, BODY_SIZE, LATIN_FONT)
        return paragraph

    def _centred(
        self, text: str, font: str, size: Length, height: Length, after: Length | None = None
    ) -> Self:
        paragraph = self._line(height)
        paragraph.alignment = Align.CENTER
        paragraph.paragraph_format.space_after = after
        parts.face(paragraph.add_run(parts.clean(text)), font, size, LATIN_FONT)
        return self

    def _keep_with_next(self) -> Self:
        if self._last is not None:
            self._last.paragraph_format.keep_with_next = True
        return self


def _characters(text: str) -> float:
    """The width of text in Chinese characters; a Latin letter or digit is half of one."""
    return sum(1 if unicodedata.east_asian_width(char) in "WF" else 0.5 for char in text)
