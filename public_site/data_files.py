"""The files for machines: `data/*.json`, `data/*.csv` and `manifest.json`, streamed."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain
from typing import NamedTuple

from public_site.data_rows import COLUMNS, csv_line, fund_row, withdrawn_row
from public_site.inventory import Inventory
from public_site.item_pages import Known
from public_site.schema import Withdrawn

ROWS = {
    "projects": "from project order by code",
    "allocations": "from line order by fund, project, number",
    "notices": "from notice order by code",
}
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
            pieces = partial(_pieces, kind, form, extra, inventory)
            text = partial(_json, pieces) if form == "json" else partial(_csv, kind, pieces)
            yield DataFile(f"data/{kind}.{form}", text)


def manifest(inventory: Inventory) -> DataFile:
    """SHA-256 of every other file, by path."""
    sql = "select json_quote(path) || ': \"' || sha || '\"' from file order by path"

    def text() -> Iterator[str]:
        return chain(['{"files": {\n'], _joined(inventory.pieces(sql), ",\n"), ["\n}}\n"])

    return DataFile("manifest.json", text)


def _pieces(kind: str, form: str, extra: list[str], inventory: Inventory) -> Iterator[list[str]]:
    """The rows of the inventory, if the kind has any there, then the extra ones."""
    found = inventory.pieces(f"select {form} {ROWS[kind]}") if kind in ROWS else iter(())
    return chain(found, [extra] if extra else [])


def _json(pieces: Callable[[], Iterator[list[str]]]) -> Iterator[str]:
    return chain(["[\n"], _joined(pieces(), ",\n"), ["\n]\n"])


def _csv(kind: str, pieces: Callable[[], Iterator[list[str]]]) -> Iterator[str]:
    return chain([BOM, csv_line(COLUMNS[kind])], _joined(pieces(), ""))


def _joined(pieces: Iterator[list[str]], between: str) -> Iterator[str]:
    lead = ""
    for piece in pieces:
        yield lead + between.join(piece)
        lead = between
