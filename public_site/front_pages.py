"""The home page, the first page of each section, and the pages that only explain."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from public_site.data_rows import COLUMNS, MEANINGS
from public_site.groups import COUNTY_WIDE
from public_site.inventory import Inventory
from public_site.item_pages import Known, Stand, stand
from public_site.list_pages import paged
from public_site.render import Page
from public_site.schema import CATEGORIES, FundDocument
from public_site.search_data import search_years
from public_site.subjects import SUBJECTS, subject_of
from public_site.sums import Cell, Sum, read_cells, totals_by
from public_site.words import WORDS
from public_site.year_pages import categories, overview, years_page

LATEST = 8
NOTICE = "select code, kind, category, title, published_on, period_from, period_to from notice"


def fixed_pages() -> Iterator[Page]:
    """Pages that depend on nothing but the site's facts."""
    for name in ("about", "access", "404"):
        yield Page(f"{name}.html", f"{name}.html", {})
    yield Page("glossary.html", "glossary.html", {"words": WORDS})
    fields = {kind: list(zip(COLUMNS[kind], MEANINGS[kind], strict=True)) for kind in COLUMNS}
    yield Page("data/fields.html", "fields.html", {"fields": fields})


def front_pages(facts: Known, inventory: Inventory) -> Iterator[Page]:
    """The home page and the first page of each section."""
    cells = read_cells(inventory)
    funds = sorted(facts.funds.values(), key=_order, reverse=True)
    years = sorted({fund.year for fund in funds} | {cell.year for cell in cells}, reverse=True)
    year = years[0] if years else facts.day.year
    notices = _notices(facts.day, inventory)
    of_year = overview(year, [cell for cell in cells if cell.year == year], facts, inventory)
    yield Page("index.html", "home.html", {**of_year, "day": facts.day, "notices": notices})
    yield years_page(years, cells, facts)
    yield Page("projects/index.html", "projects.html", {"years": categories(years, cells)})
    yield Page("places/index.html", "places.html", _places(cells, facts, inventory))
    yield Page("notices/index.html", "notices.html", notices)
    yield _search_page(facts, inventory)
    yield from paged("funds/index", "funds.html", {}, funds, len(funds))


def _search_page(facts: Known, inventory: Inventory) -> Page:
    """The form and what it offers to choose; the rest is the visitor's browser's work."""
    townships = [(one.code, one.name) for one in facts.places.values() if one.kind == "township"]
    context = {
        "years": search_years(facts, inventory),
        "townships": townships,
        "categories": list(CATEGORIES),
    }
    return Page("search.html", "search.html", context)


def _order(fund: FundDocument) -> tuple[int, date, str]:
    return fund.year, fund.received_on or date.min, fund.code


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
    counts = dict.fromkeys(SUBJECTS, 0)
    for category, count in inventory.rows("select category, count(*) from notice group by 1"):
        counts[subject_of(category)] += count
    return {
        "day": day,
        "running": [(*row, _stand(row[5], row[6], day)) for row in running],
        "latest": list(latest),
        "years": list(years),
        "subjects": [(name, label, counts[name]) for name, label in SUBJECTS.items()],
    }


def _stand(first: str, last: str, day: date) -> Stand | None:
    return stand(date.fromisoformat(first), date.fromisoformat(last), day)
