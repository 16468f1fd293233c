"""Sending what is due: claim, send, mark. Nothing here waits for a mail server inside a transaction."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue

import sqlalchemy as sa
from flask import current_app

from portal import clock
from portal.db import db, execute_unaudited, unit_of_work
from portal.mail.letters import Letter, compose
from portal.mail.models import OutboxMail
from portal.mail.operations import tell
from portal.mail.transports import Refused, Transport, Unreachable, transport
from portal.rules.access import SYSTEM
from portal.rules.broken import RuleBroken
from portal.rules.vocabulary import MailState

CONNECTIONS = 2
BATCH = 100
TOGETHER = 10
LEASE = timedelta(minutes=5)
# After 1, 5, 15, 60 minutes, then every 4 hours up to 3 days (R8).
WAITS = (*(timedelta(minutes=m) for m in (1, 5, 15, 60)), *[timedelta(hours=4)] * 17)
GIVE_UP_AFTER = 2

Superiors = Callable[[int], Sequence[int]]
"""County id -> ids of the people who hear that a mail could not be delivered."""


@dataclass(frozen=True)
class Outcome:
    """What became of one letter: sent, to be tried again, or failed for good."""

    letter: Letter
    state: MailState
    error: str = ""


def send_pending(now: datetime, superiors: Superiors) -> Counter[MailState]:
    """Send everything that is due at ``now`` and count how many mails ended in which state.

    Claiming and marking are short transactions; in between, two connections send. A crash in between costs
    at most a second copy with the same Message-ID: the lease runs out and the mail is claimed again (R11).
    """
    counts: Counter[MailState] = Counter()
    while letters := _claim(now):
        for outcomes in _send(letters):
            _mark(outcomes, now, superiors)
            counts.update(outcome.state for outcome in outcomes)
    return counts


def _claim(now: datetime) -> list[Letter]:
    waiting = OutboxMail.state.in_([MailState.QUEUED, MailState.RETRY])
    left_behind = sa.and_(OutboxMail.state == MailState.SENDING, OutboxMail.leased_until < now)
    due = (
        sa.select(OutboxMail)
        .where(sa.or_(sa.and_(waiting, OutboxMail.due_at <= now), left_behind))
        .order_by(OutboxMail.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    with unit_of_work(SYSTEM, "mail_claim"):
        letters = [_letter(mail) for mail in db.session.scalars(due)]
        db.session.expunge_all()
        claimed = {"state": MailState.SENDING, "leased_until": now + LEASE}
        _set([letter.mail_id for letter in letters], attempts=OutboxMail.attempts + 1, **claimed)
        return letters


def _letter(mail: OutboxMail) -> Letter:
    return Letter(
        mail_id=mail.id,
        county_id=mail.county_id,
        attempts=mail.attempts + 1,
        dedupe_key=mail.dedupe_key,
        address=mail.address,
        subject=mail.subject,
        body=mail.body,
    )


def _set(mail_ids: Sequence[int], **values: object) -> None:
    if mail_ids:
        row = sa.update(OutboxMail).where(OutboxMail.id.in_(mail_ids)).values(**values)
        execute_unaudited(row.execution_options(synchronize_session=False))


def _send(letters: Sequence[Letter]) -> Iterator[list[Outcome]]:
    """Send over two connections; yield what is finished each time, so that marking keeps pace."""
    settings, folder = current_app.config["SMTP"], current_app.config["INSTANCE"] / "mail"
    finished: SimpleQueue[Outcome | None] = SimpleQueue()

    def carry(share: Sequence[Letter]) -> None:
        try:
            with closing(transport(settings, folder)) as way:
                for outcome in _deliver(share, way, settings.sender):
                    finished.put(outcome)
        finally:
            finished.put(None)

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        shares = [pool.submit(carry, letters[first::CONNECTIONS]) for first in range(CONNECTIONS)]
        yield from _as_they_finish(finished, CONNECTIONS)
    for share in shares:
        share.result()


def _as_they_finish(
    finished: SimpleQueue[Outcome | None], carriers: int
) -> Iterator[list[Outcome]]:
    """A few at a time, because each mark is a flush to disk; what a crash leaves unmarked is sent again."""
    while carriers:
        batch = [finished.get()]
        with suppress(Empty):
            while len(batch) < TOGETHER and batch.count(None) < carriers:
                batch.append(finished.get(timeout=1))
        carriers -= batch.count(None)
        if outcomes := [outcome for outcome in batch if outcome]:
            yield outcomes


def _deliver(letters: Sequence[Letter], way: Transport, sender: str) -> Iterator[Outcome]:
    """Send one after the other; a server that fails twice in a row is left alone for this time."""
    failures, trouble = 0, ""
    for letter in letters:
        if failures == GIVE_UP_AFTER:
            yield _later(letter, trouble)
            continue
        try:
            way.send(compose(letter, sender))
        except Unreachable as error:
            failures, trouble = failures + 1, str(error)
            yield _later(letter, trouble)
            continue
        except Refused as error:
            yield _failed(letter, str(error)) if error.permanent else _later(letter, str(error))
        except RuleBroken as error:
            yield _failed(letter, error.message)
        else:
            yield Outcome(letter, MailState.SENT)
        failures = 0


def _later(letter: Letter, trouble: str) -> Outcome:
    if letter.attempts > len(WAITS):
        return _failed(letter, trouble)
    return Outcome(letter, MailState.RETRY, trouble)


def _failed(letter: Letter, trouble: str) -> Outcome:
    return Outcome(letter, MailState.FAILED, trouble)


def _mark(outcomes: Sequence[Outcome], now: datetime, superiors: Superiors) -> None:
    sent = [outcome.letter.mail_id for outcome in outcomes if outcome.state is MailState.SENT]
    with unit_of_work(SYSTEM, "mail_mark"):
        _set(sent, state=MailState.SENT, sent_at=clock.now(), last_error="", leased_until=None)
        for outcome in outcomes:
            if outcome.state is MailState.RETRY:
                due_at = now + WAITS[outcome.letter.attempts - 1]
                _set_aside(outcome, due_at=due_at)
            if outcome.state is MailState.FAILED:
                _set_aside(outcome)
                _tell_superiors(outcome, superiors)


def _set_aside(outcome: Outcome, **values: object) -> None:
    error = outcome.error[:300]
    ids = [outcome.letter.mail_id]
    _set(ids, state=outcome.state, last_error=error, leased_until=None, **values)


def _tell_superiors(outcome: Outcome, superiors: Superiors) -> None:
    letter = outcome.letter
    body = (
        f"发给 {letter.address} 的邮件没有送到：{letter.subject}\n原因：{outcome.error}\n\n"
        "请电话告知本人；他在门户的消息里也能看到。邮箱地址改正以后，请系统管理员在发信箱重发。"
    )
    for user_id in superiors(letter.county_id):
        key = f"undelivered:{letter.mail_id}:{letter.attempts}:{user_id}"
        tell(user_id, subject="有一封邮件没有送到", body=body, dedupe_key=key)
