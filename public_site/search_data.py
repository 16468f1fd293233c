"""What the search page searches: `data/search/places.js` and one file for each year.

The files are scripts that hand their rows to `siteSearch`, because a page opened from a folder may
load scripts but no data. Rows are arrays, to keep them small:

    place    code, name, code of the township ("" for one), name of the township
    project  code, name, code of the township, places, category
    fund     code, title, document number, tier
    notice   code, title, kind and category
"""

import json
from collections.abc import Iterator
from itertools import chain

from public_site.data_files import DataFile, joined
from public_site.inventory import Inventory
from public_site.item_pages import Known

PROJECTS = (
    "select json_array(code, name, township, places, category)"
    " from project where year = ? order by code"
)
NOTICES = (
    "select json_array(code, title, kind || '·' || category) from notice"
    " where published_on between ? and ? order by published_on desc, code"
)
YEARS = "select distinct year from project union select distinct substr(published_on, 1, 4) + 0 from notice"


def search_years(facts: Known, inventory: Inventory) -> list[int]:
    """The years that have something to find, the latest first."""
    found = {year for (year,) in inventory.rows(YEARS)}
    return sorted(found | {fund.year for fund in facts.funds.values()}, reverse=True)


def search_files(facts: Known, inventory: Inventory) -> Iterator[DataFile]:
    """Every file that the search page may load."""
    yield DataFile("data/search/places.js", _script("places", _places(facts)))
    for year in search_years(facts, inventory):
        parts = _of_year(year, facts, inventory)
        yield DataFile(f"data/search/{year}.js", _script(str(year), parts))


def _script(name: str, parts: Iterator[str]) -> Iterator[str]:
    """A call that hands over the rows; a line separator would end the line in older browsers."""
    for part in chain([f'siteSearch("{name}", {{\n'], parts, ["});\n"]):
        yield part.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _places(facts: Known) -> Iterator[str]:
    rows = [
        _json([one.code, one.name, one.parent or "", facts.parent(one).name if one.parent else ""])
        for one in facts.places.values()
    ]
    return _kind("place", iter([rows] if rows else []))


def _of_year(year: int, facts: Known, inventory: Inventory) -> Iterator[str]:
    funds = [
        _json([fund.code, fund.title, fund.number or "", fund.tier])
        for fund in facts.funds.values()
        if fund.year == year
    ]
    days = f"{year}-01-01", f"{year}-12-31"
    return chain(
        _kind("project", inventory.pieces(PROJECTS, year)),
        [","],
        _kind("fund", iter([funds] if funds else [])),
        [","],
        _kind("notice", inventory.pieces(NOTICES, *days)),
    )


def _kind(name: str, pieces: Iterator[list[str]]) -> Iterator[str]:
    return chain([f'"{name}": [\n'], joined(pieces, ",\n"), ["\n]"])


_json = json.JSONEncoder(ensure_ascii=False).encode
