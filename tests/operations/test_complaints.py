"""Complaints: assigned, answered, closed by somebody else; nobody finds a person by a number."""

from datetime import date

import pytest
import sqlalchemy as sa

from portal.accounts.models import Organization
from portal.audit.models import AuditEntry
from portal.complaints import operations
from portal.complaints.models import Complaint
from portal.complaints.operations import Intake
from portal.complaints.queries import hotline_handled
from portal.db import db, unit_of_work
from portal.deadlines.operations import remind
from portal.performance.ledger_facts import ledger_facts
from portal.rules.access import SYSTEM
from portal.rules.broken import RuleBroken
from portal.rules.vocabulary import ComplaintChannel, ComplaintResult, ComplaintStatus
from portal.scheduler import runs
from tests.ledger import TODAY
from tests.world import World

CONTACT = "王某 13812345678"
INTAKE = Intake(ComplaintChannel.HOTLINE, TODAY, "东村的路只修了一半", CONTACT)


def act(world: World, person: str, operation, *arguments, **named):
    with unit_of_work(world.actor(person), "test"):
        return operation(*arguments, actor=world.actor(person), on=TODAY, **named)


def registered(world: World, intake: Intake = INTAKE, person: str = "lead_office") -> Complaint:
    return act(world, person, operations.register, intake, None)


def office(world: World, code: str) -> Organization:
    return db.session.get_one(Organization, world.ids[code])


def assigned(world: World, code: str = "jia") -> Complaint:
    complaint = registered(world)
    act(world, "lead_office", operations.assign, complaint, office(world, code), words="")
    return complaint


def answer(world: World, complaint: Complaint, person: str = "town_reviewer") -> None:
    result = ComplaintResult.PARTLY
    act(world, person, operations.answer, complaint, result, "已责成施工单位补修。")


def test_the_whole_way(either_app):
    world = World()
    complaint = registered(world)
    assert (complaint.code, complaint.status) == ("2023-001", ComplaintStatus.RECEIVED)
    act(world, "lead_office", operations.assign, complaint, office(world, "jia"), words="速办")
    assert complaint.due_on == date(2023, 4, 11)  # 15 working days, Qingming left out
    with pytest.raises(RuleBroken, match="您的岗位不能办理"):
        answer(world, complaint, "town_reviewer2")
    answer(world, complaint)
    act(world, "lead_office", operations.give_back, complaint, "没有写完成日期")
    assert (complaint.status, complaint.answered_by_id) == (ComplaintStatus.ASSIGNED, None)
    answer(world, complaint)
    with pytest.raises(RuleBroken, match="手机号"):
        act(world, "approver", operations.close, complaint, "王某13812345678反映属实")
    act(world, "approver", operations.close, complaint, "反映道路没有修完，部分属实，已补修。")
    assert (complaint.status, complaint.contact) == (ComplaintStatus.CLOSED, None)
    assert hotline_handled(world.ids["county"], 2023, TODAY) == (1, 1)
    assert ledger_facts(world.ids["county"], 2023, TODAY)["hotline_handled"].whole == 1
    with pytest.raises(RuleBroken, match="已办结"):
        answer(world, complaint)


def test_what_went_to_the_wrong_office_goes_to_another(either_app):
    world = World()
    complaint = assigned(world, "jia")
    act(world, "lead_office", operations.assign, complaint, office(world, "yi"), words="交错了")
    assert complaint.township_id == world.ids["yi"]
    assert not operations.may_see_contact(complaint, world.actor("town_reviewer"))
    with pytest.raises(RuleBroken, match="您的岗位不能办理"):
        answer(world, complaint, "town_reviewer")
    answer(world, complaint, "town_reviewer2")


def test_who_answered_does_not_close(app, world):
    complaint = assigned(world, "rural")
    answer(world, complaint, "lead_office")
    with pytest.raises(RuleBroken, match="另一人"):
        act(world, "lead_office", operations.close, complaint, "已补修。")
    act(world, "approver", operations.close, complaint, "已补修。")


def test_a_number_is_nowhere_in_the_clear(app, world):
    first, second = registered(world), registered(world)
    assert first.contact != second.contact
    with unit_of_work(world.actor("lead_office"), "test"):
        assert operations.look_at_contact(first, world.actor("lead_office")) == CONTACT
    db.session.rollback()
    trail = "".join(db.session.scalars(sa.select(AuditEntry.diff)))
    stored = b"".join(
        path.read_bytes() for path in app.config["INSTANCE"].glob("portal.db*") if path.is_file()
    )
    for piece in ("13812345678", "王某"):
        assert piece not in trail
        assert piece.encode() not in stored
        assert piece.encode() not in (first.contact or b"")
    assert (app.config["INSTANCE"] / "keys/contact.key").stat().st_mode & 0o777 == 0o600
    with pytest.raises(RuleBroken, match="手机号") as broken:
        registered(world, Intake(ComplaintChannel.PHONE, TODAY, "请打13812345678"))
    assert broken.value.field == "content"


def test_a_contact_opens_for_its_own_complaint_only(app, world):
    first, second = registered(world), registered(world)
    with unit_of_work(world.actor("lead_office"), "test") as unit:
        second.contact = first.contact
        with pytest.raises(RuleBroken, match="钥匙"):
            operations.look_at_contact(second, world.actor("lead_office"))
        unit.refused = True


def test_only_who_handles_it_sees_the_contact_and_each_look_is_on_record(app, world):
    complaint = assigned(world)
    sees = {
        person: operations.may_see_contact(complaint, world.actor(person))
        for person in ("lead_office", "town_reviewer", "town_reviewer2", "approver", "auditor")
    }
    assert [person for person, may in sees.items() if may] == ["lead_office", "town_reviewer"]
    with unit_of_work(world.actor("town_reviewer"), "test"):
        operations.look_at_contact(complaint, world.actor("town_reviewer"))
    answer(world, complaint)
    assert not operations.may_see_contact(complaint, world.actor("town_reviewer"))
    looks = sa.select(AuditEntry.row_id).where(AuditEntry.result == "contact_seen")
    assert db.session.scalars(looks).all() == [f"complaint:{complaint.id}"]


def test_what_cannot_be_is_refused(app, world):
    with pytest.raises(RuleBroken, match="晚于今天"):
        registered(world, Intake(ComplaintChannel.LETTER, date(2023, 3, 21), "路"))
    complaint = registered(world)
    for code in ("dong", "other-finance"):
        with pytest.raises(RuleBroken, match="本县"):
            act(world, "lead_office", operations.assign, complaint, office(world, code), words="")
    done = assigned(world)
    with pytest.raises(RuleBroken, match="还没有填"):
        act(world, "town_reviewer", operations.answer, done, ComplaintResult.TRUE, " ")
    assert hotline_handled(world.ids["other"], 2023, TODAY) is None


def test_the_office_that_handles_it_is_reminded_before_the_last_day(app, world):
    """Received on 20 March: 15 working days end on 11 April; another township hears nothing."""
    assigned(world)
    day = date(2023, 4, 6)
    with unit_of_work(SYSTEM, "remind"):
        runs.claim("remind", day)
        [told] = [one for one in remind(day) if one["rule"] == "complaint_answer"]
    assert (told["step"], told["subject"]) == (5, "投诉举报 2023-001")
    assert sorted(told["recipients"]) == ["lead_office", "town_leader", "town_reviewer"]
    assert INTAKE.content not in told["text"]
