"""``import library`` and ``export library``: the county's plan table, both ways (INTERFACES)."""

import io
import sys
from datetime import datetime
from pathlib import Path

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from portal import clock
from portal.accounts.models import Organization
from portal.audit.recorder import note
from portal.db import db, unit_of_work
from portal.library import importing
from portal.library.models import Project
from portal.library.plan import PlanCheck
from portal.library.sheets import write_plan
from portal.rules.access import SYSTEM
from portal.rules.broken import RuleBroken
from portal.rules.vocabulary import OrganizationKind

import_group = AppGroup("import", help="Tables into the portal.")
export_group = AppGroup("export", help="Tables out of the portal.")
county_option = click.option(
    "--county", default="", help="code of the county, where there are several"
)


@import_group.command("library")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="check and show only")
@click.option("--year", type=int, help="year of new projects; by default this year")
@click.option(
    "--minutes", default="", help="number of the approval: new projects enter the library"
)
@click.option("--admitted-on", type=click.DateTime(["%Y-%m-%d"]), help="day of that approval")
@county_option
def import_library(
    file: Path,
    dry_run: bool,
    year: int | None,
    minutes: str,
    admitted_on: datetime | None,
    county: str,
) -> None:
    """Import a plan table; with any fault nothing is stored and each faulty cell is named."""
    try:
        with unit_of_work(SYSTEM, "import library") as unit:
            upload = importing.begin_import(
                file.read_bytes(),
                file.name,
                actor=SYSTEM,
                county_id=_county(county).id,
                year=year or clock.today().year,
                on=clock.today(),
                minutes_number=minutes,
                admitted_on=admitted_on.date() if admitted_on else None,
            )
            check = importing.check_import(upload)
            unit.refused = dry_run or bool(check.sheet.errors)
            if not unit.refused:
                importing.confirm_import(upload, actor=SYSTEM, on=clock.today())
    except RuleBroken as broken:
        raise click.ClickException(broken.message) from None
    _report(check)


def _report(check: PlanCheck) -> None:
    for remark in (*check.sheet.warnings, *check.guesses):
        click.echo(remark)
    for row in check.changed:
        for difference in row.differences:
            click.echo(f"{row.code} {difference.title}: {difference.before} → {difference.after}")
    for error in check.sheet.errors:
        click.echo(str(error), err=True)
    if check.sheet.errors:
        sys.exit(1)
    click.echo(f"新增 {len(check.added)}，修改 {len(check.changed)}，没有变化 {check.unchanged}。")


@export_group.command("library")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--year", type=int, help="only the projects of this year")
@county_option
def export_library(file: Path, year: int | None, county: str) -> None:
    """Write the plan table of the county's projects as .xlsx."""
    target = io.BytesIO()
    with unit_of_work(SYSTEM, "export library"):
        ids = sa.select(Project.id).where(Project.county_id == _county(county).id)
        if year:
            ids = ids.where(Project.year == year)
        count = write_plan(ids, target)
        note("exported", file.name[:64], projects=count)
    file.write_bytes(target.getvalue())
    click.echo(f"{count} 个项目已写入 {file}")


def _county(code: str) -> Organization:
    """The county of that code, or the only one there is."""
    statement = sa.select(Organization).where(Organization.kind == OrganizationKind.COUNTY)
    if code:
        statement = statement.where(Organization.code == code)
    found = list(db.session.scalars(statement))
    if len(found) != 1:
        raise click.ClickException(
            f"{len(found)} counties fit; name one with --county CODE"
            if found
            else "no such county in the database"
        )
    return found[0]
