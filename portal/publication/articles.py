"""A notice as the body of an article for the county portal's CMS: plain tags, absolute links.

It is made from the rows of the public site and from nothing else.
"""

from collections.abc import Iterable, Iterator

from flask import render_template

from portal.accounts.models import Organization
from portal.disclosure.queries import site_address
from portal.privacy.keeper import Keeper
from portal.privacy.pages import PageReader
from portal.privacy.queries import keeper
from portal.publication.gate import PrivateDataFound
from portal.publication.queries import duty_numbers, published_data
from portal.publication.site_data import PublishedData
from public_site import Span
from public_site.schema import FundDocument, Notice, Project

LONGEST = 200
"""So many projects are listed; the article leads to the public page for the others."""
AT_ONCE = 50


def articles(county: Organization) -> Iterator[tuple[str, bytes]]:
    """Code and article of every notice that is shown, by code.

    Raises:
        PrivateDataFound: an article holds what may not leave; the message names it.
    """
    data = published_data(county)
    gatekeeper = keeper(county.id, duty_numbers(county))
    try:
        funds, site = {fund.code: fund for fund in data.funds()}, site_address(county.id)
        for span in data.notice_spans(AT_ONCE):
            notices = list(data.notices(span))
            projects = _projects(data, notices)
            for notice in notices:
                yield notice.code, _article(notice, funds, projects, gatekeeper, site).encode()
    finally:
        data.close()


def article(county: Organization, code: str) -> str | None:
    """The article of one notice; None while the public does not see it.

    Raises:
        PrivateDataFound: as :func:`articles`.
    """
    data = published_data(county)
    gatekeeper = keeper(county.id, duty_numbers(county))
    try:
        notices = list(data.notices(Span(code, code)))
        if not notices:
            return None
        funds = {fund.code: fund for fund in data.funds()}
        site = site_address(county.id)
        return _article(notices[0], funds, _projects(data, notices), gatekeeper, site)
    finally:
        data.close()


def _article(
    notice: Notice,
    funds: dict[str, FundDocument],
    projects: dict[str, Project],
    gatekeeper: Keeper,
    site: str,
) -> str:
    shown = [projects[code] for code in notice.project_codes[:LONGEST] if code in projects]
    text = render_template(
        "publication/article_body.html",
        notice=notice,
        funds=[funds[code] for code in notice.fund_codes if code in funds],
        projects=shown,
        more=len(notice.project_codes) - len(shown),
        site=site,
    )
    found = (one.within(f"“{notice.title}”") for one in PageReader().read(text, ".html"))
    if stopped := gatekeeper.stopped(found):
        raise PrivateDataFound(stopped)
    return text


def _projects(data: PublishedData, notices: Iterable[Notice]) -> dict[str, Project]:
    """The projects that the notices list, read in one go."""
    wanted = {code for notice in notices for code in notice.project_codes[:LONGEST]}
    if not wanted:
        return {}
    span = Span(min(wanted), max(wanted))
    return {project.code: project for project in data.projects(span) if project.code in wanted}
