"""``flask --app wsgi <command>``: the commands of the portal (INTERFACES).

Each folder keeps its own commands; here are those that concern the whole installation.
"""

import sys

import click
import sqlalchemy as sa
from flask import Flask, current_app
from flask.cli import AppGroup
from flask_migrate import upgrade

from portal import health
from portal.accounts import operations
from portal.accounts.models import Organization, User
from portal.db import db, unit_of_work
from portal.deadlines.commands import remind
from portal.demo import load as demo
from portal.library.commands import export_group, import_group
from portal.publication.commands import site
from portal.publication.operations import build_due_sites
from portal.rules.access import SYSTEM
from portal.rules.broken import RuleBroken
from portal.rules.vocabulary import Role
from portal.scheduler.commands import mail, scheduler

user_group = AppGroup("user", help="People with an account.")
demo_group = AppGroup("demo", help="The demo county.")


@user_group.command("add")
@click.argument("username")
@click.option("--org", "organization_code", required=True, help="code of the organization")
@click.option("--role", "role_code", required=True, help="role code, e.g. village_clerk")
@click.option("--name", default="", help="the person's name")
@click.option("--email", default="")
def add_user(
    username: str, organization_code: str, role_code: str, name: str, email: str
) -> None:
    """Make an account and print its one-time password."""
    if role_code not in set(Role):
        raise click.ClickException(f"unknown role {role_code}; known: {', '.join(Role)}")
    with unit_of_work(SYSTEM, "user add"):
        organization = db.session.scalar(
            sa.select(Organization).where(Organization.code == organization_code)
        )
        if organization is None:
            raise click.ClickException(f"unknown organization code {organization_code}")
        try:
            _user, password = operations.add_user(
                username=username,
                name=name or username,
                organization=organization,
                roles=[Role(role_code)],
                email=email,
            )
        except RuleBroken as broken:
            raise click.ClickException(broken.message) from None
    click.echo(password)


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
    click.echo(build_due_sites(), nl=False)
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


def install(app: Flask) -> None:
    """Register every command."""
    groups = (user_group, demo_group, import_group, export_group, mail, site)
    for command in (*groups, prepare, verify, remind, scheduler):
        app.cli.add_command(command)
