"""What may be an address, a file's name or an amount on the public site."""

import re
from hashlib import sha256

SLUG = re.compile(r"[a-z0-9-]{1,80}").fullmatch
DEVICES = frozenset(
    ["con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10))]
)
TAKEN = frozenset(["index", "county"])  # pages of the site itself
BLOB = re.compile(r"(?:photos|files)/([0-9a-f]{32})\.(?:jpg|png|pdf|docx|xlsx)").fullmatch
"""Where the bytes of a photo or file lie on the site: named by the start of their SHA-256."""


def checked_code(code: str) -> str:
    """The code, if it can be a file name on every system; ValueError says why not."""
    if not SLUG(code):
        raise ValueError(f"公开编码只能用1到80个小写字母、数字和连字符：{code[:100]!r}")
    if code in DEVICES or code in TAKEN:
        raise ValueError(f"公开编码不能用保留字：{code!r}")
    return code


def blob_name(folder: str, content: bytes, ending: str) -> str:
    """The one name that these bytes can have on the site. folder: `photos` or `files`."""
    return checked_blob(f"{folder}/{sha256(content).hexdigest()[:32]}.{ending}")


def checked_blob(name: str) -> str:
    """The name, if it is one that `blob_name` gives; ValueError otherwise."""
    if not BLOB(name):
        raise ValueError(f"照片和附件要按内容的哈希值命名：{name[:100]!r}")
    return name


def checked_fen(amount: int) -> int:
    """The amount, if it is a whole number of fen; TypeError otherwise (1.0 is not 1 fen)."""
    if type(amount) is not int:
        raise TypeError(f"金额必须是整数（分）：{amount!r}")
    return amount
