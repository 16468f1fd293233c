"""What the flow needs to know about a project, read from its rows."""

from collections.abc import Callable, Sequence
from datetime import date
from operator import attrgetter

from portal.library.models import ApprovalStep, Project, PublicNotice
from portal.library.queries import allocated_amount, book
from portal.rules import limits
from portal.rules.project_flow import ProjectFacts
from portal.rules.vocabulary import BoardPhoto, NoticeLevel, NoticeStage
from portal.rules.workflow import Move

MANDATORY: tuple[tuple[str, Callable[[Project], object]], ...] = (
    ("项目名称", attrgetter("name")),
    ("项目类别", attrgetter("project_type")),
    ("建设性质", attrgetter("nature")),
    ("实施地点", attrgetter("site")),
    ("时间进度", lambda project: project.start_on and project.finish_on),
    ("责任单位", attrgetter("responsible_unit")),
    ("建设任务", attrgetter("tasks")),
    ("资金规模和筹资方式", attrgetter("budget")),
    ("受益对象", attrgetter("beneficiaries")),
    ("绩效目标", attrgetter("goal")),
    ("群众参与和联农带农机制", attrgetter("benefit_linkage")),
)
"""The eleven mandatory fields (国开办发〔2018〕10号)."""


def missing_fields(project: Project) -> tuple[str, ...]:
    """The titles of the mandatory fields that are still empty."""
    return tuple(title for title, value in MANDATORY if not value(project))


def project_facts(project: Project, *, on: date, minutes_number: str = "") -> ProjectFacts:
    """The facts on a day; ``minutes_number`` is what the person who admits has typed."""
    return ProjectFacts(
        applicant=project.organization.kind,
        missing_fields=missing_fields(project),
        target_count=len(project.targets),
        village_notice=notice_problem(project, NoticeLevel.VILLAGE, on),
        township_notice=notice_problem(project, NoticeLevel.TOWNSHIP, on),
        minutes_number=minutes_number.strip(),
        allocated_amount=allocated_amount(project.id),
    )


def notice_problem(project: Project, level: NoticeLevel, on: date) -> str | None:
    """What is wrong with the application's notices of a level; ``None`` when they hung as they must."""
    hung = notices_of(project, NoticeStage.APPLICATION, level)
    if not hung:
        return f"还没有登记{level.label}，请先张贴公示，再登记起止日期、地点和照片"
    return board_problem(hung[-1], on) or objection_problem(hung)


def notices_of(project: Project, stage: NoticeStage, level: NoticeLevel) -> list[PublicNotice]:
    """The notices of a stage on the boards of a level, the one that went up last at the end."""
    return [one for one in project.notices if one.stage is stage and one.level is level]


def board_problem(notice: PublicNotice, on: date) -> str | None:
    """What is wrong with the days or the photos of a notice, seen on a day; ``None`` when nothing is."""
    days = book().notices[notice.level.value].days
    problem = limits.notice_problem(notice.from_on, notice.to_on, on, days)
    return f"{notice.title}：{problem}" if problem else _photo_problem(notice)


def _photo_problem(notice: PublicNotice) -> str | None:
    """The photo that the notice does not count without; the last one only where the county wants it."""
    if notice.photo_id is None:
        return f"{notice.title}还没有{BoardPhoto.FIRST.label}，请到“公示栏”补拍"
    both = book().notice_photos and notice.stage is NoticeStage.COMPLETION
    if both and notice.last_photo_id is None:
        return f"{notice.title}还没有{BoardPhoto.LAST.label}，请到“公示栏”补拍"
    return None


def objection_problem(notices: Sequence[PublicNotice]) -> str | None:
    """The objections that nobody has closed yet, in words; a notice hung later does not hide them."""
    found = [
        f"{notice.title}有 {count} 条异议没有办结"
        for notice in notices
        if (count := len(notice.open_objections))
    ]
    return f"{'，'.join(found)}，请先答复，再由登记人和答复人以外的人办结" if found else None


def earlier_actors(project: Project) -> frozenset[int]:
    """Who acted at another stage of the present round, the submitter included.

    A round begins with the last submission. Doing one's own stage again after a return is allowed.
    """
    return frozenset(
        step.actor_id for step in _round(project) if step.from_status is not project.status
    )


def _round(project: Project) -> list[ApprovalStep]:
    starts = [n for n, step in enumerate(project.steps) if step.move is Move.SUBMIT]
    return project.steps[starts[-1] :] if starts else []
