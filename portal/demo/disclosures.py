"""What the demo county has published by its standing day, and a notice that waits for approval."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

import sqlalchemy as sa

from portal.db import db
from portal.demo.county import Demo, organization
from portal.demo.replay import Event
from portal.disclosure import drafting, operations
from portal.disclosure.models import DisclosureItem
from portal.funds.models import FundDocument
from portal.publication.drafting import Office, draft_fund_receipt, draft_policy
from portal.publication.results import draft_performance, draft_targets
from portal.rules.access import Actor
from portal.rules.vocabulary import DisclosureForm, DisclosureKind
from portal.rules.workflow import Move


def publish_library(demo: Demo) -> None:
    """The library of the year as a 公示, then the annual plan with the documents behind it."""
    county_id, office = organization(demo.county).id, demo.custodian
    posted = demo.library_posted_on
    library = drafting.draft_library(demo.year, county_id=county_id, actor=office, on=posted)
    _publish(demo, library, office, posted)
    plan = drafting.draft_announcement(
        demo.plan_title,
        DisclosureForm.ANNOUNCEMENT,
        county_id=county_id,
        actor=office,
        on=demo.plan_published_on,
    )
    plan.body = demo.plan_body.strip()
    plan.projects = list(library.projects)
    plan.documents = list(db.session.scalars(sa.select(FundDocument).order_by(FundDocument.code)))
    _publish(demo, plan, office, demo.plan_published_on)


def publish_policies(demo: Demo, today: date) -> None:
    """What the county rules by: names and gist, marked as no original."""
    office = demo.custodian
    for row in demo.rows("policies"):
        on = date.fromisoformat(row["published_on"])
        if on > today:
            continue
        county_id = organization(demo.county).id
        item = draft_policy(row["title"], "", row["body"], Office(county_id, office, on))
        _publish(demo, item, office, on)


def publish_allocations(demo: Demo, today: date) -> None:
    """The result of each batch, on the day it was disclosed, as far as that day has come."""
    county_id, finance = organization(demo.county).id, demo.finance_officer
    for row in demo.rows("batches"):
        on = date.fromisoformat(row["disclosed_on"])
        if on > today:
            continue
        documents = [demo.document(number) for number in row["documents"].split(";")]
        item = drafting.draft_fund_allocation(documents, county_id=county_id, actor=finance, on=on)
        _publish(demo, item, finance, on)


def results(demo: Demo) -> Iterator[Event]:
    """Money that came, targets and what became of them, each told on its day; all marked as illustrative."""
    for row in demo.rows("performance_notices"):
        yield Event(date.fromisoformat(row["published_on"]), partial(_tell, demo, row))


def add_current_notices(demo: Demo, today: date) -> None:
    """What was posted lately, and what lies on the approver's desk."""
    office = demo.custodian
    for row in demo.rows("notices"):
        posted = today - timedelta(int(row["days_ago"]))
        notice = drafting.draft_announcement(
            row["title"],
            DisclosureForm(row["form"]),
            county_id=organization(demo.county).id,
            actor=office,
            on=posted,
        )
        notice.body = row["body"]
        if row["state"] == "published":
            _publish(demo, notice, office, posted)
        else:
            operations.take_step(notice, Move.SUBMIT, actor=office, on=posted)


def _tell(demo: Demo, row: dict[str, str], on: date) -> None:
    received = DisclosureKind(row["kind"]) is DisclosureKind.FUND_RECEIPT
    drafter = demo.finance_officer if received else demo.custodian
    item = _draft(demo, row, Office(organization(demo.county).id, drafter, on))
    item.title = row["title"] or item.title
    item.body = f"{item.body}\n{row['mark']}"
    _publish(demo, item, drafter, on)


def _draft(demo: Demo, row: dict[str, str], office: Office) -> DisclosureItem:
    kind = DisclosureKind(row["kind"])
    if kind is DisclosureKind.FUND_RECEIPT:
        documents = [demo.document(number) for number in row["documents"].split(";")]
        return draft_fund_receipt(documents, office)
    draft = draft_targets if kind is DisclosureKind.TARGETS else draft_performance
    return draft(demo.year, office)


def _publish(demo: Demo, item: DisclosureItem, drafter: Actor, on: date) -> None:
    operations.take_step(item, Move.SUBMIT, actor=drafter, on=on)
    operations.take_step(item, Move.APPROVE, actor=demo.approver, on=on)
