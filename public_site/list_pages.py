"""Pages that list: the projects of a fund document, a place, a category; the notices of a year.

All come from the inventory, group by group, so a site of any size is made with the same memory.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from public_site.groups import COUNTY, COUNTY_WIDE, Group, address
from public_site.inventory import Inventory
from public_site.item_pages import LONG, Known
from public_site.render import Page
from public_site.schema import Place
from public_site.subjects import SUBJECTS, subject_of
from public_site.sums import Sum
from public_site.year_pages import year_page

PROJECT = "p.code, p.name, p.year, p.category, p.place, p.budget, p.allocated, p.paid, p.status"
SUM = (
    "select count(*), coalesce(sum(p.budget), 0), coalesce(sum(p.allocated), 0),"
    " coalesce(sum(p.paid), 0), coalesce(sum(p.finished), 0)"
)
MONTHS = """
select substr(paid_on, 1, 7), count(*), sum(amount), sum(sum(amount)) over (order by substr(paid_on, 1, 7))
from payment where fund = ? group by 1 order by 1
"""
IN_TOWNSHIP = "from project p where p.township = ?"
IN_VILLAGE = "from in_village v join project p on p.code = v.project where v.village = ?"
NO_VILLAGE = "and not exists (select 1 from in_village v where v.project = p.code)"


def list_pages(group: Group, facts: Known, inventory: Inventory) -> Iterator[Page]:
    """The pages of one list."""
    kinds: dict[str, Callable[[Group, Known, Inventory], Iterator[Page]]] = {
        "fund": _fund_pages,
        "place": _pages_of_place,
        "category": _category_pages,
        "township": _township_pages,
        "annual": lambda group, facts, inventory: iter([year_page(group.name, facts, inventory)]),
        "year": _notice_pages,
        "subject": _subject_pages,
    }
    return kinds[group.kind](group, facts, inventory)


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
        "months": list(inventory.rows(MONTHS, code)),
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


def _category_pages(group: Group, _facts: Known, inventory: Inventory) -> Iterator[Page]:
    year, _, category = group.name.partition(" ")
    where = "from project p where p.year = ? and p.category = ?"
    context = {"year": int(year), "category": category}
    context["sum"] = found = _sum(inventory, where, int(year), category)
    rows = inventory.rows(
        f"select {PROJECT} {where} order by p.township, p.code", int(year), category
    )
    return paged(address(group), "category.html", context, rows, found.projects)


def _township_pages(group: Group, facts: Known, inventory: Inventory) -> Iterator[Page]:
    """The projects of a township in one year: what a number on the page of the year is made of."""
    year, _, code = group.name.partition(" ")
    where = "from project p where p.year = ? and p.township = ?"
    values = int(year), "" if code == COUNTY else code
    total = _sum(inventory, where, *values)
    context = {
        "year": int(year),
        "code": code,
        "name": COUNTY_WIDE if code == COUNTY else facts.places[code].name,
        "sum": total,
    }
    rows = inventory.rows(f"select {PROJECT} {where} order by p.category, p.code", *values)
    return paged(address(group), "township.html", context, rows, total.projects)


def _pages_of_place(group: Group, facts: Known, inventory: Inventory) -> Iterator[Page]:
    if group.name == COUNTY:
        return _place_pages(COUNTY, COUNTY_WIDE, None, [], inventory)
    place = facts.places[group.name]
    if place.kind == "village":
        return _place_pages(place.code, place.name, facts.parent(place), [], inventory)
    return _place_pages(place.code, place.name, None, _villages(place, facts, inventory), inventory)


def _place_pages(
    code: str,
    name: str,
    parent: Place | None,
    villages: list[tuple[str, str, Sum]],
    inventory: Inventory,
) -> Iterator[Page]:
    """A township with more projects than fit on a page lists only those that name no village."""
    where, value = (IN_VILLAGE, code) if parent else (IN_TOWNSHIP, "" if code == COUNTY else code)
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


def _villages(township: Place, facts: Known, inventory: Inventory) -> list[tuple[str, str, Sum]]:
    return [
        (village.code, village.name, _sum(inventory, IN_VILLAGE, village.code))
        for village in facts.villages(township)
    ]


def _notice_pages(group: Group, _facts: Known, inventory: Inventory) -> Iterator[Page]:
    year = group.name
    where = "from notice where published_on between ? and ?"
    return _notices(group, f"{year}年公告公示", where, inventory, f"{year}-01-01", f"{year}-12-31")


def _subject_pages(group: Group, _facts: Known, inventory: Inventory) -> Iterator[Page]:
    categories = [
        category
        for (category,) in inventory.rows("select distinct category from notice order by 1")
        if subject_of(category) == group.name
    ]
    where = f"from notice where category in ({','.join('?' * len(categories))})"
    return _notices(group, SUBJECTS[group.name], where, inventory, *categories)


def _notices(
    group: Group, title: str, where: str, inventory: Inventory, *values: str
) -> Iterator[Page]:
    ((count,),) = inventory.rows(f"select count(*) {where}", *values)
    rows = inventory.rows(
        "select code, kind, category, title, published_on, period_from, period_to"
        f" {where} order by published_on desc, code",
        *values,
    )
    context = {"title": title, "count": count}
    return paged(address(group), "notice_list.html", context, rows, count)
