"""Who owes the telling: the county's office, the township, each village that a project serves."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from portal.accounts.models import Organization, RoleAssignment, User
from portal.db import db
from portal.duties.facts import Happening, Site, in_parts
from portal.library.models import project_village
from portal.rules.duties import DutyRule
from portal.rules.vocabulary import DisclosureLevel, Role


@dataclass(frozen=True)
class Village:
    """A village that a project serves."""

    id: int
    township_id: int | None


@dataclass(frozen=True)
class Owed:
    """One event to be told by one organization; ``project_ids`` are those to be told of there."""

    rule: DutyRule
    happening: Happening
    organization_id: int
    township_id: int | None
    project_ids: tuple[int, ...]


class Places:
    """Where the projects behind some events lie, and which office speaks for each county."""

    def __init__(self, found: Collection[Happening], rules: Iterable[DutyRule]) -> None:
        projects = {site.project_id for one in found for site in one.sites}
        self.villages = _villages(projects)
        self._offices = _offices({rule.recipients[0] for rule in rules})

    def owed(self, happening: Happening, rule: DutyRule) -> list[Owed]:
        """The duties that an event makes under one rule; none where nobody is there to tell it."""
        if rule.level is DisclosureLevel.COUNTY:
            county_id = happening.county_id
            office = self._offices.get((county_id, rule.recipients[0]), county_id)
            projects = tuple(site.project_id for site in happening.sites)
            return [Owed(rule, happening, office, None, projects)]
        told: dict[tuple[int, int | None], list[int]] = defaultdict(list)
        for site in happening.sites:
            for place in _PLACES[rule.level](site, self.villages.get(site.project_id, ())):
                told[place].append(site.project_id)
        return [
            Owed(rule, happening, organization_id, township_id, tuple(projects))
            for (organization_id, township_id), projects in told.items()
        ]


def _of_townships(site: Site, villages: Sequence[Village]) -> set[tuple[int, int | None]]:
    """The township of the project; one that lies in several tells of it in each."""
    ids = {one.township_id for one in villages if one.township_id} | {site.township_id}
    return {(one, one) for one in ids if one is not None}


def _of_villages(site: Site, villages: Sequence[Village]) -> set[tuple[int, int | None]]:
    """The villages that it serves, or the village that applied for it."""
    if not villages and site.is_village:
        return {(site.organization_id, site.township_id)}
    return {(one.id, one.township_id) for one in villages}


_PLACES: Mapping[
    DisclosureLevel, Callable[[Site, Sequence[Village]], set[tuple[int, int | None]]]
] = {
    DisclosureLevel.TOWNSHIP: _of_townships,
    DisclosureLevel.VILLAGE: _of_villages,
}


def _villages(project_ids: Collection[int]) -> dict[int, list[Village]]:
    found: dict[int, list[Village]] = defaultdict(list)
    for ids in in_parts(project_ids):
        statement = (
            sa.select(project_village.c.project_id, Organization.id, Organization.parent_id)
            .join(Organization, Organization.id == project_village.c.village_id)
            .where(project_village.c.project_id.in_(ids))
            .order_by(project_village.c.project_id, Organization.id)
        )
        for project_id, village_id, township_id in db.session.execute(statement).tuples():
            found[project_id].append(Village(village_id, township_id))
    return found


def _offices(roles: Collection[Role]) -> dict[tuple[int, Role], int]:
    """County and role -> the organization whose people hold it, the oldest where there are several."""
    statement = (
        sa.select(User.county_id, RoleAssignment.role, sa.func.min(RoleAssignment.organization_id))
        .join(RoleAssignment, RoleAssignment.user_id == User.id)
        .where(RoleAssignment.role.in_(roles))
        .group_by(User.county_id, RoleAssignment.role)
    )
    return {
        (county_id, role): organization_id
        for county_id, role, organization_id in db.session.execute(statement).tuples()
    }
