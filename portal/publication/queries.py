"""Reads on the public site: where it lies, how it was last built, whether it is whole."""

from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path

import sqlalchemy as sa
from flask import current_app

from portal import clock
from portal.accounts.models import Organization
from portal.db import db
from portal.disclosure.models import DisclosureItem
from portal.disclosure.snapshots import phones_of
from portal.files.operations import store
from portal.funds.queries import ALLOCATION_RULE
from portal.library.queries import book
from portal.publication.models import SiteBuild
from portal.publication.pictures import Pictures
from portal.publication.site_data import PublishedData
from portal.publication.site_facts import facts_of, site_of
from portal.rules.vocabulary import BuildState, DisclosureStatus, OrganizationKind
from public_site import check

SITE_PUBLIC = "public"
PICTURES = "site-pictures"


def counties() -> list[Organization]:
    """Every county of this installation, the first one being whom ``site`` commands mean."""
    statement = sa.select(Organization).where(Organization.kind == OrganizationKind.COUNTY)
    return list(db.session.scalars(statement.order_by(Organization.id)))


def web_root(county: Organization) -> Path:
    """Where the county's site lies: ``public``, and for further counties ``public-CODE``."""
    instance: Path = current_app.config["INSTANCE"]
    first = counties()[0].id == county.id
    return instance / (SITE_PUBLIC if first else f"{SITE_PUBLIC}-{county.code}")


def published_data(county: Organization, day: date | None = None) -> PublishedData:
    """What the county publishes as of the day, today where none is given."""
    instance: Path = current_app.config["INSTANCE"]
    return PublishedData(
        current_app.config["SQLALCHEMY_DATABASE_URI"],
        Pictures(store().root, instance / PICTURES),
        county_id=county.id,
        day=day or clock.today(),
        site=site_of(county),
        limit_days=book().deadlines[ALLOCATION_RULE].days,
        subsidies=frozenset(
            one.full_label for one in book().project_types.values() if not one.needs_contract
        ),
    )


def duty_phones(county: Organization) -> list[str]:
    """Every telephone line that was approved for publication, as it was written."""
    statement = sa.select(DisclosureItem.phones).where(
        DisclosureItem.county_id == county.id, DisclosureItem.status == DisclosureStatus.PUBLISHED
    )
    return list(db.session.scalars(statement.distinct()))


def duty_numbers(county: Organization) -> list[str]:
    """The numbers of these lines, and those of the site itself."""
    lines = [*duty_phones(county), facts_of(county)["phones"]]
    return [number for text in lines for _name, number in phones_of(text)]


def last_build(county_id: int, *states: BuildState) -> SiteBuild | None:
    """The latest run that ended in one of the states."""
    return db.session.scalar(
        sa.select(SiteBuild)
        .where(SiteBuild.county_id == county_id, SiteBuild.state.in_(states))
        .order_by(SiteBuild.id.desc())
        .limit(1)
    )


def manifest_sha256(root: Path) -> str:
    """The hash of the manifest that is shown now; empty without one."""
    manifest = root / "manifest.json"
    return sha256(manifest.read_bytes()).hexdigest() if manifest.is_file() else ""


def site_problems() -> Iterator[str]:
    """What is wrong with the files of the sites that were built, a line for each."""
    for county in counties():
        built = last_build(county.id, BuildState.BUILT)
        root = web_root(county)
        if built is None:
            continue
        if manifest_sha256(root) != built.manifest_sha256:
            yield f"{root}: manifest.json 不是最近一次生成（{built.day}）的那一份"
        yield from (f"{root}: {fault}" for fault in check(root))
