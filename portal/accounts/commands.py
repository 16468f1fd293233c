"""``flask organization add`` and ``flask user add``: how a county begins without a page to begin from."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from portal.accounts import operations
from portal.accounts.models import Organization
from portal.db import db, unit_of_work
from portal.rules.access import SYSTEM
from portal.rules.broken import RuleBroken
from portal.rules.vocabulary import OrganizationKind, Role

organization_group = AppGroup("organization", help="The tree of offices.")
user_group = AppGroup("user", help="People with an account.")


@organization_group.command("add")
@click.argument("code")
@click.option("--kind", required=True, type=click.Choice([kind.value for kind in OrganizationKind]))
@click.option("--name", required=True)
@click.option("--parent", "parent_code", help="code of the organization above; none for the root")
def add_organization(code: str, kind: str, name: str, parent_code: str | None) -> None:
    """Add an office, from the prefecture at the root downwards; the portal's own pages do the rest."""
    with unit_of_work(SYSTEM, "organization add"), _plain_refusals():
        parent = _organization(parent_code) if parent_code else None
        operations.add_organization(
            code=code, kind=OrganizationKind(kind), name=name, parent=parent
        )


@user_group.command("add")
@click.argument("username")
@click.option("--org", "code", required=True, help="code of the organization")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--name", help="the person's name; the username by default")
@click.option("--email", default="")
def add_user(username: str, code: str, role: str, name: str | None, email: str) -> None:
    """Make an account and print its one-time password."""
    with unit_of_work(SYSTEM, "user add"), _plain_refusals():
        _user, password = operations.add_user(
            username=username,
            name=name or username,
            organization=_organization(code),
            roles=[Role(role)],
            email=email,
        )
    click.echo(password)


def _organization(code: str) -> Organization:
    found = db.session.scalar(sa.select(Organization).where(Organization.code == code))
    if found is None:
        raise click.ClickException(f"unknown organization code {code}; add it first")
    return found


@contextmanager
def _plain_refusals() -> Iterator[None]:
    """A broken rule ends the command in one line instead of a traceback."""
    try:
        yield
    except RuleBroken as broken:
        raise click.ClickException(broken.message) from None
