"""Who is reminded of what on which day, exactly once."""

from datetime import date, datetime, timedelta
from threading import Barrier, Thread

import sqlalchemy as sa
from flask import Flask

from portal import clock
from portal.accounts.models import User
from portal.db import db, unit_of_work
from portal.deadlines.models import Reminder
from portal.deadlines.operations import due, mark_reminded, remind, report
from portal.funds.models import FundDocument
from portal.mail.models import InboxMessage, OutboxMail
from portal.rules.access import SYSTEM
from portal.rules.vocabulary import DisclosureStatus
from portal.scheduler import runs
from portal.scheduler.jobs import JOBS, run_if_due
from tests.clocks import DOC_6, approve, arrive, disclose
from tests.world import World

DUE = date(2023, 1, 29)
FINANCE = {"finance_agri", "finance_agri2", "lead_office"}
LEADERS = {"approver", "approver2"}


def run(day: date) -> list[dict]:
    """What ``flask remind`` does: the day is taken and the reminders queued in one unit."""
    with unit_of_work(SYSTEM, "remind"):
        runs.claim("remind", day)
        return remind(day)


def brief(found: list[dict]) -> list[tuple]:
    return [
        (line["subject"], line["step"], line["days_left"], set(line["recipients"]))
        for line in found
    ]


def count(model: type, *conditions: sa.ColumnElement[bool]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model).where(*conditions))


def test_the_seven_day_line_of_acheng_and_no_second_one(either_app: Flask) -> None:
    """Day 38 of document 6: 7 days left, for finance and the lead office, once."""
    arrive()
    first = run(date(2023, 1, 22))
    assert brief(first) == [(DOC_6, 7, 7, FINANCE)]
    assert first[0]["rule"] == "fund_allocation"
    assert run(date(2023, 1, 22)) == []
    assert count(Reminder) == count(InboxMessage) == count(OutboxMail) == 3


def test_the_digest_reads_as_agreed(app: Flask, world: World) -> None:
    arrive()
    document_33 = arrive("哈财指(农)〔2023〕33号", date(2022, 12, 8), wan=1842)
    approve(document_33, date(2022, 12, 20), wan=1537)
    run(date(2023, 1, 22))
    mail = db.session.scalar(sa.select(OutboxMail).filter_by(user_id=world.user("lead_office").id))
    assert mail.subject == "今天有2件事快到期：哈财指(农)〔2023〕33号等"
    assert mail.body == (
        "哈财指(农)〔2023〕33号 尚有 305.00 万元未落实，今天到期（2023年1月22日）。去分解 /funds/2\n\n"
        "哈财指(农)〔2023〕6号 尚有 1976.00 万元未落实，剩 7 天（2023年1月29日到期）。去分解 /funds/1\n\n"
        "全部期限 /deadlines/"
    )
    assert mail.dedupe_key == f"digest:2023-01-22:{mail.user_id}"


def test_an_overdue_line_says_since_when_and_what_it_still_scores(app: Flask, world: World) -> None:
    app.config["BASE_URL"] = "https://portal.example.cn"
    arrive()
    run(date(2023, 2, 6))
    message = db.session.scalar(
        sa.select(InboxMessage).filter_by(user_id=world.user("approver").id)
    )
    assert message.subject == "今天有1件事已逾期：哈财指(农)〔2023〕6号"
    assert message.body.startswith(
        "哈财指(农)〔2023〕6号 尚有 1976.00 万元未落实，已逾期 8 天（2023年1月29日到期），"
        "现在落实得 2.33 分。去分解 https://portal.example.cn/funds/1\n"
    )


def test_every_day_from_receipt_gives_exactly_the_agreed_steps(app: Flask) -> None:
    """T−15, −7, −3, −1, 0, then daily until closed, the spring festival included; leaders from −3 on."""
    arrive()
    steps = {}
    for offset in range(60):
        day = date(2022, 12, 15) + timedelta(days=offset)
        for line in run(day):
            steps[line["step"]] = (day, set(line["recipients"]))
            assert line["days_left"] == line["step"]
    assert sorted(steps, reverse=True) == [15, 7, 3, 1, 0, *range(-1, -15, -1)]
    for step, (day, people) in steps.items():
        assert day == DUE - timedelta(days=step)
        assert people == (FINANCE | LEADERS if step <= 3 else FINANCE)


def test_r6_three_days_off_are_made_up_by_one_line_and_ten_ticks_change_nothing(
    either_app: Flask,
) -> None:
    """The machine sleeps over T−15 of one document, T−7 of another, T−3 of a third."""
    asleep = date(2023, 1, 10)
    world = World()
    for number, days_left in (
        ("甲1号", 15),
        ("乙2号", 7),
        ("丙3号", 3),
        ("丁4号", 1),
        ("戊5号", 40),
    ):
        received = asleep + timedelta(days=1 + days_left) - timedelta(days=45)
        arrive(number, received)
    run(asleep)
    found = run(asleep + timedelta(days=3))
    assert {line[0]: line[1:] for line in brief(found)} == {
        "甲1号": (15, 13, FINANCE),
        "乙2号": (7, 5, FINANCE),
        "丙3号": (1, 1, FINANCE | LEADERS),
        "丁4号": (-1, -1, FINANCE | LEADERS),
    }
    lead = world.user("lead_office").id
    covered = db.session.execute(
        sa.select(Reminder.step).where(Reminder.covered, Reminder.user_id == lead)
    ).scalars()
    assert sorted(covered) == [0, 1, 3], "丙 skipped T−3, 丁 skipped T−1 and T−0"
    digests = count(InboxMessage, InboxMessage.dedupe_key.startswith("digest:2023-01-13"))
    assert digests == len(FINANCE | LEADERS)
    before = count(Reminder), count(OutboxMail)
    for _tick in range(10):
        assert run(asleep + timedelta(days=3)) == []
    assert (count(Reminder), count(OutboxMail)) == before


