"""Writes on the closing of a year: figured by one person, decided by another on the same figures."""

from datetime import date

import sqlalchemy as sa

from portal.accounts.models import Organization
from portal.accounts.scopes import may
from portal.closing.figures import Key, figures, moved, stored
from portal.closing.models import CarryOver, YearClosing
from portal.closing.queries import next_year, waiting
from portal.db import bulk_insert, db, lock
from portal.funds.models import FundDocument, Placement
from portal.library.models import Project
from portal.rules import money
from portal.rules.access import Action, Actor, roles_with
from portal.rules.broken import RuleBroken
from portal.rules.closing_flow import FLOW, ClosingFacts, year_problem
from portal.rules.vocabulary import ClosingStatus
from portal.rules.workflow import Move, check_step, find_step


def propose_closing(county_id: int, year: int, *, actor: Actor, on: date) -> YearClosing:
    """Figure what every document and project of the year and of those before it carries over.

    Raises:
        RuleBroken: another year comes first, the year is not over, a proposal waits already, or money
            was paid on a project before it was placed there.
    """
    lock(Organization, [county_id])
    problem = year_problem(year, on, next_year(county_id))
    if problem or (problem := _waiting(county_id)):
        raise RuleBroken(f"不能结账：{problem}。", field="year")
    _lock_money(county_id, year)
    found = figures(county_id, year)
    for key, line in found.items():
        if line.rest < 0:
            raise RuleBroken(
                f"不能结账：{_name(key)}到 {year}-12-31 付出的比安排的多 "
                f"{money.wan_exact(-line.rest)} 万元。请核对支付日期和批复日期。"
            )
    closing = YearClosing(
        county_id=county_id,
        year=year,
        proposed_by_id=actor.user_id,
        proposed_by=actor.name,
        proposed_on=on,
    )
    db.session.add(closing)
    db.session.flush()
    rows = [
        {
            "county_id": county_id,
            "closing_id": closing.id,
            "document_id": document_id,
            "project_id": project_id,
            "opening_amount": line.opening,
            "added_amount": line.added,
            "paid_amount": line.paid,
            "rest_amount": line.rest,
        }
        for (document_id, project_id), line in found.items()
    ]
    bulk_insert(CarryOver, rows, source=f"year_closing {closing.id}", county_id=county_id)
    return closing


def decide_closing(
    closing: YearClosing, move: Move, *, actor: Actor, on: date, words: str = ""
) -> None:
    """Close the year, or send the figures back; from the approval nothing is booked into the year.

    The figures are made anew under the locks of all documents and placements: what is approved is what
    the books say at that moment.

    Raises:
        RuleBroken: it is decided already, the figures moved, or one person would do two people's work.
    """
    lock(Organization, [closing.county_id])
    _lock_money(closing.county_id, closing.year)
    lock(YearClosing, [closing.id])
    facts = ClosingFacts(_difference(closing))
    step = find_step(FLOW, move, closing.status, facts)
    if not may(actor, step.by, closing):
        holders = "、".join(role.label for role in roles_with(Action.DECIDE_CLOSING))
        raise RuleBroken(f"“{move.label}”要由本县（区）的{holders}办理。")
    proposer = frozenset({closing.proposed_by_id})
    check_step(step, facts, actor_id=actor.user_id, earlier_actors=proposer, words=words)
    closing.status = ClosingStatus(step.target.value)
    closing.decided_by_id, closing.decided_by = actor.user_id, actor.name
    closing.decided_on, closing.words = on, words.strip()
    db.session.flush()


def _waiting(county_id: int) -> str | None:
    earlier = waiting(county_id)
    if earlier is None:
        return None
    return (
        f"{earlier.proposed_by}已于 {earlier.proposed_on} 提交 {earlier.year} 年度结账，正等待审批"
    )


def _lock_money(county_id: int, year: int) -> None:
    """Nobody places or pays money of these documents until the unit ends."""
    documents = sa.select(FundDocument.id).where(
        FundDocument.county_id == county_id, FundDocument.year <= year
    )
    ids = db.session.scalars(documents).all()
    lock(FundDocument, ids)
    placements = sa.select(Placement.id).where(Placement.document_id.in_(ids))
    lock(Placement, db.session.scalars(placements).all())


def _difference(closing: YearClosing) -> str | None:
    """The first line that is not what was proposed, in the words of the refusal."""
    if closing.status is not ClosingStatus.SUBMITTED:
        return None
    kept, now = stored(closing), figures(closing.county_id, closing.year)
    changed = next(moved(kept, now), None)
    if changed is None:
        return None
    was, today = (lines[changed].rest if changed in lines else 0 for lines in (kept, now))
    return (
        f"编制以后账有变动：{_name(changed)}编制时结转 {money.wan_exact(was)} 万元，"
        f"现在 {money.wan_exact(today)} 万元。请“{Move.REJECT.label}”，由财政重新编制"
    )


def _name(key: Key) -> str:
    document_id, project_id = key
    document = db.session.get_one(FundDocument, document_id)
    if project_id is None:
        return f"文件“{document.short_name}”未安排的部分"
    return (
        f"文件“{document.short_name}”安排给“{db.session.get_one(Project, project_id).name}”的资金"
    )
