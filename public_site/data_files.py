"""The files for machines: `data/*.json`, `data/*.csv` and `manifest.json`, streamed."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from public_site.data_rows import COLUMNS, DataRow, csv_line, fund_row, withdrawn_row
from public_site.inventory import Inventory
from public_site.item_pages import Known
from public_site.schema import Withdrawn

ROWS = {
    "projects": "from project order by code",
    "allocations": "from line order by fund, project, number",
    "payments": "from payment order by project, number",
    "notices": "from notice order by code",
}
BOM = "\ufeff"


class DataFile(NamedTuple):
    """A file and its text, piece by piece."""

    path: str
    pieces: Iterable[str]


def data_files(
    facts: Known, withdrawn: list[Withdrawn], inventory: Inventory
) -> Iterator[DataFile]:
    """Every download."""
    gone = [item for item in withdrawn if item.folder == "notices"]
    added = {
        "funds": list(map(fund_row, facts.funds.values())),
        "notices": list(map(withdrawn_row, gone)),
    }
    for kind in COLUMNS:
        for form in ("json", "csv"):
            pieces = _pieces(kind, form, added.get(kind, []), inventory)
            text = _json(pieces) if form == "json" else _csv(kind, pieces)
            yield DataFile(f"data/{kind}.{form}", text)


def manifest(inventory: Inventory) -> DataFile:
    """SHA-256 of every other file, by path."""
    sql = "select json_quote(path) || ': \"' || sha || '\"' from file order by path"
    text = chain(['{"files": {\n'], joined(inventory.pieces(sql), ",\n"), ["\n}}\n"])
    return DataFile("manifest.json", text)


def _pieces(
    kind: str, form: str, added: list[DataRow], inventory: Inventory
) -> Iterator[list[str]]:
    """The rows of the inventory, if the kind has any there, then the added ones."""
    found = inventory.pieces(f"select {form} {ROWS[kind]}") if kind in ROWS else iter(())
    return chain(found, ([getattr(row, form)] for row in added))


def _json(pieces: Iterator[list[str]]) -> Iterator[str]:
    return chain(["[\n"], joined(pieces, ",\n"), ["\n]\n"])


def _csv(kind: str, pieces: Iterator[list[str]]) -> Iterator[str]:
    return chain([BOM, csv_line(COLUMNS[kind])], joined(pieces, ""))


def joined(pieces: Iterator[list[str]], between: str) -> Iterator[str]:
    """The pieces as one text, piece by piece, with something between any two of their strings."""
    lead = ""
    for piece in pieces:
        yield lead + between.join(piece)
        lead = between
