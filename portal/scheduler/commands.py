"""``flask scheduler`` and ``flask mail send``."""

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from portal import clock
from portal.scheduler import process
from portal.scheduler.jobs import send_mail

mail = AppGroup("mail", help="The outbox.")


@mail.command("send")
def send() -> None:
    """Send what is queued."""
    click.echo(send_mail(clock.today()) or "没有要发的邮件")


@click.command("scheduler")
@with_appcontext
def scheduler() -> None:
    """Run the clock process: reminders, mail, sweeping."""
    process.serve(current_app._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001
