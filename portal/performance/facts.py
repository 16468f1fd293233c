"""What the rules need to know about a form: its indicators, and what its project must declare."""

from dataclasses import fields

from portal.library.models import Project
from portal.library.queries import book
from portal.performance.models import IndicatorLine, PerformanceForm
from portal.rules.indicators import Indicator
from portal.rules.performance import FormFacts
from portal.rules.performance_tables import CoreIndicator, core_of
from portal.rules.vocabulary import FormKind

HEAD = {
    "central_department": "中央主管部门",
    "local_department": "地方主管部门",
    "fund_user": "资金使用单位",
}
"""The texts at the head of the county's own form (F6b), by column."""
COLUMNS = tuple(field.name for field in fields(Indicator))


def indicator_of(line: IndicatorLine) -> Indicator:
    """The row as the rules see it."""
    return Indicator(**{name: getattr(line, name) for name in COLUMNS})


def indicators_of(form: PerformanceForm) -> list[Indicator]:
    """The rows of a form, in their order."""
    return [indicator_of(line) for line in form.lines]


def form_facts(form: PerformanceForm) -> FormFacts:
    """What the flow needs to know about a form."""
    required = core_indicators(form.project) if form.project else []
    return FormFacts(
        kind=form.kind,
        lines=tuple(indicators_of(form)),
        goal=form.goal,
        achieved=form.achieved,
        month=form.month,
        required=tuple(one.label for one in required),
        far_below=book().monitoring.far_below_percent,
        unnamed=tuple(
            label
            for name, label in HEAD.items()
            if form.kind is FormKind.REGIONAL and not getattr(form, name).strip()
        ),
        unnoted=tuple(note.aspect for note in form.notes if not note.words.strip()),
    )


def core_indicators(project: Project) -> list[CoreIndicator]:
    """What the project must declare (★★★)."""
    known = book().project_types.get(project.project_type)
    return core_of(book().core_indicators, project.report_class, known)
