"""The data as a package: a workbook for each year, `datapackage.json`, and the page that lists it.

`datapackage.json` follows Frictionless Data Package 1. What is not known - a licence, a source -
is left out and not invented.
"""

import json
from collections.abc import Iterable, Iterator
from functools import partial
from hashlib import blake2b
from itertools import chain
from typing import Any, BinaryIO

from public_site.data_fields import FIELDS, TITLES, Field
from public_site.data_rows import fund_row
from public_site.inventory import File, Inventory
from public_site.item_pages import Known
from public_site.press import Press
from public_site.render import Page
from public_site.schema import Site, Withdrawn
from public_site.search_data import search_years
from public_site.workbook import Column, Sheet, write_workbook

OF_YEAR = {
    "projects": "from project where year = ?1 order by code",
    "allocations": (
        "from line l join project p on p.code = l.project where p.year = ?1"
        " order by l.project, l.fund, l.number"
    ),
    "payments": (
        "from payment l join project p on p.code = l.project where p.year = ?1"
        " order by l.project, l.number"
    ),
    "notices": "from notice where substr(published_on, 1, 4) = cast(?1 as text) order by code",
}
COUNTED = {
    "projects": "project",
    "allocations": "line",
    "payments": "payment",
    "notices": "notice",
}
WIDTHS = {"name": 44, "title": 44, "project_name": 44, "fund_title": 44, "unit": 24}
TYPES = {"string": "文字", "integer": "整数", "number": "小数", "date": "日期", "boolean": "是否"}
NOTES = (
    Column("表"),
    Column("列", width=18),
    Column("字段名", width=18),
    Column("类型", width=8),
    Column("单位", width=6),
    Column("含义", "note", 70),
)
KEYS = {"projects": "code", "notices": "code"}


def workbooks(press: Press, facts: Known, inventory: Inventory) -> Iterator[File]:
    """A workbook for each year; one whose rows are those of the last release is not made again."""
    for year in search_years(facts, inventory):
        digest = blake2b()
        for kind in FIELDS:
            for piece in _json_rows(kind, year, facts, inventory):
                digest.update("\n".join(piece).encode())
            digest.update(b"\0")
        write = partial(_write_year, year, facts, inventory)
        yield press.bind(_workbook(year), digest.digest(), write)


def package_files(
    press: Press, site: Site, withdrawn: list[Withdrawn], facts: Known, inventory: Inventory
) -> Iterator[File]:
    """`datapackage.json` and the page of the data, once all files that they list are known."""
    rows = _counts(withdrawn, facts, inventory)
    files = {path: (size, sha) for path, size, sha in inventory.rows(
        "select path, size, sha from file where path glob 'data/*'")}  # fmt: skip
    years = search_years(facts, inventory)
    package = json.dumps(_package(site, rows, files, years), ensure_ascii=False, indent=1) + "\n"
    yield press.put("data/datapackage.json", package.encode())
    context = {
        "day": facts.day,
        "kinds": [
            (
                kind,
                TITLES[kind],
                rows[kind],
                *(files[f"data/{kind}.{form}"][0] for form in ("csv", "json")),
            )
            for kind in FIELDS
        ],
        "workbooks": [
            (year, f"disclosure-{year}.xlsx", files[_workbook(year)][0]) for year in years
        ],
    }
    yield press.print(Page("data/index.html", "data.html", context))


def _workbook(year: int) -> str:
    return f"data/disclosure-{year}.xlsx"


def _write_year(year: int, facts: Known, inventory: Inventory, target: BinaryIO) -> None:
    sheets = [
        Sheet(
            TITLES[kind],
            tuple(map(_column, FIELDS[kind])),
            _cells(_json_rows(kind, year, facts, inventory)),
        )
        for kind in FIELDS
    ]
    notes = [
        (TITLES[kind], one.title, one.name, TYPES[one.type], one.unit, one.meaning)
        for kind in FIELDS
        for one in FIELDS[kind]
    ]
    write_workbook([*sheets, Sheet("字段说明", NOTES, notes)], target)


