"""Word, Excel, PDF and page files that hold given texts in their body, and in all the corners of a file."""

import io
from collections.abc import Sequence
from functools import cache
from html import escape

import docx
import openpyxl
import weasyprint
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.worksheet.datavalidation import DataValidation

from tests.corpus import archives

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
Rows = Sequence[Sequence[str]]


def word(texts: Sequence[str] = (), tables: Sequence[Rows] = ()) -> bytes:
    """Paragraphs, each in runs of five characters, and tables; written by hand, which is fast."""
    body = "".join(f"<w:p>{_runs(line)}</w:p>" for text in texts for line in text.splitlines())
    for rows in tables:
        cells = ("".join(f"<w:tc><w:p>{_runs(cell)}</w:p></w:tc>" for cell in row) for row in rows)
        body += "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"
    return archives.docx(
        **{"word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>"}
    )


def _runs(text: str) -> str:
    pieces = (escape(text[at : at + 5]) for at in range(0, len(text), 5))
    return "".join(f'<w:r><w:t xml:space="preserve">{piece}</w:t></w:r>' for piece in pieces)


def saved(document) -> bytes:
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def word_lines(text: str) -> dict[str, bytes]:
    """The lines of a text in one paragraph, and as the paragraphs of one cell."""
    lines = text.splitlines()
    broken = "<w:r><w:br/></w:r>".join(map(_runs, lines))
    stacked = "".join(f"<w:p>{_runs(line)}</w:p>" for line in lines)
    bodies = {
        "paragraph": f"<w:p>{broken}</w:p>",
        "cell": f"<w:tbl><w:tr><w:tc>{stacked}</w:tc></w:tr></w:tbl>",
    }
    return {
        name: archives.docx(
            **{"word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>"}
        )
        for name, body in bodies.items()
    }


def with_second_body(text: str) -> bytes:
    """A Word file as the browser's Word saves it: its body is document2.xml."""
    body = f"<w:document {W}><w:body><w:p>{_runs(text)}</w:p></w:body></w:document>"
    types = archives.content_types("/word/document2.xml", archives.DOCX_MAIN)
    return archives.zipped({"[Content_Types].xml": types, "word/document2.xml": body})


@cache
def word_corners(text: str, author: str = "") -> dict[str, bytes]:
    """The text where nobody looks: name of the corner -> file."""
    made = {}
    for corner in ("header", "footer", "properties", "hidden", "deleted", "alt", "author"):
        document = docx.Document()
        paragraph = document.add_paragraph("公告")
        if corner in ("header", "footer"):
            getattr(document.sections[0], corner).paragraphs[0].text = text
        elif corner == "properties":
            document.core_properties.subject = text
        elif corner == "hidden":
            paragraph.add_run(text).font.hidden = True
        elif corner == "deleted":
            paragraph._p.append(_deleted(text))
        elif corner == "alt":
            paragraph.add_run()._r.append(_pictured(text))
        else:
            document.core_properties.author = author
        made[corner] = saved(document)
    document = docx.Document()
    document.add_comment(document.add_paragraph("公告").add_run("正文"), text=text, author="某人")
    return made | {"comment": saved(document)}


def _deleted(text: str):
    mark, run, inner = (OxmlElement(name) for name in ("w:del", "w:r", "w:delText"))
    mark.set(qn("w:author"), "某人")
    inner.text = text
    run.append(inner)
    mark.append(run)
    return mark


def _pictured(text: str):
    shape = OxmlElement("w:drawing")
    inner = OxmlElement("wp:docPr")
    inner.set("descr", text)
    shape.append(inner)
    return shape


def sheets(texts: Sequence[str] = (), tables: Sequence[Rows] = ()) -> bytes:
    """A sheet with one text a row, and one for each table."""
    book = openpyxl.Workbook()
    for text in texts:
        book.active.append([text])
    for rows in tables:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    return saved(book)


@cache
def sheet_corners(text: str, number: float, author: str = "") -> dict[str, bytes]:
    """The same for Excel, and a number kept as a number."""
    made = {}
    for corner, put in _CORNERS.items():
        book = openpyxl.Workbook()
        book.active["A1"] = "公告"
        put(book, text, number, author)
        made[corner] = saved(book)
    return made


def _hidden(book: openpyxl.Workbook, text: str, *_others: object) -> None:
    sheet = book.create_sheet("底稿")
    sheet.sheet_state, sheet["C7"] = "veryHidden", text


def _hidden_row(book: openpyxl.Workbook, text: str, *_others: object) -> None:
    book.active["A9"] = text
    book.active.row_dimensions[9].hidden = True


def _commented(book: openpyxl.Workbook, text: str, _number: float, author: str) -> None:
    book.active["A1"].comment = Comment(text, author)


def _offered(book: openpyxl.Workbook, text: str, *_others: object) -> None:
    offer = DataValidation(type="list", formula1=f'"甲,{text}"')
    offer.add("A1")
    book.active.add_data_validation(offer)


def _filtered(book: openpyxl.Workbook, text: str, *_others: object) -> None:
    book.active.auto_filter.ref = "A1:A2"
    book.active.auto_filter.add_filter_column(0, [text])


def _marked(book: openpyxl.Workbook, text: str, *_others: object) -> None:
    rule = CellIsRule(operator="equal", formula=[f'"{text}"'])
    book.active.conditional_formatting.add("A1:A5", rule)


def with_pivot(text: str) -> bytes:
    """A workbook whose pivot table keeps the rows of its source, which no sheet shows."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    records = f'<pivotCacheRecords xmlns="{main}"><r><s v="{text}"/></r></pivotCacheRecords>'
    return archives.repacked(
        sheets(["汇总"]), {"xl/pivotCache/pivotCacheRecords1.xml": records.encode()}
    )


_CORNERS = {
    "commented": _commented,
    "footed": lambda book, text, *_: setattr(book.active.oddFooter.center, "text", text),
    "offered": _offered,
    "filtered": _filtered,
    "marked": _marked,
    "hidden": _hidden,
    "hidden_row": _hidden_row,
    "counted": lambda book, _text, number, _author: setattr(book.active["B5"], "value", number),
    "named": lambda book, text, *_: setattr(book.active, "title", text),
    "described": lambda book, text, *_: setattr(book.properties, "keywords", text),
    "written": lambda book, _text, _number, author: setattr(book.properties, "creator", author),
}


def page(texts: Sequence[str] = (), tables: Sequence[Rows] = ()) -> str:
    """HTML, a section for each text, with a tag after every third character; tables as tables."""
    body = "".join(f"<section>{_paragraphs(text)}</section>\n" for text in texts)
    for rows in tables:
        cells = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows)
        body += "<table>" + "\n".join(f"<tr>{row}</tr>" for row in cells) + "</table>"
    style = "<style>section + section { break-before: page }</style>"
    return f"<!doctype html><html lang=zh><head><title>公告</title>{style}</head><body>{body}</body></html>"


def _paragraphs(text: str) -> str:
    lines = text.splitlines()
    split = ([escape(line[at : at + 3]) for at in range(0, len(line), 3)] for line in lines)
    return "".join(f"<p>{'<b></b>'.join(pieces)}</p>\n" for pieces in split)


def pdf(texts: Sequence[str] = (), tables: Sequence[Rows] = (), head: str = "") -> bytes:
    """The same as a PDF with a text layer; ``head`` goes into its properties."""
    text = page(texts, tables).replace("</head>", f"{head}</head>")
    made: bytes = weasyprint.HTML(string=text).write_pdf()
    return made
