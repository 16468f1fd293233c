"""Pages that list: the projects of a fund document, a place, a category; the notices of a year.

All come from the inventory, group by group, so a site of any size is made with the same memory.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple

from public_site.inventory import Inventory
from public_site.item_pages import LONG, Known
from public_site.render import Page
from public_site.schema import CATEGORIES, Place
from public_site.sums import Sum

PROJECT = "p.code, p.name, p.year, p.category, p.place, p.budget, p.allocated, p.paid, p.status"
SUM = "select count(*), coalesce(sum(p.budget), 0), coalesce(sum(p.allocated), 0)"
IN_TOWNSHIP = "from project p where p.township = ?"
IN_VILLAGE = "from in_village v join project p on p.code = v.project where v.village = ?"
NO_VILLAGE = "and not exists (select 1 from in_village v where v.project = p.code)"
COUNTY_WIDE = "不分乡镇的项目"


class Group(NamedTuple):
    """A list that is made, and remade, as a whole. kind: fund, place, category or year."""

    kind: str
    name: str


def all_groups(facts: Known, inventory: Inventory) -> list[Group]:
    """Every list of the site but the front pages."""
    years = inventory.rows("select distinct substr(published_on, 1, 4) from notice order by 1")
    categories = inventory.rows("select distinct year, category from project order by 1, 2")
    return [
        *(Group("fund", code) for code in facts.funds),
        *(Group("place", code) for code in facts.places),
        Group("place", "county"),
        *(Group("category", f"{year} {category}") for year, category in categories),
        *(Group("year", year) for (year,) in years),
    ]


def address(group: Group) -> str:
    """Where a list lies, without `.html`."""
    if group.kind == "category":
        year, _, category = group.name.partition(" ")
        return f"projects/{year}/{CATEGORIES[category]}"
    return {"fund": "funds/", "place": "places/", "year": "notices/year/"}[group.kind] + group.name


def list_pages(group: Group, facts: Known, inventory: Inventory) -> Iterator[Page]:
    """The pages of one list."""
    if group.kind == "fund":
        return _fund_pages(group, facts, inventory)
    if group.kind == "category":
        return _category_pages(group, inventory)
    if group.kind == "year":
        return _notice_pages(group, inventory)
    if group.name == "county":
        return _place_pages("county", COUNTY_WIDE, None, [], inventory)
    place = facts.places[group.name]
    if place.kind == "village":
        return _place_pages(place.code, place.name, facts.parent(place), [], inventory)
    return _place_pages(place.code, place.name, None, _villages(place, facts, inventory), inventory)


def paged(
    base: str, template: str, context: dict[str, Any], rows: Iterable[Any], count: int
) -> Iterator[Page]:
    """One page for each LONG rows: `base.html`, then `base/2.html` and so on."""
    rest = iter(rows)
    last = max(1, -(-count // LONG))
    for number in range(1, last + 1):
        pager = {
            "number": number,
            "last": last,
            "earlier": _numbered(base, number - 1) if number > 1 else None,
            "later": _numbered(base, number + 1) if number < last else None,
        }
        page = {**context, "rows": list(islice(rest, LONG)), "pager": pager}
        yield Page(_numbered(base, number), template, page)


def _numbered(base: str, number: int) -> str:
    return f"{base}.html" if number == 1 else f"{base}/{number}.html"


def _sum(inventory: Inventory, where: str, *values: str | int) -> Sum:
    return Sum(*next(inventory.rows(f"{SUM} {where}", *values)))


def _fund_pages(group: Group, facts: Known, inventory: Inventory) -> Iterator[Page]:
    code = group.name
    fund = facts.funds[code]
    count, listed = next(
        inventory.rows("select count(*), coalesce(sum(amount), 0) from line where fund = ?", code)
    )
    waiting = fund.received_on is not None and fund.allocated_on is None
    context = {
        "fund": fund,
        "count": count,
        "listed": listed,
        "waiting": (facts.day - fund.received_on).days if waiting and fund.received_on else None,
        "day": facts.day if waiting else None,
        "notices": list(
            inventory.rows(
                "select n.code, n.kind, n.title, n.published_on from about_fund a"
                " join notice n on n.code = a.notice where a.fund = ?"
                " order by n.published_on desc, n.code limit ?",
                code,
                LONG,
            )
        ),
    }
    rows = inventory.rows(
        "select p.code, p.name, p.place, l.amount, l.approved_on, l.approval, l.illustrative"
        " from line l join project p on p.code = l.project where l.fund = ?"
        " order by l.project, l.number",
        code,
    )
    return paged(address(group), "fund.html", context, rows, count)


def _category_pages(group: Group, inventory: Inventory) -> Iterator[Page]:
    year, _, category = group.name.partition(" ")
    where = "from project p where p.year = ? and p.category = ?"
    context = {"year": int(year), "category": category}
    context["sum"] = found = _sum(inventory, where, int(year), category)
    rows = inventory.rows(
        f"select {PROJECT} {where} order by p.township, p.code", int(year), category
    )
    return paged(address(group), "category.html", context, rows, found.projects)


def _place_pages(
    code: str,
    name: str,
    parent: Place | None,
    villages: list[tuple[str, str, int, int, int]],
    inventory: Inventory,
) -> Iterator[Page]:
    """A township with more projects than fit on a page lists only those that name no village."""
    where, value = (IN_VILLAGE, code) if parent else (IN_TOWNSHIP, "" if code == "county" else code)
    total = listed = _sum(inventory, where, value)
    if villages and total.projects > LONG:
        where = f"{where} {NO_VILLAGE}"
        listed = _sum(inventory, where, value)
    rows = inventory.rows(f"select {PROJECT} {where} order by p.year desc, p.code", value)
    context = {
        "name": name,
        "parent": parent,
        "villages": villages,
        "sum": total,
        "listed": listed,
    }
    return paged(f"places/{code}", "place.html", context, rows, listed.projects)


def _villages(
    township: Place, facts: Known, inventory: Inventory
) -> list[tuple[str, str, int, int, int]]:
    return [
        (village.code, village.name, *_sum(inventory, IN_VILLAGE, village.code))
        for village in facts.villages(township)
    ]


def _notice_pages(group: Group, inventory: Inventory) -> Iterator[Page]:
    year = group.name
    where = "from notice where published_on between ? and ?"
    days = f"{year}-01-01", f"{year}-12-31"
    ((count,),) = inventory.rows(f"select count(*) {where}", *days)
    rows = inventory.rows(
        f"select code, kind, category, title, published_on {where}"
        " order by published_on desc, code",
        *days,
    )
    return paged(address(group), "notices_of_year.html", {"year": year}, rows, count)
