"""``duties settle``: bring the duties in line with the ledger, for a county that has a history already."""

import click
from flask.cli import AppGroup

from portal import clock
from portal.db import unit_of_work
from portal.duties.facts import SOURCES, in_parts
from portal.duties.operations import settle, subjects_since
from portal.rules.access import SYSTEM

duties = AppGroup("duties", help="What has to be disclosed.")


@duties.command("settle")
@click.option("--since", "year", type=int, default=0, help="only the events of this year and later")
def settle_duties(year: int) -> None:
    """Raise, correct, lapse and meet duties as the ledger says; a second run changes nothing."""
    changed = 0
    for event in SOURCES:
        with unit_of_work(SYSTEM, "duties settle"):
            subjects = subjects_since(event, year)
        for part in in_parts(subjects):
            with unit_of_work(SYSTEM, "duties settle"):
                changed += settle({event: part}, clock.today())
    click.echo(f"更新 {changed} 项公开任务。")
