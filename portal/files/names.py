"""The name a file shows to people. It never becomes a path: content is stored under its hash."""

import re
import unicodedata

MAX_LENGTH = 120
MAX_EXTENSION = 10
UNNAMED = "未命名"
# Control, format (bidi, zero-width) and surrogate: invisible, and able to make 合同fdp.exe read as
# 合同exe.pdf. Private use and unassigned stay: rare Chinese characters live there.
INVISIBLE = frozenset({"Cc", "Cf", "Cs"})
UNSAFE = re.compile(r'[<>:"|?*;]')
# Windows opens a device instead of a file of such a name, whatever its extension.
DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.I)


def display_name(raw: str) -> str:
    """Clean an uploaded file's name: NFC, last path part, nothing invisible, at most 120 characters.

    Chinese, spaces and the extension are kept; characters that Windows refuses become ``_``.
    """
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", raw))[-1]
    visible = "".join(" " if mark.isspace() else mark for mark in name if not _invisible(mark))
    tidy = UNSAFE.sub("_", " ".join(visible.split())).strip(" .")
    if DEVICE.match(tidy):
        tidy = f"_{tidy}"
    return _shortened(tidy) or UNNAMED


def extension(name: str) -> str:
    """Return the lower-case extension without its dot, ``""`` where there is none."""
    stem, dot, ending = name.rpartition(".")
    return ending.strip().lower() if dot and stem else ""


def _invisible(mark: str) -> bool:
    return unicodedata.category(mark) in INVISIBLE and not mark.isspace()


def _shortened(name: str) -> str:
    if len(name) <= MAX_LENGTH:
        return name
    ending = extension(name)
    tail = f".{ending}" if 0 < len(ending) <= MAX_EXTENSION else ""
    return name[: MAX_LENGTH - len(tail)].rstrip(" .") + tail
