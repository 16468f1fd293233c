"""Writes the first draft of a notice from the data, so that the officer only reads and corrects (F8, F9)."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from portal.accounts.models import Organization
from portal.db import db
from portal.disclosure.models import DisclosureItem
from portal.disclosure.operations import NoticeText, draft_item
from portal.disclosure.queries import library_projects, projects_of
from portal.disclosure.snapshots import is_phone_line
from portal.funds.models import FundDocument
from portal.funds.queries import approved_of
from portal.library.models import Project
from portal.rules.access import Actor
from portal.rules.broken import RuleBroken
from portal.rules.disclosure_flow import NOTICE_DAYS
from portal.rules.money import wan_exact
from portal.rules.vocabulary import DisclosureForm, DisclosureKind

HOTLINE = "监督电话 12317"


def draft_fund_allocation(
    documents: Sequence[FundDocument], *, county_id: int, actor: Actor, on: date
) -> DisclosureItem:
    """Draft 资金分配结果 of the documents, covering the projects that got their money."""
    if not documents:
        raise RuleBroken("请至少选择 1 份资金文件。", field="documents")
    projects = projects_of(documents)
    year = max(document.year for document in documents)
    named = name_of(documents[0]) + (f"等{len(documents)}份文件" if len(documents) > 1 else "")
    body = "\n".join(_fund_paragraphs(documents, projects))
    text = notice_text(f"{named}资金分配结果公告", DisclosureForm.ANNOUNCEMENT, body, actor, on)
    return draft_item(
        text,
        county_id=county_id,
        kind=DisclosureKind.FUND_ALLOCATION,
        year=year,
        actor=actor,
        on=on,
        documents=documents,
        projects=projects,
    )


def draft_library(year: int, *, county_id: int, actor: Actor, on: date) -> DisclosureItem:
    """Draft 项目库 of a year as a 公示 of ten days, covering all admitted projects."""
    projects = library_projects(county_id, year)
    body = "\n".join(
        [
            f"{year}年度项目库已经审定，共 {len(projects)} 个项目，{_planned(projects)}，现公示。",
            *class_paragraphs(projects),
            "公示期内有异议的，请用下面的电话或地址反映，也可以拨打 12317。",
        ]
    )
    text = notice_text(f"{year}年度项目库公示", DisclosureForm.PUBLIC_NOTICE, body, actor, on)
    return draft_covering(text, DisclosureKind.LIBRARY, year, projects, county_id, actor, on)


def draft_annual_plan(year: int, *, county_id: int, actor: Actor, on: date) -> DisclosureItem:
    """Draft 年度项目计划 of a year, covering the admitted projects that money was placed on."""
    projects = library_projects(county_id, year, with_money=True)
    body = "\n".join(
        [
            f"{year}年度项目计划共 {len(projects)} 个项目，{_planned(projects)}。",
            *class_paragraphs(projects),
            "每个项目的资金来源、实施期限、绩效目标、责任单位、受益对象和联农带农机制见项目页面。",
        ]
    )
    text = notice_text(f"{year}年度项目计划公告", DisclosureForm.ANNOUNCEMENT, body, actor, on)
    return draft_covering(text, DisclosureKind.ANNUAL_PLAN, year, projects, county_id, actor, on)


def draft_announcement(
    title: str, form: DisclosureForm, *, county_id: int, actor: Actor, on: date
) -> DisclosureItem:
    """Draft a free 公告 or 公示 with nothing but its title and whom to call."""
    return draft_item(
        notice_text(title, form, "", actor, on),
        county_id=county_id,
        kind=DisclosureKind.ANNOUNCEMENT,
        year=on.year,
        actor=actor,
        on=on,
    )


def draft_covering(
    text: NoticeText,
    kind: DisclosureKind,
    year: int,
    projects: list[Project],
    county_id: int,
    actor: Actor,
    on: date,
) -> DisclosureItem:
    """Draft a notice of a year that covers the projects; refused where there is none."""
    if not projects:
        raise RuleBroken(f"{year} 年没有可以公开的项目，请换一个年度。", field="year")
    return draft_item(
        text, county_id=county_id, kind=kind, year=year, actor=actor, on=on, projects=projects
    )


def notice_text(title: str, form: DisclosureForm, body: str, actor: Actor, on: date) -> NoticeText:
    """A notice of the actor's office, with its telephone, the hotline and, for a 公示, its ten days."""
    unit = db.session.get_one(Organization, actor.organization_id)
    hangs = form is DisclosureForm.PUBLIC_NOTICE
    return NoticeText(
        title=title,
        form=form,
        body=body,
        unit=unit.name,
        phones="\n".join([*_office_phone(unit), HOTLINE]),
        address=unit.address,
        from_on=on if hangs else None,
        to_on=on + timedelta(days=NOTICE_DAYS) if hangs else None,
    )


def _office_phone(unit: Organization) -> list[str]:
    """The office's own line, where what is on record can be dialled."""
    line = f"{unit.name} {unit.phone}"
    return [line] if unit.phone and is_phone_line(line) else []


def name_of(document: FundDocument) -> str:
    """How a text names the document: its number, or the title where it bears none."""
    return document.number or f"《{document.title}》"


def _fund_paragraphs(documents: Sequence[FundDocument], projects: list[Project]) -> Iterable[str]:
    placed = approved_of([document.id for document in documents])
    names = "、".join(
        f"《{one.title}》" + (f"（{one.number}）" if one.number else "") for one in documents
    )
    total = sum(document.amount for document in documents)
    arranged = sum(approved.amount for approved in placed.values())
    purposes = dict.fromkeys(one.task.label for one in documents if one.task)
    units = dict.fromkeys(one.responsible_unit for one in projects if one.responsible_unit)
    yield f"资金来源：{names}。"
    yield f"资金规模：{wan_exact(total)} 万元。"
    yield f"资金用途：{'、'.join(purposes) or '财政衔接推进乡村振兴'}。"
    yield f"使用单位：{'、'.join(units) or '见项目页面'}。"
    yield "分配原则：资金跟着项目走，从已审定入库的项目中安排。"
    rest = f"，尚未安排 {wan_exact(total - arranged)} 万元" if total > arranged else ""
    yield f"分配结果：安排到 {len(projects)} 个项目，共 {wan_exact(arranged)} 万元{rest}。"
    yield "每个项目安排多少，见所附资金文件和项目页面。"


def class_paragraphs(projects: list[Project]) -> Iterable[str]:
    """A sentence for each class of the projects: how many, and their budgets."""
    for found in dict.fromkeys(project.report_class for project in projects):
        members = [project for project in projects if project.report_class is found]
        yield f"{found.label} {len(members)} 个，{budgets(members)} 万元。"


def budgets(projects: list[Project]) -> str:
    """The sum of the budgets, 万元."""
    return wan_exact(sum(project.budget for project in projects))


def _planned(projects: list[Project]) -> str:
    return f"计划投入 {budgets(projects)} 万元"
