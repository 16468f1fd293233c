"""Writes on the boards: a notice on record, a photo of it, an objection, its answer and its end."""

from datetime import date

from portal.accounts.scopes import may
from portal.db import db, lock
from portal.files.models import StoredFile
from portal.library.models import Objection, Project, PublicNotice
from portal.library.queries import book
from portal.rules import limits
from portal.rules.access import Action, Actor
from portal.rules.broken import RuleBroken
from portal.rules.notices import photo_day
from portal.rules.privacy import private_data
from portal.rules.vocabulary import BoardPhoto, NoticeLevel, NoticeStage, Role

_COLUMNS = {BoardPhoto.FIRST: "photo", BoardPhoto.LAST: "last_photo"}


def notice_levels(actor: Actor) -> tuple[NoticeLevel, ...]:
    """Whose boards a person answers for: the village its own, the township both."""
    if actor.roles <= {Role.VILLAGE_CLERK}:
        return (NoticeLevel.VILLAGE,)
    return (NoticeLevel.TOWNSHIP, NoticeLevel.VILLAGE)


def may_close(actor: Actor) -> bool:
    """Whether a person may find the answer to an objection good at all: the township's people may."""
    return not actor.roles <= {Role.VILLAGE_CLERK}


def may_answer(objection: Objection, actor: Actor) -> bool:
    """Whether a person may answer, or answer anew: the township's people always."""
    return may_close(actor) or objection.answered_by_id in {None, actor.user_id}


def record_notice(
    project: Project,
    *,
    actor: Actor,
    stage: NoticeStage,
    level: NoticeLevel,
    from_on: date,
    to_on: date,
    place: str,
    on: date,
    photo: StoredFile | None = None,
) -> PublicNotice:
    """Put a notice on record: what it is about, which board, from and to which day, with a photo of it.

    A notice that is still to be hung, or is hung on the day ``on``, may be photographed later: its poster
    is printed from this record.

    Raises:
        RuleBroken: somebody else's board, a stage that is not open, too short a period, no photo.
    """
    lock(Project, [project.id])
    if not may(actor, Action.RECORD_NOTICE, project) or level not in notice_levels(actor):
        raise RuleBroken(f"{level.label}要由本村或所在乡镇的人员登记。")
    if stage not in project.notice_stages:
        raise RuleBroken(
            f"现在的状态是“{project.status.label}”，不能登记{stage.label}。", field="stage"
        )
    _refuse_short(level, from_on, to_on)
    _refuse_photo(from_on, on, photo)
    notice = PublicNotice(
        county_id=project.county_id,
        stage=stage,
        level=level,
        from_on=from_on,
        to_on=to_on,
        place=place,
        photo=photo,
        photo_on=on if photo else None,
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


def _refuse_photo(from_on: date, on: date, photo: StoredFile | None) -> None:
    if photo is None and from_on < on:
        raise RuleBroken(f"公示 {from_on} 已经张贴，请拍一张公示栏的照片一起登记。", field="photo")
    if photo is not None and from_on > on:
        raise RuleBroken(f"公示 {from_on} 才开始，张贴以后再拍照。", field="photo")
    if photo is not None:
        _refuse_paper(photo)


def _refuse_paper(photo: StoredFile) -> None:
    if not photo.mime.startswith("image/"):
        raise RuleBroken(f"“{photo.name}”不是照片。请拍照，或选 JPG、PNG 图片。", field="photo")


def kept_photo(notice: PublicNotice, which: BoardPhoto, on: date) -> str:
    """Why the photo cannot be taken again; empty where there is none yet, or one of the same day."""
    taken_on = getattr(notice, f"{_COLUMNS[which]}_on")
    if taken_on in (None, on):
        return ""
    return f"已经有{which.label}（{taken_on} 拍），是公示的证据，不能再换。"


def add_photo(
    notice: PublicNotice, which: BoardPhoto, photo: StoredFile, *, actor: Actor, on: date
) -> None:
    """Keep the photo of the board's first or last day; one of today may be taken again today.

    Raises:
        RuleBroken: the day has not come, or an earlier photo is already the proof.
    """
    _refuse_stranger(notice, actor)
    _refuse_paper(photo)
    earliest = photo_day(which, notice.from_on, notice.to_on)
    if on < earliest:
        raise RuleBroken(f"{which.label}要到 {earliest} 再拍。", field="photo")
    if kept := kept_photo(notice, which, on):
        raise RuleBroken(kept, field="photo")
    column = _COLUMNS[which]
    setattr(notice, column, photo)
    setattr(notice, f"{column}_on", on)
    db.session.flush()


def record_objection(
    notice: PublicNotice, *, actor: Actor, received_on: date, content: str, on: date
) -> Objection:
    """Put an objection on record, without anybody's name; it is open from then on."""
    _refuse_stranger(notice, actor)
    if not notice.from_on <= received_on <= on:
        raise RuleBroken(
            f"收到日期要在 {notice.from_on}（开始公示）到 {on}（今天）之间。", field="received_on"
        )
    _refuse_private(content, "content")
    objection = Objection(
        county_id=notice.county_id,
        received_on=received_on,
        content=content.strip(),
        recorded_by_id=actor.user_id,
    )
    notice.objections.append(objection)
    db.session.flush()
    return objection


def answer_objection(objection: Objection, answer: str, *, actor: Actor, on: date) -> None:
    """Say what was found and done; until somebody closes it the answer may be given anew.

    A village does not write over what the township answered.
    """
    _refuse_closed(objection, actor)
    if not may_answer(objection, actor):
        raise RuleBroken("已有答复，村里只能改自己的答复。要补充的请告诉乡镇。", field="answer")
    _refuse_private(answer, "answer")
    objection.answer = answer.strip()
    objection.answered_by_id, objection.answered_on = actor.user_id, on
    db.session.flush()


def close_objection(objection: Objection, *, actor: Actor, on: date) -> None:
    """Find the answer good; neither who recorded the notice nor who answered may (DOMAIN §2).

    A village does not judge what is said against its own project.
    """
    _refuse_closed(objection, actor)
    if not may_close(actor):
        raise RuleBroken("村里不能办结异议，请由乡镇的人员办理。")
    if not objection.answer:
        raise RuleBroken("还没有答复，请先登记答复，再由另一人办结。")
    if actor.user_id == objection.notice.recorded_by_id:
        raise RuleBroken("登记公示的人不能办结异议，请由乡镇的其他人员办理。")
    if actor.user_id == objection.answered_by_id:
        raise RuleBroken("答复的人不能办结异议，请由乡镇的其他人员办理。")
    objection.closed_by_id, objection.closed_on = actor.user_id, on
    db.session.flush()


def _refuse_stranger(notice: PublicNotice, actor: Actor) -> None:
    lock(PublicNotice, [notice.id])
    if not may(actor, Action.RECORD_NOTICE, notice.project):
        raise RuleBroken(f"{notice.level.label}要由本村或所在乡镇的人员办理。")


def _refuse_closed(objection: Objection, actor: Actor) -> None:
    _refuse_stranger(objection.notice, actor)
    lock(Objection, [objection.id])
    if objection.closed_on:
        raise RuleBroken(f"这条异议已于 {objection.closed_on} 办结。")


def _refuse_private(text: str, field: str) -> None:
    if found := private_data(text):
        raise RuleBroken(
            f"里有{found[0].masked}。只写反映的事，不写反映人的姓名、电话和证件号。", field=field
        )
