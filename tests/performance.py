"""Forms of the performance chain for tests: a project with money and targets, and filled-in forms."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from portal.db import unit_of_work
from portal.library.models import Project, Target
from portal.performance import beginning, operations
from portal.performance.facts import indicators_of
from portal.performance.models import PerformanceForm
from portal.performance.operations import FormContent
from portal.rules.access import SYSTEM
from portal.rules.indicators import Indicator
from portal.rules.vocabulary import Comparison, FormKind, Likelihood, TargetLevel
from portal.rules.workflow import Move
from tests import spending
from tests.works import act
from tests.world import World

TARGETS = (
    (TargetLevel.QUANTITY, "硬化道路", "3.2", "公里"),
    (TargetLevel.QUALITY, "项目（工程）验收合格率", "100", "%"),
    (TargetLevel.SOCIAL, "受益脱贫（监测）人口数", "27", "人"),
    (TargetLevel.SATISFACTION, "受益群众满意度", "95", "%"),
)


def with_targets(
    world: World, amount: str | int = 100, name: str = "东村道路", targets: Any = TARGETS
) -> Project:
    """A project of the library with money of 2023 and the targets of its application."""
    project = spending.place(world, amount, name)
    with unit_of_work(SYSTEM, "test"):
        project.goal = "硬化道路 3.2 公里，方便 27 名脱贫群众出行。"
        project.targets = [
            Target(
                county_id=project.county_id,
                position=position,
                level=level,
                name=name,
                comparison=Comparison.AT_LEAST,
                value=value,
                unit=unit,
            )
            for position, (level, name, value, unit) in enumerate(targets, start=1)
        ]
    return project


def step(
    world: World, form: PerformanceForm, move: Move, person: str, on: date, **more: Any
) -> None:
    """One step of the flow."""
    act(world, person, operations.take_step, form, move, on=on, **more)


def fill(
    world: World,
    form: PerformanceForm,
    lines: Sequence[Indicator],
    on: date,
    person: str = "town_reviewer",
    **content: Any,
) -> None:
    """Write a draft."""
    act(world, person, operations.save, form, FormContent(lines, **content), on=on)


def approve(
    world: World, form: PerformanceForm, on: date, person: str = "town_reviewer"
) -> PerformanceForm:
    """Hand a form in and have finance approve it."""
    step(world, form, Move.SUBMIT, person, on)
    step(world, form, Move.APPROVE, "finance_perf", on)
    return form


def declared(world: World, project: Project, on: date) -> PerformanceForm:
    """An approved declaration of 2023."""
    form = act(world, "town_reviewer", beginning.declare, project, 2023, on=on)
    return approve(world, form, on)


def measured(form: PerformanceForm, **more: Any) -> list[Indicator]:
    """Every indicator reached, as far as its kind of form asks."""
    lines = []
    for line in indicators_of(form):
        values: dict[str, Any] = {"achieved": line.value}
        if form.kind is FormKind.MONITORING:
            values |= {"expected": line.value, "likelihood": Likelihood.CERTAIN}
        else:
            values["score"] = line.weight
        lines.append(Indicator(**vars(line) | values | more))
    return lines


def evaluated(world: World, project: Project, on: date) -> PerformanceForm:
    """An approved self-evaluation of 2023 in which everything is reached."""
    form = act(world, "town_reviewer", beginning.evaluate, project, 2023, on=on)
    fill(world, form, measured(form), on, achieved="道路已硬化并通过验收。")
    return approve(world, form, on)
