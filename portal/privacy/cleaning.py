"""Takes out of a Word or Excel file what its writer does not see: authors, properties, thumbnails, positions.

What its writer has to decide on - comments, tracked changes, embedded files, the source of a pivot table - is
refused.
"""

import io
import re
import zipfile

from portal.files.images import rebuild
from portal.intake import FileRefused
from portal.intake.archives import open_archive, read_member
from portal.intake.signatures import signature

_CORE = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cp:coreProperties xmlns:cp='
    b'"http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
)
_EMPTY = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns='
    b'"http://schemas.openxmlformats.org/officeDocument/2006/%s-properties"/>'
)
_REPLACED = {
    "docProps/core.xml": _CORE,
    "docProps/app.xml": _EMPTY % b"extended",
    "docProps/custom.xml": _EMPTY % b"custom",
}
_THUMBNAIL = re.compile("docProps/thumbnail", re.I)
_THUMBNAIL_LINK = re.compile(rb"<Relationship\b[^>]*metadata/thumbnail[^>]*/>")
_NAMES = re.compile(rb'((?:w15:author|w15:userId|w:author|displayName|userId)=)"[^"]*"')
_PEOPLE = re.compile(r"word/people\.xml|xl/persons/")
_COMMENTS = re.compile(r"(?:word|xl)/(?:.*/)?(?:comments?|threadedComment)[^/]*\.xml$")
_COMMENT = re.compile(rb"<(?:\w+:)?(?:comment|threadedComment)[ >]")
_REVISED = re.compile(rb"<w:(?:ins|del|moveFrom|moveTo|rPrChange|pPrChange|cellIns|cellDel)[ />]")
_TOLD = re.compile(r"word/(?:document\d*|header\d*|footer\d*|footnotes|endnotes)\.xml$")
_EMBEDDED = re.compile(r"/embeddings/|/externalLinks/|^xl/revisions/")
_PIVOT = re.compile("^xl/pivotCache/")
_MEDIA = re.compile("/media/")
_PICTURES = frozenset({"jpg", "png"})
_STAMP = (1980, 1, 1, 0, 0, 0)


def cleaned(content: bytes) -> bytes:
    """The same document without properties, names of its writers and what pictures say of their making.

    Raises:
        FileRefused: comments, tracked changes, embedded files, pivot tables or odd pictures; says what to do.
    """
    archive = open_archive(content)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as fresh:
        for name in archive.namelist():
            if _THUMBNAIL.match(name) or name.endswith("/"):
                continue
            part = b"".join(read_member(archive, name))
            _refuse(name, part)
            fresh.writestr(_entry(name), _without_traces(name, part))
    return target.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _STAMP)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _refuse(name: str, part: bytes) -> None:
    if _COMMENTS.search(name) and (comments := len(_COMMENT.findall(part))):
        raise FileRefused(
            f"文件里有 {comments} 条批注，会一起公开。请在“审阅”里删除批注，保存后再上传"
        )
    if _TOLD.match(name) and _REVISED.search(part):
        raise FileRefused(
            "文件里有修订记录，删去的字也会公开。请在“审阅”里接受所有修订，保存后再上传"
        )
    if _EMBEDDED.search(name):
        raise FileRefused(
            "文件里嵌有或链接着别的文件（图表后面常有整张工作簿）。请把它粘贴成图片，或另存为 PDF 后再上传"
        )
    if _PIVOT.match(name):
        raise FileRefused(
            "文件里有数据透视表，后面存着整张源数据，会一起公开。请把透视表复制后“选择性粘贴”为数值，"
            "删去原来的透视表，保存后再上传"
        )


def _without_traces(name: str, part: bytes) -> bytes:
    if name in _REPLACED:
        return _REPLACED[name]
    if name == "_rels/.rels":
        return _THUMBNAIL_LINK.sub(b"", part)
    if _PEOPLE.match(name):
        return _NAMES.sub(rb'\1""', part)
    return _picture(name, part) if _MEDIA.search(name) else part


def _picture(name: str, part: bytes) -> bytes:
    kind = signature(part)
    if kind not in _PICTURES:
        ending = name.rpartition(".")[2].upper()
        raise FileRefused(f"文件里有 {ending} 格式的图片，不能核对。请换成 JPG 或 PNG 图片后再上传")
    return rebuild(part, kind)
