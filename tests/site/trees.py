"""What lies in a built site."""

import io
import json
import zipfile
from pathlib import Path


def tree(out: Path) -> dict[str, bytes]:
    """Every file below the web root, by path."""
    root = out.resolve()
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def page(out: Path, path: str) -> str:
    return (out / path).read_text("utf-8")


def rows(out: Path, kind: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads((out / "data" / f"{kind}.json").read_bytes())
    return found


def unpacked(package: bytes) -> str:
    """Every text of an Excel workbook."""
    with zipfile.ZipFile(io.BytesIO(package)) as members:
        return "".join(members.read(name).decode() for name in members.namelist())
