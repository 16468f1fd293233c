"""The performance forms of the demo's projects: declared, monitored, evaluated. All of it is illustrative.

A row of ``performance_forms.csv`` is a form. What it says of each indicator stands in the column of its
name in ``performance_indicators.csv``, and what stood in the way in ``performance_deviations.csv``.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial

from portal.demo.county import Demo, organization
from portal.demo.replay import Event
from portal.performance import beginning, operations
from portal.performance.facts import indicators_of
from portal.performance.models import PerformanceForm
from portal.performance.operations import FormContent
from portal.rules import money
from portal.rules.access import Actor
from portal.rules.indicators import Indicator
from portal.rules.vocabulary import (
    Comparison,
    DeviationCause,
    FormKind,
    Likelihood,
    Role,
    TargetLevel,
)
from portal.rules.workflow import Move

Row = dict[str, str]
TARGETS = "targets"
MONTHS = {"july": 7, "september": 9}
"""The forms that monitor; what is neither these nor the targets evaluates the year."""


def forms(demo: Demo) -> Iterator[Event]:
    """Each form on the day on which it was handed in, and on the day on which finance looked at it."""
    for row in demo.rows("performance_forms"):
        found: list[PerformanceForm] = []
        yield Event(date.fromisoformat(row["submitted_on"]), partial(_hand_in, demo, row, found))
        if row["decided_on"]:
            yield Event(date.fromisoformat(row["decided_on"]), partial(_decide, demo, row, found))


def _hand_in(demo: Demo, row: Row, found: list[PerformanceForm], on: date) -> None:
    writer = demo.local_officer(demo.project(row["project"]))
    form = _begin(demo, row, writer, on)
    content = FormContent(
        lines=_declared(demo, row) if row["form"] == TARGETS else _filled(demo, row, form),
        goal=form.goal,
        achieved=row["outcome"],
        expected_amount=money.parse_wan(row["expected_wan"]) if row["expected_wan"] else 0,
    )
    operations.save(form, content, actor=writer, on=on)
    operations.take_step(form, Move.SUBMIT, actor=writer, on=on)
    found.append(form)


def _decide(demo: Demo, row: Row, found: list[PerformanceForm], on: date) -> None:
    reviewer = demo.somebody(Role.FINANCE_PERF, organization(demo.finance))
    move = Move(row["decision"])
    operations.take_step(found[0], move, actor=reviewer, on=on, words=row["words"])


def _begin(demo: Demo, row: Row, writer: Actor, on: date) -> PerformanceForm:
    project, year = demo.project(row["project"]), demo.year
    if row["form"] == TARGETS:
        return beginning.declare(project, year, actor=writer, on=on)
    if month := MONTHS.get(row["form"]):
        return beginning.monitor(project, year, month, actor=writer, on=on)
    return beginning.evaluate(project, year, actor=writer, on=on)


def _declared(demo: Demo, row: Row) -> list[Indicator]:
    return [
        Indicator(
            TargetLevel(one["level"]),
            one["name"],
            Comparison(one["comparison"]),
            one["value"],
            one["unit"],
        )
        for one in _rows_of(demo, "performance_indicators", row)
    ]


def _filled(demo: Demo, row: Row, form: PerformanceForm) -> list[Indicator]:
    """Every indicator with what was reached by then; it is met in full unless a deviation says otherwise."""
    reached = {
        one["name"]: one[row["form"]] for one in _rows_of(demo, "performance_indicators", row)
    }
    deviations = {
        one["name"]: one
        for one in _rows_of(demo, "performance_deviations", row)
        if one["form"] == row["form"]
    }
    expect = _expected if form.kind is FormKind.MONITORING else _scored
    return [
        expect(replace(line, achieved=reached[line.name]), deviations.get(line.name, {}))
        for line in indicators_of(form)
    ]


def _expected(line: Indicator, deviation: Row) -> Indicator:
    expected = replace(line, expected=line.value, likelihood=Likelihood.CERTAIN)
    if not deviation:
        return expected
    return replace(
        expected,
        likelihood=Likelihood(deviation["likelihood"]),
        cause=DeviationCause(deviation["cause"]),
        explanation=deviation["explanation"],
        remedy=deviation["remedy"],
    )


def _scored(line: Indicator, deviation: Row) -> Indicator:
    if not deviation:
        return replace(line, score=line.weight)
    return replace(
        line,
        score=int(Decimal(deviation["points"]) * 100),
        explanation=deviation["explanation"],
        remedy=deviation["remedy"],
    )


def _rows_of(demo: Demo, table: str, row: Row) -> list[Row]:
    return [one for one in demo.rows(table) if one["project"] == row["project"]]
