"""Writes on what lies beside an application: public notices on the boards, and attached papers."""

from datetime import date

from portal.accounts.scopes import may
from portal.db import db, lock
from portal.files.models import StoredFile
from portal.library.models import Attachment, Project, PublicNotice
from portal.library.queries import book
from portal.rules import limits
from portal.rules.access import Action, Actor
from portal.rules.broken import RuleBroken
from portal.rules.project_flow import EDITABLE
from portal.rules.vocabulary import AttachmentCategory, NoticeLevel, ProjectStatus, Role

MOST_ATTACHMENTS = 20
NOTICE_STATUSES = EDITABLE | {
    ProjectStatus.TOWN_REVIEW,
    ProjectStatus.DEPT_REVIEW,
    ProjectStatus.COUNTY_REVIEW,
}


def notice_levels(actor: Actor) -> tuple[NoticeLevel, ...]:
    """Whose boards a person answers for: the village its own, the township both."""
    if actor.roles <= {Role.VILLAGE_CLERK}:
        return (NoticeLevel.VILLAGE,)
    return (NoticeLevel.TOWNSHIP, NoticeLevel.VILLAGE)


def record_notice(
    project: Project,
    *,
    actor: Actor,
    level: NoticeLevel,
    from_on: date,
    to_on: date,
    place: str,
    photo: StoredFile | None = None,
) -> PublicNotice:
    """Put a notice on record: which board, from and to which day, with a photo of it."""
    lock(Project, [project.id])
    if not may(actor, Action.RECORD_NOTICE, project) or level not in notice_levels(actor):
        raise RuleBroken(f"{level.label}要由本村或所在乡镇的人员登记。")
    if project.status not in NOTICE_STATUSES:
        raise RuleBroken(f"现在的状态是“{project.status.label}”，不再登记公示。")
    _refuse_short(level, from_on, to_on)
    notice = PublicNotice(
        county_id=project.county_id,
        level=level,
        from_on=from_on,
        to_on=to_on,
        place=place,
        photo=photo,
        recorded_by_id=actor.user_id,
    )
    project.notices.append(notice)
    db.session.flush()
    return notice


def _refuse_short(level: NoticeLevel, from_on: date, to_on: date) -> None:
    """Judge the period as if it were over; whether it is over matters when the project is handed up."""
    days = book().notices[level.value].days
    if problem := limits.notice_problem(from_on, to_on, date.max, days):
        raise RuleBroken(f"{problem}。", field="to_on")


def record_objections(notice: PublicNotice, *, actor: Actor, objections: int, notes: str) -> None:
    """Put objections on record: how many altogether, and what they say; they are open from then on."""
    _refuse_stranger(notice, actor)
    if objections <= notice.objections:
        raise RuleBroken(
            f"已登记 {notice.objections} 条，请填写累计条数（比它多）。", field="objections"
        )
    notice.objections = objections
    notice.objection_notes = _with(notice.objection_notes, notes)
    notice.objections_settled = False
    db.session.flush()


def settle_objections(notice: PublicNotice, *, actor: Actor, notes: str) -> None:
    """Put the answer to the objections on record; not by the person who posted the notice (DOMAIN §2)."""
    _refuse_stranger(notice, actor)
    if notice.objections_settled:
        raise RuleBroken("没有待处理的异议。")
    if actor.user_id == notice.recorded_by_id:
        raise RuleBroken("登记公示的人不能办结异议，请由乡镇的其他人员办理。")
    notice.objection_notes = _with(notice.objection_notes, f"处理结果：{notes}")
    notice.objections_settled = True
    db.session.flush()


def _refuse_stranger(notice: PublicNotice, actor: Actor) -> None:
    lock(PublicNotice, [notice.id])
    project = db.session.get_one(Project, notice.project_id)
    if not may(actor, Action.RECORD_NOTICE, project):
        raise RuleBroken(f"{notice.level.label}要由本村或所在乡镇的人员登记。")


def _with(earlier: str, addition: str) -> str:
    return "\n".join(part for part in (earlier, addition.strip()) if part)


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
