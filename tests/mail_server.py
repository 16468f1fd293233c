"""A real SMTP server for tests (aiosmtpd) whose answers are scripted by address."""

import socket
import ssl
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from portal.config import SmtpSettings

OK = "250 OK"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def settings(port: int, **changed: Any) -> SmtpSettings:
    """How the portal reaches the test's server; plain unless a test says otherwise."""
    plain = {"host": "127.0.0.1", "port": port, "security": "none", "user": "", "password": ""}
    return SmtpSettings(**{**plain, "sender": "portal@county.example.cn", **changed})


@dataclass
class Post:
    """What the server took, and what it answers: by recipient, each answer once, then ``250 OK``."""

    at_recipient: dict[str, list[str]] = field(default_factory=dict)
    at_data: dict[str, list[str]] = field(default_factory=dict)
    taken: list[tuple[str, EmailMessage]] = field(default_factory=list)
    connections: int = 0

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        answer = self._next(self.at_recipient, address)
        if answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        [address] = envelope.rcpt_tos
        answer = self._next(self.at_data, address)
        if answer == OK:
            message = message_from_bytes(envelope.content, policy=policy.default)
            self.taken.append((address, message))
        return answer

    @staticmethod
    def _next(script: dict[str, list[str]], address: str) -> str:
        answers = script.get(address, [])
        return answers.pop(0) if answers else OK

    @property
    def copies(self) -> Counter[str]:
        """How many copies of each Message-ID arrived."""
        return Counter(message["Message-ID"] for _, message in self.taken)

    @property
    def addresses(self) -> list[str]:
        return sorted(address for address, _ in self.taken)


@contextmanager
def serving(
    post: Post,
    *,
    port: int | None = None,
    starttls: ssl.SSLContext | None = None,
    tls: ssl.SSLContext | None = None,
    login: tuple[str, str] | None = None,
) -> Iterator[int]:
    """Run the server on a port of this machine; yields the port."""

    def check(server, session, envelope, mechanism, given):
        right = isinstance(given, LoginPassword) and login is not None
        known = (login or ("", ""))[0].encode(), (login or ("", ""))[1].encode()
        right = right and (given.login, given.password) == known
        return AuthResult(success=right, handled=False)

    controller = Controller(
        post,
        hostname="127.0.0.1",
        port=port or free_port(),
        ssl_context=tls,
        tls_context=starttls,
        require_starttls=starttls is not None,
        auth_required=login is not None,
        auth_require_tls=tls is None,
        authenticator=check,
    )
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()
