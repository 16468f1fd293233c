"""Sending to a real SMTP server: success, refusals, failures, and what people see of them."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.db import db, unit_of_work
from portal.mail import sending
from portal.mail.models import InboxMessage, OutboxMail
from portal.mail.operations import queue, resend
from portal.mail.sending import WAITS, send_pending
from portal.rules.access import SYSTEM
from portal.rules.broken import RuleBroken
from portal.rules.vocabulary import MailState
from portal.scheduler.jobs import lead_office
from tests.mail_server import Post, free_port, serving, settings
from tests.world import World

MINUTE = timedelta(minutes=1)


def later(minutes: float = 0) -> datetime:
    """A moment after everything queued so far is due."""
    return datetime.now(UTC) + MINUTE * (minutes + 0.01)


def write(*usernames: str, subject: str = "今天有1件事快到期") -> None:
    with unit_of_work(SYSTEM, "test"):
        for name in usernames:
            body = "哈财指(农)〔2023〕6号 剩 7 天。"
            queue(World().user(name), subject=subject, body=body, dedupe_key=f"{subject}:{name}")


def states() -> dict[str, MailState]:
    db.session.rollback()
    mails = db.session.execute(sa.select(OutboxMail.address, OutboxMail.state)).tuples()
    return {address.partition("@")[0]: state for address, state in mails}


def mail_to(username: str) -> OutboxMail:
    db.session.rollback()
    mails = sa.select(OutboxMail).where(OutboxMail.address.startswith(f"{username}@"))
    return db.session.scalars(mails).one()


def notices() -> list[tuple[int, str]]:
    """Who was told of an undelivered mail, and the text."""
    db.session.rollback()
    told = sa.select(InboxMessage).where(InboxMessage.dedupe_key.startswith("undelivered:"))
    return [(message.user_id, message.body) for message in db.session.scalars(told)]


def test_a_mail_arrives_as_it_was_written(app: Flask) -> None:
    write("finance_agri")
    post = Post()
    with serving(post) as port:
        app.config["SMTP"] = settings(port)
        assert send_pending(later(), lead_office) == {MailState.SENT: 1}
    [(address, message)] = post.taken
    assert address == message["To"] == "finance_agri@example.cn"
    assert message["Subject"] == "今天有1件事快到期"
    assert message["From"] == "portal@county.example.cn"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content().splitlines() == ["哈财指(农)〔2023〕6号 剩 7 天。"]
    assert mail_to("finance_agri").sent_at is not None


def test_what_is_queued_twice_is_there_once_and_in_the_inbox(either_app: Flask) -> None:
    write("finance_agri")
    write("finance_agri")
    assert states() == {"finance_agri": MailState.QUEUED}
    assert db.session.scalar(sa.select(sa.func.count(InboxMessage.id))) == 1


def test_somebody_without_an_address_gets_the_inbox_only(app: Flask, world: World) -> None:
    with unit_of_work(SYSTEM, "test"):
        world.user("approver").email = ""
    write("approver")
    assert states() == {}
    assert db.session.scalar(sa.select(InboxMessage.user_id)) == world.user("approver").id


def test_many_mails_share_two_connections(app: Flask) -> None:
    for round_ in range(5):
        write("finance_agri", "approver", "lead_office", "auditor", subject=f"第{round_}轮")
    post = Post()
    with serving(post) as port:
        app.config["SMTP"] = settings(port)
        assert send_pending(later(), lead_office) == {MailState.SENT: 20}
    assert post.connections == 2
    assert len(post.taken) == len(post.copies) == 20


def test_r8_a_closed_port_costs_nothing_and_an_hour_later_all_arrive_once(
    either_app: Flask,
) -> None:
    write("finance_agri", "approver", "auditor")
    port = free_port()
    either_app.config["SMTP"] = settings(port)
    assert send_pending(later(), lead_office) == {MailState.RETRY: 3}
    mail = mail_to("approver")
    assert "邮件服务器没有开，或端口不对" in mail.last_error
    for minutes in (2, 8, 25):
        send_pending(later(minutes), lead_office)
    assert mail_to("approver").attempts == 4
    post = Post()
    with serving(post, port=port):
        assert send_pending(later(90), lead_office) == {MailState.SENT: 3}
        assert send_pending(later(90), lead_office) == {}
    assert set(post.copies.values()) == {1}
    assert len(post.taken) == 3


def test_r8_waits_grow_and_end_after_three_days(app: Flask, world: World) -> None:
    write("finance_agri")
    app.config["SMTP"] = settings(free_port())
    at, gaps = later(), []
    while send_pending(at, lead_office) == {MailState.RETRY: 1}:
        due = mail_to("finance_agri").due_at
        gaps.append(due - at)
        at = due
    assert [gap // MINUTE for gap in gaps[:6]] == [1, 5, 15, 60, 240, 240]
    assert timedelta(days=2, hours=20) < sum(gaps, timedelta()) <= timedelta(days=3)
    assert tuple(gaps) == WAITS
    assert states() == {"finance_agri": MailState.FAILED}
    assert [user for user, _ in notices()] == [world.user("lead_office").id]


def test_r9_a_temporary_refusal_is_tried_again(app: Flask) -> None:
    write("finance_agri")
    post = Post(at_recipient={"finance_agri@example.cn": ["451 4.7.1 greylisted, come back"]})
    with serving(post) as port:
        app.config["SMTP"] = settings(port)
        assert send_pending(later(), lead_office) == {MailState.RETRY: 1}
        assert "451" in mail_to("finance_agri").last_error
        assert send_pending(later(), lead_office) == {}, "not before its time"
        assert send_pending(later(2), lead_office) == {MailState.SENT: 1}
    assert post.addresses == ["finance_agri@example.cn"]


def test_r9_a_busy_server_is_tried_again(app: Flask) -> None:
    write("finance_agri")
    post = Post(at_data={"finance_agri@example.cn": ["421 4.3.2 shutting down"]})
    with serving(post) as port:
        app.config["SMTP"] = settings(port)
        assert send_pending(later(), lead_office) == {MailState.RETRY: 1}
        assert send_pending(later(2), lead_office) == {MailState.SENT: 1}


def test_r9_a_final_refusal_fails_at_once_and_the_lead_office_hears(either_app: Flask) -> None:
    world = World()
    write("finance_agri")
    post = Post(at_recipient={"finance_agri@example.cn": ["550 5.1.1 no such user"] * 9})
    with serving(post) as port:
        either_app.config["SMTP"] = settings(port)
        assert send_pending(later(), lead_office) == {MailState.FAILED: 1}
        assert send_pending(later(9999), lead_office) == {}, "never retried blindly"
    assert "550" in mail_to("finance_agri").last_error
    [(told, text)] = notices()
    assert told == world.user("lead_office").id
    assert "finance_agri@example.cn" in text
    assert "no such user" in text


def test_r10_only_the_refused_of_three_fail(app: Flask) -> None:
    write("finance_agri", "approver", "auditor")
    refused = ["550 5.1.1 unknown"]
    post = Post(at_recipient={"approver@example.cn": refused, "auditor@example.cn": [*refused]})
    with serving(post) as port:
        app.config["SMTP"] = settings(port)
        send_pending(later(), lead_office)
    assert states() == {
        "finance_agri": MailState.SENT,
        "approver": MailState.FAILED,
        "auditor": MailState.FAILED,
    }
    assert post.addresses == ["finance_agri@example.cn"]


def test_r23_one_impossible_address_among_a_hundred_is_parked(app: Flask, world: World) -> None:
    with unit_of_work(SYSTEM, "test"):
        poison = world.user("auditor")
        poison.email = "nobody@@example,cn"
    for round_ in range(33):
        write("finance_agri", "approver", "lead_office", subject=f"第{round_}轮")
    write("auditor", subject="第17轮")
    post = Post()
    with serving(post) as port:
        app.config["SMTP"] = settings(port)
        assert send_pending(later(), lead_office) == {MailState.SENT: 99, MailState.FAILED: 1}
    assert len(post.taken) == 99
    assert "写得不对" in mail_to("nobody").last_error


@pytest.mark.parametrize(
    "address",
    [
        "a@x.cn,b@evil.cn",
        "a@x.cn b@evil.cn",
        "a@x.cn\r\nBcc: b@evil.cn",
        "张三 <a@x.cn>",
        "a@x.cn\n",
        '"a b"@x.cn',
        "a@x",
        "@x.cn",
        "a@村.cn",
    ],
)
def test_d10_only_one_plain_address_is_ever_written_to(
    app: Flask, world: World, address: str
) -> None:
    with unit_of_work(SYSTEM, "test"):
        world.user("approver").email = address
    write("approver")
    post = Post()
    with serving(post) as port:
        app.config["SMTP"] = settings(port)
        assert send_pending(later(), lead_office) == {MailState.FAILED: 1}
    assert post.taken == []


def test_d10_a_line_break_in_the_subject_makes_no_header(app: Flask) -> None:
    write("approver", subject="提醒\r\nBcc: b@evil.cn")
    write("approver", subject="平常的提醒")
    post = Post()
    with serving(post) as port:
        app.config["SMTP"] = settings(port)
        assert send_pending(later(), lead_office) == {MailState.SENT: 1, MailState.FAILED: 1}
    assert [message["Bcc"] for _, message in post.taken] == [None]


def test_without_a_server_mail_becomes_files_one_for_each(app: Flask) -> None:
    write("finance_agri", "approver")
    assert send_pending(later(), lead_office) == {MailState.SENT: 2}
    files = sorted((app.config["INSTANCE"] / "mail").iterdir())
    assert [file.suffix for file in files] == [".eml", ".eml"]
    assert b"To: finance_agri@example.cn" in b"".join(file.read_bytes() for file in files)


def test_resending_is_for_failed_mail_only(app: Flask) -> None:
    write("finance_agri")
    with pytest.raises(RuleBroken, match="只有发送失败的邮件"), unit_of_work(SYSTEM, "test"):
        resend(mail_to_in_unit("finance_agri"), address="finance_agri@new.example.cn")
    with unit_of_work(SYSTEM, "test"):
        mail_to_in_unit("finance_agri").state = MailState.FAILED
    with unit_of_work(SYSTEM, "test"):
        resend(mail_to_in_unit("finance_agri"), address="finance_agri@new.example.cn")
    assert states() == {"finance_agri": MailState.QUEUED}


def mail_to_in_unit(username: str) -> OutboxMail:
    mails = sa.select(OutboxMail).where(OutboxMail.address.startswith(f"{username}@"))
    return db.session.scalars(mails).one()


def test_a_letter_left_behind_by_a_dead_sender_is_taken_up_after_its_lease(app: Flask) -> None:
    write("finance_agri")
    at = later()
    assert len(sending._claim(at)) == 1
    assert send_pending(at + 4 * MINUTE, lead_office) == {}
    assert send_pending(at + 6 * MINUTE, lead_office) == {MailState.SENT: 1}
