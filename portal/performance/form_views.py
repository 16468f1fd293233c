"""Pages of the forms: which are there and missing, one project's, one form, its writing and its steps."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, abort, flash, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock, hx
from portal.accounts.models import Organization
from portal.accounts.scopes import may
from portal.db import db
from portal.library.filters import kept_arguments, number_in, page_number
from portal.library.project_page import load_project
from portal.library.queries import townships
from portal.pace.queries import fund_years
from portal.performance import beginning, operations, overview
from portal.performance.amounts import amounts_of
from portal.performance.facts import HEAD, form_facts, indicators_of
from portal.performance.forms import FORMS, MOST_LINES, BeginForm, ContentForm, StepForm
from portal.performance.loading import load_form
from portal.performance.models import PerformanceForm
from portal.performance.overview import Chosen
from portal.performance.wording import heading_of
from portal.rules.access import Action
from portal.rules.broken import RuleBroken
from portal.rules.performance import problems
from portal.rules.performance_flow import FLOW
from portal.rules.performance_points import execution_score, points, total_score
from portal.rules.vocabulary import DeviationCause, DutyState, FormKind, FormStatus
from portal.rules.workflow import Move
from portal.web import actor, render, requires

bp = Blueprint("forms", __name__)

PAGE_SIZE = 50
BLANK_LINES = 3
MOVES: tuple[Move, ...] = tuple(dict.fromkeys(step.move for step in FLOW))
WRITING = (Action.WRITE_PERFORMANCE, Action.WRITE_REGIONAL)
TONES = {
    DutyState.AHEAD: "idle",
    DutyState.MISSING: "warn",
    DutyState.LATE: "late",
    DutyState.DRAFT: "idle",
    DutyState.SUBMITTED: "info",
    DutyState.APPROVED: "good",
}
DONE = {
    Move.SUBMIT: "已提交，等财政审核。",
    Move.WITHDRAW: "已撤回，可以修改后再提交。",
    Move.APPROVE: "已审核通过，表格已锁定。",
    Move.RETURN: "已退回，填报人会收到消息。",
}


@bp.get("/")
@requires(Action.VIEW_PERFORMANCE)
def home() -> ResponseReturnValue:
    person, today, page = actor(), clock.today(), page_number(request.args)
    years = fund_years(person.county_id)
    chosen = _chosen(years)
    lines = overview.project_lines(person, chosen, today)
    everything = overview.project_lines(person, replace(chosen, state=None), today)
    return render(
        "performance/forms.html",
        fragment="performance/_rows.html",
        lines=lines[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        total=len(lines),
        number=page,
        pages=-(-len(lines) // PAGE_SIZE),
        counts=overview.counts_of(everything),
        chosen=chosen,
        keep=kept_arguments(request.args, ("year", "township", "state")),
        years=years,
        townships=townships(person),
        regional=_regional(chosen.year),
        form=BeginForm(formdata=None),
        DutyState=DutyState,
        tones=TONES,
    )


@bp.get("/projects/<int:project_id>")
@requires(Action.VIEW_PERFORMANCE)
def project(project_id: int) -> ResponseReturnValue:
    return _project_page(project_id, BeginForm(formdata=None))


@bp.post("/projects/<int:project_id>/forms")
@requires(Action.WRITE_PERFORMANCE)
def begin(project_id: int) -> ResponseReturnValue:
    form, begun = BeginForm(), []
    if not form.accepts(lambda: begun.append(_begin(project_id, form))):
        return _project_page(project_id, form), 422
    return hx.go_to(url_for(".edit", form_id=begun[0].id))


@bp.post("/regional")
@requires(Action.WRITE_REGIONAL)
def begin_regional() -> ResponseReturnValue:
    form, begun = BeginForm(), []
    county = db.session.get_one(Organization, actor().county_id)
    if not form.accepts(
        lambda: begun.append(
            beginning.evaluate_region(county, form.year.data, actor=actor(), on=clock.today())
        )
    ):
        raise RuleBroken("；".join(str(problem) for problem in form.form_errors))
    return hx.go_to(url_for(".edit", form_id=begun[0].id))


@bp.get("/forms/<int:form_id>")
@requires(Action.VIEW_PERFORMANCE)
def form(form_id: int) -> ResponseReturnValue:
    return _form_page(load_form(form_id), StepForm(formdata=None))


@bp.get("/forms/<int:form_id>/edit")
@requires(*WRITING)
def edit(form_id: int) -> ResponseReturnValue:
    found = load_form(form_id, *WRITING)
    if found.status is not FormStatus.DRAFT:
        abort(404, "这张表已经提交，不能修改。要修改，请先在表格页撤回，或请审核人退回。")
    return _edit_page(found, _filled(found))


@bp.post("/forms/<int:form_id>/edit")
@requires(*WRITING)
def save(form_id: int) -> ResponseReturnValue:
    found = load_form(form_id, *WRITING)
    typed = FORMS[found.kind]()
    if not typed.accepts(
        lambda: operations.save(
            found, typed.content(), actor=actor(), on=clock.today(), seen=typed.seen.data
        )
    ):
        return _edit_page(found, typed), 422
    if rows := request.form.get("rows", type=int):
        return hx.go_to(url_for(".edit", form_id=found.id, rows=rows, _anchor="lines"))
    flash("已保存。检查无误后，请提交审核。")
    return hx.go_to(url_for(".form", form_id=found.id))


@bp.post(f"/forms/<int:form_id>/<any({','.join(MOVES)}):move>")
@requires(*{step.by for step in FLOW})
def step(form_id: int, move: str) -> ResponseReturnValue:
    found, wanted, form = load_form(form_id), Move(move), StepForm()
    if not any(may(actor(), one.by, found) for one in FLOW if one.move is wanted):
        abort(403)
    if not form.accepts(
        lambda: operations.take_step(
            found,
            wanted,
            actor=actor(),
            on=clock.today(),
            words=form.words.data or "",
            seen=form.seen.data,
        )
    ):
        return _form_page(found, form), 422
    flash(DONE[wanted])
    return hx.go_to(url_for(".form", form_id=found.id))


def _chosen(years: list[int]) -> Chosen:
    """The filter that the address names; without a year the latest one with money."""
    asked = number_in(request.args.get("year"))
    return Chosen(
        year=asked if asked in years else next(iter(years), clock.today().year),
        township_id=number_in(request.args.get("township")),
        state=DutyState.named(request.args.get("state")),
    )


def _regional(year: int) -> PerformanceForm | None:
    """The county's own form, for whoever reaches it."""
    found = overview.regional_form(actor().county_id, year)
    return found if found and may(actor(), Action.VIEW_PERFORMANCE, found) else None


