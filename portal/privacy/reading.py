"""Reads a file that leaves, whatever its kind, and names what is private in it."""

import hashlib
import zipfile
from collections.abc import Callable, Iterator
from xml.etree.ElementTree import ParseError

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


def read_file(content: bytes) -> tuple[Found, ...]:
    """What is private in a PDF, Word, Excel, JPEG or PNG file; what cannot be read is a finding too."""
    return once(_read(content, hashlib.sha256(content).hexdigest()[:_KEY]))


def _read(content: bytes, key: str) -> Iterator[Found]:
    kind = signature(content)
    if kind in _PLAIN:
        return _PLAIN[kind](content, key)
    try:
        return _opened(content, key)
    except (FileRefused, ParseError):
        return iter([unreadable(key, "整个文件")])


def _opened(content: bytes, key: str) -> Iterator[Found]:
    archive = open_archive(content)
    read = _OFFICE[office_kind(archive)]
    if too_large(archive):
        return iter([unreadable(key, "文件过大，")])
    return iter(list(read(archive, key)))
