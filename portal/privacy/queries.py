"""Reads on what the gate found and what is let through."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from flask import current_app

from portal.accounts.scopes import visible
from portal.audit.models import AuditEntry
from portal.db import Base, db
from portal.privacy.keeper import Keeper
from portal.privacy.models import PrivacyFinding, PrivacyOverride
from portal.rules.access import Action, Actor
from portal.rules.vocabulary import OverrideStatus

SHOWN = 100


def keeper(county_id: int, phones: Collection[str]) -> Keeper:
    """The gate of the county; ``phones`` are the duty telephones that may be published."""
    statement = sa.select(PrivacyOverride.digest).where(
        PrivacyOverride.county_id == county_id, PrivacyOverride.status == OverrideStatus.GRANTED
    )
    return Keeper.of(phones, [*db.session.scalars(statement)], current_app.config["AUDIT_KEY"])


def overrides(actor: Actor) -> Sequence[PrivacyOverride]:
    """What was asked for in the actor's county, the newest first."""
    statement = visible(sa.select(PrivacyOverride), PrivacyOverride, actor, Action.VIEW_DISCLOSURES)
    return db.session.scalars(statement.order_by(PrivacyOverride.id.desc()).limit(SHOWN)).all()


def standing(county_id: int, digest: str) -> PrivacyOverride | None:
    """The request or permission for a finding that is still in force."""
    statement = sa.select(PrivacyOverride).where(
        PrivacyOverride.county_id == county_id,
        PrivacyOverride.digest == digest,
        PrivacyOverride.status.in_((OverrideStatus.ASKED, OverrideStatus.GRANTED)),
    )
    return db.session.scalar(statement.limit(1))


def latest_findings(actor: Actor) -> Sequence[PrivacyFinding]:
    """What stopped the county's last build; nothing once a later one went through."""
    builds = Base.metadata.tables["site_build"]
    latest = sa.select(sa.func.max(builds.c.id)).where(
        builds.c.county_id == PrivacyFinding.county_id, builds.c.finished_at.is_not(None)
    )
    statement = visible(sa.select(PrivacyFinding), PrivacyFinding, actor, Action.VIEW_DISCLOSURES)
    stopped = statement.where(PrivacyFinding.build_id == latest.scalar_subquery())
    return db.session.scalars(stopped.order_by(PrivacyFinding.id)).all()


def changed_since(seq: int, county_id: int) -> bool:
    """Whether a permission was given or taken back after this point of the trail; asking changes nothing."""
    statement = sa.select(AuditEntry.seq).where(
        AuditEntry.seq > seq,
        AuditEntry.table_name == PrivacyOverride.__tablename__,
        AuditEntry.result == "update",
        AuditEntry.county_id == county_id,
    )
    return db.session.scalar(statement.limit(1)) is not None
