"""The files for machines: `data/*.json`, `data/*.csv` and `manifest.json`, streamed."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain, islice
from typing import NamedTuple

from public_site.data_rows import COLUMNS, csv_line, fund_row, withdrawn_row
from public_site.inventory import Inventory
from public_site.item_pages import Known
from public_site.schema import Withdrawn

ROWS = {
    "projects": "from project order by code",
    "allocations": "from line order by fund, project, approved_on, json",
    "notices": "from notice order by code",
}
CHUNK = 1000
BOM = "\ufeff"


class DataFile(NamedTuple):
    """A file and what gives its text, piece by piece, as often as asked."""

    path: str
    chunks: Callable[[], Iterable[str]]


def data_files(
    facts: Known, withdrawn: list[Withdrawn], inventory: Inventory
) -> Iterator[DataFile]:
    """Every download."""
    funds = [fund_row(fund) for fund in facts.funds.values()]
    gone = [withdrawn_row(item) for item in withdrawn if item.folder == "notices"]
    added = {"funds": funds, "notices": gone}
    for kind in COLUMNS:
        for form in ("json", "csv"):
            extra = [getattr(row, form) for row in added.get(kind, [])]
            rows = partial(_rows, kind, form, extra, inventory)
            text = partial(_json, rows) if form == "json" else partial(_csv, kind, rows)
            yield DataFile(f"data/{kind}.{form}", text)


def manifest(inventory: Inventory) -> DataFile:
    """SHA-256 of every other file, by path."""
    rows = "select json_quote(path) || ': \"' || sha || '\"' from file order by path"

    def text() -> Iterator[str]:
        lines = (line for (line,) in inventory.rows(rows))
        return chain(['{"files": {\n'], _chunks(lines, ",\n"), ["\n}}\n"])

    return DataFile("manifest.json", text)


def _rows(kind: str, form: str, extra: list[str], inventory: Inventory) -> Iterator[str]:
    """The rows of the inventory, if the kind has any there, then the extra ones."""
    found = inventory.rows(f"select {form} {ROWS[kind]}") if kind in ROWS else iter(())
    return chain((row for (row,) in found), extra)


def _json(rows: Callable[[], Iterator[str]]) -> Iterator[str]:
    return chain(["[\n"], _chunks(rows(), ",\n"), ["\n]\n"])


def _csv(kind: str, rows: Callable[[], Iterator[str]]) -> Iterator[str]:
    return chain([BOM, csv_line(COLUMNS[kind])], _chunks(rows(), ""))


def _chunks(lines: Iterator[str], between: str) -> Iterator[str]:
    """The lines joined, in pieces that are cheap to write."""
    lead = ""
    while piece := list(islice(lines, CHUNK)):
        yield lead + between.join(piece)
        lead = between
