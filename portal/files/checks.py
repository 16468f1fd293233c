"""The gate for uploads: extension, signature and parsed structure must name the same kind of file."""

from dataclasses import dataclass
from typing import IO

from portal.files.images import FORMATS, rebuild
from portal.files.names import display_name, extension
from portal.files.pdfs import refuse_bad_pdf
from portal.intake import FileRefused
from portal.intake.archives import open_archive
from portal.intake.office import office_kind, read_through
from portal.intake.signatures import MAX_BYTES, refuse_foreign, refuse_size, signature

MIMES = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
ENDINGS = {mime: kind for kind, mime in MIMES.items()}
ALIASES = {"jpeg": "jpg"}
MACRO_ENDINGS = frozenset({"docm", "xlsm", "dotm", "xltm", "xlsb"})
ALLOWED = "请上传照片（JPG、PNG）、PDF、Word（.docx）或 Excel（.xlsx）文件"
MACROS = "带宏的文件不能上传，请另存为不带宏的 .docx 或 .xlsx 后再上传"


@dataclass(frozen=True, slots=True)
class Checked:
    """An upload that may be stored: its clean name, its kind, and the bytes to keep."""

    name: str
    kind: str
    mime: str
    content: bytes


def inspect_upload(upload: bytes | IO[bytes], filename: str) -> Checked:
    """Check one uploaded file of at most 20 MB; pictures come back re-encoded without metadata.

    Raises:
        FileRefused: what is wrong and what to do, in plain Chinese.
    """
    content = upload if isinstance(upload, bytes) else upload.read(MAX_BYTES + 1)
    name = display_name(filename)
    refuse_size(content)
    refuse_foreign(content)
    kind, true_kind = _named_kind(name), _true_kind(content)
    if true_kind != kind:
        raise FileRefused(_mismatch(name, true_kind))
    return Checked(name, kind, MIMES[kind], _accepted(content, kind))


def _named_kind(name: str) -> str:
    ending = extension(name)
    kind = ALIASES.get(ending, ending)
    if kind in MACRO_ENDINGS:
        raise FileRefused(MACROS)
    if kind not in MIMES:
        raise FileRefused(f"不收“{name}”这类文件。{ALLOWED}")
    return kind


def _true_kind(content: bytes) -> str:
    kind = signature(content)
    return office_kind(open_archive(content)) if kind == "zip" else kind


def _mismatch(name: str, true_kind: str) -> str:
    if not true_kind:
        return f"“{name}”的内容与扩展名不符，可能已损坏。{ALLOWED}"
    return f"“{name}”的内容其实是 {true_kind} 文件，请把扩展名改成 .{true_kind} 后再上传"


def _accepted(content: bytes, kind: str) -> bytes:
    if kind in FORMATS:
        return rebuild(content, kind)
    if kind == "pdf":
        refuse_bad_pdf(content)
    else:
        read_through(open_archive(content))
    return content
