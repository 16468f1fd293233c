"""Facts of an assessment that the ledger knows, by the names that schemes ask for.

Amounts in 万元 and rates in percent, as the published sheets have them; every fact is of the state on a day.
"""

import json
from collections.abc import Sequence
from datetime import date
from fractions import Fraction

import sqlalchemy as sa

from portal.complaints.queries import hotline_handled
from portal.db import db
from portal.disclosure.models import DisclosureDuty
from portal.funds.models import FundDocument, Placement
from portal.funds.queries import document_lines
from portal.funds.shares import industry_share
from portal.library.models import Project
from portal.library.queries import book
from portal.pace.ages import Age, ages, sources
from portal.pace.models import Snapshot
from portal.pace.queries import project_figures, tier_figures, year_figures
from portal.performance.models import PerformanceForm
from portal.rules.money import FEN_PER_WAN, percent
from portal.rules.pace import Checkpoint
from portal.rules.scoring.facts import (
    Answer,
    Change,
    Fact,
    NamedShare,
    Placed,
    PlacedDays,
    Progress,
    Share,
    Shares,
)
from portal.rules.scoring.what_if import YOUNG_MONEY
from portal.rules.vocabulary import (
    DisclosureLevel,
    FormKind,
    FormStatus,
    FundingTier,
    ReportClass,
)

EVERY_PROJECT_OWES = (FormKind.DECLARATION, FormKind.MONITORING, FormKind.SELF_EVALUATION)

DISCLOSED_AT = {
    DisclosureLevel.COUNTY: "disclosed_by_county",
    DisclosureLevel.TOWNSHIP: "posted_by_townships",
    DisclosureLevel.VILLAGE: "posted_by_villages",
}


def ledger_facts(county_id: int, year: int, day: date) -> dict[str, Fact]:
    """Every fact that can be computed on ``day``; what the portal does not know by then is missing."""
    found: dict[str, Fact | None] = {
        "allocation_days": _allocation_days(county_id, year, day),
        "county_budget": _county_budget(county_id, year, day),
        "industry_share": _industry_share(county_id, year, day),
        "performance_forms": _forms(county_id, year, day),
        "hotline_handled": _hotline(county_id, year, day),
        **_executions(county_id, day),
        **_disclosed(county_id, year, day),
    }
    for checkpoint in book().pace.checkpoints:
        found[f"progress_{checkpoint.code}"] = _progress(county_id, year, checkpoint, day)
    return {name: fact for name, fact in found.items() if fact is not None}


def _allocation_days(county_id: int, year: int, day: date) -> Fact | None:
    """Each document with a clock: the days to its placement, or up to ``day`` while it runs."""
    statement = (
        sa.select(FundDocument)
        .where(
            FundDocument.county_id == county_id,
            FundDocument.year == year,
            FundDocument.received_on <= day,
        )
        .order_by(FundDocument.received_on, FundDocument.id)
    )
    items = [
        Placed(
            line.document.short_name,
            line.clock.used,
            _wan(line.document.amount),
            line.document.tier,
        )
        for line in document_lines(db.session.scalars(statement).all(), day)
        if line.clock is not None
    ]
    return PlacedDays(tuple(items)) if items else None


def _county_budget(county_id: int, year: int, day: date) -> Fact | None:
    """The county's own money of this year and the last; None where one of the two is not known."""
    now, before = (
        tier_figures(county_id, one, day).get(FundingTier.COUNTY) for one in (year, year - 1)
    )
    return Change(_wan(now.received), _wan(before.received)) if now and before else None


def _industry_share(county_id: int, year: int, day: date) -> Fact | None:
    """Both shares as published, with two decimals."""
    figures = project_figures(county_id, year, day)
    industry = set(
        db.session.scalars(
            sa.select(Project.id).filter_by(county_id=county_id, report_class=ReportClass.INDUSTRY)
        )
    )
    now = percent(
        sum(one.allocated for one in figures if one.project_id in industry),
        sum(one.allocated for one in figures),
    )
    share = industry_share(county_id, year)
    before = share.last_percent if share else None
    return None if now is None or before is None else Change(Fraction(now), Fraction(before))


