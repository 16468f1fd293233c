"""What the notice boards ask of a person: a photo today, an answer, a second pair of eyes."""

from datetime import date

from flask import url_for

from portal.boards import queries
from portal.dashboard.task import MOST_LINES, Task, Urgency
from portal.library.models import Objection, PublicNotice
from portal.rules.access import Actor
from portal.rules.vocabulary import BoardPhoto


def tasks(actor: Actor, today: date) -> list[Task]:
    """Boards to photograph, and objections to answer or to close."""
    return [
        *(_photo(one, today) for one in queries.photos_asked(actor, today)[:MOST_LINES]),
        *(_objection(one) for one in queries.objections_waiting(actor)[:MOST_LINES]),
    ]


def _photo(notice: PublicNotice, today: date) -> Task:
    which = notice.photo_asked(today) or BoardPhoto.FIRST
    return Task(
        Urgency.SOON,
        "今天" if today in {notice.from_on, notice.to_on} else "补拍",
        f"拍公示栏（{which.label}）：{notice.project.name}",
        f"{notice.place}，{notice.title} {notice.from_on} 至 {notice.to_on}",
        "拍照",
        url_for(
            "boards.photograph",
            project_id=notice.project_id,
            notice_id=notice.id,
            which=which.value,
        ),
    )


def _objection(objection: Objection) -> Task:
    notice = objection.notice
    return Task(
        Urgency.WAITING,
        "待办结" if objection.answer else "待答复",
        f"公示异议：{notice.project.name}",
        f"{objection.received_on} 收到，{notice.title} {notice.to_on} 期满",
        "去办结" if objection.answer else "去答复",
        url_for("boards.notice", project_id=notice.project_id, notice_id=notice.id),
    )
