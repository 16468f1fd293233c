"""The score sheet as a page shows it: each line with where its facts come from and where their rows are."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask import url_for

from portal.accounts.models import User
from portal.accounts.scopes import visible
from portal.db import db
from portal.library.queries import book
from portal.performance import assessment_cards as cards
from portal.performance.ledger_facts import DISCLOSED_AT
from portal.performance.models import Assessment, AssessmentEvidence
from portal.rules.access import Action
from portal.rules.scoring.scheme import Indicator, Part
from portal.rules.scoring.scorecard import Line
from portal.rules.scoring.what_if import YOUNG_MONEY
from portal.rules.vocabulary import FactOrigin, FundingTier
from portal.web import actor, load_or_404


@dataclass(frozen=True)
class Source:
    """A fact of a line: where it comes from, and the page of the rows behind it, where there is one.

    ``by`` is who entered it, "" for what the ledger knows and for what is missing.
    """

    part: Part
    origin: FactOrigin
    address: str | None
    by: str


@dataclass(frozen=True)
class SheetLine:
    """A line with all that belongs to it."""

    indicator: Indicator
    line: Line
    sources: tuple[Source, ...]
    papers: tuple[AssessmentEvidence, ...]

    @property
    def differs(self) -> bool:
        """Whether officials claim other points than the rule gives."""
        return cards.differs(self.line)

    @property
    def missing(self) -> bool:
        """Whether the line lacks points altogether."""
        line = self.line
        counts = line.applies and line.full is not None
        return counts and line.computed is None and line.claimed is None


def load_assessment(assessment_id: int, action: Action = Action.VIEW_PERFORMANCE) -> Assessment:
    """The assessment, or 404 where the action does not reach it."""
    statement = sa.select(Assessment).where(Assessment.id == assessment_id)
    found: Assessment = load_or_404(visible(statement, Assessment, actor(), action))
    return found


def sheet_lines(
    assessment: Assessment, gathered: cards.Gathered, lines: Sequence[Line]
) -> list[SheetLine]:
    """Every line of the sheet, in its order."""
    addresses, people = rows_behind(assessment), _entered_by(assessment)
    return [
        SheetLine(
            indicator,
            line,
            tuple(
                Source(
                    part,
                    gathered.origin(part.fact),
                    addresses.get(part.fact),
                    people.get(part.fact, ""),
                )
                for part in indicator.parts
            ),
            tuple(
                one
                for one in assessment.evidence
                if one.no == indicator.no and one.removed_on is None
            ),
        )
        for indicator, line in zip(gathered.scheme.indicators, lines, strict=True)
    ]


def rows_behind(assessment: Assessment) -> dict[str, str]:
    """Fact that the ledger computes -> address of the page that shows the rows behind it."""
    year, day = assessment.year, assessment.counted_on
    pace = url_for("pace.overview", year=year, day=day)
    checkpoints = {
        f"progress_{one.code}": url_for("pace.overview", year=year, day=one.on(year))
        for one in book().pace.checkpoints
    }
    ledger = {
        fact: url_for("duties.ledger", year=year, level=level)
        for level, fact in DISCLOSED_AT.items()
    }
    return (
        checkpoints
        | ledger
        | {
            "allocation_days": url_for("funds.documents", year=year),
            "county_budget": url_for("funds.documents", year="all", tier=FundingTier.COUNTY),
            "industry_share": url_for("pace.projects", year=year, day=day),
            "performance_forms": url_for("performance.forms.home", year=year),
            YOUNG_MONEY: f"{pace}#ages",
            "execution_1_to_2_years": f"{pace}#ages",
            "nothing_older_than_2_years": f"{pace}#ages",
        }
    )


def _entered_by(assessment: Assessment) -> dict[str, str]:
    """Fact that people entered -> who did."""
    ids = {fact.entered_by_id for fact in assessment.facts}
    rows = db.session.execute(sa.select(User.id, User.name).where(User.id.in_(ids)))
    names = dict(rows.tuples().all())
    return {fact.name: names.get(fact.entered_by_id, "") for fact in assessment.facts}