def _hotline(county_id: int, year: int, day: date) -> Fact | None:
    """What was told by 12317 in the year, and how much of it is closed; not known where nothing was."""
    handled = hotline_handled(county_id, year, day)
    return Share(Fraction(handled[0]), Fraction(handled[1])) if handled else None


def _forms(county_id: int, year: int, day: date) -> Fact | None:
    """Projects with money of the year that have each form approved; None where nobody uses the forms."""
    with_money = (
        sa.select(Placement.project_id)
        .join(Placement.document)
        .where(
            Placement.county_id == county_id,
            FundDocument.year == year,
            Placement.allocated_amount > 0,
        )
    )
    forms = db.session.execute(
        sa.select(
            PerformanceForm.project_id,
            PerformanceForm.kind,
            PerformanceForm.status,
            PerformanceForm.approved_on,
        ).where(PerformanceForm.year == year, PerformanceForm.project_id.in_(with_money))
    ).all()
    if not forms:
        return None
    whole = len(set(db.session.scalars(with_money)))
    done = {
        (form.project_id, form.kind)
        for form in forms
        if form.status is FormStatus.APPROVED and form.approved_on <= day
    }
    return Shares(
        tuple(
            NamedShare(
                kind.label,
                Share(Fraction(sum(found is kind for _id, found in done)), Fraction(whole)),
            )
            for kind in EVERY_PROJECT_OWES
        )
    )


def _disclosed(county_id: int, year: int, day: date) -> dict[str, Fact | None]:
    """By level: what was made public, of what was public or overdue by ``day``; late counts as public."""
    duty = DisclosureDuty
    met = sa.func.coalesce(duty.met_on <= day, sa.false())
    statement = (
        sa.select(duty.level, sa.func.sum(sa.case((met, 1), else_=0)), sa.func.count())
        .where(
            duty.county_id == county_id,
            duty.year == year,
            duty.arisen_on <= day,
            sa.or_(duty.lapsed_on.is_(None), duty.lapsed_on > day),
            sa.or_(met, duty.due_on < day),
        )
        .group_by(duty.level)
    )
    return {
        DISCLOSED_AT[level]: Share(Fraction(int(done)), Fraction(whole))
        for level, done, whole in db.session.execute(statement).tuples()
    }


def _progress(county_id: int, year: int, checkpoint: Checkpoint, day: date) -> Fact | None:
    """What was frozen at the checkpoint, else what the ledger says of it now; None before it is there."""
    on = checkpoint.on(year)
    if on > day:
        return None
    frozen = db.session.scalar(
        sa.select(Snapshot.content)
        .filter_by(county_id=county_id, fund_year=year, checkpoint=checkpoint.code)
        .order_by(Snapshot.id)
    )
    if frozen:
        figures = json.loads(frozen)
        return Progress(_wan(figures["paid"]), _wan(figures["received"]), on)
    now = year_figures(county_id, year, on)
    return Progress(_wan(now.paid), _wan(now.received), on) if now.received else None


def _executions(county_id: int, day: date) -> dict[str, Fact | None]:
    pace = book().pace
    found = ages(sources(county_id, day), pace, day)
    young = [age for age in found if age.band.years == 1]
    older = [age for age in found if age.band.years == 2]
    oldest = [age for age in found if age not in (*young, *older)]
    return {
        YOUNG_MONEY: _share(young),
        "execution_1_to_2_years": _share(older),
        "nothing_older_than_2_years": Answer(all(age.received == age.paid for age in oldest)),
    }


def _share(found: Sequence[Age]) -> Fact | None:
    received = sum(age.received for age in found)
    return Share(_wan(sum(age.paid for age in found)), _wan(received)) if received else None


def _wan(fen: int) -> Fraction:
    return Fraction(fen, FEN_PER_WAN)
