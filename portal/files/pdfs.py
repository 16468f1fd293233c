"""PDF files: complete, unencrypted, and without scripts, program starts or attached files.

The search covers the file's own bytes and every compressed stream that may hold objects. It cannot
see into encrypted files and unusual encodings, so object streams that do not open are refused too.
"""

import re
import zlib
from collections.abc import Iterator

from portal.intake import FileRefused
from portal.intake.archives import MAX_UNPACKED

ACTIVE = re.compile(rb"/(JavaScript|Launch|EmbeddedFile)")
ACTIVE_WORDS = {"JavaScript": "脚本", "Launch": "启动程序的动作", "EmbeddedFile": "内嵌附件"}
ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
STREAM = re.compile(rb"(?<!end)stream\r?\n")
END_ZONE = 2_048
ZIP_END = b"PK\x05\x06"
DICTIONARY = 4_096
MAX_STREAMS = 100_000
PIECE = 16_384  # deflate grows a piece to 16 MB at most
OVERLAP = 64
ENCRYPTION = re.compile(rb"/Encrypt\b")

BROKEN = "PDF 不完整或已损坏，请重新导出或扫描后再上传"
LOCKED = "这个 PDF 设有密码或权限限制，请取消限制，或用“打印为 PDF”另存后再上传"
MIXED = "这个 PDF 后面还接着别的文件，请用“打印为 PDF”另存后再上传"
TOO_BIG = "PDF 展开后超过 100 MB，请压缩后再上传"


def refuse_bad_pdf(content: bytes) -> None:
    """Let a plain document pass.

    Raises:
        FileRefused: for a damaged, encrypted, mixed or active PDF, naming what was found.
    """
    ending = content[-END_ZONE:]
    if b"%%EOF" not in ending or b"startxref" not in content:
        raise FileRefused(BROKEN)
    if ZIP_END in content[-65_600:]:
        raise FileRefused(MIXED)
    names = _unescaped(content)
    if ENCRYPTION.search(names):
        raise FileRefused(LOCKED)
    _refuse_active(names)
    _search_streams(content)


def _refuse_active(text: bytes) -> None:
    found = ACTIVE.search(text)
    if found:
        word = ACTIVE_WORDS[found[1].decode()]
        raise FileRefused(f"这个 PDF 里有{word}，不能上传。请用“打印为 PDF”另存后再上传")


def _search_streams(content: bytes) -> None:
    unpacked = 0
    for start, must_open in _streams(content):
        tail = b""
        for piece in _inflated(content, start, must_open):
            unpacked += len(piece)
            if unpacked > MAX_UNPACKED:
                raise FileRefused(TOO_BIG)
            _refuse_active(_unescaped(tail + piece))
            tail = piece[-OVERLAP:]


def _streams(content: bytes) -> Iterator[tuple[int, bool]]:
    """Yield where each stream begins that may hold objects, and whether it surely does.

    Pictures are left out: a scan of ten pages would unpack to more than the limit.
    """
    for number, start in enumerate(STREAM.finditer(content)):
        if number >= MAX_STREAMS:
            raise FileRefused(TOO_BIG)
        before = content[max(0, start.start() - DICTIONARY) : start.start()]
        dictionary = _unescaped(before[before.rfind(b"obj") :])
        holds_objects = b"/ObjStm" in dictionary or b"/First" in dictionary
        if holds_objects or b"/Image" not in dictionary:
            yield start.end(), holds_objects and b"/Filter" in dictionary


def _inflated(content: bytes, start: int, must_open: bool) -> Iterator[bytes]:
    """Inflate piece by piece; a deflate stream marks its own end, whatever ``/Length`` says."""
    inflate = zlib.decompressobj()
    try:
        for offset in range(start, len(content), PIECE):
            yield inflate.decompress(content[offset : offset + PIECE])
            if inflate.eof:
                return
    except zlib.error as error:
        if must_open:
            raise FileRefused(LOCKED) from error


def _unescaped(text: bytes) -> bytes:
    """Decode ``#xx`` in names: ``/J#61vaScript`` is ``/JavaScript`` to every reader."""
    return ESCAPE.sub(lambda code: bytes([int(code[1], 16)]), text) if b"#" in text else text
