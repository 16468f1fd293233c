"""Writes on the papers that are attached to an application."""

from datetime import date

from portal.accounts.scopes import may
from portal.db import db, lock
from portal.files.models import StoredFile
from portal.library.models import Attachment, Project
from portal.rules.access import Action, Actor
from portal.rules.broken import RuleBroken
from portal.rules.project_flow import EDITABLE
from portal.rules.vocabulary import AttachmentCategory

MOST_ATTACHMENTS = 20


def attach(
    project: Project, *, actor: Actor, category: AttachmentCategory, file: StoredFile
) -> Attachment:
    """Add a paper to the application; only while the applicant may change it."""
    _refuse_closed(project, actor)
    present = [one for one in project.attachments if one.removed_on is None]
    if len(present) >= MOST_ATTACHMENTS:
        raise RuleBroken(f"一个项目最多 {MOST_ATTACHMENTS} 份附件，请先移除不用的。", field="file")
    attachment = Attachment(county_id=project.county_id, category=category, file=file)
    project.attachments.append(attachment)
    db.session.flush()
    return attachment


def remove_attachment(project: Project, attachment: Attachment, *, actor: Actor, on: date) -> None:
    """Take a paper off the application; the file itself stays in the store and in the trail."""
    _refuse_closed(project, actor)
    attachment.removed_on = attachment.removed_on or on
    db.session.flush()


def _refuse_closed(project: Project, actor: Actor) -> None:
    lock(Project, [project.id])
    if not may(actor, Action.APPLY, project):
        raise RuleBroken("附件只能由申报单位增减。")
    if project.status not in EDITABLE:
        raise RuleBroken(
            f"现在的状态是“{project.status.label}”，附件不能增减。请先撤回或请审核人退回。"
        )
