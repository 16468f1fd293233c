"""The lists of the site: which there are, where they lie, and what belongs together in them."""

from typing import NamedTuple

from public_site.inventory import Inventory
from public_site.item_pages import Known
from public_site.schema import CATEGORIES
from public_site.subjects import SUBJECTS
from public_site.sums import read_cells

COUNTY = "county"
COUNTY_WIDE = "不分乡镇的项目"


class Group(NamedTuple):
    """A list that is made, and remade, as a whole.

    kind: fund, place, category, township (of a year), annual (a year at a glance), year or subject
    (of notices).
    """

    kind: str
    name: str


FOLDERS = {
    "fund": "funds/",
    "place": "places/",
    "year": "notices/year/",
    "subject": "notices/about/",
}


def all_groups(facts: Known, inventory: Inventory) -> list[Group]:
    """Every list of the site but the front pages."""
    years = inventory.rows("select distinct substr(published_on, 1, 4) from notice order by 1")
    cells = read_cells(inventory)
    categories = sorted({(cell.year, cell.category) for cell in cells})
    townships = sorted({(cell.year, cell.township) for cell in cells})
    annual = {cell.year for cell in cells} | {fund.year for fund in facts.funds.values()}
    return [
        *(Group("fund", code) for code in facts.funds),
        *(Group("place", code) for code in facts.places),
        Group("place", COUNTY),
        *(Group("category", f"{year} {category}") for year, category in categories),
        *(Group("township", f"{year} {code or COUNTY}") for year, code in townships),
        *(Group("annual", str(year)) for year in sorted(annual)),
        *(Group("year", year) for (year,) in years),
        *(Group("subject", name) for name in SUBJECTS),
    ]


def address(group: Group) -> str:
    """Where a list lies, without `.html`."""
    year, _, name = group.name.partition(" ")
    if group.kind == "category":
        return f"projects/{year}/{CATEGORIES[name]}"
    if group.kind == "township":
        return f"years/{year}/{name}"
    if group.kind == "annual":
        return f"years/{year}/index"
    return FOLDERS[group.kind] + group.name
