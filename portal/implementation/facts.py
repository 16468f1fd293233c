"""What the rules of payment need to know about a project's works."""

from datetime import date

from portal.library.facts import board_problem, notices_of, objection_problem
from portal.library.models import Project
from portal.library.queries import book
from portal.rules.vocabulary import NoticeLevel, NoticeStage


def needs_contract(project_type: str) -> bool:
    """Whether money for this type of project is paid on a contract; so too where the type is unknown."""
    known = book().project_types.get(project_type)
    return known is None or known.needs_contract


def completion_notice_problem(project: Project, settled_on: date | None, on: date) -> str | None:
    """What still stands between the finished works and their last money; ``None`` when nothing does.

    The settled price hangs on the board of the village or of the township first, and objections to it are
    answered (S0: 竣工结算结果先行公示，无反馈问题后再最终付款). One board is enough; an open objection on
    the other one still counts. What hung before ``settled_on`` could not tell the settled price.
    """
    hung = [notices_of(project, NoticeStage.COMPLETION, level) for level in NoticeLevel]
    if not any(hung):
        return "还没有登记竣工公示，请先张贴竣工结算结果，再登记起止日期、地点和照片"
    latest = [notices[-1] for notices in hung if notices]
    telling = [one for one in latest if settled_on is None or one.from_on >= settled_on]
    if not telling:
        day = max(one.from_on for one in latest)
        return f"竣工公示 {day} 张贴，{settled_on} 才结算，群众没有看到结算价，请重新张贴竣工公示"
    boards = [board_problem(notice, on) for notice in telling]
    objections = objection_problem([notice for notices in hung for notice in notices])
    return objections or (None if None in boards else boards[0])
