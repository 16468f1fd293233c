"""The flow of an application: who may take which step, in which order, with what on record."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from portal.audit.models import AuditEntry
from portal.boards.operations import add_photo, record_notice, record_objection
from portal.db import db, unit_of_work
from portal.files.operations import keep
from portal.library import operations
from portal.library.models import ApprovalStep, Project, ProjectDraft
from portal.rules.broken import RuleBroken
from portal.rules.project_flow import FLOW
from portal.rules.vocabulary import BoardPhoto, NoticeLevel, NoticeStage, ProjectStatus
from portal.rules.workflow import Move
from tests.applications import (
    DAY,
    TARGETS,
    begin,
    fill_in,
    post_notice,
    step,
    submitted,
    under_decision,
)

PEOPLE = (
    "village_clerk",
    "village_clerk2",
    "town_reviewer",
    "town_reviewer2",
    "town_leader",
    "dept_reviewer",
    "dept_reviewer2",
    "lead_office",
    "approver",
    "finance_agri",
    "auditor",
    "foreigner",
)
TRIES = st.tuples(st.sampled_from(PEOPLE), st.sampled_from(list(Move)))
EDGES = {(source.value, s.move.value, s.target.value) for s in FLOW for source in s.source}


def test_a_project_goes_from_the_village_to_the_library(world):
    with unit_of_work(world.actor("approver"), "test"):
        project = under_decision(world)
        step(project, world, "approver", Move.ADMIT, admitted_on=DAY - timedelta(3))
        assert project.status is ProjectStatus.ADMITTED
        assert project.code == "county-2023-01"
        assert project.admitted_on == DAY - timedelta(3)
        assert [(s.from_status.value, s.to_status.value) for s in project.steps] == [
            ("draft", "town_review"),
            ("town_review", "dept_review"),
            ("dept_review", "county_review"),
            ("county_review", "admitted"),
        ]


def test_codes_are_counted_by_county_and_year(world):
    with unit_of_work(world.actor("village_clerk"), "test"):
        assert [begin(world).code for _ in range(3)] == [f"county-2023-0{n}" for n in (1, 2, 3)]


def test_an_incomplete_application_says_everything_that_is_missing(world):
    with unit_of_work(world.actor("village_clerk"), "test"):
        project = begin(world)
        with pytest.raises(RuleBroken) as refusal:
            step(project, world, "village_clerk", Move.SUBMIT)
    for word in ("建设任务", "资金规模", "绩效目标", "村级公示"):
        assert word in refusal.value.message


def test_a_department_applies_without_the_township(world):
    with unit_of_work(world.actor("dept_reviewer"), "test"):
        project = begin(world, "dept_reviewer", department="water")
        assert project.department_id == world.ids["rural"]
        fill_in(project, world, "dept_reviewer")
        step(project, world, "dept_reviewer", Move.SUBMIT)
        assert project.status is ProjectStatus.DEPT_REVIEW
        with pytest.raises(RuleBroken, match="由另一人办理"):
            step(project, world, "dept_reviewer", Move.PASS)


@pytest.mark.parametrize("days", [9, 10])
def test_a_notice_hangs_for_ten_days(world, days):
    with unit_of_work(world.actor("village_clerk"), "test"):
        project = begin(world)
        if days < 10:
            with pytest.raises(RuleBroken, match="不足 10 天"):
                post_notice(project, world, "village_clerk", NoticeLevel.VILLAGE, days)
        else:
            post_notice(project, world, "village_clerk", NoticeLevel.VILLAGE, days)
            assert project.notices[0].to_on == DAY - timedelta(1)


def test_a_running_notice_and_an_open_objection_stop_the_submission(world):
    with unit_of_work(world.actor("village_clerk"), "test"):
        project = begin(world)
        fill_in(project, world)
        actor = world.actor("village_clerk")
        notice = record_notice(
            project,
            actor=actor,
            stage=NoticeStage.APPLICATION,
            level=NoticeLevel.VILLAGE,
            from_on=DAY,
            to_on=DAY + timedelta(10),
            place="村部",
            on=DAY,
        )
        with pytest.raises(RuleBroken, match="才结束"):
            step(project, world, "village_clerk", Move.SUBMIT)
        notice.from_on, notice.to_on = DAY - timedelta(20), DAY - timedelta(5)
        with pytest.raises(RuleBroken, match="还没有第一天的照片"):
            step(project, world, "village_clerk", Move.SUBMIT)
        photo = keep(b"\xff\xd8\xff", name="a.jpg", mime="image/jpeg", actor=actor)
        add_photo(notice, BoardPhoto.FIRST, photo, actor=actor, on=DAY)
        objection = record_objection(
            notice, actor=actor, received_on=DAY, content="烘干塔离住宅太近", on=DAY
        )
        with pytest.raises(RuleBroken, match="1 条异议没有办结"):
            step(project, world, "village_clerk", Move.SUBMIT)
        objection.answer, objection.closed_on = "已改址", DAY
        step(project, world, "village_clerk", Move.SUBMIT)
        assert project.status is ProjectStatus.TOWN_REVIEW


def test_b5_nobody_decides_twice_in_a_round(world):
    with unit_of_work(world.actor("approver"), "test"):
        project = under_decision(world)
        step(project, world, "approver", Move.RETURN_ONE_LEVEL)
        step(project, world, "dept_reviewer", Move.PASS)
        step(project, world, "approver", Move.ADMIT)
        assert project.status is ProjectStatus.ADMITTED


def test_b5_the_database_refuses_one_person_on_both_sides(world):
    with unit_of_work(world.actor("approver"), "test"):
        project = under_decision(world)
        project_id = project.id
    table = Project.__table__
    forged = (
        sa.update(table)
        .where(table.c.id == project_id)
        .values(admitted_by_id=table.c.submitted_by_id)
    )
    connection = db.engine.connect().execution_options(portal_read_only=False)
    with connection, pytest.raises(IntegrityError):
        connection.execute(forged)


def test_b5_random_steps_never_leave_the_flow(app, world):
    """1,000 random (person, move) pairs: every recorded edge is one of the table, by a fitting person."""

    @settings(
        max_examples=20,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        st.lists(
            st.tuples(st.sampled_from(PEOPLE), st.sampled_from(list(Move))),
            min_size=50,
            max_size=50,
        )
    )
    def walk(tries):
        with unit_of_work(world.actor("village_clerk"), "test") as unit:
            project = submitted(world)
            for username, move in tries:
                before, count = project.status, len(project.steps)
                try:
                    step(project, world, username, move)
                except RuleBroken:
                    assert project.status is before
                    assert len(project.steps) == count
            _assert_lawful(project)
            unit.refused = True

    walk()


def _assert_lawful(project: Project) -> None:
    status, reviewers = ProjectStatus.DRAFT, {}
    for taken in project.steps:
        assert taken.from_status is status
        assert (status.value, taken.move.value, taken.to_status.value) in EDGES
        if taken.move is Move.SUBMIT:
            reviewers = {"submitter": taken.actor_id}
        if taken.move in {Move.PASS, Move.ADMIT}:
            assert taken.actor_id not in reviewers.values()
            reviewers[taken.from_status] = taken.actor_id
        status = taken.to_status
    assert project.status is status
    if project.admitted_by_id:
        assert project.admitted_by_id != project.submitted_by_id


def test_a_submitted_application_cannot_be_changed(world):
    with unit_of_work(world.actor("village_clerk"), "test"):
        project = submitted(world)
        with pytest.raises(RuleBroken, match="先撤回"):
            fill_in(project, world)
        step(project, world, "village_clerk", Move.WITHDRAW)
        fill_in(project, world)


def test_saving_the_same_application_again_changes_nothing(world):
    with unit_of_work(world.actor("village_clerk"), "test"):
        project = begin(world)
        fill_in(project, world)
        version, targets = project.version, [t.id for t in project.targets]
        fill_in(project, world)
        assert (project.version, [t.id for t in project.targets]) == (version, targets)


def test_autosaved_words_are_noted_once_and_stop_a_submission(world):
    actor = world.actor("village_clerk")
    with unit_of_work(actor, "test"):
        project = begin(world)
        fill_in(project, world)
        post_notice(project, world, "village_clerk", NoticeLevel.VILLAGE)
    for typed in ("1", "12", "12.5 wan"):
        with unit_of_work(actor, "test"):
            operations.keep_draft(project, actor=actor, typed={"central_amount": [typed]})
    with unit_of_work(actor, "test"):
        assert "12.5 wan" in db.session.get_one(ProjectDraft, project.id).fields
        notes = sa.select(sa.func.count()).where(AuditEntry.result == "draft_begun")
        assert db.session.scalar(notes) == 1
        with pytest.raises(RuleBroken, match="自动保存"):
            step(project, world, "village_clerk", Move.SUBMIT)
        operations.save_application(project, actor=actor, fields={}, targets=TARGETS)
        step(project, world, "village_clerk", Move.SUBMIT)


def test_a_project_with_money_stays_in_the_library(world):
    with unit_of_work(world.actor("approver"), "test"):
        project = under_decision(world)
        step(project, world, "approver", Move.ADMIT)
        step(project, world, "lead_office", Move.REMOVE)
        assert project.status is ProjectStatus.REMOVED
        assert db.session.scalar(sa.select(sa.func.count(ApprovalStep.id))) == 5
