"""Reads the source for the tests of this folder: files, syntax trees, functions, templates."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PORTAL = ROOT / "portal"
PUBLIC_SITE = ROOT / "public_site"
GENERATED = {"instance", "__pycache__"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def modules(*folders: Path) -> list[Path]:
    """Every Python file below the folders."""
    return sorted(path for folder in folders for path in folder.rglob("*.py"))


def templates() -> list[Path]:
    """Every HTML template of the portal."""
    return sorted((PORTAL / "templates").rglob("*.html"))


def texts() -> list[Path]:
    """Every text file that belongs to the repository."""
    endings = {".py", ".md", ".toml", ".html", ".css", ".js", ".lock", ".csv", ".txt", ".conf", ""}
    return [
        path
        for path in sorted(ROOT.rglob("*"))
        if path.is_file() and path.suffix in endings and not _is_generated(path.relative_to(ROOT))
    ]


def _is_generated(path: Path) -> bool:
    hidden = path.parts[0].startswith(".") and path.parts[0] != ".ci"
    return hidden or any(part in GENERATED or part.endswith("_cache") for part in path.parts)


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(), str(path))


def name(path: Path) -> str:
    """The path as a message shows it."""
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> Iterator[Function]:
    """Every function and method of a file."""
    for node in ast.walk(tree(path)):
        if isinstance(node, Function):
            yield node


def calls(path: Path) -> Iterator[tuple[str, int]]:
    """Each call as ``("datetime.now", line)``; only the last two names of a longer chain."""
    for node in ast.walk(tree(path)):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Attribute):
            owner = node.func.value
            owner_name = getattr(owner, "attr", getattr(owner, "id", ""))
            yield f"{owner_name}.{node.func.attr}", node.lineno
        elif isinstance(node.func, ast.Name):
            yield node.func.id, node.lineno


def imported(path: Path) -> set[str]:
    """The full names of the modules that a file imports."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return found


def code_lines(path: Path) -> int:
    """Lines that are neither blank nor only a comment."""
    stripped = map(str.strip, path.read_text().splitlines())
    return sum(1 for line in stripped if line and not line.startswith("#"))
