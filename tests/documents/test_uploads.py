"""SECURITY D2: what may be uploaded, and that every refusal says what to do."""

import io
from collections.abc import Callable

import pytest
from PIL import ImageFile

from portal.files.checks import inspect_upload
from portal.intake import FileRefused
from portal.intake.signatures import MAX_BYTES
from portal.rules.broken import RuleBroken
from tests.corpus import archives, pdfs, pictures, workbooks

ACCEPTED = {
    "照片.jpg": (pictures.picture, "image/jpeg"),
    "照片.jpeg": (pictures.picture, "image/jpeg"),
    "图.PNG": (lambda: pictures.picture("PNG"), "image/png"),
    "文件.pdf": (pdfs.pdf, "application/pdf"),
    "申请.docx": (archives.docx, f"{archives.OOXML}wordprocessingml.document"),
    "表.xlsx": (lambda: workbooks.xlsx([["乡镇"]]), f"{archives.OOXML}spreadsheetml.sheet"),
}

REFUSED: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "empty": ("空.pdf", lambda: b"", "空文件"),
    "only zeros": ("空.pdf", lambda: b"\0" * 100, "空文件"),
    "html": ("a.html", lambda: b"<!DOCTYPE html><script>", "网页"),
    "html renamed": ("表.xlsx", lambda: b"\xef\xbb\xbf <html><table>", "网页"),
    "svg renamed": ("图.png", lambda: b"<svg onload=alert(1)>", "网页"),
    "xml": ("a.xml", lambda: b"<?xml version='1.0'?><a/>", "网页"),
    "script": ("a.js", lambda: b"alert(1)", "不收"),
    "program": ("a.exe", lambda: b"MZ" + b"\0x" * 50, "可执行程序"),
    "program named pdf": ("a.pdf", lambda: b"MZ" + b"\0x" * 50, "可执行程序"),
    "double extension": ("a.pdf.exe", pdfs.pdf, "不收"),
    "no extension": ("文件", pdfs.pdf, "不收"),
    "rar": ("a.rar", lambda: b"Rar!\x1a\x07\0abc", "RAR"),
    "heic": ("a.jpg", lambda: b"\0\0\0\x18ftypheic" + b"x" * 50, "HEIC"),
    "gif with script": ("a.gif", lambda: b"GIF89a/*<script>alert(1)", "GIF"),
    "old word": ("a.doc", workbooks.old_doc, "旧版 Word"),
    "old excel": (
        "a.xls",
        workbooks.old_xls,
        "旧版 Excel 文件（.xls），请在 Excel 或 WPS 中另存为 .xlsx",
    ),
    "old excel renamed": ("a.xlsx", workbooks.old_xls, "旧版 Excel"),
    "password": ("a.xlsx", workbooks.password_protected, "打开密码"),
    "docm": ("a.docm", archives.docm, "宏"),
    "docm renamed": ("a.docx", archives.docm, "宏"),
    "xlsm renamed": ("a.xlsx", lambda: archives.with_vba(workbooks.xlsx([["a"]])), "宏"),
    "docx named xlsx": ("a.xlsx", archives.docx, "其实是 docx"),
    "png named jpg": ("a.jpg", lambda: pictures.picture("PNG"), "其实是 png"),
    "text named pdf": ("a.pdf", lambda: b"hello", "内容与扩展名不符"),
    "plain zip": ("a.docx", lambda: archives.zipped({"a.txt": "x"}), "不是 Word"),
    "remote template": ("a.docx", archives.with_remote_template, "网络上的模板"),
    "packaged program": ("a.docx", archives.with_packaged_program, "嵌有"),
    "jpg that is a script": (
        "a.jpg",
        lambda: b"\xff\xd8\xff\xe0<script>alert(1)</script>",
        "打不开",
    ),
    "cut jpg": ("a.jpg", lambda: pictures.picture(size=(900, 900))[:900], "打不开"),
    "vast png": ("a.png", pictures.vast_png, "4000 万像素"),
    "large png": ("a.png", lambda: pictures.vast_png(7_000), "4000 万像素"),
    "text bomb png": ("a.png", pictures.text_bomb_png, "打不开"),
    "cut pdf": ("a.pdf", lambda: pdfs.pdf()[:-30], "不完整"),
    "pdf script": ("a.pdf", lambda: pdfs.pdf(pdfs.SCRIPT), "脚本"),
    "pdf escaped script": ("a.pdf", lambda: pdfs.pdf(pdfs.ESCAPED_SCRIPT), "脚本"),
    "pdf launch": ("a.pdf", lambda: pdfs.pdf(pdfs.LAUNCH), "启动程序"),
    "pdf attachment": ("a.pdf", lambda: pdfs.pdf(pdfs.ATTACHMENT), "内嵌附件"),
    "pdf hidden script": (
        "a.pdf",
        lambda: pdfs.pdf(pdfs.stream(b"9 0 " + pdfs.ESCAPED_SCRIPT, pdfs.OBJECT_STREAM)),
        "脚本",
    ),
    "pdf script that poses as a picture": (
        "a.pdf",
        lambda: pdfs.pdf(pdfs.stream(b"9 0 " + pdfs.SCRIPT, pdfs.OBJECT_STREAM + pdfs.IMAGE)),
        "脚本",
    ),
    "pdf unreadable objects": (
        "a.pdf",
        lambda: pdfs.pdf(
            pdfs.stream(b"x", b"/Filter /LZWDecode" + pdfs.OBJECT_STREAM, packed=False)
        ),
        "密码或权限",
    ),
    "pdf encrypted": ("a.pdf", lambda: pdfs.pdf(trailer=b"/Root 1 0 R /Encrypt 3 0 R"), "密码"),
    "pdf bomb": ("a.pdf", lambda: pdfs.pdf(pdfs.stream(b"\0" * 150_000_000)), "100 MB"),
    "pdf with zip": ("a.pdf", lambda: pdfs.pdf() + archives.zipped({"a": "b"}), "别的文件"),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_d2_allowed_kinds_pass(name: str) -> None:
    build, mime = ACCEPTED[name]
    checked = inspect_upload(io.BytesIO(build()), name)
    assert (checked.name, checked.mime) == (name, mime)


