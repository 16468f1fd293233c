"""Sending the outbox over two kept connections, beside one connection for each mail."""

import os
import smtplib
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from bench import paired
from portal.app import create_app
from portal.config import SmtpSettings
from portal.db import db, execute_unaudited, insert_new, unit_of_work
from portal.mail.letters import Letter, compose
from portal.mail.models import OutboxMail
from portal.mail.sending import send_pending
from portal.rules.access import SYSTEM
from portal.rules.vocabulary import MailState

MAILS = 200
SENDER = "portal@county.example.cn"
# In a process of its own, as a mail server is; it answers and forgets.
SERVER = """
import asyncio
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import SMTP
async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Sink(), hostname="bench"), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"""


def mail_sending() -> dict[str, Any]:
    """200 queued mails, claimed, sent and marked; the limit only sends."""
    with tempfile.TemporaryDirectory() as folder, _server() as port:
        app = _app(Path(folder), port)
        with app.app_context():
            db.create_all()
            _fill()
            timed = paired(_send_queue, lambda: _one_by_one(port), rounds=5)
            db.session.remove()
            db.engine.dispose()
    return {
        "compared_with": "one connection per mail",
        "goal": ">= 1.9",
        **timed,
        "ratio": timed["limit_seconds"] / timed["seconds"],
        "mails": MAILS,
    }


def _fill() -> None:
    with unit_of_work(SYSTEM, "bench"):
        execute_unaudited(insert_new(OutboxMail), [_row(number) for number in range(MAILS)])


def _send_queue() -> None:
    """Everything is queued again first; that is counted against us."""
    with unit_of_work(SYSTEM, "bench"):
        execute_unaudited(sa.update(OutboxMail).values(state=MailState.QUEUED))
    counts = send_pending(datetime.now(UTC) + timedelta(seconds=1), lambda _county: [])
    assert counts == {MailState.SENT: MAILS}, counts


def _one_by_one(port: int) -> None:
    for number in range(MAILS):
        with smtplib.SMTP("127.0.0.1", port, "county.example.cn") as server:
            server.send_message(_message(number))


def _message(number: int) -> EmailMessage:
    row = _row(number)
    text = {name: row[name] for name in ("dedupe_key", "address", "subject", "body")}
    return compose(Letter(mail_id=number, county_id=1, attempts=1, **text), SENDER)


def _row(number: int) -> dict[str, Any]:
    at = datetime.now(UTC)
    return {
        "county_id": 1,
        "dedupe_key": f"digest:2023-01-22:{number}",
        "user_id": number,
        "address": f"person{number}@county.example.cn",
        "subject": "今天有2件事快到期：哈财指(农)〔2023〕6号等",
        "body": "哈财指(农)〔2023〕6号 尚有 305.00 万元未落实，剩 7 天（2023年1月29日到期）。\n"
        * 3,
        "state": MailState.QUEUED,
        "attempts": 0,
        "due_at": at,
        "queued_at": at,
    }


@contextmanager
def _server() -> Iterator[int]:
    with subprocess.Popen(
        [sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout
        try:
            yield int(server.stdout.readline())
        finally:
            server.kill()


def _app(folder: Path, port: int) -> Flask:
    os.environ.update(PORTAL_INSTANCE=str(folder), PORTAL_INSECURE_HTTP="1")
    os.environ.pop("PORTAL_DATABASE_URL", None)
    return create_app(SMTP=SmtpSettings("127.0.0.1", port, "none", "", "", SENDER))


BENCHES: dict[str, Callable[[], dict[str, Any]]] = {"mail_sending": mail_sending}
