"""Writes that begin a form: prefilled from the library, from the approved declaration or from sums."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import sqlalchemy as sa

from portal.accounts.models import Organization
from portal.accounts.scopes import may
from portal.db import db, lock
from portal.library.models import Project
from portal.performance.facts import HEAD, core_indicators, indicators_of
from portal.performance.models import IndicatorLine, ManagementNote, PerformanceForm
from portal.rules.access import Action, Actor
from portal.rules.broken import RuleBroken
from portal.rules.indicators import Indicator, summed
from portal.rules.performance_points import even_weights
from portal.rules.vocabulary import FormKind, FormStatus, ManagementAspect, ProjectStatus


def declare(project: Project, year: int, *, actor: Actor, on: date) -> PerformanceForm:
    """Begin 绩效目标申报表 (F4) with the library's goal and targets, and the core indicators still missing.

    Raises:
        RuleBroken: the project is not in the library, or the year has its declaration already.
    """
    _take_up(project, actor)
    if project.status is not ProjectStatus.ADMITTED:
        raise RuleBroken(f"项目现在是“{project.status.label}”，入库以后才能申报绩效目标")
    required = core_indicators(project)
    labels = {one.label for one in required}
    targets = [
        Indicator(one.level, one.name, one.comparison, one.value, one.unit, core=one.name in labels)
        for one in project.targets
    ]
    present = {one.name for one in targets}
    missing = [
        Indicator(one.level, one.label, one.comparison, unit=one.unit, core=True)
        for one in required
        if one.label not in present
    ]
    form = _of_project(FormKind.DECLARATION, project, year, None, actor, on)
    form.goal = project.goal
    return _keep(form, [*missing, *targets])


def monitor(project: Project, year: int, month: int, *, actor: Actor, on: date) -> PerformanceForm:
    """Begin 绩效运行监控表 (F5) of January to ``month`` from the approved declaration.

    Raises:
        RuleBroken: nothing is approved to be monitored, the month is ahead, or the form is there already.
    """
    _take_up(project, actor)
    if on < date(year, month, 1):
        raise RuleBroken(f"{year} 年 {month} 月还没有到，到时再填监控表")
    declaration = _approved_declaration(project, year)
    form = _of_project(FormKind.MONITORING, project, year, month, actor, on)
    form.goal = declaration.goal
    return _keep(form, indicators_of(declaration))


def evaluate(project: Project, year: int, *, actor: Actor, on: date) -> PerformanceForm:
    """Begin 项目支出绩效自评表 (F6) from the approved declaration, with weights shared evenly.

    Raises:
        RuleBroken: nothing is approved to be evaluated, the year is ahead, or the form is there already.
    """
    _take_up(project, actor)
    if on.year < year:
        raise RuleBroken(f"{year} 年还没有到，到时再做绩效自评")
    declaration = _approved_declaration(project, year)
    form = _of_project(FormKind.SELF_EVALUATION, project, year, None, actor, on)
    form.goal = declaration.goal
    return _keep(form, _weighted(indicators_of(declaration)))


def evaluate_region(county: Organization, year: int, *, actor: Actor, on: date) -> PerformanceForm:
    """Begin 转移支付区域绩效自评表 (F6b) with the sums of the projects' approved self-evaluations.

    Raises:
        RuleBroken: the year is ahead, or the county has its form already.
    """
    lock(Organization, [county.id])
    form = PerformanceForm(county_id=county.id, kind=FormKind.REGIONAL, year=year)
    if not may(actor, Action.WRITE_REGIONAL, form):
        raise RuleBroken("区域绩效自评表由领导小组办公室填报")
    if on.year < year:
        raise RuleBroken(f"{year} 年还没有到，到时再做绩效自评")
    _refuse_second(form)
    form.written_by_id, form.written_on = actor.user_id, on
    _take_over_head(form, county)
    form.notes = [
        ManagementNote(county_id=county.id, aspect=aspect, words="", problems="")
        for aspect in ManagementAspect
    ]
    together = summed(indicators_of(one) for one in _approved_evaluations(county.id, year))
    return _keep(form, _weighted(together))


def _take_over_head(form: PerformanceForm, county: Organization) -> None:
    """主管部门 and 资金使用单位 as the last year named them; without one, the county uses the money."""
    earlier = sa.select(PerformanceForm).where(
        PerformanceForm.county_id == county.id,
        PerformanceForm.kind == FormKind.REGIONAL,
        PerformanceForm.year < form.year,
    )
    with db.session.no_autoflush:
        last = db.session.scalar(earlier.order_by(PerformanceForm.year.desc()).limit(1))
    form.fund_user = county.name
    for name in HEAD if last else ():
        setattr(form, name, getattr(last, name))


def _take_up(project: Project, actor: Actor) -> None:
    lock(Project, [project.id])
    if not may(actor, Action.WRITE_PERFORMANCE, project):
        raise RuleBroken("绩效表由项目所在乡镇、行业主管部门或领导小组办公室填报")


def _of_project(
    kind: FormKind, project: Project, year: int, month: int | None, actor: Actor, on: date
) -> PerformanceForm:
    form = PerformanceForm(
        county_id=project.county_id,
        organization_id=project.organization_id,
        township_id=project.township_id,
        department_id=project.department_id,
        project_id=project.id,
        kind=kind,
        year=year,
        month=month,
        written_by_id=actor.user_id,
        written_on=on,
    )
    _refuse_second(form)
    form.project = project
    return form


def _refuse_second(form: PerformanceForm) -> None:
    """The locked project or county keeps two people from beginning the same form."""
    same = sa.select(PerformanceForm).filter_by(
        county_id=form.county_id,
        kind=form.kind,
        project_id=form.project_id,
        year=form.year,
        month=form.month,
    )
    with db.session.no_autoflush:
        found = db.session.scalar(same)
    if found:
        raise RuleBroken(
            f"{form.year} 年的{form.kind.label}已经有了，现在是“{found.status.label}”，请直接打开"
        )


def _approved_declaration(project: Project, year: int) -> PerformanceForm:
    found = db.session.scalar(
        sa.select(PerformanceForm).filter_by(
            project_id=project.id, kind=FormKind.DECLARATION, year=year
        )
    )
    if found is None:
        raise RuleBroken(f"{year} 年的绩效目标还没有申报，请先申报，审核通过后再填这张表")
    if found.status is not FormStatus.APPROVED:
        raise RuleBroken(
            f"{year} 年的绩效目标现在是“{found.status.label}”，财政审核通过后才能填这张表"
        )
    return found


def _approved_evaluations(county_id: int, year: int) -> list[PerformanceForm]:
    statement = sa.select(PerformanceForm).filter_by(
        county_id=county_id,
        kind=FormKind.SELF_EVALUATION,
        year=year,
        status=FormStatus.APPROVED,
    )
    return list(db.session.scalars(statement.order_by(PerformanceForm.id)))


def _weighted(lines: list[Indicator]) -> list[Indicator]:
    weights = even_weights(lines)
    return [replace(line, weight=weight) for line, weight in zip(lines, weights, strict=True)]


def _keep(form: PerformanceForm, lines: Iterable[Indicator]) -> PerformanceForm:
    form.lines = [
        IndicatorLine(county_id=form.county_id, position=position, **vars(line))
        for position, line in enumerate(lines, start=1)
    ]
    db.session.add(form)
    db.session.flush()
    return form