def _column(field: Field) -> Column:
    return Column(field.title, field.type, WIDTHS.get(field.name, 16))


def _json_rows(kind: str, year: int, facts: Known, inventory: Inventory) -> Iterator[list[str]]:
    if kind == "funds":
        return iter([[fund_row(one).json for one in facts.funds.values() if one.year == year]])
    column = "l.json" if " l " in OF_YEAR[kind] else "json"
    return inventory.pieces(f"select {column} {OF_YEAR[kind]}", year)


def _cells(pieces: Iterable[list[str]]) -> Iterator[tuple[Any, ...]]:
    """The values of the rows, whose keys stand in the order of the columns."""
    return (tuple(json.loads(row).values()) for row in chain.from_iterable(pieces))


def _counts(withdrawn: list[Withdrawn], facts: Known, inventory: Inventory) -> dict[str, int]:
    """How many rows each kind has."""
    counts = {"funds": len(facts.funds)}
    for kind, table in COUNTED.items():
        (counts[kind],) = next(inventory.rows(f"select count(*) from {table}"))  # noqa: S608
    counts["notices"] += sum(item.folder == "notices" for item in withdrawn)
    return counts


def _package(
    site: Site, rows: dict[str, int], files: dict[str, tuple[int, str]], years: list[int]
) -> dict[str, Any]:
    resources = [
        _table(kind, form, rows[kind], *files[f"data/{kind}.{form}"])
        for kind in FIELDS
        for form in ("csv", "json")
    ]
    resources += [_book(year, *files[_workbook(year)]) for year in years]
    return {
        "profile": "data-package",
        "name": "county-fund-disclosure",
        "title": site.title,
        "description": f"{site.county}{site.fund_name}：项目、资金文件、资金安排、支付明细、公告公示",
        **({"homepage": site.web_address} if site.web_address else {}),
        **(
            {"contributors": [{"title": site.host_unit, "role": "publisher"}]}
            if site.host_unit
            else {}
        ),
        "resources": resources,
    }


def _table(kind: str, form: str, rows: int, size: int, sha: str) -> dict[str, Any]:
    """A resource: the same rows as CSV, by the profile of tables, and as an array of objects."""
    schema: dict[str, Any] = {
        "fields": [_field(one, form) for one in FIELDS[kind]],
        "missingValues": [""],
    }
    if kind in KEYS:
        schema["primaryKey"] = KEYS[kind]
    if "project_code" in {one.name for one in FIELDS[kind]}:
        reference = {"resource": f"projects-{form}", "fields": "code"}
        schema["foreignKeys"] = [{"fields": "project_code", "reference": reference}]
    return {
        "name": f"{kind}-{form}",
        "title": TITLES[kind],
        "path": f"{kind}.{form}",
        **({"profile": "tabular-data-resource"} if form == "csv" else {}),
        "format": form,
        "mediatype": {"csv": "text/csv", "json": "application/json"}[form],
        "encoding": "utf-8",
        "bytes": size,
        "hash": f"sha256:{sha}",
        "rows": rows,
        "schema": schema,
    }


def _field(one: Field, form: str) -> dict[str, str]:
    """In JSON an amount is text, so that no reader rounds it."""
    kind = "string" if form == "json" and one.type == "number" else one.type
    unit = {"unit": one.unit} if one.unit else {}
    return {"name": one.name, "type": kind, "title": one.title, "description": one.meaning, **unit}


def _book(year: int, size: int, sha: str) -> dict[str, Any]:
    return {
        "name": f"disclosure-{year}",
        "title": f"{year}年全部表格和字段说明",
        "path": f"disclosure-{year}.xlsx",
        "format": "xlsx",
        "mediatype": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "bytes": size,
        "hash": f"sha256:{sha}",
    }
