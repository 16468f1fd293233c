"""Reads a file that leaves, whatever its kind, and names what is private in it."""

import hashlib
import zipfile
from collections.abc import Callable, Iterator
from xml.etree.ElementTree import ParseError

from pypdfium2 import PdfiumError

from portal.intake import FileRefused
from portal.intake.archives import open_archive
from portal.intake.office import office_kind
from portal.intake.signatures import signature
from portal.privacy.found import Found, once
from portal.privacy.packages import too_large, unreadable
from portal.privacy.pdfs import read_pdf
from portal.privacy.pictures import read_picture
from portal.privacy.sheets import read_sheets
from portal.privacy.word import read_word

_KEY = 16
_OFFICE: dict[str, Callable[[zipfile.ZipFile, str], Iterator[Found]]] = {
    "docx": read_word,
    "xlsx": read_sheets,
}
_PLAIN: dict[str, Callable[[bytes, str], Iterator[Found]]] = {
    "pdf": read_pdf,
    "jpg": read_picture,
    "png": read_picture,
}


_FAULTS = (FileRefused, ParseError, PdfiumError, LookupError, ValueError, RecursionError)
"""What readers raise over a file that is not what it should be: a lying size, no XML, a broken page, a part
that is missing or in an unknown encoding, a number that is none, elements without end.
"""


def read_file(content: bytes) -> tuple[Found, ...]:
    """What is private in a PDF, Word, Excel, JPEG or PNG file; what cannot be read is a finding too."""
    return once(_safely(content, hashlib.sha256(content).hexdigest()[:_KEY]))


def _safely(content: bytes, key: str) -> Iterator[Found]:
    """What was found up to a fault, and the fault as a finding."""
    try:
        yield from _read(content, key)
    except _FAULTS:
        yield unreadable(key, "整个文件")


def _read(content: bytes, key: str) -> Iterator[Found]:
    kind = signature(content)
    if kind in _PLAIN:
        return _PLAIN[kind](content, key)
    archive = open_archive(content)
    read = _OFFICE[office_kind(archive)]
    if too_large(archive):
        return iter([unreadable(key, "文件过大，")])
    return read(archive, key)
