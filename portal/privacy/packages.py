"""What Word and Excel files share: parts of a package as XML, and everything in them that is no body text."""

import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from portal.intake.archives import read_member
from portal.privacy.found import Found, in_text
from portal.privacy.pictures import read_picture
from portal.rules.privacy import Finding, Private
from portal.rules.privacy.people import looks_like_person

MOST_XML = 60_000_000
"""Bytes of XML that are read of one file; a larger one is named as unreadable."""
ABOUT = "文件属性"
PARTS = (
    (re.compile("docProps/"), ABOUT),
    (re.compile("(?:word|xl)/.*comments", re.I), "批注"),
    (re.compile("xl/persons/"), "批注作者"),
    (re.compile("word/header"), "页眉"),
    (re.compile("word/footer"), "页脚"),
    (re.compile("word/footnotes"), "脚注"),
    (re.compile("word/endnotes"), "尾注"),
    (re.compile("(?:word|xl)/charts/"), "图表"),
    (re.compile("xl/drawings/"), "图形"),
    (re.compile("xl/workbook"), "工作表名称"),
    (re.compile("xl/pivotCache/"), "数据透视表的源数据"),
    (re.compile("xl/(?:pivotTables|tables|slicer)"), "表格和筛选"),
    (re.compile(r".*\.rels$"), "链接"),
)
SPOKEN = frozenset(
    {
        "descr",
        "title",
        "name",
        "alt",
        "Target",
        "tooltip",
        "prompt",
        "promptTitle",
        "error",
        "errorTitle",
    }
    | {"display", "author", "displayName", "userId", "string", "val", "caption", "text", "href"}
    | {"v"}
)
"""Attributes in which people's words stand, also those kept for a pivot table; the others hold identifiers
and measures."""
BETWEEN = "\n\n"
"""Between words that do not belong together: no number goes on over an empty line."""
_AUTHORS = re.compile("(?:creator|lastModifiedBy|Manager|displayName)$")
_PICTURE = re.compile(r"\.(?:jpe?g|png)$", re.I)
_MARKUP, _DRAWN = (".xml", ".rels", ".vml"), ".vml"
_TAG = re.compile("<[^>]*>")


def local(tag: str) -> str:
    """The name of an element or attribute without its namespace."""
    return tag.rpartition("}")[2]


def part(archive: zipfile.ZipFile, name: str) -> ET.Element:
    """A part as a tree; ``ParseError`` where it is no XML."""
    return ET.fromstring(b"".join(read_member(archive, name)))  # noqa: S314 - DTDs are refused at intake


def too_large(archive: zipfile.ZipFile) -> bool:
    """Whether there is more XML than is read."""
    sizes = (one.file_size for one in archive.infolist() if one.filename.endswith(_MARKUP))
    return sum(sizes) > MOST_XML


def rest(archive: zipfile.ZipFile, body: set[str], key: str) -> Iterator[Found]:
    """What is private in all parts but those of the body: properties, comments, headers, links, pictures."""
    for name in archive.namelist():
        if name in body:
            continue
        if name.endswith(_DRAWN):  # what Excel draws a comment with is often no XML
            drawn = b"".join(read_member(archive, name)).decode("utf-8", "replace")
            yield from in_text(_TAG.sub("", drawn), place_of(name))
        elif name.endswith(_MARKUP):
            yield from _in_part(part(archive, name), place_of(name))
        elif _PICTURE.search(name):
            picture = b"".join(read_member(archive, name))
            for found in read_picture(picture, f"{key}/{name}"):
                yield found.within(f"图片{name.rpartition('/')[2]}")
        else:
            yield from _in_bytes(b"".join(read_member(archive, name)), place_of(name))


def spoken(tree: ET.Element) -> str:
    """The words in attributes: alternative texts, titles of links, prompts."""
    return BETWEEN.join(
        value
        for element in tree.iter()
        for name, value in element.attrib.items()
        if local(name) in SPOKEN
    )


def place_of(name: str) -> str:
    """How people call a part of a package."""
    return next((word for pattern, word in PARTS if pattern.match(name)), f"内部文件{name}")


def unreadable(key: str, what: str) -> Found:
    """The finding of a file that cannot be read."""
    return Found(Finding(Private.UNREADABLE, f"{key} {what}"), "")


def _in_bytes(content: bytes, place: str) -> Iterator[Found]:
    """Numbers in a part of an unknown kind, such as a printer's settings."""
    for encoding in ("latin-1", "utf-16-le"):
        yield from in_text(content.decode(encoding, "replace"), place)


def _in_part(tree: ET.Element, place: str) -> Iterator[Found]:
    yield from in_text(BETWEEN.join(_paragraphs(tree)), place)
    yield from in_text(spoken(tree), place)
    for element in tree.iter():
        text = element.text or element.get("displayName") or ""
        named = _AUTHORS.search(element.tag) or element.get("displayName")
        if named and looks_like_person(text):
            yield Found(Finding(Private.PERSON, text.strip()), place)


def _paragraphs(tree: ET.Element) -> Iterator[str]:
    """The text of each paragraph, its pieces joined; text outside paragraphs element by element."""
    inside: set[ET.Element] = set()
    for element in tree.iter():
        if local(element.tag) in ("p", "si", "is", "comment"):
            pieces = list(element.iter())
            inside.update(pieces)
            yield "".join(piece.text or "" for piece in pieces)
        elif element not in inside and element.text and element.text.strip():
            yield element.text
