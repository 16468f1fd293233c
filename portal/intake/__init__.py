"""What uploads and imports share: how a file is recognised, unpacked and refused."""

from portal.rules.broken import RuleBroken

DAMAGED = "文件不完整或已损坏，请在 Excel、Word 或 WPS 中打开，重新保存后再上传"


class FileRefused(RuleBroken, ValueError):
    """A file that is not taken in: what is wrong with it and what to do, in plain Chinese."""
