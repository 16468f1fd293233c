"""Writes on a project's works: the days, the acceptances and the reports of progress."""

from collections.abc import Mapping, Sequence
from datetime import date

import sqlalchemy as sa

from portal.accounts.scopes import may
from portal.db import db, lock
from portal.files.models import StoredFile
from portal.implementation.models import Acceptance, Execution, ProgressPhoto, ProgressReport
from portal.implementation.queries import executions_of, progress_percents
from portal.library.models import Project
from portal.rules import works
from portal.rules.access import Action, Actor, roles_with
from portal.rules.broken import RuleBroken
from portal.rules.vocabulary import AcceptanceLevel, ProjectStatus

MOST_PHOTOS = 9


def take_up(project: Project, actor: Actor, action: Action) -> None:
    """Lock a project before something of its works is written, or refuse in plain words.

    Raises:
        RuleBroken: the person does not answer for it, or it is not in the library.
    """
    lock(Project, [project.id])
    if not may(actor, action, project):
        holders = "、".join(role.label for role in roles_with(action))
        raise RuleBroken(f"“{action.label}”要由本项目所在地或主管部门的{holders}办理")
    if project.status is not ProjectStatus.ADMITTED:
        raise RuleBroken(f"项目现在是“{project.status.label}”，入库以后才能登记实施情况")


def refuse_overtaken(version: int, seen: int | None) -> None:
    """Refuse to write over what somebody else saved since the page was opened; None: nothing was seen."""
    if seen not in {None, version}:
        raise RuleBroken("别人刚刚改过这里，您的内容还没有保存。请重新打开这一页，看过最新内容再改")


def record_dates(
    project: Project,
    dates: Mapping[str, date | None],
    *,
    actor: Actor,
    on: date,
    seen: int | None = None,
) -> Execution:
    """Write the days of the works (:data:`works.DATES`), all of them at once; None empties a day.

    ``seen`` is the version that the person had before them, 0 where there was none yet.

    Raises:
        RuleBroken: a day has not come, two of them run backwards, or somebody was faster.
    """
    take_up(project, actor, Action.RECORD_EXECUTION)
    execution = executions_of([project.id]).get(project.id)
    refuse_overtaken(execution.version if execution else 0, seen)
    works.check_dates(dates, on)
    _keep_finish(project, dates)
    if execution is None:
        execution = Execution(county_id=project.county_id, project_id=project.id)
        db.session.add(execution)
    for name in works.DATES:
        setattr(execution, name, dates.get(name))
    execution.recorded_by_id = actor.user_id
    db.session.flush()
    return execution


def record_acceptance(
    project: Project,
    level: AcceptanceLevel,
    *,
    accepted_on: date,
    passed: bool,
    opinion: str,
    people: str,
    actor: Actor,
    on: date,
    file: StoredFile | None = None,
) -> Acceptance:
    """Write one look at the finished works; one that did not pass is kept and may be followed by another.

    Raises:
        RuleBroken: the works are not finished, a lower level has not passed, or one person would look twice.
    """
    take_up(project, actor, works.ACCEPTS[level])
    works.refuse_future(accepted_on, on, word="验收日期", field="accepted_on")
    execution = executions_of([project.id]).get(project.id)
    looks = passed_looks(project)
    works.check_acceptance(
        level,
        accepted_on,
        finished_on=execution.finished_on if execution else None,
        passed=looks,
    )
    works.refuse_second_look(actor.user_id, looks)
    if not passed and not opinion.strip():
        raise RuleBroken("没有通过，请写明哪里要整改", field="opinion")
    acceptance = Acceptance(
        county_id=project.county_id,
        project_id=project.id,
        level=level,
        accepted_on=accepted_on,
        passed=passed,
        opinion=opinion,
        people=people,
        file=file,
        actor_id=actor.user_id,
        actor_name=actor.name,
    )
    db.session.add(acceptance)
    db.session.flush()
    return acceptance


def report_progress(
    project: Project,
    percent: int,
    *,
    words: str,
    photos: Sequence[tuple[StoredFile, date]],
    actor: Actor,
    on: date,
) -> ProgressReport:
    """Write how much of the works is done on a day, in percent, with photos and the day each was taken.

    Raises:
        RuleBroken: the share falls without a reason, a photo is from the future, or there are too many.
    """
    take_up(project, actor, Action.REPORT_PROGRESS)
    last = progress_percents([project.id], on).get(project.id)
    works.check_progress(percent, last, words)
    if len(photos) > MOST_PHOTOS:
        raise RuleBroken(
            f"一次最多 {MOST_PHOTOS} 张照片，您选了 {len(photos)} 张，请分两次上报", field="photos"
        )
    if any(not file.mime.startswith("image/") for file, _taken_on in photos):
        raise RuleBroken("这里只收照片（JPG、PNG），请重新选择", field="photos")
    report = ProgressReport(
        county_id=project.county_id,
        project_id=project.id,
        percent=percent,
        words=words,
        reported_on=on,
        reported_by_id=actor.user_id,
        reported_by=actor.name,
    )
    for file, taken_on in photos:
        works.refuse_future(taken_on, on, word="拍摄日期", field="taken_on")
        report.photos.append(
            ProgressPhoto(county_id=project.county_id, file=file, taken_on=taken_on)
        )
    db.session.add(report)
    db.session.flush()
    return report


def passed_looks(project: Project) -> list[works.Look]:
    """The acceptances of a project that passed, from below."""
    statement = sa.select(Acceptance).filter_by(project_id=project.id, passed=True)
    return [
        works.Look(found.level, found.accepted_on, found.actor_id)
        for found in db.session.scalars(statement.order_by(Acceptance.id))
    ]


def _keep_finish(project: Project, dates: Mapping[str, date | None]) -> None:
    """What was accepted was finished: the day of finishing stays, and stays before the first look."""
    looks = passed_looks(project)
    finished_on = dates.get("finished_on")
    if looks and (finished_on is None or finished_on > looks[0].on):
        raise RuleBroken(
            f"{looks[0].level.label}已于 {looks[0].on} 通过，完工日期不能清空，也不能晚于这一天",
            field="finished_on",
        )
