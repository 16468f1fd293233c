"""A year at a glance: its money, its plan, its documents; and its projects township by township."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from public_site import flow, flow_picture
from public_site.flow_picture import REST, Label
from public_site.groups import COUNTY, COUNTY_WIDE
from public_site.inventory import Inventory
from public_site.item_pages import Known
from public_site.render import Page
from public_site.schema import CATEGORIES, TIERS, FundDocument
from public_site.sums import Cell, Sum, read_cells, total, totals_by

TIER_IDS = dict(zip(TIERS, ("central", "province", "city", "district", "county"), strict=True))
"""Where the documents of a tier stand on the page of their year."""


def year_page(name: str, facts: Known, inventory: Inventory) -> Page:
    """The page of a year, for as long as the site stands."""
    year = int(name)
    context = overview(year, read_cells(inventory, year), facts, inventory)
    return Page(f"years/{year}/index.html", "year.html", context)


def years_page(years: list[int], cells: list[Cell], facts: Known) -> Page:
    """Every year with its sums."""
    rows = [
        (
            year,
            sum(fund.amount for fund in facts.funds.values() if fund.year == year),
            total(cell for cell in cells if cell.year == year),
        )
        for year in years
    ]
    return Page("years/index.html", "years.html", {"rows": rows})


def overview(year: int, cells: list[Cell], facts: Known, inventory: Inventory) -> dict[str, Any]:
    """What the home page and the page of a year say of it. cells: those of the year."""
    funds = sorted(
        (fund for fund in facts.funds.values() if fund.year == year),
        key=lambda fund: (TIERS.index(fund.tier), fund.received_on or date.max, fund.code),
    )
    return {
        "year": year,
        "received": sum(fund.amount for fund in funds),
        "sum": total(cells),
        "tiers": _tiers(year, funds),
        "categories": categories([year], cells)[0][1],
        "townships": _townships(year, cells, facts),
        **_flow(year, funds, facts, inventory),
    }


def categories(
    years: Iterable[int], cells: list[Cell]
) -> list[tuple[int, list[tuple[str, str, Sum]], Sum]]:
    """Of each year: its categories with their address and sum, and the sum of all."""
    found = []
    for year in years:
        of_year = [cell for cell in cells if cell.year == year]
        by_category = totals_by(of_year, lambda cell: cell.category)
        rows = [
            (category, _category_address(year, category), by_category[category])
            for category in CATEGORIES
            if category in by_category
        ]
        found.append((year, rows, total(of_year)))
    return found


def _tiers(
    year: int, funds: list[FundDocument]
) -> list[tuple[str, str, list[FundDocument], int, int, int]]:
    """Of each tier: id, documents, and the money that was received, placed and paid."""
    by_tier = [(tier, [fund for fund in funds if fund.tier == tier]) for tier in TIERS]
    return [
        (
            tier,
            f"years/{year}/index.html#{TIER_IDS[tier]}",
            found,
            sum(one.amount for one in found),
            sum(one.allocated for one in found),
            sum(one.paid for one in found),
        )
        for tier, found in by_tier
        if found
    ]


def _townships(year: int, cells: list[Cell], facts: Known) -> list[tuple[str, str, Sum]]:
    """Name, address and sum of each township with projects, the county-wide ones last."""
    sums = totals_by(cells, lambda cell: cell.township)
    codes = sorted(sums, key=lambda code: (not code, -sums[code].allocated, code))
    return [(*_township_label(year, code, facts), sums[code]) for code in codes]


def _flow(
    year: int, funds: list[FundDocument], facts: Known, inventory: Inventory
) -> dict[str, Any]:
    """The picture of where the money went, and the tables with the same numbers."""
    found = flow.streams(funds, inventory)

    def place(code: str) -> Label:
        return _township_label(year, code, facts)

    drawn = flow_picture.picture(
        found,
        tiers=lambda tier: Label(tier, f"years/{year}/index.html#{TIER_IDS[tier]}"),
        kinds=lambda kind: _kind_label(year, kind),
        townships=place,
    )
    by_tier = flow.cross(found, lambda stream: stream.tier)
    by_township = flow.cross(found, lambda stream: stream.township)
    kinds = {kind: _kind_label(year, kind) for kind in by_tier.columns}
    return {
        "picture": drawn,
        "by_tier": by_tier,
        "addresses": {tier: f"years/{year}/index.html#{TIER_IDS[tier]}" for tier in TIERS},
        "by_township": by_township,
        "places": {code: place(code) for code, _cells, _sum in by_township.rows},
        "kinds": kinds,
    }


def _kind_label(year: int, kind: str) -> Label:
    if kind in CATEGORIES:
        return Label(kind.removesuffix("项目"), _category_address(year, kind))
    return Label(kind.removeprefix("项目"), f"years/{year}/index.html#funds")


def _township_label(year: int, code: str, facts: Known) -> Label:
    if code == REST:
        return Label("其他乡镇", f"years/{year}/index.html#places")
    name = facts.places[code].name if code else COUNTY_WIDE.removesuffix("的项目")
    return Label(name, f"years/{year}/{code or COUNTY}.html")


def _category_address(year: int, category: str) -> str:
    return f"projects/{year}/{CATEGORIES[category]}.html"
