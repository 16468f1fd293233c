"""Writes on forms: their content while they are drafts, and the steps of their flow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm.attributes import flag_modified

from portal.accounts.scopes import may
from portal.db import db, lock
from portal.performance.amounts import keep_amounts
from portal.performance.facts import HEAD, core_indicators, form_facts, indicator_of
from portal.performance.models import FormStep, IndicatorLine, PerformanceForm
from portal.performance.news import tell_writer
from portal.rules.access import Action, Actor, roles_with
from portal.rules.broken import RuleBroken
from portal.rules.indicators import Indicator
from portal.rules.performance import FormFacts, within_weights
from portal.rules.performance_flow import FLOW
from portal.rules.vocabulary import FormKind, FormStatus, ManagementAspect, TargetLevel
from portal.rules.workflow import Move, check_step, find_step, steps_from

FOLLOWING = frozenset({FormKind.MONITORING, FormKind.SELF_EVALUATION})
"""Forms whose indicators are those of the declaration."""


@dataclass(frozen=True)
class FormContent:
    """What a person writes into a form; ``notes`` are how an aspect stands, and its problems."""

    lines: Sequence[Indicator]
    goal: str = ""
    achieved: str = ""
    expected_amount: int = 0
    central_department: str = ""
    local_department: str = ""
    fund_user: str = ""
    notes: Mapping[ManagementAspect, tuple[str, str]] | None = None


def writing_action(kind: FormKind) -> Action:
    """Who writes such a form."""
    return Action.WRITE_REGIONAL if kind is FormKind.REGIONAL else Action.WRITE_PERFORMANCE


def save(
    form: PerformanceForm,
    content: FormContent,
    *,
    actor: Actor,
    on: date,
    seen: int | None = None,
) -> None:
    """Write a draft; it may be incomplete, whoever writes it answers for it.

    ``seen`` is the version that the person was looking at.

    Raises:
        RuleBroken: the form is locked, somebody was faster, or a score is above its weight.
    """
    _lock(form, seen)
    if not may(actor, writing_action(form.kind), form):
        raise RuleBroken(f"{form.kind.label}由{_holders(writing_action(form.kind))}填写")
    if form.status is not FormStatus.DRAFT:
        raise RuleBroken(f"这张表现在是“{form.status.label}”，要改，请先撤回或请审核人退回")
    lines = _fitting(form, content.lines)
    if problem := within_weights(FormFacts(form.kind, tuple(lines))):
        raise RuleBroken(problem)
    _write_lines(form, lines)
    if form.kind not in FOLLOWING:
        form.goal = content.goal
    form.achieved, form.expected_amount = content.achieved, content.expected_amount
    for name in HEAD:
        setattr(form, name, getattr(content, name))
    for note in form.notes:
        note.words, note.problems = (content.notes or {}).get(note.aspect, ("", ""))
    form.written_by_id, form.written_on = actor.user_id, on
    flag_modified(form, "written_on")  # its lines are its content: a new version of it
    db.session.flush()


def take_step(
    form: PerformanceForm,
    move: Move,
    *,
    actor: Actor,
    on: date,
    words: str = "",
    seen: int | None = None,
) -> FormStep:
    """Take one step of :data:`portal.rules.performance_flow.FLOW`, or refuse it in plain words.

    Handing in reads the amounts from the ledger; from then on they stand.

    Raises:
        RuleBroken: the form is locked or not complete, or one person would do two people's work.
    """
    _lock(form, seen)
    facts = form_facts(form)
    step = find_step(FLOW, move, form.status, facts)
    if not may(actor, step.by, form):
        raise RuleBroken(f"“{move.label}”要由{_holders(step.by)}办理")
    check_step(step, facts, actor_id=actor.user_id, earlier_actors=_writers(form), words=words)
    if move is Move.SUBMIT:
        keep_amounts(form, on)
    form.status = FormStatus(step.target.value)
    form.submitted_on = None if form.status is FormStatus.DRAFT else form.submitted_on or on
    if move is Move.APPROVE:
        form.approved_on, form.approved_by_id = on, actor.user_id
    taken = FormStep.by(
        actor, on, words, county_id=form.county_id, move=move, to_status=form.status
    )
    form.steps.append(taken)
    db.session.flush()
    tell_writer(form, taken)
    return taken


def open_moves(form: PerformanceForm, actor: Actor) -> list[Move]:
    """The moves that this person may make now; not the approval of one's own work."""
    found = steps_from(FLOW, form.status, form_facts(form))
    own = actor.user_id in _writers(form)
    return [
        step.move for step in found if may(actor, step.by, form) and not (step.fresh_eyes and own)
    ]


def _lock(form: PerformanceForm, seen: int | None) -> None:
    lock(PerformanceForm, [form.id])
    if form.status is FormStatus.APPROVED:
        raise RuleBroken(
            f"这张表已于 {form.approved_on} 审核通过并锁定，不能再改。"
            f"目标要调整的，请在 {form.year + 1} 年度重新申报"
        )
    if seen is not None and seen != form.version:
        raise RuleBroken("别人已改过这张表，请刷新页面，看过最新内容再办理")


def _fitting(form: PerformanceForm, lines: Sequence[Indicator]) -> list[Indicator]:
    """The declared part of a row stays as it was approved; a core indicator is known by its name."""
    if form.kind not in FOLLOWING:
        labels = {one.label for one in core_indicators(form.project)} if form.project else set()
        order = list(TargetLevel)
        marked = [replace(line, core=line.name in labels) for line in lines]
        return sorted(marked, key=lambda line: order.index(line.level))
    if len(lines) != len(form.lines):
        raise RuleBroken("指标以审核通过的绩效目标为准，不能增减。请刷新页面再填")
    return [
        replace(
            line,
            **{
                name: getattr(indicator_of(declared), name)
                for name in ("level", "name", "comparison", "value", "unit", "core")
            },
        )
        for declared, line in zip(form.lines, lines, strict=True)
    ]


def _write_lines(form: PerformanceForm, lines: Sequence[Indicator]) -> None:
    """Row by row, so that the trail shows what changed in which one."""
    for position, indicator in enumerate(lines, start=1):
        if position > len(form.lines):
            form.lines.append(IndicatorLine(county_id=form.county_id, position=position))
        for name, value in vars(indicator).items():
            setattr(form.lines[position - 1], name, value)
    del form.lines[len(lines) :]


def _writers(form: PerformanceForm) -> frozenset[int]:
    """Who wrote the form as it is, and who handed it in."""
    handed_in = {step.actor_id for step in form.steps if step.move is Move.SUBMIT}
    return frozenset(handed_in | {form.written_by_id})


def _holders(action: Action) -> str:
    return "、".join(role.label for role in roles_with(action))
