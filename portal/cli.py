"""``flask --app wsgi <command>``: the commands of the portal (INTERFACES).

Each folder keeps its own commands; here are those that concern the whole installation.
"""

import sys

import click
import sqlalchemy as sa
from flask import Flask, current_app
from flask.cli import AppGroup
from flask_migrate import upgrade
from sqlalchemy.engine import ExceptionContext

from portal import health
from portal.accounts.commands import organization_group, user_group
from portal.accounts.models import User
from portal.db import db
from portal.deadlines.commands import remind
from portal.demo import load as demo
from portal.duties.commands import duties
from portal.library.commands import export_group, import_group
from portal.performance.commands import crosscheck_command, score_command
from portal.publication.commands import site
from portal.publication.operations import build_due_sites
from portal.scheduler.commands import mail, scheduler

NO_TABLES = "the database has no tables yet: run flask --app wsgi db upgrade"
UNDEFINED_TABLE = "42P01"
"""PostgreSQL's code for it."""

demo_group = AppGroup("demo", help="The demo county.")


@demo_group.command("load")
@click.argument("name")
def load_demo(name: str) -> None:
    """Load a demo county into an empty database."""
    try:
        demo.load(name)
    except demo.DemoRefused as refused:
        raise click.ClickException(str(refused)) from None


@click.command("prepare")
def prepare() -> None:
    """Migrate, load the demo into an empty database, build the public site, print the logins."""
    upgrade()
    if not db.session.scalar(sa.select(sa.func.count()).select_from(User)):
        click.echo("Loading the demo county 阿城 2023 …")
        demo.load("acheng-2023")
    if built := build_due_sites():
        click.echo(f"Public site: {built}")
    if current_app.config["DEMO"]:
        click.echo(demo.logins())


@click.command("verify")
def verify() -> None:
    """Check the audit chain, the ledger's sums, the stored files and the public site."""
    problems = list(health.problems())
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        sys.exit(1)
    click.echo("everything is in order")


@click.command("doctor")
def doctor() -> None:
    """Say how the installation is doing: tables, scheduler, mail, disk, and all that ``verify`` checks."""
    sick = False
    for sign in health.signs():
        click.echo(f"{'ok  ' if sign.well else 'BAD '} {sign.text}")
        sick = sick or not sign.well
    if sick:
        sys.exit(1)


@sa.event.listens_for(sa.Engine, "handle_error")
def _tables_missing(context: ExceptionContext) -> None:
    """Tell a person at the command line what to do instead of where the program stood."""
    fault = context.original_exception
    missing = getattr(fault, "sqlstate", "") == UNDEFINED_TABLE or "no such table" in str(fault)
    if missing and click.get_current_context(silent=True):
        raise click.ClickException(NO_TABLES)


def install(app: Flask) -> None:
    """Register every command."""
    groups = (
        *(organization_group, user_group, demo_group, import_group, export_group),
        *(duties, mail, site),
    )
    for command in (
        *groups,
        prepare,
        verify,
        doctor,
        remind,
        scheduler,
        score_command,
        crosscheck_command,
    ):
        app.cli.add_command(command)
