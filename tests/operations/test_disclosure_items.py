"""An item from its draft to the public, its correction and its withdrawal."""

import json
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portal.accounts import operations as accounts
from portal.db import db, unit_of_work
from portal.disclosure import drafting, operations
from portal.disclosure.models import DisclosedRecord, DisclosureItem
from portal.disclosure.queries import disclosed_on
from portal.rules.broken import RuleBroken
from portal.rules.vocabulary import DisclosureForm, DisclosureKind, DisclosureStatus, Role
from portal.rules.workflow import Move
from tests import ledger, publishing
from tests.ledger import TODAY


def test_the_draft_says_what_form_f9_asks_for(world):
    document, project = publishing.placed(world)
    item = publishing.draft(world, document)
    for word in ("资金来源", "资金规模", "资金用途", "使用单位", "分配原则", "分配结果"):
        assert f"{word}：" in item.body
    assert "安排到 1 个项目，共 100.00 万元。" in item.body
    assert (item.documents, item.projects) == ([document], [project])
    assert (item.code, item.unit) == ("20230320-1", "县财政局")


def test_the_library_hangs_for_ten_days(world):
    ledger.add_project(world)
    actor = world.actor("lead_office")
    with unit_of_work(actor, "test"):
        item = drafting.draft_library(2023, county_id=world.ids["county"], actor=actor, on=TODAY)
    assert item.form is DisclosureForm.PUBLIC_NOTICE
    assert (item.from_on, item.to_on) == (TODAY, date(2023, 3, 30))


def test_a_year_without_projects_is_refused(world):
    actor = world.actor("lead_office")
    with pytest.raises(RuleBroken, match="2022 年没有可以公开的项目"), unit_of_work(actor, "t"):
        drafting.draft_annual_plan(2022, county_id=world.ids["county"], actor=actor, on=TODAY)


def test_p3_whoever_drafted_or_submitted_cannot_approve(world):
    user = world.user("finance_agri")
    with unit_of_work(world.actor("sysadmin"), "test"):
        organization = user.organization
        duties = [(Role.FINANCE_AGRI, organization), (Role.APPROVER, organization)]
        accounts.set_roles(user, duties)
    item = publishing.announce(world)
    publishing.take(world, item, Move.SUBMIT, "finance_agri")
    with pytest.raises(RuleBroken, match="须由另一人办理"):
        publishing.take(world, item, Move.APPROVE, "finance_agri")
    publishing.take(world, item, Move.APPROVE, "approver")
    assert item.status is DisclosureStatus.PUBLISHED


def test_p3_the_database_refuses_one_person_as_drafter_and_decider(world):
    item = publishing.announce(world)
    with pytest.raises(IntegrityError), unit_of_work(world.actor("approver"), "test"):
        item.decided_by_id = item.drafted_by_id


def test_p3_the_database_refuses_a_publication_without_a_decider(world):
    item = publishing.announce(world)
    with pytest.raises(IntegrityError), unit_of_work(world.actor("approver"), "test"):
        item.status, item.published_on = DisclosureStatus.PUBLISHED, TODAY


def test_the_role_decides_over_the_step(world):
    item = publishing.announce(world)
    publishing.take(world, item, Move.SUBMIT, "finance_agri")
    with pytest.raises(RuleBroken, match="您的岗位不能办理“批准”"):
        publishing.take(world, item, Move.APPROVE, "finance_agri2")


def test_what_was_approved_stays_as_it_was(world):
    _document, project, item = publishing.published_result(world)
    with unit_of_work(world.actor("lead_office"), "test"):
        project.name = "改了的名称"
    statement = sa.select(DisclosedRecord.content).filter_by(item_id=item.id, folder="projects")
    assert json.loads(db.session.scalars(statement).one())["name"] == "东村道路1"


def test_a_submitted_item_cannot_be_changed(world):
    item = publishing.announce(world)
    publishing.take(world, item, Move.SUBMIT, "finance_agri")
    text = operations.NoticeText("另一个标题", DisclosureForm.ANNOUNCEMENT)
    actor = world.actor("finance_agri")
    with pytest.raises(RuleBroken, match="待审批"), unit_of_work(actor, "test"):
        operations.save(item, text, actor=actor, documents=[], projects=[])


@pytest.mark.parametrize(
    ("body", "found"),
    [("联系张三 13800138000", "手机号138"), ("身份证11010519491231002X", "身份证号110")],
)
def test_p4_a_draft_with_private_data_is_not_handed_in(world, body, found):
    item = publishing.announce(world, body=body)
    with pytest.raises(RuleBroken, match=rf"“停电通知”正文第1段里的{found}"):
        publishing.take(world, item, Move.SUBMIT, "finance_agri")


