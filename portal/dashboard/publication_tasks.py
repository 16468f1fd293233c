"""What the public site asks of a person: to mend what stopped it, to let through, to hand a bundle over."""

import sqlalchemy as sa
from flask import url_for

from portal.accounts.scopes import visible
from portal.dashboard.task import MOST_LINES, Task, Urgency
from portal.db import db
from portal.privacy.models import PrivacyOverride
from portal.publication.models import SiteBundle
from portal.publication.queries import last_build
from portal.rules.access import Action, Actor, holds
from portal.rules.vocabulary import BuildState, BundleStatus, OverrideStatus

BUNDLES = (
    (Action.APPROVE_DISCLOSURE, BundleStatus.SUBMITTED, "去批准"),
    (Action.DRAFT_DISCLOSURE, BundleStatus.APPROVED, "登记移交"),
)


def tasks(actor: Actor) -> list[Task]:
    """A site that stands still first; nobody is asked to decide on what they made themselves."""
    return [*_stopped(actor), *_permissions(actor), *_bundles(actor)]


def _stopped(actor: Actor) -> list[Task]:
    if not holds(actor, Action.DRAFT_DISCLOSURE) or actor.county_id is None:
        return []
    last = last_build(actor.county_id, BuildState.BUILT, BuildState.BLOCKED)
    if last is None or last.state is BuildState.BUILT:
        return []
    return [
        Task(
            Urgency.OVERDUE,
            last.state.label,
            "公开网站没有更新",
            f"{last.day} 起新批准的内容还没有公开，原来的网页不变",
            "看原因",
            url_for("publication.site"),
        )
    ]


def _permissions(actor: Actor) -> list[Task]:
    if not holds(actor, Action.APPROVE_DISCLOSURE):
        return []
    statement = visible(
        sa.select(PrivacyOverride), PrivacyOverride, actor, Action.APPROVE_DISCLOSURE
    ).where(
        PrivacyOverride.status == OverrideStatus.ASKED,
        PrivacyOverride.asked_by_id != actor.user_id,
    )
    return [
        Task(
            Urgency.WAITING,
            one.status.label,
            f"申请放行：{one.masked}",
            one.reason,
            "去决定",
            url_for("privacy.overrides", _anchor=f"override-{one.id}"),
        )
        for one in db.session.scalars(statement.order_by(PrivacyOverride.id).limit(MOST_LINES))
    ]


def _bundles(actor: Actor) -> list[Task]:
    return [
        Task(
            Urgency.WAITING,
            bundle.status.label,
            f"第 {bundle.number} 号移交包",
            f"新增 {bundle.added} 页，更新 {bundle.changed} 页，删除 {bundle.removed} 页",
            button,
            url_for("publication.bundles.bundle", bundle_id=bundle.id),
        )
        for action, status, button in BUNDLES
        if holds(actor, action)
        for bundle in _waiting(actor, action, status)
    ]


def _waiting(actor: Actor, action: Action, status: BundleStatus) -> list[SiteBundle]:
    statement = visible(sa.select(SiteBundle), SiteBundle, actor, action)
    statement = statement.where(SiteBundle.status == status)
    if action is Action.APPROVE_DISCLOSURE:
        statement = statement.where(SiteBundle.made_by_id.is_distinct_from(actor.user_id))
    return list(db.session.scalars(statement.order_by(SiteBundle.id).limit(MOST_LINES)))
