"""Compares a built site with its manifest."""

import json
from collections.abc import Iterator
from hashlib import file_digest
from pathlib import Path


def check(out: Path) -> list[str]:
    """What is wrong with the site in `out`, a sentence for each file; empty when it is whole."""
    manifest = out / "manifest.json"
    if not manifest.is_file():
        return [f"没有 manifest.json：{out} 不是生成好的网站"]
    expected: dict[str, str] = json.loads(manifest.read_bytes())["files"]
    found = set(_files(out)) - {"manifest.json"}
    return [
        *(f"缺少 {path}" for path in sorted(expected.keys() - found)),
        *(f"多出 {path}" for path in sorted(found - expected.keys())),
        *(f"被改动 {path}" for path in sorted(found) if _differs(out / path, expected.get(path))),
    ]


def _files(out: Path) -> Iterator[str]:
    root = out.resolve()
    return (path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


def _differs(path: Path, sha: str | None) -> bool:
    with path.open("rb") as file:
        return sha is not None and file_digest(file, "sha256").hexdigest() != sha
