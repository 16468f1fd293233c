"""Mail when the server hangs, lies about itself, or the sender dies in the middle."""

import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.db import db
from portal.mail import transports
from portal.mail.sending import send_pending
from portal.rules.vocabulary import MailState
from portal.scheduler.jobs import lead_office
from tests.client import Client
from tests.mail_server import OK, Post, serving, settings
from tests.operations.test_mail_sending import later, mail_to, states, write

CERTIFICATE = Path(__file__).parents[1] / "mail_server.pem"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def certified() -> ssl.SSLContext:
    """A server whose certificate only its own county knows."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)
    return context


@contextmanager
def mute() -> Iterator[int]:
    """A port that accepts connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_r8_a_hanging_server_is_left_after_the_time_limit(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transports, "SECONDS", 0.3)
    for round_ in range(10):
        write("finance_agri", subject=f"第{round_}轮")
    with mute() as port:
        app.config["SMTP"] = settings(port)
        assert send_pending(later(), lead_office) == {MailState.RETRY: 10}
    db.session.rollback()
    errors = {
        row.last_error for row in db.session.execute(sa.text("SELECT last_error FROM outbox_mail"))
    }
    assert all("没有应答" in error for error in errors), errors


def test_r8_pages_answer_while_the_mail_server_hangs(
    app: Flask, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No transaction is open while a letter is under way: others read and write."""
    monkeypatch.setattr(transports, "SECONDS", 2)
    write("finance_agri")
    client.sign_in("finance_agri")
    with mute() as port:
        app.config["SMTP"] = settings(port)

        def send() -> None:
            with app.app_context():
                send_pending(later(), lead_office)
                db.session.remove()

        sender = Thread(target=send)
        sender.start()
        while states() != {"finance_agri": MailState.SENDING}:
            time.sleep(0.01)
        assert client.get("/inbox").status_code == 200
        assert client.post("/inbox/read").status_code == 303
        assert states() == {"finance_agri": MailState.SENDING}
        sender.join()
    assert states() == {"finance_agri": MailState.RETRY}


def test_r11_a_sender_killed_after_the_acceptance_costs_one_copy_at_most(app: Flask) -> None:
    write("finance_agri", "approver", "auditor")

    class Deadly(Post):
        child: subprocess.Popen[bytes] | None = None

        async def handle_DATA(self, server, session, envelope):  # noqa: N802
            answer = await super().handle_DATA(server, session, envelope)
            if self.child:
                os.kill(self.child.pid, signal.SIGKILL)
            return answer

    post = Deadly()
    with serving(post) as port:
        environment = {
            **os.environ,
            "PORTAL_INSTANCE": str(app.config["INSTANCE"]),
            "PORTAL_INSECURE_HTTP": "1",
            "PORTAL_TODAY": "2023-03-20",
            "PORTAL_SMTP_HOST": "127.0.0.1",
            "PORTAL_SMTP_PORT": str(port),
            "PORTAL_SMTP_SECURITY": "none",
            "PORTAL_SMTP_FROM": "portal@county.example.cn",
        }
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "mail", "send"]
        post.child = subprocess.Popen(command, cwd=ROOT, env=environment)
        assert post.child.wait(60) == -signal.SIGKILL
        post.child = None
        assert MailState.SENDING in states().values()
        app.config["SMTP"] = settings(port)
        send_pending(later(6), lead_office)
    assert set(states().values()) == {MailState.SENT}
    assert len(post.copies) == 3, "every mail arrived"
    assert max(post.copies.values()) <= 2, "at most one extra copy, under the same Message-ID"


def test_a_connection_that_breaks_between_two_letters_is_opened_again(app: Flask) -> None:
    class Impatient(Post):
        async def handle_DATA(self, server, session, envelope):  # noqa: N802
            answer = await super().handle_DATA(server, session, envelope)
            if len(self.taken) == 1:
                server.transport.close()
            return answer

    write("finance_agri", "approver", "auditor", "lead_office")
    post = Impatient()
    with serving(post) as port:
        app.config["SMTP"] = settings(port)
        send_pending(later(), lead_office)
        send_pending(later(2), lead_office)
    assert set(states().values()) == {MailState.SENT}
    assert max(post.copies.values()) <= 2


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_an_unknown_certificate_is_refused(
    app: Flask, certified: ssl.SSLContext, security: str
) -> None:
    write("finance_agri")
    post = Post()
    with serving(post, **{security: certified}) as port:
        app.config["SMTP"] = settings(port, security=security)
        assert send_pending(later(), lead_office) == {MailState.RETRY: 1}
    assert post.taken == []
    assert "证书通不过验证" in mail_to("finance_agri").last_error


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_of_the_countys_own_authority_is_accepted(
    app: Flask, certified: ssl.SSLContext, security: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    write("finance_agri")
    post = Post()
    login = ("portal", "s3cret")
    with serving(post, **{security: certified}, login=login) as port:
        app.config["SMTP"] = settings(port, security=security, user=login[0], password=login[1])
        assert send_pending(later(), lead_office) == {MailState.SENT: 1}
    assert len(post.taken) == 1


def test_a_wrong_password_is_said_and_tried_again_later(
    app: Flask, certified: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    write("finance_agri")
    with serving(Post(), starttls=certified, login=("portal", "s3cret")) as port:
        app.config["SMTP"] = settings(port, security="starttls", user="portal", password="guess")
        assert send_pending(later(), lead_office) == {MailState.RETRY: 1}
    assert "不接受用户名或密码" in mail_to("finance_agri").last_error


def test_a_server_without_encryption_gets_nothing_where_encryption_is_set(app: Flask) -> None:
    write("finance_agri")
    post = Post()
    with serving(post) as port:
        app.config["SMTP"] = settings(port, security="starttls")
        assert send_pending(later(), lead_office) == {MailState.RETRY: 1}
    assert post.taken == []
    assert "不支持所设的加密" in mail_to("finance_agri").last_error


def test_a_slow_letter_does_not_stop_the_others(app: Flask) -> None:
    """A temporary no in the middle of a connection leaves the connection usable."""
    write("finance_agri", "approver", "auditor", "lead_office")
    post = Post(at_data={"approver@example.cn": ["452 4.3.1 mailbox full"]})
    with serving(post) as port:
        app.config["SMTP"] = settings(port)
        assert send_pending(later(), lead_office) == {MailState.SENT: 3, MailState.RETRY: 1}
    assert OK not in mail_to("approver").last_error
