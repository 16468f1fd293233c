"""``flask score`` and ``flask crosscheck``: without a year, both read files only and need no database."""

import json
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import click
import sqlalchemy as sa
from flask.cli import with_appcontext

from portal import clock
from portal.accounts.models import Organization
from portal.db import db
from portal.documents.reading import read_report
from portal.intake import FileRefused
from portal.library.queries import book
from portal.performance import assessment_cards as cards
from portal.performance.models import Assessment
from portal.rules.crosscheck.check import crosscheck
from portal.rules.scoring.scheme import (
    Evidence,
    Scheme,
    SchemeError,
    parse_scheme,
    read_evidence,
    read_scheme,
    shipped_text,
)
from portal.rules.scoring.scorecard import Line, PartLine, Scorecard, score
from portal.rules.vocabulary import OrganizationKind

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("score")
@click.option("--year", type=int, help="Score this year from the ledger and its assessment.")
@click.option("--county", default="", help="Code of the county, where there are several.")
@click.option("--scheme", "scheme_file", type=FILE, help="The table of indicators.")
@click.option("--facts", "facts_file", type=FILE, help="What is known, and claims; goes first.")
@click.option("--json", "as_json", is_flag=True, help="One object instead of lines.")
def score_command(
    year: int | None,
    county: str,
    scheme_file: Path | None,
    facts_file: Path | None,
    *,
    as_json: bool,
) -> None:
    """Score a year: every line with full, computed and claimed points and the working.

    With --scheme and --facts and no --year it needs no database.
    """
    try:
        if year is not None:
            card = _of_year(year, county, scheme_file, facts_file)
        elif scheme_file and facts_file:
            scheme = read_scheme(scheme_file)
            card = score(scheme, read_evidence(facts_file, scheme))
        else:
            raise click.UsageError("give --year, or both --scheme and --facts")
    except SchemeError as error:
        raise click.ClickException(str(error)) from None
    if as_json:
        click.echo(json.dumps(as_object(card), ensure_ascii=False, indent=2))
        return
    _print(card)


@with_appcontext
def _of_year(
    year: int, county: str, scheme_file: Path | None, facts_file: Path | None
) -> Scorecard:
    """The year's assessment, or what the ledger alone knows; the files go first."""
    county_id = _county_id(county)
    assessment = db.session.scalar(sa.select(Assessment).filter_by(county_id=county_id, year=year))
    if assessment and not (scheme_file or facts_file):
        return cards.card(assessment)
    scheme = read_scheme(scheme_file) if scheme_file else None
    if assessment:
        gathered = cards.with_entered(assessment, scheme) if scheme else cards.gather(assessment)
    else:
        day = min(clock.today(), date(year, 12, 31))
        gathered = cards.gather_year(county_id, year, day, scheme or _usual_scheme())
    known = gathered.evidence
    if not facts_file:
        return score(gathered.scheme, known)
    own = read_evidence(facts_file, gathered.scheme)
    return score(
        gathered.scheme,
        Evidence(
            {**known.facts, **own.facts},
            own.not_applicable or known.not_applicable,
            {**known.claims, **own.claims},
        ),
    )


def _usual_scheme() -> Scheme:
    name = book().scheme
    return parse_scheme(name, shipped_text(name).encode())


def _county_id(code: str) -> int:
    counties = sa.select(Organization).filter_by(kind=OrganizationKind.COUNTY)
    found = db.session.scalars(counties.filter_by(code=code) if code else counties).all()
    if len(found) != 1:
        raise click.ClickException("name the county with --county CODE")
    return found[0].id


def _print(card: Scorecard) -> None:
    for line in card.lines:
        points = map(_word, (line.full, line.computed, line.claimed, line.points))
        click.echo("\t".join((line.no, line.title, *points, line.working)))
    click.echo(
        f"合计 {card.total}，按规则计算 {card.computed_total}，适用 {card.applicable}，"
        f"折合 {_word(card.normalized)}，等级 {card.grade or '—'}"
    )


def as_object(card: Scorecard) -> dict[str, object]:
    """The scorecard as JSON knows it: points as numbers with two decimals."""
    return {
        "lines": [_line(line) for line in card.lines],
        "total": float(card.total),
        "computed_total": float(card.computed_total),
        "applicable": float(card.applicable),
        "normalized": _number(card.normalized),
        "grade": card.grade,
    }


def _line(line: Line) -> dict[str, object]:
    return {
        "no": line.no,
        "title": line.title,
        "full": _number(line.full),
        "computed": _number(line.computed),
        "claimed": _number(line.claimed),
        "points": float(line.points),
        "working": line.working,
        "parts": [_part(part) for part in line.parts],
    }


def _part(part: PartLine) -> dict[str, object]:
    return {
        "no": part.no,
        "title": part.title,
        "full": float(part.full),
        "computed": _number(part.computed),
        "working": part.working,
    }


def _number(points: Decimal | None) -> float | None:
    return None if points is None else float(points)


def _word(points: Decimal | None) -> str:
    return "—" if points is None else str(points)


@click.command("crosscheck")
@click.argument("file", type=FILE)
@click.option("--json", "as_json", is_flag=True, help="One object instead of lines.")
def crosscheck_command(file: Path, *, as_json: bool) -> None:
    """Find the contradictions of a report (.docx or .txt): sums, shares, days, counts, points."""
    try:
        outcome = crosscheck(read_report(file.read_bytes()))
    except FileRefused as refused:
        raise click.ClickException(f"{file.name}: {refused.message}") from None
    if as_json:
        click.echo(json.dumps(asdict(outcome), ensure_ascii=False, indent=2))
        return
    for finding in outcome.findings:
        click.echo(f"{finding.place}\t{finding.kind.label}\t{finding.claim}\t{finding.arithmetic}")
    for remark in outcome.remarks:
        click.echo(f"{remark.place}\t提示\t{remark.words}")
    if not outcome.findings:
        click.echo("没有发现前后矛盾的数字。")
