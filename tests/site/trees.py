"""What lies in a built site."""

import json
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
