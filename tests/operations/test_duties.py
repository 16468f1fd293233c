"""Duties follow the facts in the unit of work that changes them, on both databases."""

from datetime import date

import pytest
import sqlalchemy as sa

from portal.accounts.models import Organization
from portal.audit.models import AuditEntry
from portal.db import bulk_insert, db, unit_of_work
from portal.deadlines.queries import near
from portal.disclosure.models import DisclosureDuty
from portal.duties import operations
from portal.duties.commands import duties as commands
from portal.duties.facts import SOURCES
from portal.funds.models import FundDocument
from portal.library.models import Project, project_village
from portal.library.queries import book
from portal.performance.ledger_facts import ledger_facts
from portal.performance.models import PerformanceForm
from portal.rules.access import SYSTEM
from portal.rules.broken import RuleBroken
from portal.rules.scoring.facts import Share
from portal.rules.vocabulary import (
    Channel,
    DisclosureKind,
    DisclosureStatus,
    FormKind,
    FormStatus,
    NoticeLevel,
    NoticeStage,
    ProjectStatus,
)
from tests import ledger
from tests.duties import admit, duties, duty, finish, hang, prove, publish, start, withdraw
from tests.ledger import TODAY
from tests.world import World


def settle_all() -> int:
    with unit_of_work(SYSTEM, "test"):
        wanted = {event: operations.subjects_since(event, 0) for event in SOURCES}
        return operations.settle(wanted, TODAY)


@pytest.mark.usefixtures("either_app")
def test_an_admitted_project_is_owed_at_three_levels() -> None:
    world = World()
    admit(world)
    found = {one.rule: one for one in duties()}
    assert set(found) == {"admitted_county", "admitted_township", "admitted_village"}
    owners = {rule: one.organization.code for rule, one in found.items()}
    assert owners == {
        "admitted_county": "rural",
        "admitted_township": "jia",
        "admitted_village": "dong",
    }
    village = found["admitted_village"]
    assert (village.township_id, village.title) == (world.ids["jia"], "东村道路")
    assert (village.arisen_on, village.due_on) == (date(2023, 3, 1), date(2023, 3, 29))


@pytest.mark.usefixtures("either_app")
def test_a_corrected_day_moves_the_duty_and_an_undone_event_lapses_it() -> None:
    world = World()
    document = ledger.add_document(world, received_on=date(2023, 2, 1))
    received = duty("received_county")
    assert (received.organization.code, received.due_on) == ("finance", date(2023, 3, 1))
    with unit_of_work(SYSTEM, "test"):
        db.session.get_one(FundDocument, document.id).received_on = date(2023, 2, 6)
    assert duty("received_county").due_on == date(2023, 3, 6)

    project = admit(world)
    start(project, date(2023, 3, 10))
    assert duty("started_village").lapsed_on is None
    start(project, None)
    lapsed = duty("started_village")
    assert lapsed.lapsed_on == TODAY
    start(project, date(2023, 3, 12))
    again = duty("started_village")
    assert (again.id, again.lapsed_on, again.due_on) == (lapsed.id, None, date(2023, 3, 12))


@pytest.mark.usefixtures("either_app")
def test_money_on_a_project_is_a_plan_and_an_allocation() -> None:
    world = World()
    document, project = ledger.add_document(world), admit(world)
    batch = ledger.add_batch(world)
    ledger.allocate(world, batch, document, project, 100)
    assert duties("planned_county", "allocated_county") == []
    ledger.approve(world, batch, date(2023, 3, 6))
    assert duty("planned_village").arisen_on == date(2023, 3, 6)
    assert duty("allocated_county").due_on == date(2023, 3, 27)  # 15 working days
    publish(world, DisclosureKind.FUND_ALLOCATION, date(2023, 3, 28), documents=[document])
    assert duty("allocated_county").met_on == date(2023, 3, 28)


@pytest.mark.usefixtures("either_app")
def test_a_publication_meets_the_duty_and_its_withdrawal_opens_it_again() -> None:
    world = World()
    project = admit(world)
    item = publish(world, DisclosureKind.LIBRARY, date(2023, 3, 15), projects=[project])
    met = duty("admitted_county")
    assert (met.met_on, met.channel, met.item_id) == (
        date(2023, 3, 15),
        Channel.PUBLIC_SITE,
        item.id,
    )
    earlier = publish(world, DisclosureKind.LIBRARY, date(2023, 3, 10), projects=[project])
    assert duty("admitted_county").item_id == earlier.id
    withdraw(earlier)
    withdraw(item)
    opened = duty("admitted_county")
    assert (opened.met_on, opened.channel, opened.item_id, opened.address) == (None, None, None, "")


@pytest.mark.usefixtures("either_app")
def test_a_correction_that_is_taken_back_takes_the_first_edition_with_it() -> None:
    world = World()
    project = admit(world)
    first = publish(world, DisclosureKind.LIBRARY, date(2023, 3, 15), projects=[project])
    second = publish(world, DisclosureKind.LIBRARY, date(2023, 3, 16), projects=[project])
    with unit_of_work(SYSTEM, "test"):
        first.status = DisclosureStatus.SUPERSEDED
        second.code, second.edition = first.code, 2
    assert duty("admitted_county").met_on == date(2023, 3, 15)
    withdraw(second)
    assert duty("admitted_county").met_on is None


