"""The home page, the first page of each section, and the pages that only explain."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from public_site.data_rows import COLUMNS, MEANINGS
from public_site.inventory import Inventory
from public_site.item_pages import Known
from public_site.list_pages import COUNTY_WIDE, paged
from public_site.render import Page
from public_site.schema import CATEGORIES, TIERS, FundDocument
from public_site.sums import Cell, Sum, read_cells, total, totals_by

LATEST = 8
NOTICE = "select code, kind, category, title, published_on, period_from, period_to from notice"


def fixed_pages() -> Iterator[Page]:
    """Pages that depend on nothing but the site's facts."""
    yield Page("about.html", "about.html", {})
    yield Page("404.html", "404.html", {})
    fields = {kind: list(zip(COLUMNS[kind], MEANINGS[kind], strict=True)) for kind in COLUMNS}
    yield Page("data/fields.html", "fields.html", {"fields": fields})


def front_pages(facts: Known, inventory: Inventory) -> Iterator[Page]:
    """The home page and the first page of each section."""
    cells = read_cells(inventory)
    funds = sorted(facts.funds.values(), key=_order, reverse=True)
    years = sorted({fund.year for fund in funds} | {cell.year for cell in cells}, reverse=True)
    year = years[0] if years else facts.day.year
    notices = _notices(facts.day, inventory)
    yield _home_page(year, cells, [fund for fund in funds if fund.year == year], facts, notices)
    yield Page("projects/index.html", "projects.html", {"years": _categories(years, cells)})
    yield Page("places/index.html", "places.html", _places(cells, facts, inventory))
    yield Page("notices/index.html", "notices.html", notices)
    yield from paged("funds/index", "funds.html", {}, funds, len(funds))


def _order(fund: FundDocument) -> tuple[int, date, str]:
    return fund.year, fund.received_on or date.min, fund.code


def _home_page(
    year: int,
    cells: list[Cell],
    funds: list[FundDocument],
    facts: Known,
    notices: dict[str, Any],
) -> Page:
    of_year = [cell for cell in cells if cell.year == year]
    context = {
        "year": year,
        "day": facts.day,
        "received": sum(fund.amount for fund in funds),
        "sum": total(of_year),
        "funds": funds,
        "tiers": _tiers(funds),
        "categories": _categories([year], cells)[0][1],
        "townships": _townships(of_year, facts),
        "notices": notices,
    }
    return Page("index.html", "home.html", context)


def _tiers(funds: list[FundDocument]) -> list[tuple[str, int, int, int]]:
    """Of each tier: documents, money received, money placed on projects."""
    by_tier = [(tier, [fund for fund in funds if fund.tier == tier]) for tier in TIERS]
    return [
        (tier, len(found), sum(one.amount for one in found), sum(one.allocated for one in found))
        for tier, found in by_tier
        if found
    ]


def _categories(
    years: list[int], cells: list[Cell]
) -> list[tuple[int, list[tuple[str, str, Sum]], Sum]]:
    """Of each year: its categories with their address and sum, and the sum of all."""
    found = []
    for year in years:
        of_year = [cell for cell in cells if cell.year == year]
        by_category = totals_by(of_year, lambda cell: cell.category)
        rows = [
            (category, f"projects/{year}/{slug}.html", by_category[category])
            for category, slug in CATEGORIES.items()
            if category in by_category
        ]
        found.append((year, rows, total(of_year)))
    return found


def _townships(cells: list[Cell], facts: Known) -> list[tuple[str, str, Sum]]:
    """Code, name and sum of each township with projects, the county-wide ones last."""
    sums = totals_by(cells, lambda cell: cell.township)
    rows = [(code, facts.places[code].name, found) for code, found in sums.items() if code]
    rows.sort(key=lambda row: (-row[2].allocated, row[0]))
    return rows + ([("county", COUNTY_WIDE, sums[""])] if "" in sums else [])


def _places(cells: list[Cell], facts: Known, inventory: Inventory) -> dict[str, Any]:
    sums = totals_by(cells, lambda cell: cell.township)
    counts = dict(inventory.rows("select village, count(*) from in_village group by village"))
    townships = [
        (
            place.code,
            place.name,
            sums.get(place.code, Sum()),
            [(one.code, one.name, counts.get(one.code, 0)) for one in facts.villages(place)],
        )
        for place in facts.places.values()
        if place.kind == "township"
    ]
    return {"townships": townships, "county": sums.get("", Sum()), "county_name": COUNTY_WIDE}


def _notices(day: date, inventory: Inventory) -> dict[str, Any]:
    """The notices that stand open on the day, the latest ones, and the years there are."""
    running = inventory.rows(
        f"{NOTICE} where period_from <= ? and period_to >= ? order by period_to, code",
        day.isoformat(),
        day.isoformat(),
    )
    latest = inventory.rows(f"{NOTICE} order by published_on desc, code limit ?", LATEST)
    years = inventory.rows(
        "select substr(published_on, 1, 4), count(*) from notice group by 1 order by 1 desc"
    )
    return {
        "day": day,
        "running": [(*row, (date.fromisoformat(row[6]) - day).days) for row in running],
        "latest": list(latest),
        "years": list(years),
    }
