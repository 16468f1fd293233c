"""An outbox row as the e-mail that leaves the house: one recipient, plain text, a lasting Message-ID."""

import hashlib
import re
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate

from portal.rules.broken import RuleBroken

ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")


@dataclass(frozen=True)
class Letter:
    """What the sender needs of one outbox row, outside every transaction."""

    mail_id: int
    county_id: int
    attempts: int
    dedupe_key: str
    address: str
    subject: str
    body: str


def strict_address(address: str) -> str:
    """The address, if it is one plain ASCII address and nothing else (D10).

    Raises:
        RuleBroken: a list, a display name, a line break or no address at all.
    """
    if not ADDRESS.fullmatch(address):
        raise RuleBroken(f"邮箱地址“{address[:60]}”写得不对，请在账号里改正。", field="email")
    return address


def message_id(dedupe_key: str, sender: str) -> str:
    """The same for every copy of one mail, so that a copy after a crash is recognised (R11)."""
    digest = hashlib.sha256(dedupe_key.encode()).hexdigest()[:32]
    return f"<{digest}@{sender.rpartition('@')[2]}>"


def compose(letter: Letter, sender: str) -> EmailMessage:
    """The message; base64, because a relay on the way may know only seven bits.

    Raises:
        RuleBroken: the address is not one strict address, or a header holds a line break.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = strict_address(letter.address)
    message["Message-ID"] = message_id(letter.dedupe_key, sender)
    message["Date"] = formatdate(localtime=False)
    message["Auto-Submitted"] = "auto-generated"
    try:
        message["Subject"] = letter.subject
        message.set_content(letter.body, charset="utf-8", cte="base64")
    except ValueError:  # a line break in the subject, half a character in the text
        raise RuleBroken("邮件标题或正文含有不能发送的字符，请联系系统管理员。") from None
    return message
