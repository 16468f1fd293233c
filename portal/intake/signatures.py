"""What a file is by its first bytes, whatever its name says."""

import math
import re

from portal.intake import FileRefused

MEGABYTE = 1024 * 1024
MAX_BYTES = 20 * MEGABYTE
RAR, SEVEN_ZIP, HEIC = "rar", "7z", "heic"
MARKUP = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|\?xml|svg|script|head|body|table|!--)", re.I
)

SIGNATURES = (
    (b"\xff\xd8\xff", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole2"),
    (b"MZ", "exe"),
    (b"\x7fELF", "exe"),
    (b"Rar!", RAR),
    (b"7z\xbc\xaf\x27\x1c", SEVEN_ZIP),
    (b"GIF8", "gif"),
    (b"BM", "bmp"),
    (b"{\\rtf", "rtf"),
)

REFUSALS = {
    "exe": "这是可执行程序，不能上传。请上传照片、PDF、Word（.docx）或 Excel（.xlsx）文件",
    RAR: "这是 RAR 压缩包，请解压后逐个上传里面的文件",
    SEVEN_ZIP: "这是 7z 压缩包，请解压后逐个上传里面的文件",
    HEIC: "这是苹果手机的 HEIC 照片，请在手机“设置—相机—格式”中选“兼容性最佳”，或另存为 JPG 后再上传",
    "gif": "这是 GIF 图片，请另存为 JPG 或 PNG 后再上传",
    "bmp": "这是 BMP 图片，请另存为 JPG 或 PNG 后再上传",
    "rtf": "这是 RTF 文档，请在 Word 或 WPS 中另存为 .docx 后再上传",
    "markup": "这个文件的内容是网页，不是文档。请用 Excel、Word 或 WPS 打开，另存为 .xlsx 或 .docx 后再上传",
}
OLD_OFFICE = (
    # An encrypted .xlsx/.docx is an OLE2 container that holds this stream; names are UTF-16.
    ("EncryptedPackage", "这个文件设有打开密码，请在 Excel、Word 或 WPS 中取消密码并保存后再上传"),
    ("WordDocument", "这是旧版 Word 文件（.doc），请在 Word 或 WPS 中另存为 .docx 后再上传"),
    ("Workbook", "这是旧版 Excel 文件（.xls），请在 Excel 或 WPS 中另存为 .xlsx 后再上传"),
    ("Book", "这是旧版 Excel 文件（.xls），请在 Excel 或 WPS 中另存为 .xlsx 后再上传"),
)
OLD_UNKNOWN = "这是旧版 Office 文件，请在 Office 或 WPS 中另存为 .docx 或 .xlsx 后再上传"


def signature(content: bytes) -> str:
    """Name the kind of file that ``content`` begins like; ``""`` when no known signature fits."""
    if content[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc"):
        return HEIC
    for magic, kind in SIGNATURES:
        if content.startswith(magic):
            return kind
    return "markup" if MARKUP.match(content) else ""


def refuse_size(content: bytes) -> None:
    """Refuse an empty file and one above 20 MB.

    Raises:
        FileRefused: with both sizes in MB.
    """
    if len(content) > MAX_BYTES:
        size, most = math.ceil(len(content) * 10 / MEGABYTE) / 10, MAX_BYTES // MEGABYTE
        raise FileRefused(f"文件有 {size:.1f} MB，超过 {most} MB。请压缩图片或拆成几个文件后再上传")
    if not content.strip(b"\0 \t\r\n"):
        raise FileRefused("这是空文件，里面没有内容。请检查原文件后重新上传")


def refuse_foreign(content: bytes) -> None:
    """Refuse programs, web pages, other archives and old Office files, each with its own advice.

    Raises:
        FileRefused: when the first bytes are of a kind the portal never takes in.
    """
    kind = signature(content)
    if kind == "ole2":
        raise FileRefused(_old_office(content))
    if kind in REFUSALS:
        raise FileRefused(REFUSALS[kind])


def _old_office(content: bytes) -> str:
    for stream, message in OLD_OFFICE:
        if stream.encode("utf-16-le") in content:
            return message
    return OLD_UNKNOWN
