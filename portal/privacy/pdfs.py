"""Reads a PDF: the text of all pages, notes and form fields, and what it says about itself."""

import ctypes
import re
import zlib
from collections.abc import Iterator

import pypdfium2
from pypdfium2 import raw

from portal.privacy.found import Found, in_rows, in_text
from portal.rules.privacy import Finding, Private, listed_in_text
from portal.rules.privacy.people import looks_like_person

MOST_PAGES = 500
ABOUT = "文件属性"
_FEW = 20
"""A page with fewer characters and a large picture is a scan with a page number."""
_LARGE = 0.5
_LISTED = 5
_BREAK = re.compile(r"[\s\ufffe]*\n[\s\ufffe]*")
_COLUMNS = re.compile(r"\s+")
_PACKET = re.compile(rb"<x:xmpmeta.*?</x:xmpmeta>|<rdf:RDF.*?</rdf:RDF>", re.S)
_METADATA = re.compile(rb"/Type\s*/Metadata\b[^\x00]{0,400}?stream\r?\n")
_TEXT_KEYS = (b"Contents", b"T", b"V", b"TU", b"Subj", b"NM")


def read_pdf(content: bytes, key: str) -> Iterator[Found]:
    """What is private in a PDF, with the page; ``key`` names the file where a page has no text layer."""
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError:
        yield _unreadable(key, "整个文件")
        return
    try:
        yield from _about(document, content)
        if len(document) > MOST_PAGES:
            yield _unreadable(key, f"超过{MOST_PAGES}页")
            return
        silent = []
        for number in range(1, len(document) + 1):
            found, readable = _read_page(document, number)
            yield from found
            if not readable:
                silent.append(number)
        if silent:
            yield _unreadable(key, _pages(silent))
    finally:
        document.close()


def _read_page(document: pypdfium2.PdfDocument, number: int) -> tuple[list[Found], bool]:
    """What is private on a page, and whether all of it could be read: it is no scan and not broken."""
    try:
        page = document[number - 1]
        text = _text(page)
        scanned = _is_scan(page, text)
    except pypdfium2.PdfiumError:  # the entry of one page is broken; the others may be whole
        return [], False
    found = list(_in_page(page, text, f"第{number}页"))
    page.close()
    return found, not scanned


def _in_page(page: pypdfium2.PdfPage, text: str, place: str) -> Iterator[Found]:
    yield from in_text(text, place)
    yield from in_rows([_COLUMNS.split(line.strip()) for line in text.splitlines()], place)
    if finding := listed_in_text(text) or listed_in_text(_BREAK.sub("", text)):
        yield Found(finding, place)
    yield from in_text("\n".join(_notes(page)), f"{place}批注")


def _text(page: pypdfium2.PdfPage) -> str:
    layer = page.get_textpage()
    text: str = layer.get_text_range()
    layer.close()
    return text.replace("\r\n", "\n")


def _is_scan(page: pypdfium2.PdfPage, text: str) -> bool:
    written = len("".join(text.split()))
    if written >= _FEW:
        return False
    drawn = [one for one in page.get_objects(max_depth=4) if one.type != raw.FPDF_PAGEOBJ_TEXT]
    if not written:
        return bool(drawn)
    width, height = page.get_size()
    return any(
        one.type == raw.FPDF_PAGEOBJ_IMAGE and _area(one) >= _LARGE * width * height
        for one in drawn
    )


def _area(one: pypdfium2.PdfObject) -> float:
    left, bottom, right, top = one.get_bounds()
    return float(abs(right - left) * abs(top - bottom))


def _notes(page: pypdfium2.PdfPage) -> Iterator[str]:
    for number in range(raw.FPDFPage_GetAnnotCount(page)):
        note = raw.FPDFPage_GetAnnot(page, number)
        for key in _TEXT_KEYS:
            size = raw.FPDFAnnot_GetStringValue(note, key, None, 0)
            if size > 2:  # two bytes end an empty text
                buffer = ctypes.create_string_buffer(size)
                target = ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR))
                raw.FPDFAnnot_GetStringValue(note, key, target, size)
                yield buffer.raw[: size - 2].decode("utf-16-le", "replace")
        raw.FPDFPage_CloseAnnot(note)


def _about(document: pypdfium2.PdfDocument, content: bytes) -> Iterator[Found]:
    facts = document.get_metadata_dict(skip_empty=True)
    if looks_like_person(author := facts.get("Author", "")):
        yield Found(Finding(Private.PERSON, author.strip()), ABOUT)
    yield from in_text("\n".join(facts.values()), ABOUT)
    titles = [mark.get_title() for mark in document.get_toc()]
    yield from in_text("\n".join(titles), "书签")
    for packet in _packets(content):
        yield from in_text(re.sub("<[^>]*>", "\n", packet), ABOUT)


def _packets(content: bytes) -> Iterator[str]:
    """The second set of properties (XMP), plain or packed."""
    for packet in _PACKET.finditer(content):
        yield packet[0].decode("utf-8", "replace")
    for begin in _METADATA.finditer(content):
        try:
            packed = zlib.decompressobj().decompress(content[begin.end() :], 1_000_000)
        except zlib.error:
            continue
        yield packed.decode("utf-8", "replace")


def _unreadable(key: str, what: str) -> Found:
    return Found(Finding(Private.UNREADABLE, f"{key} {what}"), "")


def _pages(numbers: list[int]) -> str:
    named = "、".join(map(str, numbers[:_LISTED]))
    return f"第{named}页" + (f"等{len(numbers)}页" if len(numbers) > _LISTED else "")
