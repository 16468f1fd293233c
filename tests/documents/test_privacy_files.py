"""The corpus in every kind of file: nothing leaks, next to nothing that is harmless is stopped (P4)."""

import io

import pytest

from portal.files.images import rebuild
from portal.intake import FileRefused
from portal.intake.archives import open_archive
from portal.privacy.cleaning import cleaned
from portal.privacy.pages import PageReader
from portal.privacy.pdfs import read_pdf
from portal.privacy.reading import read_file
from portal.privacy.sheets import read_sheets
from portal.privacy.word import read_word
from portal.rules.privacy import Private
from tests.corpus import archives, papers, pdfs, pictures, workbooks
from tests.corpus.privacy import (
    ACHENG,
    CARD,
    COLUMNS,
    DIVIDED,
    HARMLESS,
    HARMLESS_TABLES,
    ID,
    TABLES,
    TEXTS,
    TORN,
)

MOST_FALSE = 0.02
PHONE = "13800138000"


Found = list[tuple[str, Private]]


def in_page(texts, tables) -> Found:
    found = PageReader().read(papers.page(texts, tables), ".html")
    return [(one.place, one.finding.kind) for one in found]


def in_word(texts, tables) -> Found:
    return read_parts(read_word, papers.word(texts, tables))


def in_excel(texts, tables) -> Found:
    return read_parts(read_sheets, papers.sheets(texts, tables))


def in_pdf(texts, tables) -> Found:
    found = read_pdf(papers.pdf(texts, tables), "key")
    return [(one.place, one.finding.kind) for one in found]


def read_parts(read, content) -> Found:
    found = read(open_archive(content), "key")
    return [
        (one.place, one.finding.kind) for one in found if one.finding.kind is not Private.PERSON
    ]


MEDIA = {
    "page": (in_page, None),
    "word": (in_word, "第{}段"),
    "excel": (in_excel, "表“Sheet”A{}"),
    "pdf": (in_pdf, "第{}页"),
}
"""Reader, and where the text of that number stands in a file that holds them all."""
NUMBERS = {text: kind for text, kind in TEXTS.items() if kind is not Private.HOUSEHOLDS}
LISTS = [text for text, kind in TEXTS.items() if kind is Private.HOUSEHOLDS]


@pytest.mark.parametrize("medium", MEDIA)
def test_p4_no_number_of_the_corpus_leaks(medium):
    """All in one file, each found at its own place; a page of the site is read text by text."""
    read, place = MEDIA[medium]
    if place:
        found = set(read(list(NUMBERS), []))
        leaked = [
            text
            for number, (text, kind) in enumerate(NUMBERS.items(), start=1)
            if (place.format(number), kind) not in found
        ]
    else:
        leaked = [text for text, kind in NUMBERS.items() if kind not in of_kinds(read([text], []))]
    assert leaked == []


def of_kinds(found: Found) -> set[Private]:
    return {kind for _place, kind in found}


@pytest.mark.parametrize(("text", "kind"), TORN.items())
def test_p4_a_number_on_two_lines_leaks_from_no_cell_and_no_paragraph(text, kind):
    for content in papers.word_lines(text).values():
        assert kind in of_kinds(read_parts(read_word, content))
    assert kind in of_kinds(in_excel([text], []))
    assert kind in of_kinds(in_excel([], [[["李桂兰", text, "500"]]]))


def test_p4_a_number_on_two_lines_leaks_from_no_page():
    found = in_pdf(list(TORN), [])
    leaked = [
        text
        for number, (text, kind) in enumerate(TORN.items(), start=1)
        if (f"第{number}页", kind) not in found
    ]
    assert leaked == []


@pytest.mark.parametrize("medium", ["word", "excel", "page"])
@pytest.mark.parametrize("cells", DIVIDED)
def test_p4_a_number_in_several_cells_leaks_from_no_table(medium, cells):
    read, _place = MEDIA[medium]
    assert Private.IDENTITY in of_kinds(read([], [[["姓名", "一", "二", "三"], cells]]))


def test_p4_numbers_below_each_other_leave():
    assert in_pdf(list(COLUMNS), []) == []
    assert in_excel(list(COLUMNS), []) == []
    assert [
        text
        for text in COLUMNS
        for content in papers.word_lines(text).values()
        if read_parts(read_word, content)
    ] == []


