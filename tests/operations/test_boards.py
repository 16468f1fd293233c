"""Boards: what may be hung and photographed when, and two people for every objection."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portal.boards import operations, queries
from portal.db import db, unit_of_work
from portal.files.operations import keep
from portal.library.models import Objection, PublicNotice
from portal.rules.access import SYSTEM
from portal.rules.broken import RuleBroken
from portal.rules.vocabulary import BoardPhoto, NoticeLevel, NoticeStage
from tests import ledger, works
from tests.works import act
from tests.world import World

DAY = date(2023, 3, 20)


@pytest.fixture
def world(either_app):
    return World()


@pytest.fixture
def project(world):
    return ledger.add_project(world)


def picture(world, mime="image/jpeg"):
    actor = world.actor("village_clerk")
    with unit_of_work(actor, "test"):
        return keep(b"\xff\xd8\xff", name="公示栏.jpg", mime=mime, actor=actor)


def hang(world, project, who="village_clerk", from_on=DAY, photo=None, **other):
    facts = {
        "stage": NoticeStage.START,
        "level": NoticeLevel.VILLAGE,
        "from_on": from_on,
        "to_on": from_on + timedelta(10),
        "place": "村部",
        "photo": photo,
        "on": DAY,
    }
    return act(world, who, operations.record_notice, project, **facts | other)


@pytest.mark.parametrize("stage", [NoticeStage.PLAN, NoticeStage.START, NoticeStage.COMPLETION])
def test_in_the_library_the_person_chooses_the_stage(world, project, stage):
    assert hang(world, project, stage=stage).title == f"{stage.label}（村级公示）"


def test_an_application_is_not_posted_again_in_the_library(world, project):
    with pytest.raises(RuleBroken, match="已入库”，不能登记申报公示"):
        hang(world, project, stage=NoticeStage.APPLICATION)


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"to_on": DAY + timedelta(9)}, "不足 10 天"),
        ({"level": NoticeLevel.TOWNSHIP}, "本村或所在乡镇"),
        ({"who": "foreigner"}, "本村或所在乡镇"),
        ({"from_on": DAY - timedelta(1)}, "请拍一张公示栏的照片"),
    ],
)
def test_what_cannot_be_hung_is_refused_with_the_way_out(world, project, other, words):
    with pytest.raises(RuleBroken, match=words):
        hang(world, project, **other)


def test_a_photo_comes_when_the_paper_hangs_and_is_a_picture(world, project):
    with pytest.raises(RuleBroken, match="张贴以后再拍照"):
        hang(world, project, from_on=DAY + timedelta(1), photo=picture(world))
    with pytest.raises(RuleBroken, match="不是照片"):
        hang(world, project, photo=picture(world, "application/pdf"))
    assert hang(world, project, photo=picture(world)).photo_on == DAY


def test_each_photo_has_its_day_and_stays(world, project):
    notice = hang(world, project)

    def photograph(which, on):
        act(world, "village_clerk", operations.add_photo, notice, which, picture(world), on=on)

    with pytest.raises(RuleBroken, match="最后一天的照片要到 2023-03-30 再拍"):
        photograph(BoardPhoto.LAST, DAY + timedelta(9))
    photograph(BoardPhoto.FIRST, DAY)
    photograph(BoardPhoto.FIRST, DAY)
    with pytest.raises(RuleBroken, match="已经有第一天的照片"):
        photograph(BoardPhoto.FIRST, DAY + timedelta(1))
    photograph(BoardPhoto.LAST, DAY + timedelta(12))
    db.session.rollback()
    found = db.session.get(PublicNotice, notice.id)
    assert (found.photo_on, found.last_photo_on) == (DAY, DAY + timedelta(12))


def asked(world, who, day):
    db.session.rollback()
    found = queries.photos_asked(world.actor(who), DAY + timedelta(day))
    return [notice.photo_asked(DAY + timedelta(day)) for notice in found]


def test_who_is_asked_for_which_photo_on_which_day(world, project):
    first, last = [BoardPhoto.FIRST], [BoardPhoto.LAST]
    notice = hang(world, project)
    assert [asked(world, "village_clerk", day) for day in (-1, 0, 13, 14)] == [[], first, first, []]
    assert asked(world, "village_clerk2", 0) == []
    assert asked(world, "town_reviewer", 0) == []
    assert asked(world, "auditor", 0) == []
    act(
        world,
        "village_clerk",
        operations.add_photo,
        notice,
        BoardPhoto.FIRST,
        picture(world),
        on=DAY,
    )
    assert [asked(world, "village_clerk", day) for day in (0, 9, 10, 13, 14)] == [
        [], [], last, last, [],
    ]  # fmt: skip
    hang(world, project, "town_reviewer", level=NoticeLevel.TOWNSHIP)
    assert asked(world, "town_leader", 0) == first
    hang(world, project, "town_reviewer")
    assert (
        len(asked(world, "town_reviewer", 0)) == 2
    )  # the township's board, and what they recorded


@pytest.fixture
def objection(world, project):
    notice = hang(world, project)
    return act(
        world,
        "town_reviewer",
        operations.record_objection,
        notice,
        received_on=DAY,
        content="路面厚度不够",
        on=DAY,
    )


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"content": "张三反映，电话 13800138000"}, "手机号138"),
        ({"received_on": DAY - timedelta(1)}, "2023-03-20（开始公示）"),
        ({"received_on": DAY + timedelta(1)}, "今天"),
        ({"who": "village_clerk2"}, "本村或所在乡镇"),
    ],
)
def test_an_objection_is_about_the_notice_and_names_nobody(world, objection, other, words):
    facts = {"received_on": DAY, "content": "有误", "on": DAY} | other
    who = facts.pop("who", "village_clerk")
    with pytest.raises(RuleBroken, match=words):
        act(world, who, operations.record_objection, objection.notice, **facts)


def test_an_objection_is_answered_by_one_and_closed_by_another(world, objection):
    def close(who):
        act(world, who, operations.close_objection, objection, on=DAY)

    def answer(who, text="已复测，厚度合格"):
        act(world, who, operations.answer_objection, objection, text, on=DAY)

    with pytest.raises(RuleBroken, match="还没有答复"):
        close("town_leader")
    answer("town_reviewer")
    with pytest.raises(RuleBroken, match="村里不能办结异议"):
        close("village_clerk")
    with pytest.raises(RuleBroken, match="答复的人不能办结"):
        close("town_reviewer")
    answer("town_reviewer", "已复测三处，厚度合格")
    with pytest.raises(RuleBroken, match="村里只能改自己的答复"):
        answer("village_clerk", "村里已改好")
    close("town_leader")
    with pytest.raises(RuleBroken, match="已于 2023-03-20 办结"):
        answer("town_reviewer")
    db.session.rollback()
    found = db.session.get(Objection, objection.id)
    assert (found.answer, found.closed_by_id) == (
        "已复测三处，厚度合格", world.actor("town_leader").user_id,
    )  # fmt: skip


def test_who_hung_the_notice_does_not_close_an_objection_to_it(world, project):
    notice = hang(world, project, "town_reviewer", level=NoticeLevel.TOWNSHIP)
    said = {"received_on": DAY, "content": "路面厚度不够", "on": DAY}
    objection = act(world, "town_leader", operations.record_objection, notice, **said)
    act(world, "town_leader", operations.answer_objection, objection, "已复测", on=DAY)
    with pytest.raises(RuleBroken, match="登记公示的人不能办结"):
        act(world, "town_reviewer", operations.close_objection, objection, on=DAY)


def test_the_database_refuses_who_closes_their_own_answer(world, objection):
    with pytest.raises(IntegrityError), unit_of_work(SYSTEM, "test"):  # noqa: PT012
        found = db.session.get_one(Objection, objection.id)
        found.answered_by_id = found.closed_by_id = 1
        db.session.flush()


def test_an_objection_waits_for_those_who_can_do_something(world, objection):
    def waiting():
        db.session.rollback()
        people = ("village_clerk", "town_reviewer", "town_leader", "auditor", "foreigner")
        return [who for who in people if queries.objections_waiting(world.actor(who))]

    assert waiting() == ["village_clerk", "town_reviewer", "town_leader"]
    act(world, "town_reviewer", operations.answer_objection, objection, "已复测", on=DAY)
    assert waiting() == ["town_leader"]
    act(world, "town_leader", operations.close_objection, objection, on=DAY)
    assert waiting() == []


def test_the_list_is_narrowed_and_asks_few_questions(world, project):
    for stage in (NoticeStage.PLAN, NoticeStage.START):
        works.add_completion_notice(project, DAY, DAY + timedelta(10), stage=stage)
    works.add_completion_notice(project, DAY - timedelta(30), DAY - timedelta(20))

    def titles(who, *chosen):
        page = queries.page_of(world.actor(who), queries.Chosen(*chosen), 1, DAY)
        return [one.stage.value for one in page.notices]

    assert titles("town_reviewer") == ["start", "plan", "completion"]
    assert titles("town_reviewer", queries.Shown.RUNNING) == ["start", "plan"]
    assert titles("town_reviewer", queries.Shown.OVER) == ["completion"]
    assert titles("town_reviewer", None, NoticeStage.PLAN) == ["plan"]
    assert titles("foreigner") == []
    statements = []
    sa.event.listen(db.engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
    titles("auditor")
    assert len(statements) <= 8
