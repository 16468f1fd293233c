"""Whether a zip is a Word or an Excel document, and one without programs inside."""

import re
import zipfile
from xml.parsers import expat

from portal.intake import DAMAGED, FileRefused
from portal.intake.archives import REPACKED, read_member

CONTENT_TYPES = "[Content_Types].xml"
MAX_TYPES = 1_000_000
MAIN = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": "xlsx",
}
MACROS = "这个文件带有宏，请在 Office 或 WPS 中另存为不带宏的 .docx 或 .xlsx 后再上传"
NOT_OFFICE = "这是压缩包或其他文件，不是 Word（.docx）或 Excel（.xlsx）。请解压后逐个上传里面的文件"
PROGRAM = "文档里嵌有外部文件或程序，请删去该对象，或另存为 PDF 后再上传"
REMOTE_TEMPLATE = "文档引用了网络上的模板，请在 Word 或 WPS 中复制内容到新文档，保存后再上传"

PACKAGED_FILE = "Ole10Native".encode("utf-16-le")
REMOTE = re.compile(rb'attachedTemplate"[^>]*Target="(?:https?:|\\\\|file:/*[^/:]{2,}/)', re.I)


def office_kind(archive: zipfile.ZipFile) -> str:
    """Return ``docx`` or ``xlsx`` by the declared content types, not by the file's name.

    Raises:
        FileRefused: for macros, other zip files, and a directory of types that is not well-formed.
    """
    names = archive.namelist()
    if CONTENT_TYPES not in names:
        raise FileRefused(NOT_OFFICE)
    types = _content_types(archive)
    has_code = any(name.lower().endswith("vbaproject.bin") for name in names)
    if has_code or any("macroenabled" in kind.lower() for kind in types.values()):
        raise FileRefused(MACROS)
    for part, kind in types.items():
        if kind in MAIN and part.lstrip("/") in names:
            return MAIN[kind]
    raise FileRefused(NOT_OFFICE)


def read_through(archive: zipfile.ZipFile) -> None:
    """Unpack every member once, within the archive's limits, looking for what must not be inside.

    Raises:
        FileRefused: for false sizes, document type declarations, packaged programs, remote templates.
    """
    for name in archive.namelist():
        tail = b""
        for chunk in read_member(archive, name):
            _refuse_part(name, tail + chunk)
            tail = chunk[-200:]


def _refuse_part(name: str, text: bytes) -> None:
    if name.endswith((".xml", ".rels")) and (b"<!DOCTYPE" in text or b"<!ENTITY" in text):
        raise FileRefused(REPACKED)
    if name.endswith(".bin") and PACKAGED_FILE in text:
        raise FileRefused(PROGRAM)
    if name.endswith(".rels") and REMOTE.search(text):
        raise FileRefused(REMOTE_TEMPLATE)


def _content_types(archive: zipfile.ZipFile) -> dict[str, str]:
    """Map part name to content type; extension defaults are listed under ``*.extension``."""
    types: dict[str, str] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        part = attributes.get("PartName") or f"*.{attributes.get('Extension', '')}"
        types[part] = attributes.get("ContentType", "")

    def refuse_doctype(*_: object) -> None:
        raise FileRefused(REPACKED)

    if archive.getinfo(CONTENT_TYPES).file_size > MAX_TYPES:
        raise FileRefused(REPACKED)
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse_doctype
    try:
        parser.Parse(b"".join(read_member(archive, CONTENT_TYPES)), True)
    except expat.ExpatError as error:
        raise FileRefused(DAMAGED) from error
    return types