@pytest.mark.usefixtures("either_app")
def test_half_an_allocation_result_leaves_the_duty_open() -> None:
    world = World()
    document, project = ledger.add_document(world), admit(world)
    for title, fen, on in (("一", 40, date(2023, 3, 1)), ("二", 60, date(2023, 3, 6))):
        batch = ledger.add_batch(world, title)
        ledger.allocate(world, batch, document, project, fen)
        ledger.approve(world, batch, on)
        publish(world, DisclosureKind.FUND_ALLOCATION, date(2023, 3, 3), documents=[document])
    rule = book().deadlines["disclose_allocation"]
    assert [one.id for one in near(rule, date(2023, 3, 20))] == [document.id]
    assert duty("allocated_county").met_on is None
    publish(world, DisclosureKind.FUND_ALLOCATION, date(2023, 3, 7), documents=[document])
    assert duty("allocated_county").met_on == date(2023, 3, 7)
    assert near(rule, date(2023, 3, 20)) == []


@pytest.mark.usefixtures("either_app")
def test_what_was_told_before_the_works_ended_does_not_tell_of_their_end() -> None:
    world = World()
    project = admit(world)
    publish(world, DisclosureKind.COMPLETION, date(2023, 3, 10), projects=[project])
    hang(world, project, NoticeStage.COMPLETION, date(2023, 3, 10))
    finish(project, date(2023, 3, 15))
    assert (duty("completed_county").met_on, duty("completed_village").met_on) == (None, None)
    publish(world, DisclosureKind.COMPLETION, date(2023, 3, 16), projects=[project])
    assert duty("completed_county").met_on == date(2023, 3, 16)


@pytest.mark.usefixtures("either_app")
def test_a_notice_meets_the_duty_of_its_own_board_and_stage() -> None:
    world = World()
    project = admit(world)
    start(project, date(2023, 3, 18))
    hang(world, project, NoticeStage.COMPLETION, date(2023, 3, 1))
    hang(world, project, NoticeStage.START, date(2023, 3, 5), photographed=False)
    assert duty("started_village").met_on is None
    hung = hang(world, project, NoticeStage.START, date(2023, 3, 6), place="东村公开栏")
    village, township = duty("started_village"), duty("started_township")
    assert (village.met_on, village.until_on) == (date(2023, 3, 6), date(2023, 3, 16))
    assert (village.notice_id, village.address) == (hung.id, "东村公开栏")
    assert township.met_on is None


@pytest.mark.usefixtures("either_app")
def test_a_project_of_two_villages_is_owed_by_each_on_its_own_board() -> None:
    world = World()
    project = admit(world)
    with unit_of_work(SYSTEM, "test"):
        links = [
            {"project_id": project.id, "village_id": world.ids[code]} for code in ("dong", "xi")
        ]
        db.session.execute(sa.insert(project_village), links, execution_options={"audited": True})
    start(project, date(2023, 3, 18))

    def met() -> dict[str, date | None]:
        return {one.organization.code: one.met_on for one in duties("started_village")}

    with unit_of_work(SYSTEM, "test"):
        db.session.get_one(Organization, world.ids["xi"]).name = "新东村"
    hang(world, project, NoticeStage.START, date(2023, 3, 5), place="新东村公开栏")
    assert met() == {"dong": None, "xi": date(2023, 3, 5)}
    hang(world, project, NoticeStage.START, date(2023, 3, 6), place="东村公开栏")
    assert met() == {"dong": date(2023, 3, 6), "xi": date(2023, 3, 5)}
    hang(world, project, NoticeStage.START, date(2023, 3, 4), by="village_clerk2")
    assert met() == {"dong": date(2023, 3, 6), "xi": date(2023, 3, 4)}


@pytest.mark.usefixtures("either_app")
def test_an_adjustment_is_told_after_it_and_covers_each_of_its_projects() -> None:
    world = World()
    document, project = ledger.add_document(world), admit(world)
    first = ledger.add_batch(world)
    line = ledger.allocate(world, first, document, project, 100)
    ledger.approve(world, first, date(2023, 3, 1))
    hang(world, project, NoticeStage.PLAN, date(2023, 3, 2))
    adjustment = ledger.add_batch(world, "调整", reason="项目资金有结余")
    ledger.take_back(world, adjustment, line, 10)
    ledger.approve(world, adjustment, date(2023, 3, 6))
    told = duty("adjusted_village")
    assert (told.title, told.met_on, told.due_on) == ("调整", None, date(2023, 4, 3))
    assert duty("planned_village").met_on == date(2023, 3, 2)
    hang(world, project, NoticeStage.PLAN, date(2023, 3, 9))
    publish(world, DisclosureKind.ADJUSTMENT, date(2023, 3, 10), projects=[project])
    assert duty("adjusted_village").met_on == date(2023, 3, 9)
    assert duty("adjusted_county").met_on == date(2023, 3, 10)


