"""Filling a Word template: each mark 「{{名称}}」 becomes words, or a run of paragraphs and tables.

Everything else of the template stays as the county wrote it: page, fonts, fixed text, headers and footers.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from io import BytesIO

import docx
from docx.document import Document
from docx.oxml.ns import qn
from docx.oxml.text.paragraph import CT_P
from docx.shared import Length
from docx.text.paragraph import Paragraph

from portal.documents import parts
from portal.documents.grids import Grid, draw
from portal.documents.layout import BODY_FONT, HEADING_FONTS

MARK = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
LOOSE = re.compile(r"\{\{|\}\}")
EMU_PER_TWENTIETH = 635


@dataclass(frozen=True)
class Line:
    """A paragraph in the style of its mark; headings (``level`` 1 to 3) have the font of their level."""

    text: str
    level: int = 0


Block = Line | Grid


class TemplateError(Exception):
    """A template that cannot be filled; ``problems`` has one line of plain Chinese per fault."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("；".join(problems))
        self.problems = tuple(problems)


def marks(text: str) -> list[str]:
    """The names of the marks in a text, in order."""
    return MARK.findall(text)


def faults(text: str, known: Mapping[str, object]) -> list[str]:
    """What is wrong with the marks of a text: an unknown name, or braces that make no mark."""
    unknown = [f"占位符“{{{{{name}}}}}”不认识" for name in marks(text) if name not in known]
    return unknown + (["有没写完整的占位符“{{”或“}}”"] if LOOSE.search(MARK.sub("", text)) else [])


def written(text: str, words: Mapping[str, str]) -> str:
    """The text with its marks replaced by words; each name must be known."""
    return MARK.sub(lambda mark: words[mark[1]], text)


def fill(template: bytes, words: Mapping[str, str], blocks: Mapping[str, Sequence[Block]]) -> bytes:
    """The template with its marks filled: words inside a paragraph, blocks instead of a whole one.

    Raises:
        TemplateError: a mark that nobody knows, or a block that shares its paragraph; all at once.
    """
    document = docx.Document(BytesIO(template))
    paragraphs = list(_paragraphs(document))
    _check(paragraphs, words, blocks)
    for element in paragraphs:
        found = marks(_text(element))
        if found and found[0] in blocks:
            _put_blocks(document, element, blocks[found[0]])
        elif found:
            _put_words(element, words)
    return parts.archived(document)


def _check(
    paragraphs: Sequence[CT_P], words: Mapping[str, str], blocks: Mapping[str, Sequence[Block]]
) -> None:
    problems = []
    for number, element in enumerate(paragraphs, start=1):
        text, place = _text(element).strip(), f"第 {number} 段（{_text(element).strip()[:20]}）"
        problems += [f"{place}：{fault}" for fault in faults(text, {**words, **blocks})]
        problems += [
            f"{place}：占位符“{{{{{name}}}}}”要单独成段，放在正文里"
            for name in marks(text)
            if name in blocks and (not MARK.fullmatch(text) or not _in_body(element))
        ]
    if problems:
        raise TemplateError(problems)


def _paragraphs(document: Document) -> Iterator[CT_P]:
    """Every paragraph of the body with its tables and text boxes, then of headers and footers."""
    yield from document.element.body.iter(qn("w:p"))
    for section in document.sections:
        for edge in (
            section.header, section.first_page_header, section.even_page_header,
            section.footer, section.first_page_footer, section.even_page_footer,
        ):  # fmt: skip
            if not edge.is_linked_to_previous:
                yield from edge._element.iter(qn("w:p"))  # noqa: SLF001


def _in_body(element: CT_P) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag == qn("w:body")


def _text(element: CT_P) -> str:
    return "".join(piece.text or "" for piece in element.iter(qn("w:t")))


def _put_words(element: CT_P, words: Mapping[str, str]) -> None:
    """Replace marks piece by piece: Word may cut one in several runs; the first one gives the face."""
    pieces = list(element.iter(qn("w:t")))
    while mark := MARK.search("".join(piece.text or "" for piece in pieces)):
        start, rest = mark.start(), parts.clean(words[mark[1]])
        length = mark.end() - start
        for piece in pieces:
            text = piece.text or ""
            if start < len(text) and length:
                taken = min(length, len(text) - start)
                piece.text = text[:start] + rest + text[start + taken :]
                piece.set(qn("xml:space"), "preserve")
                start, length, rest = 0, length - taken, ""
            else:
                start = max(0, start - len(text)) if length else start


def _put_blocks(document: Document, mark: CT_P, blocks: Sequence[Block]) -> None:
    for block in blocks:
        if isinstance(block, Grid):
            drawn = draw(document, block, _text_width(document))
            for element in (drawn.caption._p, drawn.table._tbl, drawn.gap._p):  # noqa: SLF001
                mark.addprevious(element)
        else:
            mark.addprevious(_like(mark, block))
    mark.getparent().remove(mark)


def _like(mark: CT_P, line: Line) -> CT_P:
    """A paragraph with the layout and the face of the mark's."""
    made = deepcopy(mark)
    paragraph = Paragraph(made, None)  # type: ignore[arg-type]
    for run in paragraph.runs[1:]:
        made.remove(run._r)  # noqa: SLF001
    run = paragraph.runs[0]
    run.text = parts.clean(line.text)
    if line.level:
        parts.chinese_font(run, HEADING_FONTS.get(line.level, BODY_FONT))
        paragraph.paragraph_format.keep_with_next = True
    return made


def _text_width(document: Document) -> Length:
    section = document.sections[-1]
    width = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
    return Length(width - width % EMU_PER_TWENTIETH)