@pytest.mark.parametrize("case", REFUSED)
def test_d2_everything_else_is_refused_with_advice(case: str) -> None:
    name, build, reason = REFUSED[case]
    with pytest.raises(FileRefused, match=reason) as refused:
        inspect_upload(build(), name)
    assert "请" in str(refused.value)
    assert isinstance(refused.value, RuleBroken)


@pytest.mark.parametrize("case", ["cut jpg", "text bomb png"])
def test_d2_a_library_that_tolerates_cut_pictures_changes_nothing(case: str, monkeypatch) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as WeasyPrint's import does
    name, build, reason = REFUSED[case]
    with pytest.raises(FileRefused, match=reason):
        inspect_upload(build(), name)


def test_d3_twenty_megabytes_pass_and_one_byte_more_does_not() -> None:
    plain = pdfs.pdf()
    filler = b"%" + b"x" * (MAX_BYTES - len(plain) - 2) + b"\n"
    limit = plain[:9] + filler + plain[9:]
    assert inspect_upload(limit, "a.pdf").content == limit
    with pytest.raises(FileRefused, match="20 MB"):
        inspect_upload(io.BytesIO(limit + b"\n"), "a.pdf")


def test_documents_are_kept_byte_by_byte() -> None:
    content = pdfs.pdf(pdfs.stream(b"0 0 m 100 100 l S"))
    assert inspect_upload(content, "a.pdf").content == content


def test_a_scan_of_many_pages_is_no_bomb() -> None:
    page = pdfs.stream(b"\xff" * 26_000_000, pdfs.IMAGE)
    assert inspect_upload(pdfs.pdf(*[page] * 6), "扫描.pdf").kind == "pdf"
