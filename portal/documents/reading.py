"""Reading a report that somebody wrote: Word or plain text as paragraphs and tables."""

from collections.abc import Iterator
from io import BytesIO

from docx import Document
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph as WordParagraph

from portal.intake import DAMAGED, FileRefused
from portal.intake.archives import open_archive
from portal.intake.office import office_kind, read_through
from portal.intake.signatures import refuse_foreign, refuse_size, signature
from portal.rules.crosscheck.text import Paragraph, Report, Table, plain, read_text

ENCODINGS = ("utf-8-sig", "gb18030")


def read_report(content: bytes) -> Report:
    """The paragraphs and tables of a .docx or a text file (UTF-8 or GB 18030).

    Raises:
        FileRefused: another kind of file, a damaged one, or one that unpacks to too much.
    """
    refuse_size(content)
    if signature(content) == "zip":
        return _read_word(content)
    refuse_foreign(content)
    if signature(content) or b"\0" in content:
        raise FileRefused("只能核对 Word（.docx）和文本（.txt）文件，请另存为其中一种后再上传")
    for encoding in ENCODINGS:
        try:
            return read_text(content.decode(encoding))
        except UnicodeDecodeError:
            continue
    raise FileRefused(DAMAGED)


def _read_word(content: bytes) -> Report:
    archive = open_archive(content)
    if office_kind(archive) != "docx":
        raise FileRefused("只能核对 Word（.docx）和文本（.txt）文件，请另存为其中一种后再上传")
    read_through(archive)
    return Report(tuple(_blocks(content)))


def _blocks(content: bytes) -> Iterator[Paragraph | Table]:
    paragraphs = tables = 0
    for block in Document(BytesIO(content)).iter_inner_content():
        if isinstance(block, WordTable):
            tables += 1
            yield Table(f"表 {tables}", tuple(_rows(block)))
        elif isinstance(block, WordParagraph) and plain(block.text):
            paragraphs += 1
            yield Paragraph(f"第 {paragraphs} 段", plain(block.text))


def _rows(table: WordTable) -> Iterator[tuple[str, ...]]:
    """A cell that spans columns stands once, one that spans rows is empty below its first."""
    seen = set[object]()
    for row in table.rows:
        spans = {cell._tc: cell for cell in row.cells}  # noqa: SLF001 - what merged cells share
        yield tuple("" if span in seen else plain(cell.text) for span, cell in spans.items())
        seen |= spans.keys()
