"""Papers that a notice brings along (附件): added and taken out while it is a draft."""

from werkzeug.datastructures import FileStorage

from portal.db import db
from portal.disclosure.models import DisclosureAttachment, DisclosureItem
from portal.files.checks import inspect_upload
from portal.files.models import StoredFile
from portal.files.operations import keep
from portal.intake import FileRefused
from portal.privacy.cleaning import cleaned
from portal.rules.access import Actor
from portal.rules.broken import RuleBroken
from portal.rules.privacy import private_data
from portal.rules.vocabulary import DisclosureStatus

MOST_FILES = 10
OFFICE = frozenset({"docx", "xlsx"})


def keep_paper(upload: FileStorage, *, actor: Actor) -> StoredFile:
    """Check and store a file that is to be published, without what its writer does not see in it.

    Raises:
        RuleBroken: what is wrong with the file, such as comments or tracked changes, and what to do.
    """
    try:
        checked = inspect_upload(upload.stream, upload.filename or "")
        content = cleaned(checked.content) if checked.kind in OFFICE else checked.content
    except FileRefused as refused:
        raise RuleBroken(refused.message, field="file") from refused
    return keep(content, name=checked.name, mime=checked.mime, actor=actor)


def attach(item: DisclosureItem, file: StoredFile, title: str, *, actor: Actor) -> None:
    """Add a paper to a draft; its title is what the public reads.

    Raises:
        RuleBroken: it is no draft, there are ten papers, or the title holds private data.
    """
    _refuse_handed_in(item)
    if len(item.attachments) >= MOST_FILES:
        raise RuleBroken(
            f"一条公告最多 {MOST_FILES} 个附件，已有 {len(item.attachments)} 个。"
            "请先去掉不用的，或合并成一个文件。",
            field="file",
        )
    if found := private_data(title):
        raise RuleBroken(f"附件名称里有{found[0].masked}，请删去。", field="title")
    item.attachments.append(
        DisclosureAttachment(county_id=item.county_id, file=file, title=title.strip())
    )
    item.edited_by_id = actor.user_id
    db.session.flush()


def take_out(item: DisclosureItem, attachment: DisclosureAttachment, *, actor: Actor) -> None:
    """Take a paper out of a draft; the file stays in the store for earlier editions."""
    _refuse_handed_in(item)
    item.attachments.remove(attachment)
    item.edited_by_id = actor.user_id
    db.session.flush()


def copied(attachment: DisclosureAttachment) -> DisclosureAttachment:
    """The same paper for the next edition."""
    return DisclosureAttachment(
        county_id=attachment.county_id, file=attachment.file, title=attachment.title
    )


def _refuse_handed_in(item: DisclosureItem) -> None:
    if item.status is not DisclosureStatus.DRAFT:
        raise RuleBroken(
            f"现在的状态是“{item.status.label}”，附件不能改。要改，请批准人先退回，或发更正。"
        )