def test_an_approved_declaration_is_to_be_told_in_twenty_working_days(app) -> None:
    world = World()
    project = admit(world)
    with unit_of_work(SYSTEM, "test"):
        form = PerformanceForm(
            county_id=project.county_id,
            project_id=project.id,
            kind=FormKind.DECLARATION,
            year=2023,
            written_by_id=1,
            written_on=TODAY,
        )
        db.session.add(form)
    assert duties("targets_county") == []
    with unit_of_work(SYSTEM, "test"):
        form.status, form.approved_on = FormStatus.APPROVED, TODAY
    assert duty("targets_county").due_on == date(2023, 4, 18)  # 5 April was off (清明)
    publish(world, DisclosureKind.TARGETS, date(2023, 3, 21), projects=[project])
    assert duty("targets_county").met_on == date(2023, 3, 21)


@pytest.mark.usefixtures("either_app")
def test_a_proof_of_a_person_stays_whatever_the_portal_publishes() -> None:
    world = World()
    project = admit(world)
    prove(world, duty("admitted_county"), met_on=date(2023, 3, 17))
    publish(world, DisclosureKind.LIBRARY, date(2023, 3, 10), projects=[project])
    kept = duty("admitted_county")
    assert (kept.met_on, kept.channel) == (date(2023, 3, 17), Channel.WEBSITE)
    office = world.actor("lead_office")
    with unit_of_work(office, "test"):
        operations.remove_proof(kept, actor=office, on=TODAY)
    assert duty("admitted_county").met_on == date(2023, 3, 10)
    with pytest.raises(RuleBroken, match="已于 2023-03-10 在公开网站公开，不用再登记凭证"):
        prove(world, duty("admitted_county"))


def test_who_may_prove_what(app) -> None:
    world = World()
    admit(world)
    prove(world, duty("admitted_village"), "village_clerk", channel=Channel.MEETING, address="祠堂")
    for person in ("village_clerk2", "town_reviewer2", "approver"):
        with pytest.raises(RuleBroken, match="要由甲镇登记公开凭证"):
            prove(world, duty("admitted_township"), person)
    with pytest.raises(RuleBroken, match="请填写完整的网址"):
        prove(world, duty("admitted_county"), address="www.example.cn")
    with pytest.raises(RuleBroken, match="请至少勾选 1 项"), unit_of_work(SYSTEM, "test"):
        operations.record_proof(
            [], channel=Channel.OTHER, met_on=TODAY, address="", actor=SYSTEM, on=TODAY
        )


@pytest.mark.usefixtures("either_app")
def test_an_import_raises_all_its_duties_at_once_and_settling_again_changes_nothing() -> None:
    world = World()
    rows = [
        {
            "county_id": world.ids["county"],
            "organization_id": world.ids["dong"],
            "township_id": world.ids["jia"],
            "department_id": world.ids["rural"],
            "code": f"county-2023-{number:04d}",
            "year": 2023,
            "name": f"项目{number}",
            "status": ProjectStatus.ADMITTED,
            "admitted_on": date(2023, 3, 1),
            "created_by_id": 1,
            "created_on": TODAY,
        }
        for number in range(300)
    ]
    with unit_of_work(SYSTEM, "import"):
        bulk_insert(Project, rows, source="file", county_id=world.ids["county"])
    assert len(duties("admitted_village")) == 300
    assert len(duties()) == 900
    told = sa.select(sa.func.count()).where(AuditEntry.table_name == "disclosure_duty")
    assert db.session.scalar(told) == 1
    assert settle_all() == 0


def test_a_county_with_history_gets_its_duties_by_the_command(app) -> None:
    world = World()
    project = admit(world)
    start(project, date(2023, 3, 10))
    with unit_of_work(SYSTEM, "test"):
        for one in db.session.query(DisclosureDuty):
            db.session.delete(one)
    runner = app.test_cli_runner()
    assert runner.invoke(commands, ["settle", "--since", "2024"]).output == (
        "更新 0 项公开任务。\n"
    )
    assert runner.invoke(commands, ["settle"]).output == "更新 5 项公开任务。\n"
    assert runner.invoke(commands, ["settle"]).output == "更新 0 项公开任务。\n"


def test_completeness_by_level_is_what_was_told_of_what_was_due(app) -> None:
    world = World()
    county = world.ids["county"]
    project = admit(world)
    publish(world, DisclosureKind.LIBRARY, date(2023, 3, 15), projects=[project])
    hang(world, project, NoticeStage.APPLICATION, date(2023, 2, 1), level=NoticeLevel.TOWNSHIP)
    start(project, date(2023, 3, 16))
    early, last, late = (
        ledger_facts(county, 2023, day)
        for day in (date(2023, 3, 15), date(2023, 3, 29), date(2023, 3, 30))
    )
    assert early["disclosed_by_county"] == Share(1, 1)
    assert early["posted_by_townships"] == Share(1, 1)
    assert "posted_by_villages" not in early
    assert last["posted_by_villages"] == Share(0, 1)  # the village may still tell of the library
    assert late["posted_by_townships"] == Share(1, 2)
    assert late["posted_by_villages"] == Share(0, 2)
