"""What the flow needs to know about a project, read from its rows."""

from collections.abc import Callable
from datetime import date
from operator import attrgetter

from portal.library.models import ApprovalStep, Project
from portal.library.queries import allocated_amount, book
from portal.rules import limits
from portal.rules.project_flow import ProjectFacts
from portal.rules.vocabulary import NoticeLevel
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
    """What is wrong with the latest notice of a level on a day; ``None`` when it hung as it must."""
    notices = [notice for notice in project.notices if notice.level is level]
    if not notices:
        return f"还没有登记{level.label}，请先张贴公示，再登记起止日期、地点和照片"
    latest = notices[-1]
    period = limits.notice_problem(
        latest.from_on, latest.to_on, on, book().notices[level.value].days
    )
    if period:
        return f"{level.label}：{period}"
    if not latest.objections_settled:
        return f"{level.label}收到 {latest.objections} 条异议，请先登记处理结果"
    return None


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
