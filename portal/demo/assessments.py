"""The demo's yearly assessment: the published claims beside what its own ledger gives on the day."""

import tomllib
from datetime import date
from decimal import Decimal

from portal.demo.county import HERE, Demo, organization
from portal.performance import assessment_operations as operations
from portal.rules.scoring.scheme import shipped_text

ILLUSTRATIVE = "按公开的得分明细表申报（示范）"


def add_assessment(demo: Demo, today: date) -> None:
    """Begin it, enter what people know and claim what was published; for a county that published its sheet.

    The claims are those of the year's end on whatever day the demo stands, so each says where it is from.
    """
    path = HERE / demo.name / "assessment.toml"
    if not path.is_file():
        return
    sheet = tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
    actor = demo.person("perf")
    assessment = operations.begin(
        organization(demo.county).id,
        demo.year,
        scheme_text=shipped_text(sheet["scheme"]),
        counted_on=min(today, date(demo.year, 12, 31)),
        actor=actor,
        on=today,
    )
    operations.mark_not_applicable(assessment, sheet["not_applicable"], actor=actor)
    for name, values in sheet["facts"].items():
        operations.enter_fact(assessment, name, values, actor=actor)
    for no, points in sheet["claims"].items():
        reason = sheet["reasons"].get(no, ILLUSTRATIVE)
        operations.claim(assessment, no, int(points * 100), reason, actor=actor)
