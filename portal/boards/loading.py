"""Loading one row through the scope filter, a notice through its project: outside my reach is not found."""

import sqlalchemy as sa

from portal.accounts.scopes import visible
from portal.disclosure.models import DisclosureItem
from portal.library.models import Objection, PublicNotice
from portal.library.project_page import load_project
from portal.rules.access import Action
from portal.web import actor, load_or_404


def load_notice(
    project_id: int, notice_id: int, action: Action = Action.VIEW_PROJECTS
) -> PublicNotice:
    """The notice of a project in reach, or 404."""
    project = load_project(project_id, action)
    statement = sa.select(PublicNotice).filter_by(id=notice_id, project_id=project.id)
    found: PublicNotice = load_or_404(statement)
    return found


def load_objection(project_id: int, notice_id: int, objection_id: int) -> Objection:
    """The objection to a notice that the person may deal with, or 404."""
    notice = load_notice(project_id, notice_id, Action.RECORD_NOTICE)
    statement = sa.select(Objection).filter_by(id=objection_id, notice_id=notice.id)
    found: Objection = load_or_404(statement)
    return found


def load_item(item_id: int) -> DisclosureItem:
    """The county's notice, or 404."""
    statement = sa.select(DisclosureItem).where(DisclosureItem.id == item_id)
    statement = visible(statement, DisclosureItem, actor(), Action.VIEW_DISCLOSURES)
    found: DisclosureItem = load_or_404(statement)
    return found
