"""A small change: which pages it touches, and what has to leave the inventory first."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from operator import attrgetter
from typing import NamedTuple

from public_site.groups import Group, address
from public_site.inventory import Inventory
from public_site.item_pages import Known
from public_site.source import SiteData, Span
from public_site.subjects import subject_of

FUND = "fund "

PLACES = """
select iif(township = '', 'county', township) from project where code = ?1
union select village from in_village where project = ?1
"""
TOWNSHIP = (
    "select year || ' ' || iif(township = '', 'county', township) from project where code = ?"
)
FUNDS = """
select fund from line where project = ?1
union select fund from payment where project = ?1 and fund is not null
"""

ONLY_SHOWN = """
delete from file where path in (
    select path from shown as one where page = ?1 and not exists (
        select 1 from shown as other where other.path = one.path and other.page <> ?1))
"""
"""Takes out the photos and files that no page shows but this one."""


@dataclass(frozen=True, slots=True)
class Changed:
    """Codes of what was published, corrected, withdrawn or got other figures since the last build.

    Fund documents, places and the site's facts are compared anyway and need not be named.
    """

    projects: frozenset[str] = frozenset()
    notices: frozenset[str] = frozenset()


class Reach(NamedTuple):
    """What a change touches: single pages by code, and lists."""

    projects: list[str]
    notices: list[str]
    groups: set[Group]


def reach(changed: Changed, funds: dict[str, bool], data: SiteData, inventory: Inventory) -> Reach:
    """Everything the change can alter, from the old inventory and from the new data."""
    relabelled = {code for code, relabelled in funds.items() if relabelled}
    projects = set(changed.projects)
    projects |= _column(inventory, "select project from line where fund = ?", relabelled)
    projects |= _column(inventory, "select project from mention where notice = ?", changed.notices)
    notices = set(changed.notices)
    notices |= _column(inventory, "select notice from mention where project = ?", changed.projects)
    notices |= _column(inventory, "select notice from about_fund where fund = ?", relabelled)
    for code in changed.notices:
        for notice in data.notices(Span(code, code)):
            projects |= set(notice.project_codes)
    for code in changed.projects:
        notices |= {mention.notice_code for mention in data.mentions(Span(code, code))}
    groups = {Group("fund", code) for code in funds}
    return Reach(sorted(projects), sorted(notices), groups)


def groups_of(reach: Reach, inventory: Inventory) -> set[Group]:
    """The lists that the touched projects and notices stand in, by the inventory as it is."""
    queries = {
        "fund": (FUNDS, reach.projects),
        "place": (PLACES, reach.projects),
        "category": ("select year || ' ' || category from project where code = ?", reach.projects),
        "township": (TOWNSHIP, reach.projects),
        "annual": ("select cast(year as text) from project where code = ?", reach.projects),
        "year": ("select substr(published_on, 1, 4) from notice where code = ?", reach.notices),
    }
    groups = {
        Group(kind, name)
        for kind, (sql, codes) in queries.items()
        for name in _column(inventory, sql, codes)
    }
    categories = _column(inventory, "select category from notice where code = ?", reach.notices)
    groups |= {Group("subject", subject_of(category)) for category in categories}
    about = _column(inventory, "select fund from about_fund where notice = ?", reach.notices)
    return groups | {Group("fund", code) for code in about}


def forget(reach: Reach, inventory: Inventory) -> None:
    """Take the touched projects and notices, and their pages, out of the inventory."""
    projects = [(code,) for code in reach.projects]
    notices = [(code,) for code in reach.notices]
    inventory.change("delete from project where code = ?", projects)
    inventory.change("delete from in_village where project = ?", projects)
    inventory.change("delete from line where project = ?", projects)
    inventory.change("delete from payment where project = ?", projects)
    inventory.change("delete from mention where project = ?", projects)
    inventory.change("delete from notice where code = ?", notices)
    inventory.change("delete from about_fund where notice = ?", notices)
    pages = [f"projects/{code}.html" for code in reach.projects]
    pages += [f"notices/{code}.html" for code in reach.notices]
    inventory.change("delete from file where path = ?", ((page,) for page in pages))
    for page in pages:  # one by one: what two of them share goes with the last
        inventory.change(ONLY_SHOWN, [(page,)])
        inventory.change("delete from shown where page = ?", [(page,)])


def forget_lists(groups: Iterable[Group], inventory: Inventory) -> None:
    """Take the pages of the lists out of the inventory."""
    addresses = [*map(address, groups), "funds/index"]
    inventory.change(
        "delete from file where path = ? or path glob ?",
        ((f"{base}.html", f"{base}/*") for base in addresses),
    )


def waiting_funds(facts: Known) -> set[Group]:
    """Documents whose days are still being counted: their pages change with the day."""
    return {Group("fund", fund.code) for fund in facts.funds.values() if not fund.allocated_on}


def changed_funds(new: dict[str, str], old: dict[str, str]) -> dict[str, bool]:
    """Codes of fund documents with other facts than at the last build; True: another label."""
    names = {name for name in {*old, *new} if old.get(name) != new.get(name)}
    return {
        name.removeprefix(FUND): _label(old.get(name, "")) != _label(new.get(name, ""))
        for name in names
        if name.startswith(FUND)
    }


def annual_groups(
    new: dict[str, str], old: dict[str, str], groups: Iterable[Group], facts: Known
) -> set[Group]:
    """The years of changed fund documents, before and now, and of those whose lists are touched."""
    changed = {name for name in {*old, *new} if old.get(name) != new.get(name)}
    values = [known[name] for name in changed if name.startswith(FUND) for known in (old, new)
              if name in known]  # fmt: skip
    years = {value.rpartition(" ")[2] for value in values}
    years |= {
        str(facts.funds[group.name].year)
        for group in groups
        if group.kind == "fund" and group.name in facts.funds
    }
    return {Group("annual", year) for year in years}


def remembered(facts: Known, edition: bytes) -> dict[str, str]:
    """What the next build must know of this one to see whether more than the rows has changed.

    Any page may depend on the edition and the places; the label of a fund document stands on other
    pages, the rest of its facts on its own. All but the day are digests.
    """
    return {
        "edition": edition.hex(),
        "places": _digest(list(facts.places.values())),
        "day": facts.day.isoformat(),
        **{
            FUND + fund.code: f"{_digest(_fund_label(fund))} {_digest(fund)} {fund.year}"
            for fund in facts.funds.values()
        },
    }


_fund_label = attrgetter("number", "title", "tier")


def _digest(facts: object) -> str:
    return blake2b(repr(facts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _label(value: str) -> str:
    return value.partition(" ")[0]


def _column(inventory: Inventory, sql: str, codes: Iterable[str]) -> set[str]:
    return {value for code in codes for (value,) in inventory.rows(sql, code)}
