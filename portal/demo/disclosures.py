"""What the demo county has published by its standing day, and one notice that waits for approval."""

from datetime import date, timedelta
from pathlib import Path

import sqlalchemy as sa

from portal.db import db
from portal.demo.people import organization, rows, somebody
from portal.disclosure import drafting, operations
from portal.disclosure.models import DisclosureItem
from portal.funds.models import FundDocument
from portal.rules.access import Actor
from portal.rules.vocabulary import DisclosureForm, Role
from portal.rules.workflow import Move

LIBRARY_POSTED = date(2022, 11, 21)
PLAN_PUBLISHED = date(2022, 12, 12)


def publish_library(county_id: int) -> None:
    """The library of 2023 as a 公示, then the annual plan with the seven documents behind it."""
    office = _office()
    library = drafting.draft_library(2023, county_id=county_id, actor=office, on=LIBRARY_POSTED)
    _publish(library, office, LIBRARY_POSTED)
    plan = drafting.draft_announcement(
        "2023年度衔接资金项目计划",
        DisclosureForm.ANNOUNCEMENT,
        county_id=county_id,
        actor=office,
        on=PLAN_PUBLISHED,
    )
    plan.body = (
        "2023年度计划安排衔接资金 4950.68 万元，共 39 个项目，资金来自 7 份资金文件。\n"
        "各项目的资金来源和各文件到项目的金额为示范拆分，合计与公开资料一致。"
    )
    plan.projects = list(library.projects)
    plan.documents = list(db.session.scalars(sa.select(FundDocument).order_by(FundDocument.code)))
    _publish(plan, office, PLAN_PUBLISHED)


def publish_allocations(folder: Path, county_id: int, today: date) -> None:
    """The result of each batch, on the day it was disclosed, as far as that day has come."""
    finance = somebody(Role.FINANCE_AGRI, organization("acheng-caizheng"))
    for row in rows(folder / "batches.csv"):
        on = date.fromisoformat(row["disclosed_on"])
        if on > today:
            continue
        codes = [f"acheng-2023-f{int(n):02d}" for n in row["documents"].split(";")]
        statement = sa.select(FundDocument).where(FundDocument.code.in_(codes))
        documents = list(db.session.scalars(statement.order_by(FundDocument.code)))
        item = drafting.draft_fund_allocation(documents, county_id=county_id, actor=finance, on=on)
        _publish(item, finance, on)


def add_current_notices(county_id: int, today: date) -> None:
    """A 公示 in its period, and a notice on the approver's desk."""
    office = _office()
    posted = today - timedelta(days=3)
    notice = drafting.draft_announcement(
        "料甸街民生村粮食仓储项目实施前公示（示范）",
        DisclosureForm.PUBLIC_NOTICE,
        county_id=county_id,
        actor=office,
        on=posted,
    )
    notice.body = (
        "项目开工前，把建设内容、资金来源、实施单位和受益对象告诉村民。\n"
        "有不同意见，请在公示期内反映。"
    )
    _publish(notice, office, posted)
    waiting = drafting.draft_announcement(
        "关于开展项目库动态调整的公告（示范）",
        DisclosureForm.ANNOUNCEMENT,
        county_id=county_id,
        actor=office,
        on=today,
    )
    waiting.body = "各村、各乡镇可以申报下一年度项目。申报截止后，领导小组办公室统一组织审查。"
    operations.take_step(waiting, Move.SUBMIT, actor=office, on=today)


def _publish(item: DisclosureItem, drafter: Actor, on: date) -> None:
    approver = somebody(Role.APPROVER, organization("acheng-lingdao"))
    operations.take_step(item, Move.SUBMIT, actor=drafter, on=on)
    operations.take_step(item, Move.APPROVE, actor=approver, on=on)


def _office() -> Actor:
    return somebody(Role.LEAD_OFFICE, organization("acheng-nongcun"))