@pytest.mark.parametrize("medium", MEDIA)
def test_p4_no_list_of_the_corpus_leaks(medium):
    """Lists in running text are looked for wherever text runs; a sheet has tables."""
    read, _place = MEDIA[medium]
    leaked = [
        text
        for text in LISTS
        if medium != "excel" and Private.HOUSEHOLDS not in of_kinds(read([text], []))
    ]
    tables = TABLES.items() if medium != "pdf" else list(TABLES.items())[:3]  # a PDF takes its time
    leaked += [
        name for name, rows in tables if Private.HOUSEHOLDS not in of_kinds(read([], [rows]))
    ]
    assert leaked == []


@pytest.mark.parametrize("medium", MEDIA)
def test_p4_what_is_harmless_leaves(medium):
    """At most one of fifty is stopped; what it was is printed."""
    read, _place = MEDIA[medium]
    stopped = [*read(list(HARMLESS), [])]
    stopped += [
        one for rows in HARMLESS_TABLES.values() if medium != "pdf" for one in read([], [rows])
    ]
    share = len(stopped) / (len(HARMLESS) + len(HARMLESS_TABLES))
    print(f"{medium}: {share:.1%} false alarms {stopped or ''}")
    assert share <= MOST_FALSE


def test_p4_the_corpus_is_as_large_as_promised():
    assert len(TEXTS) + len(TABLES) >= 60
    assert len(HARMLESS) + len(HARMLESS_TABLES) >= 60


@pytest.mark.parametrize(
    ("corner", "place"),
    [
        ("header", "页眉"),
        ("footer", "页脚"),
        ("properties", "文件属性"),
        ("hidden", "第1段"),
        ("deleted", "第1段"),
        ("alt", "图片和链接的说明"),
        ("comment", "批注"),
    ],
)
def test_p4_the_corners_of_a_word_file_are_read(corner, place):
    found = read_file(papers.word_corners(PHONE)[corner])
    assert (Private.MOBILE, place) in [(one.finding.kind, one.place) for one in found]


@pytest.mark.parametrize(
    ("corner", "place"),
    [
        ("commented", "批注"),
        ("footed", "表“Sheet”页眉页脚"),
        ("offered", "表“Sheet”有效性和条件格式"),
        ("marked", "表“Sheet”有效性和条件格式"),
        ("filtered", "表“Sheet”提示、筛选和链接"),
        ("hidden", "表“底稿”（隐藏）C7"),
        ("hidden_row", "表“Sheet”A9"),
        ("counted", "表“Sheet”B5"),
        ("named", "工作表名称"),
        ("described", "文件属性"),
    ],
)
def test_p4_the_corners_of_a_sheet_are_read(corner, place):
    found = read_file(papers.sheet_corners(PHONE, 13800138000, "")[corner])
    assert (Private.MOBILE, place) in [(one.finding.kind, one.place) for one in found]


@pytest.mark.parametrize(
    ("number", "kind"),
    [(float(ID[:17] + "0"), Private.IDENTITY), (float(CARD), Private.ACCOUNT)],
)
def test_p4_a_number_that_a_sheet_has_rounded_is_still_known(number, kind):
    found = read_file(papers.sheet_corners("公告", number)["counted"])
    assert {one.finding.kind for one in found} - {Private.PERSON} == {kind}


def test_p4_writers_of_files_are_named_as_people():
    for content in (
        papers.word_corners("", "王建国")["author"],
        papers.sheet_corners("公告", 1, "王建国")["written"],
        papers.pdf(["公告"], head='<meta name="author" content="王建国">'),
    ):
        assert Private.PERSON in {one.finding.kind for one in read_file(content)}


def test_p4_a_page_without_a_text_layer_is_named():
    scan = "<svg width='500' height='700'><rect width='500' height='700'/></svg>"
    turned = f"<div style='page-break-before:always'>{scan}</div>"
    content = papers.weasyprint.HTML(
        string=f"<html lang=zh><body><p>第一页的文字都能读</p>{turned}"
    ).write_pdf()
    assert [one.words for one in read_file(content)] == ["第2页没有文字层，不能核对"]


def test_p4_a_file_that_cannot_be_read_is_no_clean_file():
    for content in (b"%PDF-1.4 broken", b"PK\x03\x04 broken", b"\xff\xd8\xff broken"):
        assert {one.finding.kind for one in read_file(content)} == {Private.UNREADABLE}


def test_p4_a_broken_page_of_a_pdf_is_named_and_the_others_are_read():
    found = read_file(pdfs.with_broken_page(f"ID {ACHENG}".encode()))
    assert [one.words for one in found] == [
        "第1页里的身份证号230***************",
        "第2页没有文字层，不能核对",
    ]


def test_p4_a_word_file_whose_body_has_another_name_is_read():
    found = read_file(papers.with_second_body(f"1. {ID}"))
    assert [one.words for one in found] == ["第1段里的身份证号110***************"]


