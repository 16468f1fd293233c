"""The inbox of a person and the outbox of a county."""

import sqlalchemy as sa

from portal.db import db, unit_of_work
from portal.mail.models import InboxMessage, OutboxMail
from portal.mail.operations import queue
from portal.rules.access import SYSTEM
from portal.rules.vocabulary import MailState
from tests.client import Client
from tests.world import World

SUBJECT = "今天有1件事快到期：哈财指(农)〔2023〕6号"


def write(username: str, key: str = "digest", subject: str = SUBJECT) -> None:
    with unit_of_work(SYSTEM, "test"):
        body = "尚有 305.00 万元未落实，剩 7 天。去分解 https://portal.example.cn/funds/1"
        queue(World().user(username), subject=subject, body=body, dedupe_key=f"{key}:{username}")


def fail(error: str) -> int:
    with unit_of_work(SYSTEM, "test"):
        mail = db.session.scalars(sa.select(OutboxMail)).one()
        mail.state, mail.last_error, mail.attempts = MailState.FAILED, error, 1
        return mail.id


def message_id(username: str) -> int:
    db.session.rollback()
    mine = sa.select(InboxMessage.id).where(InboxMessage.user_id == World().user(username).id)
    return db.session.scalars(mine).one()


def test_a_message_is_opened_from_the_list_and_then_read(client: Client) -> None:
    write("finance_agri")
    client.sign_in("finance_agri")
    page = client.get("/inbox").text
    assert SUBJECT in page
    assert "未读" in page
    answer = client.post(f"/inbox/{message_id('finance_agri')}")
    assert answer.status_code == 303
    opened = client.get(answer.location).text
    assert '<a href="https://portal.example.cn/funds/1" rel="noopener">' in opened
    assert "已读" in opened
    assert "未读" not in client.get("/inbox").text


def test_looking_alone_marks_nothing(client: Client) -> None:
    write("finance_agri")
    client.sign_in("finance_agri").get(f"/inbox/{message_id('finance_agri')}")
    assert "未读" in client.get("/inbox").text


def test_everything_is_marked_as_read_at_once(client: Client) -> None:
    write("finance_agri", "one")
    write("finance_agri", "two")
    write("approver", "one")
    client.sign_in("finance_agri").post("/inbox/read")
    assert "未读" not in client.get("/inbox").text
    assert "未读" in client.sign_in("approver").get("/inbox").text


def test_b2_nobody_reads_the_messages_of_another(client: Client) -> None:
    write("approver")
    number = message_id("approver")
    client.sign_in("finance_agri")
    assert client.get(f"/inbox/{number}").status_code == 404
    assert client.post(f"/inbox/{number}").status_code == 404
    assert db.session.get_one(InboxMessage, number).read_at is None


def test_an_empty_inbox_says_what_will_come(client: Client) -> None:
    assert "还没有消息" in client.sign_in("village_clerk").get("/inbox").text


def test_a_message_shows_what_people_wrote_as_text(client: Client) -> None:
    write("finance_agri", subject="<script>alert(1)</script>")
    client.sign_in("finance_agri")
    for path in ("/inbox", f"/inbox/{message_id('finance_agri')}"):
        assert "&lt;script&gt;" in client.get(path).text


def test_the_outbox_shows_failures_in_plain_words_and_filters_by_state(client: Client) -> None:
    write("finance_agri")
    fail("邮件服务器回答 550：no such user")
    page = client.sign_in("lead_office").get("/outbox/").text
    assert "发送失败" in page
    assert "邮件服务器回答 550：no such user" in page
    assert "finance_agri@example.cn" in page
    assert SUBJECT in client.get("/outbox/?state=failed").text
    assert "没有“已发送”的邮件" in client.get("/outbox/?state=sent").text
    assert SUBJECT in client.get("/outbox/?state=nonsense&page=x").text


def test_a_failed_mail_is_sent_again_by_the_administrator(client: Client) -> None:
    write("finance_agri")
    number = fail("550")
    with unit_of_work(SYSTEM, "test"):
        World().user("finance_agri").email = "right@example.cn"
    client.sign_in("sysadmin")
    assert "重发</button>" in client.get(f"/outbox/{number}").text
    assert client.post(f"/outbox/{number}/resend").status_code == 303
    db.session.rollback()
    mail = db.session.get_one(OutboxMail, number)
    assert (mail.state, mail.attempts) == (MailState.QUEUED, 0)
    assert mail.address == "right@example.cn", "the address that was put right meanwhile"
    again = client.post(f"/outbox/{number}/resend")
    assert again.status_code == 422
    assert "只有发送失败的邮件才要重发" in again.text


def test_others_see_the_failure_but_may_not_resend(client: Client) -> None:
    write("finance_agri")
    number = fail("550")
    client.sign_in("lead_office")
    page = client.get(f"/outbox/{number}").text
    assert "重发</button>" not in page
    assert "联系系统管理员" in page
    assert client.post(f"/outbox/{number}/resend").status_code == 403


def test_b2_the_outbox_of_another_county_is_not_there(client: Client) -> None:
    write("foreigner")
    number = fail("550")
    client.sign_in("sysadmin")
    assert SUBJECT not in client.get("/outbox/").text
    assert client.get(f"/outbox/{number}").status_code == 404
    assert client.post(f"/outbox/{number}/resend").status_code == 404


def test_village_clerks_have_no_outbox(client: Client) -> None:
    assert client.sign_in("village_clerk").get("/outbox/").status_code == 403
