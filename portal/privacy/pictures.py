"""Reads a picture's file, not what is to be seen: position, camera, comments and text must all be gone."""

from collections.abc import Iterator

from portal.files.images import UNREADABLE, opened
from portal.privacy.found import Found
from portal.rules.privacy import Finding, Private

PLAIN = frozenset(
    {
        *("jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi", "progressive", "progression"),
        *("gamma", "transparency", "srgb", "aspect", "adobe", "adobe_transform", "interlace"),
    }
)
"""What a picture's file may say besides its pixels."""
_END = {"JPEG": b"\xff\xd9", "PNG": b"IEND\xaeB`\x82"}


def read_picture(content: bytes, key: str) -> Iterator[Found]:
    """Whether a JPEG or PNG says more than its pixels."""
    try:
        picture = opened(content, "JPEG", "PNG")
        if picture.format == "PNG":
            picture.load()  # text may follow the pixels
    except UNREADABLE:
        yield Found(Finding(Private.UNREADABLE, f"{key} 图片"), "")
        return
    extra = {str(name) for name in picture.info} - PLAIN
    if extra or len(picture.getexif()) or not content.endswith(_END[picture.format or ""]):
        yield Found(Finding(Private.TRACES, key), "、".join(sorted(extra)))