@pytest.mark.parametrize(
    "content",
    [
        archives.zipped(
            {
                "[Content_Types].xml": archives.content_types("/word/a.xml", archives.DOCX_MAIN),
                "word/a.xml": "<a/>",
            }
        ),
        archives.docx(**{"word/document.xml": "<?xml version='1.0' encoding='none'?><a/>"}),
        archives.docx(**{"word/document.xml": "<?xml version='1.0' encoding='gb2312'?><a/>"}),
        archives.docx(**{"word/document.xml": "<a>" * 5000 + "</a>" * 5000}),
        archives.docx(**{"word/document.xml": "<a>"}),
    ],
    ids=["no body", "unknown encoding", "other encoding", "very deep", "unfinished"],
)
def test_p4_a_faulty_word_file_is_a_finding_and_no_error(content):
    assert Private.UNREADABLE in {one.finding.kind for one in read_file(content)}


@pytest.mark.parametrize("text", ["2023年3月~", "~", "东村～", "²", "1e999", "nan"])
def test_p4_a_cell_that_ends_oddly_is_read(text):
    assert in_excel([text], []) == []
    cell = workbooks.one_cell("A1", f"<v>{text}</v>")
    assert in_excel([], []) == [*read_parts(read_sheets, workbooks.handmade(cell))]
    cell = workbooks.one_cell("A1", f"<v>{text}</v>", ' t="s"')
    assert read_parts(read_sheets, workbooks.handmade(cell, "<si><t>甲</t></si>")) == []


def test_p4_a_rounded_number_is_known_behind_a_formula():
    cell = workbooks.one_cell("A1", f"<f>B1*1</f><v>{ID[:15]}000</v>")
    assert of_kinds(read_parts(read_sheets, workbooks.handmade(cell))) == {Private.IDENTITY}


def test_p4_the_values_of_a_filter_hide_no_list():
    """They stand in the first column of no table, however many they are."""
    book = papers.openpyxl.Workbook()
    for row in TABLES["without a head"]:
        book.active.append(row)
    book.active.auto_filter.ref = "A1:A20"
    book.active.auto_filter.add_filter_column(0, [f"第{n}项" for n in range(20)])
    found = read_parts(read_sheets, papers.saved(book))
    assert Private.HOUSEHOLDS in of_kinds(found)


def test_p4_the_source_of_a_pivot_table_is_read_and_not_attached():
    content = papers.with_pivot(ACHENG)
    assert [one.words for one in read_file(content) if one.finding.kind is Private.IDENTITY] == [
        "数据透视表的源数据里的身份证号230***************"
    ]
    with pytest.raises(FileRefused, match="数据透视表"):
        cleaned(content)


def test_p4_a_photo_with_a_position_is_seen_and_leaves_without_it():
    photo = pictures.with_position()
    assert {one.finding.kind for one in read_file(photo)} == {Private.TRACES}
    assert read_file(rebuild(photo, "jpg")) == ()
    assert b"230112199001011234" not in rebuild(photo, "jpg")


def test_office_files_lose_what_their_writer_does_not_see():
    from_word = papers.word_corners(PHONE, "王建国")
    for corner in ("properties", "author"):
        assert read_file(cleaned(from_word[corner])) == ()
    from_excel = papers.sheet_corners(PHONE, 1, "王建国")
    for corner in ("described", "written"):
        assert read_file(cleaned(from_excel[corner])) == ()


def test_a_picture_in_a_document_loses_its_position():
    document = papers.docx.Document()
    document.add_picture(io.BytesIO(pictures.with_position()))
    content = papers.saved(document)
    assert Private.TRACES in {one.finding.kind for one in read_file(content)}
    assert read_file(cleaned(content)) == ()
    assert len(papers.docx.Document(io.BytesIO(cleaned(content))).inline_shapes) == 1


def test_a_cleaned_file_opens_and_says_the_same():
    content = cleaned(papers.sheets(["甲", "乙"]))
    sheet = papers.openpyxl.load_workbook(io.BytesIO(content)).active
    assert [row[0] for row in sheet.values] == ["甲", "乙"]
    assert cleaned(content) == content


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (lambda: papers.word_corners("改一改")["comment"], "1 条批注"),
        (lambda: papers.word_corners("旧的")["deleted"], "接受所有修订"),
        (lambda: papers.sheet_corners("改一改", 1, "某")["commented"], "1 条批注"),
    ],
    ids=["word comment", "tracked change", "excel comment"],
)
def test_what_the_writer_has_to_decide_on_is_refused(content, words):
    with pytest.raises(FileRefused, match=words):
        cleaned(content())