def test_the_clock_stops_by_itself_when_the_last_fen_is_approved(either_app: Flask) -> None:
    document = arrive()
    approve(document, date(2023, 1, 30), wan=1000)
    approve(document, date(2023, 2, 6), wan=976)
    assert [line["days_left"] for line in run(date(2023, 2, 5))] == [-7]
    assert run(date(2023, 2, 6)) == []
    assert run(date(2023, 2, 7)) == []


def test_a_day_in_the_past_is_seen_as_it_was(app: Flask) -> None:
    """What was approved later had not happened: the whole amount was still open."""
    approve(arrive(), date(2023, 2, 6))
    [line] = report(due(date(2023, 1, 22)))
    assert "尚有 1976.00 万元未落实，剩 7 天" in line["text"]


def test_looking_ahead_writes_nothing(app: Flask) -> None:
    arrive()
    with unit_of_work(SYSTEM, "look", read_only=True):
        looked = report(due(date(2023, 1, 22)))
    assert count(Reminder) == count(InboxMessage) == 0
    assert run(date(2023, 1, 22)) == looked


def test_a_late_registration_is_heard_of_on_the_next_day(app: Flask) -> None:
    """Registered 40 days after receipt, when T−15 and T−7 are long past."""
    run(date(2023, 1, 24))
    arrive(registered_on=date(2023, 1, 24))
    assert brief(run(date(2023, 1, 25))) == [(DOC_6, 7, 4, FINANCE)]
    assert run(date(2023, 1, 25)) == []


def test_other_counties_hear_only_of_their_own(app: Flask) -> None:
    arrive("邻县1号", county="other")
    assert brief(run(date(2023, 1, 22))) == [("邻县1号", 7, 7, {"foreigner"})]


def test_a_document_without_a_receipt_has_no_clock(app: Flask) -> None:
    document = arrive()
    with unit_of_work(SYSTEM, "test"):
        found = db.session.get_one(FundDocument, document)
        found.received_on = found.reported_on = None
    assert run(date(2023, 1, 22)) == []


def test_the_report_to_the_group_has_a_clock_of_its_own(app: Flask) -> None:
    arrive(reported_on=date(2022, 12, 20))
    assert [(line["rule"], line["step"]) for line in run(date(2022, 12, 17))] == [
        ("report_to_group", 1)
    ]
    assert [line["step"] for line in run(date(2022, 12, 19))] == [-1]
    assert run(date(2022, 12, 20)) == []


def test_an_unpublished_result_is_chased_and_a_publication_ends_it(either_app: Flask) -> None:
    """15 working days after the approval of 6 February 2023 end on 27 February."""
    document = arrive()
    approve(document, date(2023, 2, 6))
    assert [(line["rule"], line["step"]) for line in run(date(2023, 2, 27))] == [
        ("disclose_allocation", 0)
    ]
    disclose(document, date(2023, 2, 28))
    assert run(date(2023, 2, 28)) == []


def test_a_withdrawn_publication_does_not_count(app: Flask) -> None:
    document = arrive()
    approve(document, date(2023, 2, 6))
    disclose(document, date(2023, 2, 20), DisclosureStatus.WITHDRAWN)
    assert [line["rule"] for line in run(date(2023, 2, 27))] == ["disclose_allocation"]


def test_a_demo_has_no_mail_of_the_day_it_stands_on(app: Flask) -> None:
    arrive()
    with unit_of_work(SYSTEM, "demo"):
        mark_reminded(date(2023, 1, 22))
    job = next(job for job in JOBS if job.name == "remind")
    assert run_if_due(job, datetime(2023, 1, 22, 9, 0, tzinfo=clock.SHANGHAI)) is None
    assert count(InboxMessage) == 0


def test_a_second_run_that_finds_something_new_adds_a_digest_for_it(app: Flask) -> None:
    arrive()
    run(date(2023, 1, 22))
    arrive("迟到1号", registered_on=date(2023, 1, 22))
    assert [line["subject"] for line in run(date(2023, 1, 22))] == ["迟到1号"]
    assert count(InboxMessage) == 6


def test_two_at_the_same_moment_remind_once(either_app: Flask) -> None:
    """R7 without a lease: the unique keys alone keep reminders and digests single."""
    arrive()
    barrier, results = Barrier(4), []

    def work() -> None:
        with either_app.app_context():
            barrier.wait()
            results.append(run(date(2023, 1, 22)))
            db.session.remove()

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(len, results)) == [0, 0, 0, 1]
    assert count(Reminder) == count(OutboxMail) == 3


def test_people_who_left_are_not_reminded(app: Flask, world: World) -> None:
    with unit_of_work(SYSTEM, "test"):
        db.session.get_one(User, world.user("finance_agri2").id).active = False
    arrive()
    assert brief(run(date(2023, 1, 22))) == [(DOC_6, 7, 7, FINANCE - {"finance_agri2"})]
