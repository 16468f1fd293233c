"""The rules for zip-based formats (docx, xlsx), applied before any parser sees the file."""

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator

from portal.intake import DAMAGED, FileRefused
from portal.intake.signatures import MEGABYTE

MAX_MEMBERS = 2_000
MAX_UNPACKED = 100 * MEGABYTE
MAX_RATIO = 100
RATIO_COUNTS_FROM = MEGABYTE
CHUNK = MEGABYTE
CENTRAL_ENTRY = b"PK\x01\x02"
ENCRYPTED = 0x1

REPACKED = "文件内部结构异常，请在 Excel、Word 或 WPS 中打开，另存为新文件后再上传"
LOCKED = "这个文件加了密码，请取消密码后再上传"
TOO_BIG = "文件展开后超过 100 MB，请删去无关的图片和工作表，或拆成几个文件后再上传"
BLOATED = (
    "文件里有大量重复内容，可能是大片带格式的空单元格。请删除数据右侧和下方的空行空列，"
    "另存为新文件后再上传"
)
TOO_MANY = "文件内部的部件超过 2000 个，请删去无关的图片和工作表后再上传"


def open_archive(content: bytes) -> zipfile.ZipFile:
    """Open a zip whose directory keeps the rules: members, unpacked size, ratio, names, encryption.

    Raises:
        FileRefused: in plain Chinese, also for a truncated file.
    """
    # Counted before ZipFile builds an object per entry: 400,000 entries would take seconds.
    if content.count(CENTRAL_ENTRY) > MAX_MEMBERS:
        raise FileRefused(TOO_MANY)
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise FileRefused(DAMAGED) from error
    members = archive.infolist()
    if sum(member.file_size for member in members) > MAX_UNPACKED:
        raise FileRefused(TOO_BIG)
    if len({member.filename.casefold() for member in members}) < len(members):
        raise FileRefused(REPACKED)
    for member in members:
        _refuse_member(member)
    return archive


def _refuse_member(member: zipfile.ZipInfo) -> None:
    if member.flag_bits & ENCRYPTED:
        raise FileRefused(LOCKED)
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise FileRefused(REPACKED)
    if _leaves_folder(member.orig_filename) or stat.S_ISLNK(member.external_attr >> 16):
        raise FileRefused(REPACKED)
    bloated = member.file_size > MAX_RATIO * max(member.compress_size, 1)
    if member.file_size > RATIO_COUNTS_FROM and bloated:
        raise FileRefused(BLOATED)


def _leaves_folder(name: str) -> bool:
    parts = name.split("/")
    return name.startswith("/") or ".." in parts or any(mark in name for mark in "\\:\0")


def read_member(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """Yield a member in chunks of 1 MB at most; a size or checksum that lies is found on the way.

    Raises:
        FileRefused: when the member is not what the directory says.
    """
    try:
        with archive.open(name) as stream:
            while chunk := stream.read(CHUNK):
                yield chunk
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise FileRefused(DAMAGED) from error
