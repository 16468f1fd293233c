"""The generator of the public site: approved data in, a folder of static pages out.

It knows nothing of the portal. `build` makes the site from any `SiteData`: pages, a search that needs
no server, and the data as a package (CSV, JSON, a workbook for each year, `datapackage.json`); a feed
and a sitemap where the site's address is known. `check` compares a folder with its manifest,
`JsonLines` and `export` read and write the same data as plain files.
"""

from public_site.build import Built, build
from public_site.changes import Changed
from public_site.check import check
from public_site.json_lines import JsonLines, export
from public_site.source import SiteData, Span

__all__ = ["Built", "Changed", "JsonLines", "SiteData", "Span", "build", "check", "export"]
