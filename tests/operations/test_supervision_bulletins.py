"""Bulletins freeze what they say; letters go to the units below the line and come back answered."""

import hashlib
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from portal.db import db, unit_of_work
from portal.mail.models import InboxMessage, OutboxMail
from portal.rules.broken import RuleBroken
from portal.rules.vocabulary import BulletinKind
from portal.supervision import bulletins, operations, planning, queries
from portal.supervision.models import Bulletin, SupervisionLetter
from tests import spending
from tests.ledger import wan
from tests.world import World

DAY = date(2023, 6, 30)


@pytest.fixture
def world(either_app):
    return World()


@pytest.fixture
def money(world):
    """甲镇 paid 60 of 100, the rural department 10 of 80, 乙镇 30 of 50: the pace on 30 June is 49.59 %."""
    for name, township, placed, paid in (
        ("东村道路", "jia", 100, 60),
        ("水务项目", None, 80, 10),
        ("乙镇大棚", "yi", 50, 30),
    ):
        project = spending.place(world, placed, name, township=township)
        spending.pay(world, project, paid, date(2023, 6, 20))


def issue(world, number="农领办通〔2023〕1号", *, kind=BulletinKind.MONTHLY, day=DAY, **more):
    actor = world.actor("lead_office")
    with unit_of_work(actor, "test"):
        facts = {"words": "请加快支付。", "actor": actor, "on": date(2023, 7, 2)} | more
        return operations.issue_bulletin(kind, 2023, day, number=number, **facts)


def draft(world, bulletin, units=("rural",)) -> list[SupervisionLetter]:
    actor = world.actor("lead_office")
    with unit_of_work(actor, "test"):
        return operations.draft_letters(
            bulletin, {world.ids[unit] for unit in units}, actor=actor, on=date(2023, 7, 2)
        )


def send(world, letter, on=date(2023, 7, 3)) -> None:
    with unit_of_work(world.actor("lead_office"), "test"):
        operations.issue_letter(letter, actor=world.actor("lead_office"), on=on)


def answer(world, letter, words="7月20日前支付。", on=date(2023, 7, 5)) -> None:
    actor = world.actor("dept_reviewer")
    with unit_of_work(actor, "test"):
        operations.answer_letter(letter, words, actor=actor, on=on)


def test_units_are_ranked_by_rate_against_the_pace(world, money):
    figures = bulletins.read(issue(world))

    assert (figures.pace, figures.rate) == ("49.59", "43.48")
    assert (figures.received, figures.paid) == (wan(230), wan(100))
    assert [(unit.rank, unit.name, unit.rate, unit.behind) for unit in figures.units] == [
        (1, "甲镇", "60.00", "-10.41"),
        (1, "乙镇", "60.00", "-10.41"),
        (3, "县农业农村局", "12.50", "37.09"),
    ]
    assert [unit.name for unit in figures.behind] == ["县农业农村局"]
    assert [(one.name, one.unit, one.unpaid) for one in figures.slow] == [
        ("水务项目", "县农业农村局", wan(70))
    ]


def test_an_issued_bulletin_says_for_ever_what_it_said(world, money):
    bulletin = issue(world)
    before = (bulletin.content, bulletin.sha256)
    road = spending.place(world, 900, "后来的项目")
    spending.pay(world, road, 800, date(2023, 6, 25))

    db.session.expire_all()

    assert (bulletin.content, bulletin.sha256) == before
    assert hashlib.sha256(bulletin.content.encode()).hexdigest() == bulletin.sha256
    assert len(bulletins.read(issue(world, "农领办通〔2023〕2号")).units) == 3
    assert bulletins.read(bulletin).paid == wan(100)


def test_the_database_refuses_to_change_a_bulletin(world, money):
    bulletin = issue(world)
    with unit_of_work(world.actor("lead_office"), "test") as unit:
        bulletin.content = "{}"
        with pytest.raises(DatabaseError, match="append-only"):
            db.session.flush()
        unit.refused = True


@pytest.mark.parametrize(
    ("kind", "day", "title"),
    [
        (BulletinKind.MONTHLY, DAY, "（2023年6月）"),
        (BulletinKind.TEN_DAY, DAY, "（2023年6月下旬）"),
        (BulletinKind.TEN_DAY, date(2023, 6, 20), "（2023年6月中旬）"),
        (BulletinKind.WEEKLY, date(2023, 7, 2), "（2023年6月26日至7月2日）"),
    ],
)
def test_the_three_kinds_differ_in_day_and_words_alone(world, money, kind, day, title):
    bulletin = issue(world, kind=kind, day=day)

    assert bulletin.title.endswith(f"财政衔接推进乡村振兴补助资金支出进度的通报{title}")
    assert len(bulletins.read(bulletin).units) == 3


def test_figures_are_those_of_the_day_and_not_of_today(world, money):
    figures = bulletins.read(issue(world, day=date(2023, 6, 19)))

    assert (figures.paid, figures.allocated) == (0, wan(230))


