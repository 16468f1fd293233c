"""Published things for tests: one allocation result of the small county, on its way to the public."""

from datetime import date

from portal.accounts.models import Organization
from portal.db import db, unit_of_work
from portal.disclosure import drafting, operations
from portal.disclosure.models import DisclosureItem
from portal.funds.models import FundDocument
from portal.library.models import Project
from portal.publication.operations import build_site
from portal.publication.queries import published_data, web_root
from portal.rules.vocabulary import DisclosureForm
from portal.rules.workflow import Move
from public_site import schema
from public_site.source import EVERYTHING
from tests import ledger
from tests.ledger import TODAY
from tests.world import World


def placed(world: World, number: str = "财指〔2023〕1号") -> tuple[FundDocument, Project]:
    """A document of 100 万元, wholly placed on one project by an approved batch."""
    document = ledger.add_document(world, number)
    project = ledger.add_project(world, f"东村道路{number[-2]}")
    batch = ledger.add_batch(world)
    ledger.allocate(world, batch, document, project, 100)
    ledger.approve(world, batch)
    return document, project


def draft(world: World, document: FundDocument, on: date = TODAY) -> DisclosureItem:
    """The allocation result of the document, as the finance office drafts it."""
    actor = world.actor("finance_agri")
    with unit_of_work(actor, "test"):
        return drafting.draft_fund_allocation(
            [document], county_id=world.ids["county"], actor=actor, on=on
        )


def announce(world: World, title: str = "停电通知", body: str = "明天停电。") -> DisclosureItem:
    """A free announcement, drafted."""
    actor = world.actor("finance_agri")
    with unit_of_work(actor, "test"):
        item = drafting.draft_announcement(
            title,
            DisclosureForm.ANNOUNCEMENT,
            county_id=world.ids["county"],
            actor=actor,
            on=TODAY,
        )
        item.body = body
    return item


def take(
    world: World, item: DisclosureItem, move: Move, person: str, words: str = "", on: date = TODAY
) -> None:
    """One step of the flow by one person."""
    actor = world.actor(person)
    with unit_of_work(actor, "test"):
        operations.take_step(item, move, actor=actor, on=on, words=words)


def publish(world: World, item: DisclosureItem, on: date = TODAY) -> DisclosureItem:
    """The whole way from the draft to the public."""
    take(world, item, Move.SUBMIT, "finance_agri", on=on)
    take(world, item, Move.APPROVE, "approver", on=on)
    return item


def published_result(world: World) -> tuple[FundDocument, Project, DisclosureItem]:
    """A document, its project, and the approved item that made both public."""
    document, project = placed(world)
    return document, project, publish(world, draft(world, document))


def county_of(world: World) -> Organization:
    """The county itself."""
    return db.session.get_one(Organization, world.ids["county"])


def site(world: World, **options: bool) -> dict[str, bytes]:
    """Build the county's site and read it: path -> bytes."""
    build_site(county_of(world), **options)
    root = web_root(county_of(world)).resolve()
    files = (path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def projects(world: World) -> dict[str, schema.Project]:
    """What the site would be told of each project, by its public code."""
    data = published_data(county_of(world))
    try:
        return {project.code: project for project in data.projects(EVERYTHING)}
    finally:
        data.close()
