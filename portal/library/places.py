"""What the words of a plan table mean in a county."""

import re
from difflib import get_close_matches

import sqlalchemy as sa

from portal.accounts.models import Organization, OrganizationName
from portal.db import db
from portal.library.queries import book
from portal.rules.vocabulary import OrganizationKind as Kind
from portal.spreadsheets.cells import narrow

SEPARATORS = re.compile(r"[、,，;；\s]+")


class Places:
    """What the words of a table mean: organizations, also by former names, and types by their label."""

    def __init__(self, county_id: int) -> None:
        self.by_id: dict[int, Organization] = {}
        self.by_name: dict[tuple[Kind, str], list[Organization]] = {}
        self.types = {one.label: one for one in book().project_types.values() if one.is_leaf}
        self._found: dict[tuple[Kind, str, int | None], Organization] = {}
        self._villages: dict[tuple[str, str], list[Organization]] = {}
        mine = sa.select(Organization).where(Organization.county_id == county_id)
        for organization in db.session.scalars(mine.order_by(Organization.id)):
            self.by_id[organization.id] = organization
            self._list(organization, organization.name)
        former = sa.select(OrganizationName.organization_id, OrganizationName.name)
        for organization_id, name in db.session.execute(former):
            if organization_id in self.by_id:
                self._list(self.by_id[organization_id], name)

    def _list(self, organization: Organization, name: str) -> None:
        self.by_name.setdefault((organization.kind, narrow(name)), []).append(organization)

    def find(self, kind: Kind, name: str, parent_id: int | None = None) -> Organization:
        """The one organization of that name.

        Raises:
            ValueError: in Chinese, with the nearest name, when there is none or more than one.
        """
        key = (kind, name, parent_id)
        if key not in self._found:
            self._found[key] = self._search(kind, name, parent_id)
        return self._found[key]

    def villages(self, names: str, township: str) -> list[Organization]:
        """The villages that one cell names, in the order of the export.

        Raises:
            ValueError: as `find`.
        """
        if (names, township) not in self._villages:
            parent_id = self.find(Kind.TOWNSHIP, township).id if township else None
            named = filter(None, SEPARATORS.split(names))
            found = [self.find(Kind.VILLAGE, name, parent_id) for name in named]
            self._villages[names, township] = sorted(found, key=lambda one: one.id)
        return self._villages[names, township]

    def _search(self, kind: Kind, name: str, parent_id: int | None) -> Organization:
        named = self.by_name.get((kind, narrow(name)), [])
        found = [one for one in named if parent_id is None or one.parent_id == parent_id]
        if len(found) == 1:
            return found[0]
        if found:
            raise ValueError(f"有 {len(found)} 个“{name}”，请把乡镇也填上")
        raise ValueError(f"没有“{name}”这个{kind.label}{self._nearest(kind, name, parent_id)}")

    def _nearest(self, kind: Kind, name: str, parent_id: int | None) -> str:
        names = [
            one.name
            for (listed, _), organizations in self.by_name.items()
            for one in organizations
            if listed is kind and parent_id in (None, one.parent_id)
        ]
        near = get_close_matches(name, names, n=1, cutoff=0.4)
        return f"，是不是“{near[0]}”？请改正" if near else "，请核对，或请系统管理员先增加这个单位"