def _begin(project_id: int, form: BeginForm) -> PerformanceForm:
    project = load_project(project_id, Action.WRITE_PERFORMANCE)
    year, today, person = form.year.data, clock.today(), actor()
    if form.kind.data == FormKind.DECLARATION:
        return beginning.declare(project, year, actor=person, on=today)
    if form.kind.data == FormKind.SELF_EVALUATION:
        return beginning.evaluate(project, year, actor=person, on=today)
    if form.month.data not in range(1, 13):
        raise RuleBroken("请选择监控到哪个月", field="month")
    return beginning.monitor(project, year, form.month.data, actor=person, on=today)


def _project_page(project_id: int, form: BeginForm) -> str:
    project = load_project(project_id, Action.VIEW_PERFORMANCE)
    years = overview.forms_of_project(project.id, clock.today())
    return render(
        "performance/project.html",
        project=project,
        years=years,
        months={
            year: overview.free_months(year, forms, clock.today()) for year, forms in years.items()
        },
        writes=may(actor(), Action.WRITE_PERFORMANCE, project),
        form=form,
        DutyState=DutyState,
        FormKind=FormKind,
        tones=TONES,
    )


def _form_page(found: PerformanceForm, form: StepForm) -> str:
    person, amounts = actor(), amounts_of(found, clock.today())
    form.seen.data = found.version
    lines = indicators_of(found)
    writes = may(person, operations.writing_action(found.kind), found)
    draft = found.status is FormStatus.DRAFT
    return render(
        "performance/form.html",
        found=found,
        heading=heading_of(found),
        head=HEAD,
        amounts=amounts,
        execution=execution_score(amounts.budget, amounts.executed),
        total=total_score(lines, amounts.budget, amounts.executed),
        points=points,
        problems=problems(form_facts(found)) if draft and writes else [],
        moves=operations.open_moves(found, person),
        editable=draft and writes,
        form=form,
        FormKind=FormKind,
        DeviationCause=DeviationCause,
        tones=TONES,
        state=DutyState(found.status.value),
    )


def _edit_page(found: PerformanceForm, form: ContentForm) -> str:
    return render(
        "performance/edit.html",
        found=found,
        heading=heading_of(found),
        amounts=amounts_of(found, clock.today()),
        form=form,
        grows=found.kind not in operations.FOLLOWING,
    )


def _filled(found: PerformanceForm) -> ContentForm:
    """The form with what is saved, and enough blank rows to go on without JavaScript."""
    values: dict[str, Any] = {
        "seen": found.version,
        "goal": found.goal,
        "achieved": found.achieved,
        "expected_amount": found.expected_amount or None,
        **{name: getattr(found, name) for name in HEAD},
        "lines": [vars(line) for line in indicators_of(found)],
        "notes": [{"words": note.words, "problems": note.problems} for note in found.notes],
    }
    form = FORMS[found.kind](formdata=None, data=values)
    if found.kind not in operations.FOLLOWING:
        asked = request.args.get("rows", type=int) or 0
        wanted = max(asked, len(found.lines) + BLANK_LINES)
        while len(form.lines) < min(wanted, MOST_LINES):
            form.lines.append_entry()
    return form
