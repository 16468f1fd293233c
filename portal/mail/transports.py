"""How mail leaves: over one kept SMTP connection, or into files where the county has no mail server."""

import smtplib
import socket
import ssl
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol

from portal.config import SmtpSettings

SECONDS = 10
CLOSING = 421
PERMANENT = 500


class Unreachable(Exception):
    """The server could not be talked to, which says nothing against the letter: later again."""


class Refused(Exception):
    """The server answered and did not take this letter; ``permanent`` when later would not help."""

    def __init__(self, code: int, text: bytes | str) -> None:
        plain = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
        super().__init__(f"邮件服务器回答 {code}：{' '.join(plain.split())}")
        self.permanent = code >= PERMANENT


class Transport(Protocol):
    """Takes messages one after the other until it is closed."""

    def send(self, message: EmailMessage) -> None:
        """Hand over one message.

        Raises:
            Unreachable: nobody took it.
            Refused: the server said no.
        """

    def close(self) -> None:
        """Let go of the connection."""


class SmtpTransport:
    """One connection, opened at the first message and again after it broke.

    The server's certificate is verified against the system's authorities; the environment variable
    ``SSL_CERT_FILE`` names a county's own authority.
    """

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings
        self._server: smtplib.SMTP | None = None

    def send(self, message: EmailMessage) -> None:
        """Hand over one message to its one recipient."""
        server = self._server = self._server or self._connect()
        try:
            server.send_message(message)
        except smtplib.SMTPResponseException as answer:
            if answer.smtp_code == CLOSING:
                self.close()
            raise Refused(answer.smtp_code, answer.smtp_error) from None
        except smtplib.SMTPRecipientsRefused as refusal:
            raise Refused(*next(iter(refusal.recipients.values()))) from None
        except OSError as error:
            self.close()
            raise Unreachable(_plain_words(error)) from error

    def close(self) -> None:
        """Drop the connection without waiting for a last word."""
        server, self._server = self._server, None
        if server:
            server.close()

    def _connect(self) -> smtplib.SMTP:
        try:
            server = self._open()
        except OSError as error:
            raise Unreachable(_plain_words(error)) from error
        try:
            self._introduce(server)
        except OSError as error:
            server.close()
            raise Unreachable(_plain_words(error)) from error
        return server

    def _open(self) -> smtplib.SMTP:
        settings = self._settings
        # A name of our own, because smtplib would ask the name server of a network that may have none.
        where = (settings.host, settings.port, settings.sender.rpartition("@")[2])
        if settings.security == "tls":
            verified = ssl.create_default_context()
            return smtplib.SMTP_SSL(*where, timeout=SECONDS, context=verified)
        return smtplib.SMTP(*where, timeout=SECONDS)

    def _introduce(self, server: smtplib.SMTP) -> None:
        if self._settings.security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if self._settings.user:
            server.login(self._settings.user, self._settings.password)


class FileTransport:
    """Messages as ``.eml`` files, named by Message-ID so that a second copy replaces the first."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: EmailMessage) -> None:
        """Write the file whole or not at all."""
        name = str(message["Message-ID"]).strip("<>").partition("@")[0]
        try:
            self._folder.mkdir(mode=0o750, parents=True, exist_ok=True)
            unfinished = self._folder / f"{name}.part"
            unfinished.write_bytes(message.as_bytes())
            unfinished.replace(self._folder / f"{name}.eml")
        except OSError as error:
            raise Unreachable(f"邮件写不进文件夹：{error.strerror}") from error

    def close(self) -> None:
        """Nothing is held."""


def transport(settings: SmtpSettings, folder: Path) -> Transport:
    """The county's mail server, or files in ``folder`` where none is configured."""
    return SmtpTransport(settings) if settings.host else FileTransport(folder)


def _plain_words(error: OSError) -> str:
    for kind, words in (
        (ssl.SSLCertVerificationError, "邮件服务器的证书通不过验证"),
        (ssl.SSLError, "与邮件服务器的加密连接没有建成"),
        (smtplib.SMTPAuthenticationError, "邮件服务器不接受用户名或密码"),
        (smtplib.SMTPNotSupportedError, "邮件服务器不支持所设的加密或登录方式"),
        (smtplib.SMTPResponseException, "邮件服务器不接受连接"),
        (smtplib.SMTPServerDisconnected, "邮件服务器中途断开或没有应答"),
        (ConnectionRefusedError, "邮件服务器没有开，或端口不对"),
        (TimeoutError, f"邮件服务器 {SECONDS} 秒没有应答"),
        (socket.gaierror, "找不到邮件服务器的地址"),
    ):
        if isinstance(error, kind):
            return f"{words}（{error}）"
    return f"连不上邮件服务器（{error}）"
