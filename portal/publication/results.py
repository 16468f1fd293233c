"""First drafts of notices on targets and results: of each project by its forms, of the county as signed."""

import sqlalchemy as sa

from portal.db import db
from portal.disclosure.drafting import budgets, class_paragraphs
from portal.disclosure.models import DisclosureItem
from portal.disclosure.operations import draft_item
from portal.disclosure.queries import projects_told
from portal.disclosure.results import told_by_forms
from portal.performance.assessment_cards import signed_card
from portal.performance.models import Assessment
from portal.publication.drafting import NAMED, Office, covering, text_of
from portal.rules.broken import RuleBroken
from portal.rules.performance_points import GRADES
from portal.rules.vocabulary import AssessmentStatus, DisclosureKind


def draft_targets(year: int, office: Office) -> DisclosureItem:
    """Draft 绩效目标 of a year, covering the projects whose declaration was approved."""
    projects = projects_told(DisclosureKind.TARGETS, office.county_id, year)
    body = [
        f"{year}年度 {len(projects)} 个项目的绩效目标已经审核批复，计划投入 {budgets(projects)} 万元。",
        *class_paragraphs(projects),
        "每个项目的绩效目标和指标见项目页面。",
    ]
    return covering(
        f"{year}年度项目绩效目标公告", body, DisclosureKind.TARGETS, year, projects, office
    )


def draft_performance(year: int, office: Office) -> DisclosureItem:
    """Draft 绩效评价结果 of a year: points and grade of each project's approved self-evaluation."""
    kind = DisclosureKind.PERFORMANCE
    projects = projects_told(kind, office.county_id, year)
    told = told_by_forms(kind, year, [one.id for one in projects])
    results = {project_id: one["evaluation"] for project_id, one in told.items()}
    grades = [one["grade"] for one in results.values()]
    counts = "，".join(f"{label} {grades.count(label)} 个" for _least, label in GRADES)
    body = [
        f"{year}年度 {len(projects)} 个项目完成绩效自评，审核结果：{counts}。",
        *(
            f"“{one.name}”：{results[one.id]['score']} 分，{results[one.id]['grade']}。"
            for one in projects[:NAMED]
        ),
        *([f"另有 {len(projects) - NAMED} 个项目，见项目页面。"] if len(projects) > NAMED else []),
        "每个项目的指标和完成值见项目页面。",
    ]
    return covering(f"{year}年度项目绩效评价结果公告", body, kind, year, projects, office)


def draft_assessment(year: int, office: Office) -> DisclosureItem:
    """Draft 年度评价结果: the county's points of a year as both departments signed them."""
    found = db.session.scalar(
        sa.select(Assessment).filter_by(
            county_id=office.county_id, year=year, status=AssessmentStatus.SUBMITTED
        )
    )
    if found is None:
        raise RuleBroken(f"{year} 年的年度绩效自评还没有签字上报，上报以后再公开。", field="year")
    card = signed_card(found)
    lost = [line for line in card.lines if line.points < max(line.full or 0, 0)]
    result = f"得分 {card.total} 分，适用分值 {card.applicable} 分，折合 {card.normalized} 分"
    body = [
        f"{year}年度衔接资金绩效自评已由财政、农业农村部门签字上报：{result}，等级“{card.grade}”。",
        *(["没有得满分的指标："] if lost else ["各项指标都得满分。"]),
        *(f"{line.title}：{line.full} 分，得 {line.points} 分。" for line in lost),
    ]
    text = text_of(f"{year}年度衔接资金绩效评价结果公告", body, office)
    return draft_item(text, kind=DisclosureKind.PERFORMANCE, year=year, **vars(office))
