"""What needs the site's own address: the feed of notices and the map of all pages.

A site whose address is not known has neither.
"""

from collections.abc import Iterable, Iterator
from itertools import islice

from public_site.data_files import DataFile
from public_site.inventory import Inventory
from public_site.schema import Site, Withdrawn
from public_site.wording import xml_text

LATEST = 50
MOST = 50_000
"""Addresses in one file, by the protocol of sitemaps."""
HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
SITEMAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
ENTRIES = (
    "select code, title, kind, category, published_on, updated_on from notice"
    " order by updated_on desc, code limit ?"
)
PAGES = (
    "select f.path, n.updated_on from file f"
    " left join notice n on f.path = 'notices/' || n.code || '.html'"
    " where f.path glob '*.html' order by f.path"
)


def addressed_files(
    site: Site, withdrawn: list[Withdrawn], inventory: Inventory
) -> Iterator[DataFile]:
    """The feed and the map, when the inventory holds every page."""
    if not site.web_address:
        return
    yield DataFile("feed.xml", _feed(site, inventory))
    hidden = {"404.html", *(f"{item.folder}/{item.code}.html" for item in withdrawn)}
    (pages,) = next(inventory.rows("select count(*) from file where path glob '*.html'"))
    if pages <= MOST:
        yield DataFile("sitemap.xml", _map(site, _shown(hidden, inventory)))
        return
    parts = range(1, -(-pages // MOST) + 1)
    shown = _shown(hidden, inventory)
    for part in parts:
        yield DataFile(f"sitemap-{part}.xml", _map(site, islice(shown, MOST)))
    yield DataFile("sitemap.xml", _index(site, parts))


def _feed(site: Site, inventory: Inventory) -> Iterator[str]:
    entries = list(inventory.rows(ENTRIES, LATEST))
    updated = max((row[5] for row in entries), default="1970-01-01")
    yield (
        f'{HEAD}<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">\n'
        f"<id>{site.web_address}/</id>\n<title>{xml_text(site.title)}</title>\n"
        f"<updated>{_moment(updated)}</updated>\n"
        f"<author><name>{xml_text(site.host_unit or site.county)}</name></author>\n"
        f'<link rel="self" type="application/atom+xml" href="{site.web_address}/feed.xml"/>\n'
        f'<link rel="alternate" type="text/html" href="{site.web_address}/notices/index.html"/>\n'
    )
    for code, title, kind, category, published_on, updated_on in entries:
        address = f"{site.web_address}/notices/{code}.html"
        yield (
            f"<entry>\n<id>{address}</id>\n<title>{xml_text(title)}</title>\n"
            f"<published>{_moment(published_on)}</published>\n"
            f"<updated>{_moment(updated_on)}</updated>\n"
            f'<link rel="alternate" type="text/html" href="{address}"/>\n'
            f'<category term="{xml_text(kind)}"/><category term="{xml_text(category)}"/>\n'
            f"<summary>{xml_text(f'{kind}·{category}，{published_on}发布')}</summary>\n</entry>\n"
        )
    yield "</feed>\n"


def _moment(day: str) -> str:
    """The first moment of the day in China: the hour of a notice is not known."""
    return f"{day}T00:00:00+08:00"


def _shown(hidden: set[str], inventory: Inventory) -> Iterator[tuple[str, str | None]]:
    return (row for row in inventory.rows(PAGES) if row[0] not in hidden)


def _map(site: Site, shown: Iterable[tuple[str, str | None]]) -> Iterator[str]:
    yield f"{HEAD}<urlset {SITEMAP}>\n"
    for path, changed_on in shown:
        last = f"<lastmod>{changed_on}</lastmod>" if changed_on else ""
        yield f"<url><loc>{site.web_address}/{path}</loc>{last}</url>\n"
    yield "</urlset>\n"


def _index(site: Site, parts: Iterable[int]) -> Iterator[str]:
    yield f"{HEAD}<sitemapindex {SITEMAP}>\n"
    for part in parts:
        yield f"<sitemap><loc>{site.web_address}/sitemap-{part}.xml</loc></sitemap>\n"
    yield "</sitemapindex>\n"