def test_p4_private_data_in_a_covered_project_is_named_with_the_project(world):
    document, project = publishing.placed(world)
    with unit_of_work(world.actor("lead_office"), "test"):
        project.beneficiaries = "王某 6222021234567890128"
    with pytest.raises(RuleBroken, match="“东村道路1”受益对象里的银行账号622"):
        publishing.take(world, publishing.draft(world, document), Move.SUBMIT, "finance_agri")


def test_p4_a_reason_with_private_data_is_refused(world):
    item = publishing.publish(world, publishing.announce(world))
    with pytest.raises(RuleBroken, match="手机号") as broken:
        publishing.take(world, item, Move.WITHDRAW, "approver", "请问 13800138000")
    assert broken.value.field == "words"


def test_what_is_missing_is_named(world):
    item = publishing.announce(world, body="")
    with unit_of_work(world.actor("finance_agri"), "test"):
        item.form, item.unit = DisclosureForm.PUBLIC_NOTICE, ""
    with pytest.raises(RuleBroken, match="还没有填：正文、发布单位、公示起止日期"):
        publishing.take(world, item, Move.SUBMIT, "finance_agri")


def test_a_public_notice_stands_for_ten_days(world):
    item = publishing.announce(world)
    with unit_of_work(world.actor("finance_agri"), "test"):
        item.form = DisclosureForm.PUBLIC_NOTICE
        item.from_on, item.to_on = TODAY, date(2023, 3, 29)
    with pytest.raises(RuleBroken, match="只有 9 天，不足 10 天，请公示到 2023-03-30 或更晚"):
        publishing.take(world, item, Move.SUBMIT, "finance_agri")


def test_a_public_notice_approved_after_its_first_day_goes_back(world):
    item = publishing.announce(world)
    with unit_of_work(world.actor("finance_agri"), "test"):
        item.form = DisclosureForm.PUBLIC_NOTICE
        item.from_on, item.to_on = date(2023, 3, 18), date(2023, 3, 28)
    publishing.take(world, item, Move.SUBMIT, "finance_agri")
    with pytest.raises(RuleBroken, match="群众会少看到 2 天"):
        publishing.take(world, item, Move.APPROVE, "approver")


def test_a_correction_replaces_and_tells(world):
    item = publishing.publish(world, publishing.announce(world))
    actor = world.actor("finance_agri")
    with unit_of_work(actor, "test"):
        second = operations.correct(item, reason="日期写错", actor=actor, on=TODAY)
        second.body = "后天停电。"
    assert (second.code, second.edition, item.status) == (item.code, 2, DisclosureStatus.PUBLISHED)
    with pytest.raises(RuleBroken, match="已有更正稿"), unit_of_work(actor, "test"):
        operations.correct(item, reason="再改", actor=actor, on=TODAY)

    publishing.publish(world, second, date(2023, 3, 22))

    assert (item.status, item.closing_reason) == (DisclosureStatus.SUPERSEDED, "日期写错")
    kept = db.session.scalars(sa.select(DisclosedRecord).filter_by(item_id=second.id)).one()
    assert json.loads(kept.content)["corrections"] == [["2023-03-22", "日期写错"]]


def test_a_correction_of_what_was_withdrawn_meanwhile_is_refused(world):
    item = publishing.publish(world, publishing.announce(world))
    actor = world.actor("finance_agri")
    with unit_of_work(actor, "test"):
        second = operations.correct(item, reason="日期写错", actor=actor, on=TODAY)
    publishing.take(world, item, Move.WITHDRAW, "approver", "不该公开")
    with pytest.raises(RuleBroken, match="已撤回"):
        publishing.publish(world, second)


def test_a_withdrawal_wants_a_reason(world):
    item = publishing.publish(world, publishing.announce(world))
    with pytest.raises(RuleBroken, match="要写明理由"):
        publishing.take(world, item, Move.WITHDRAW, "approver")


def test_the_day_of_disclosure_is_the_first_and_does_not_survive_a_withdrawal(world):
    document, _project, item = publishing.published_result(world)
    later = publishing.draft(world, document, date(2023, 4, 3))
    publishing.publish(world, later, date(2023, 4, 3))
    assert disclosed_on([document.id, 999]) == {document.id: TODAY}
    publishing.take(world, item, Move.WITHDRAW, "approver", "附件不全")
    assert disclosed_on([document.id]) == {document.id: date(2023, 4, 3)}


def test_addresses_of_a_day_are_counted(world):
    codes = [publishing.announce(world).code for _ in range(3)]
    assert codes == ["20230320-1", "20230320-2", "20230320-3"]
    assert db.session.query(DisclosureItem).filter_by(kind=DisclosureKind.ANNOUNCEMENT).count() == 3
