"""Assessments for tests: the year 2023 of a county by the shipped scheme."""

from datetime import date
from pathlib import Path

from portal.db import db, unit_of_work
from portal.performance.models import Assessment
from portal.rules.access import SYSTEM
from portal.rules.scoring.scheme import FOLDER, read_evidence, read_scheme
from portal.rules.scoring.scorecard import Scorecard, score

SCHEME = FOLDER / "heilongjiang-county-2023.toml"
PUBLISHED_FACTS = Path(__file__).parents[1] / "docs" / "schemes" / "acheng-2023-facts.toml"
CLAIM = """[[claim]]
no = "3"
points = 5
reason = "报告写“45 日内”，与文件日期不符"
"""


def assess(county_id: int, counted_on: date) -> Assessment:
    """An open assessment of 2023."""
    with unit_of_work(SYSTEM, "test"):
        assessment = Assessment(
            county_id=county_id,
            year=2023,
            counted_on=counted_on,
            scheme=SCHEME.read_text(encoding="utf-8"),
            begun_by_id=1,
            begun_on=counted_on,
        )
        db.session.add(assessment)
    return assessment


def published_card(folder: Path, *, claimed: bool) -> Scorecard:
    """The score sheet of the published facts, with the claim of line 3 or without it."""
    scheme, text = read_scheme(SCHEME), PUBLISHED_FACTS.read_text(encoding="utf-8")
    assert CLAIM in text
    own = folder / "facts.toml"
    own.write_text(text if claimed else text.replace(CLAIM, ""), encoding="utf-8")
    return score(scheme, read_evidence(own, scheme))
