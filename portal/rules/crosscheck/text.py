"""A report as paragraphs and tables, each with the place that a finding names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_BOOKMARK = re.compile(r"\[bookmark: [^\]]*\]")
_PLAIN = str.maketrans("０１２３４５６７８９．％", "0123456789.%")


@dataclass(frozen=True)
class Paragraph:
    """One paragraph; ``place`` is where a reader finds it."""

    place: str
    text: str


@dataclass(frozen=True)
class Table:
    """A table as rows of cells; a merged cell is empty in the rows that it covers."""

    place: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Report:
    """A whole report in its order."""

    blocks: tuple[Paragraph | Table, ...]

    @property
    def paragraphs(self) -> list[Paragraph]:
        """The paragraphs in order."""
        return [block for block in self.blocks if isinstance(block, Paragraph)]

    @property
    def tables(self) -> list[Table]:
        """The tables in order."""
        return [block for block in self.blocks if isinstance(block, Table)]


def plain(text: str) -> str:
    """Text with half-width digits and without the marks that a conversion left behind."""
    return _BOOKMARK.sub("", text).translate(_PLAIN).replace("\u3000", " ").strip()


def brackets(text: str) -> list[tuple[int, int]]:
    """Where the outermost brackets stand; one that never closes is passed over."""
    found, open_at, depth = [], 0, 0
    for at, sign in enumerate(text):
        if sign in "（(":
            open_at = at if not depth else open_at
            depth += 1
        elif sign in "）)" and depth:
            depth -= 1
            if not depth:
                found.append((open_at, at + 1))
    return found


def without_brackets(text: str) -> str:
    """The text with its brackets blanked out, at the same places: what they hold belongs to them."""
    for start, end in brackets(text):
        text = f"{text[: start + 1]}{' ' * (end - start - 2)}{text[end - 1 :]}"
    return text


def read_text(text: str) -> Report:
    """Read a plain text as word processors write it.

    A line that begins with a tab is a cell, lines that follow it at once go on in that cell, an empty line
    ends a table's row.
    """
    blocks: list[Paragraph | Table] = []
    tables = 0
    for first, lines in _runs(text):
        if _is_cell(lines[0]):
            tables += 1
            blocks.append(Table(f"表 {tables}", tuple(_rows(lines))))
        else:
            blocks += [
                Paragraph(f"第 {number} 行", plain(line))
                for number, line in enumerate(lines, start=first)
                if plain(line)
            ]
    return Report(tuple(blocks))


def _runs(text: str) -> Iterator[tuple[int, list[str]]]:
    """Lines of one kind, table or paragraphs, with the number of the first one."""
    run: list[str] = []
    start = 1
    for number, line in enumerate(text.splitlines(), start=1):
        if run and not _goes_on(run, line):
            yield start, run
            run = []
        if not run:
            start = number
        run.append(line)
    if run:
        yield start, run


def _goes_on(run: list[str], line: str) -> bool:
    if not line.strip(" "):
        return True
    if _is_cell(run[0]):
        return _is_cell(line) or bool(run[-1].strip(" "))
    return not _is_cell(line)


def _is_cell(line: str) -> bool:
    return line.lstrip(" ").startswith("\t")


def _rows(lines: list[str]) -> Iterator[tuple[str, ...]]:
    row: list[str] = []
    for line in lines:
        if _is_cell(line):
            row.append(plain(line))
        elif line.strip(" "):
            row[-1] = f"{row[-1]} {plain(line)}".strip()
        elif row:
            yield tuple(row)
            row = []
    if row:
        yield tuple(row)
