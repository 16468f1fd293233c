"""``flask remind``: what the daily job does, for any day and by hand."""

import json
from datetime import datetime

import click
from flask.cli import with_appcontext

from portal.db import unit_of_work
from portal.deadlines import operations
from portal.rules.access import SYSTEM
from portal.scheduler import runs


@click.command("remind")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), required=True)
@click.option("--dry-run", is_flag=True, help="Only print what would be queued.")
@click.option("--json", "as_json", is_flag=True, help="An array instead of lines.")
@with_appcontext
def remind(day: datetime, *, dry_run: bool, as_json: bool) -> None:
    """Queue the reminders due on a day and print them; a second run finds none."""
    with unit_of_work(SYSTEM, operations.JOB, read_only=dry_run):
        if dry_run:
            found = operations.report(operations.due(day.date()))
        else:
            runs.claim(operations.JOB, day.date())
            found = operations.remind(day.date())
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for line in found:
        click.echo(f"{line['text']} → {'、'.join(line['recipients'])}")
    if not found:
        click.echo("[]（没有要提醒的事）")
