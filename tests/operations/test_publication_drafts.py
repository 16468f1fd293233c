"""First drafts of the further notices: what they say, what they cover, and what of it the public sees."""

from datetime import date

import pytest

from portal.complaints.models import Complaint
from portal.db import db, unit_of_work
from portal.publication import drafting, results
from portal.publication.drafting import Office
from portal.rules.broken import RuleBroken
from portal.rules.disclosure_flow import TO_FILL
from portal.rules.vocabulary import (
    ComplaintChannel,
    ComplaintResult,
    ComplaintStatus,
    DisclosureKind,
)
from portal.rules.workflow import Move
from tests import ledger, performance, publishing
from tests.ledger import TODAY
from tests.world import World


@pytest.fixture
def world(either_app):
    return World()


def draft(world, write, *facts):
    actor = world.actor("finance_agri")
    with unit_of_work(actor, "test"):
        return write(*facts, Office(world.ids["county"], actor, TODAY))


def evaluated(world):
    project = performance.with_targets(world)
    performance.declared(world, project, TODAY)
    performance.evaluated(world, project, TODAY)
    return project


def test_a_receipt_says_from_whom_how_much_and_since_when(world):
    document = ledger.add_document(world)
    item = draft(world, drafting.draft_fund_receipt, [document])
    assert (item.kind, item.documents, item.projects) == (
        DisclosureKind.FUND_RECEIPT,
        [document],
        [],
    )
    assert document.number in item.body
    assert "100.00 万元" in item.body
    publishing.publish(world, item)
    files = publishing.site(world)
    assert f"funds/{document.code}.html" in files
    assert "资金来源和规模" in files[f"notices/{item.code}.html"].decode()


def test_an_adjustment_names_both_ends_the_reason_and_the_approval(world):
    document, first = publishing.placed(world)
    second = ledger.add_project(world, "西村大棚")
    batch = ledger.add_adjustment(world, "三月调整")
    (line,) = document.allocations
    ledger.take_back(world, batch, line, 20)
    ledger.allocate(world, batch, document, second, 20)
    with pytest.raises(RuleBroken, match="已批复"):
        draft(world, drafting.draft_adjustment, batch)
    ledger.approve(world, batch)
    item = draft(world, drafting.draft_adjustment, batch)
    for told in (
        f"从“{first.name}”收回 20.00 万元",
        "安排到“西村大棚” 20.00 万元",
        "调整原因：项目暂缓实施",
        "县政批〔2023〕1号",
    ):
        assert told in item.body
    assert (set(item.projects), item.documents) == ({first, second}, [document])


def test_completion_counts_what_is_done_and_asks_why_the_rest_is_open(world):
    publishing.placed(world)
    item = draft(world, drafting.draft_completion, 2023)
    assert "完成 0 个，已支付 0.00 万元，占已安排 0.00%" in item.body
    assert f"原因：{TO_FILL}" in item.body
    with pytest.raises(RuleBroken, match="（待填写）"):
        publishing.take(world, item, Move.SUBMIT, "finance_agri")
    with unit_of_work(world.actor("finance_agri"), "test"):
        item.body = item.body.replace(TO_FILL, "正在备料")
    publishing.publish(world, item)


def test_results_are_public_with_their_notice_and_gone_with_it(world):
    project = evaluated(world)
    targets = publishing.publish(world, draft(world, results.draft_targets, 2023))
    shown = publishing.projects(world)[project.code]
    assert ("数量指标", "硬化道路", "≥3.2公里") in [
        (one.group, one.name, one.value) for one in shown.targets
    ]
    assert shown.evaluation is None
    item = draft(world, results.draft_performance, 2023)
    publishing.publish(world, item)
    evaluation = publishing.projects(world)[project.code].evaluation
    assert (evaluation.year, evaluation.score, evaluation.grade) == (2023, "90.00", "优")
    assert f"“{project.name}”：90.00 分，优。" in item.body
    (reached,) = [one for one in evaluation.results if one.name == "硬化道路"]
    assert (reached.target, reached.value) == ("≥3.2公里", "3.2公里")
    later = publishing.announce(world)
    with unit_of_work(world.actor("finance_agri"), "test"):
        later.projects = [project]
    publishing.publish(world, later)
    assert publishing.projects(world)[project.code].evaluation == evaluation
    publishing.take(world, item, Move.WITHDRAW, "approver", "分数有误")
    assert publishing.projects(world)[project.code].evaluation is None
    assert targets.standing


def test_a_year_without_results_is_refused(world):
    with pytest.raises(RuleBroken, match="2023 年没有可以公开的项目"):
        draft(world, results.draft_performance, 2023)


def complain(world, closed_on, summary, number):
    with unit_of_work(world.actor("lead_office"), "test"):
        found = Complaint(
            county_id=world.ids["county"],
            code=f"ts-{number}",
            channel=ComplaintChannel.HOTLINE,
            status=ComplaintStatus.CLOSED if closed_on else ComplaintStatus.ANSWERED,
            received_on=TODAY,
            content="张三反映道路没有修完",
            registered_by_id=1,
            registered_on=TODAY,
            result=ComplaintResult.TRUE if closed_on else None,
            closed_by_id=2,
            closed_on=closed_on,
            summary=summary,
        )
        db.session.add(found)
    return found


def test_complaints_are_told_by_their_summaries_only(world):
    told = complain(world, TODAY, "群众反映道路没有修完，经查属实，已补修。", 1)
    complain(world, None, "还没有办结", 2)
    complain(world, date(2022, 12, 31), "去年的", 3)
    complain(world, TODAY, "", 4)
    item = draft(world, drafting.draft_complaints, date(2023, 1, 1), TODAY)
    assert "办结群众反映 1 件" in item.body
    assert "1. 群众反映道路没有修完，经查属实，已补修。" in item.body
    for hidden in ("张三", "还没有办结", "去年的"):
        assert hidden not in item.body
    assert told.item_id == item.id
    publishing.publish(world, item)
    with pytest.raises(RuleBroken, match="请换一段时间"):
        draft(world, drafting.draft_complaints, date(2021, 1, 1), date(2021, 2, 1))


def test_policies_and_rectifications_cover_nothing_and_still_go_out(world):
    policy = draft(world, drafting.draft_policy, "资金管理办法", "试财〔2021〕1号", "第一条 总则")
    assert policy.body.splitlines() == ["文号：试财〔2021〕1号", "第一条 总则"]
    mended = draft(world, drafting.draft_rectification, "审计问题整改", "支付慢", "已支付", TODAY)
    assert "2023年3月20日完成整改" in mended.body
    for item in (policy, mended):
        publishing.publish(world, item)
    files = publishing.site(world)
    assert f"notices/{policy.code}.html" in files
    assert f"notices/{mended.code}.html" in files