def test_the_months_plan_stands_in_the_bulletin(world, money):
    finance = world.actor("finance_agri")
    with unit_of_work(finance, "test"):
        plan = planning.draft_plan(
            2023, 6, county_id=world.ids["county"], actor=finance, on=date(2023, 6, 21)
        )
        planning.issue_plan(plan, actor=finance, on=date(2023, 6, 21))

    figures = bulletins.read(issue(world))

    # What is open on the 21st, over seven months: 5.72 of 40, 10 of 70, 2.86 of 20 万元.
    assert [(one.name, one.planned, one.paid) for one in figures.plans] == [
        ("县农业农村局", wan(10), wan(10)),
        ("甲镇", wan("5.72"), wan(60)),
        ("乙镇", wan("2.86"), wan(30)),
    ]
    assert (figures.plan.planned, figures.plan.paid) == (wan("18.58"), wan(100))


def test_what_cannot_be_issued(world, money):
    with pytest.raises(RuleBroken, match="统计日期 2023-07-03 还没有到，今天是 2023-07-02"):
        issue(world, day=date(2023, 7, 3))
    with pytest.raises(RuleBroken, match="数据刚刚有变动"):
        issue(world, seen="0" * 64)
    issue(world)
    with pytest.raises(RuleBroken, match="文号“农领办通〔2023〕1号”已经用过"):
        issue(world)
    assert db.session.query(Bulletin).count() == 1


def test_a_year_without_money_is_not_reported_on(world):
    with pytest.raises(RuleBroken, match="还没有安排到项目的资金"):
        issue(world)


def test_only_units_below_the_line_get_a_letter_and_one_each(world, money):
    bulletin = issue(world)

    (letter,) = draft(world, bulletin, ("rural", "jia"))

    assert (letter.unit.name, letter.number) == ("县农业农村局", "农领办督〔2023〕1号")
    assert letter.answer_by_on == date(2023, 7, 7)
    assert "安排80.00万元，已支出10.00万元，支出进度12.50%" in letter.body
    assert "低于序时进度（49.59%）37.09个百分点，在3个单位中列第3位" in letter.body
    assert "1.水务项目：安排80.00万元" in letter.body
    with pytest.raises(RuleBroken, match="请至少选择 1 个低于序时进度"):
        draft(world, bulletin)


def test_a_draft_is_edited_and_seen_by_those_who_issue_it_alone(world, money):
    (letter,) = draft(world, issue(world))
    with unit_of_work(world.actor("lead_office"), "test"):
        operations.edit_letter(
            letter,
            number="农领办督〔2023〕9号",
            answer_by_on=date(2023, 7, 10),
            body="请支付。",
            on=date(2023, 7, 2),
        )
        with pytest.raises(RuleBroken, match="回复期限 2023-07-01 已过"):
            operations.edit_letter(
                letter, number="x", answer_by_on=date(2023, 7, 1), body="x", on=date(2023, 7, 2)
            )

    assert (letter.number, letter.body) == ("农领办督〔2023〕9号", "请支付。")
    assert queries.letters(world.actor("lead_office")) == [letter]
    for reader in ("dept_reviewer", "auditor", "town_reviewer"):
        assert queries.letters(world.actor(reader)) == []


def test_an_issued_letter_reaches_the_units_people_once(world, money):
    (letter,) = draft(world, issue(world))
    send(world, letter)

    reviewer = world.user("dept_reviewer")
    (message,) = db.session.query(InboxMessage).filter_by(user_id=reviewer.id)
    assert message.subject == "督办函：农领办督〔2023〕1号"
    assert "请于2023年7月7日前书面回复" in message.body
    mails = db.session.scalars(sa.select(OutboxMail.address)).all()
    assert mails == [reviewer.email]
    with pytest.raises(RuleBroken, match="已于 2023-07-03 发出，不能再改"):
        send(world, letter)
    assert queries.unanswered(world.actor("dept_reviewer")) == [letter]
    assert queries.unanswered(world.actor("dept_reviewer2")) == []


def test_a_letter_whose_answer_is_due_already_is_not_issued(world, money):
    (letter,) = draft(world, issue(world))
    with pytest.raises(RuleBroken, match="回复期限 2023-07-07 已过，今天是 2023-07-08"):
        send(world, letter, on=date(2023, 7, 8))


def test_the_unit_answers_once_and_the_sender_hears_of_it(world, money):
    (letter,) = draft(world, issue(world))
    with pytest.raises(RuleBroken, match="还没有发出"):
        answer(world, letter)
    send(world, letter)
    with pytest.raises(RuleBroken, match="请写明"):
        answer(world, letter, "")
    answer(world, letter)

    assert (letter.answer, letter.answered_on) == ("7月20日前支付。", date(2023, 7, 5))
    assert queries.unanswered(world.actor("dept_reviewer")) == []
    office = world.user("lead_office")
    (message,) = db.session.query(InboxMessage).filter_by(user_id=office.id)
    assert message.subject == "县农业农村局已回复督办函 农领办督〔2023〕1号"
    with pytest.raises(RuleBroken, match="已于 2023-07-05 回复过"):
        answer(world, letter)
