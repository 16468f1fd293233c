"""The works of published projects, as dated facts that the public may see: no person, reason or opinion."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa

from portal.implementation.models import Acceptance, Contract, Execution, ProjectChange
from portal.rules import money
from portal.rules.phases import PhaseFacts
from portal.rules.privacy import names_an_organization
from portal.rules.vocabulary import AcceptanceLevel, ChangeKind, ChangeStatus, ContractKind
from public_site.schema import Event

TENDERED, STARTED, FINISHED = "tendered", "started", "finished"
CONTRACT, SETTLED, ACCEPTED, CHANGED = "contract", "settled", "accepted", "changed"
HOLDING = (ChangeKind.SUSPEND, ChangeKind.TERMINATE)
NOTHING, ALWAYS = sa.literal(""), sa.true()


class Fact(NamedTuple):
    """One fact of one project. ``amount`` is the price of a contract or of its settlement, in fen."""

    code: str
    on: date
    what: str
    kind: str
    contractor: str
    amount: int


class Source(NamedTuple):
    """Where facts of one sort are on record. ``on`` is the column of their day."""

    what: str
    on: Any
    kind: Any = NOTHING
    contractor: Any = NOTHING
    amount: Any = sa.literal(0)
    when: Any = ALWAYS


SOURCES = (
    Source(TENDERED, Execution.tendered_on),
    Source(STARTED, Execution.started_on),
    Source(FINISHED, Execution.finished_on),
    Source(
        CONTRACT,
        Contract.signed_on,
        Contract.kind,
        Contract.contractor,
        Contract.amount,
        ~Contract.void,
    ),
    Source(
        SETTLED,
        Contract.settled_on,
        amount=sa.func.coalesce(Contract.settlement_amount, 0),
        when=~Contract.void,
    ),
    Source(ACCEPTED, Acceptance.accepted_on, Acceptance.level, when=Acceptance.passed),
    Source(
        CHANGED,
        ProjectChange.decided_on,
        ProjectChange.kind,
        when=sa.and_(
            ProjectChange.status == ChangeStatus.APPROVED,
            ProjectChange.kind.in_((*HOLDING, ChangeKind.RESUME)),
        ),
    ),
)


def facts_of(projects: sa.Subquery, day: date) -> sa.Select[Any]:
    """The columns of :class:`Fact` for all that is on record by the day, by project and day.

    ``projects`` has the columns ``code`` and ``subject_id``.
    """
    rows = sa.union_all(*(_select(source, projects, day) for source in SOURCES)).subquery()
    columns = [rows.c[name] for name in Fact._fields]
    return sa.select(*columns).order_by(rows.c.code, rows.c.on, rows.c.what, rows.c.id)


def phase_facts(facts: Collection[Fact], percent: int | None) -> PhaseFacts:
    """What the rule of the phases asks for, as ``implementation.queries.phases`` puts it together."""
    days = {what: [fact.on for fact in facts if fact.what == what] for what in (CONTRACT, SETTLED)}
    changes = [ChangeKind(fact.kind) for fact in facts if fact.what == CHANGED]
    held_by = changes[-1] if changes and changes[-1] in HOLDING else None
    whole = len(days[CONTRACT]) == len(days[SETTLED])
    return PhaseFacts(
        held_by=held_by,
        tendered_on=_first(facts, TENDERED),
        contracted_on=_first(facts, CONTRACT),
        started_on=_first(facts, STARTED),
        percent=percent or 0,
        finished_on=_first(facts, FINISHED),
        accepted_on=_first(facts, ACCEPTED, AcceptanceLevel.COUNTY),
        settled_on=max(days[SETTLED], default=None) if whole else None,
    )


def total_of(facts: Iterable[Fact], what: str) -> int | None:
    """The price of all contracts, or of all settlements, in fen; None while there is none."""
    amounts = [fact.amount for fact in facts if fact.what == what]
    return sum(amounts) if amounts else None


def events_of(facts: Sequence[Fact]) -> Iterator[Event]:
    """The facts as steps of the project's life, in order; after a contract the works still lie ahead."""
    for fact in facts:
        if fact.what in _TOLD:
            title, text = _TOLD[fact.what](fact)
            yield Event(title, fact.on, text)
    if any(fact.what == CONTRACT for fact in facts):
        for what, title in ((STARTED, "开工"), (FINISHED, "完工")):
            if _first(facts, what) is None:
                yield Event(title)


def _select(source: Source, projects: sa.Subquery, day: date) -> sa.Select[Any]:
    model = source.on.class_
    return (
        sa.select(
            projects.c.code.label("code"),
            source.on.label("on"),
            sa.literal(source.what).label("what"),
            sa.type_coerce(source.kind, sa.String).label("kind"),
            source.contractor.label("contractor"),
            source.amount.label("amount"),
            model.id.label("id"),
        )
        .join(model, model.project_id == projects.c.subject_id)
        .where(source.on <= day, source.when)
    )


def _first(facts: Iterable[Fact], what: str, kind: str | None = None) -> date | None:
    days = (fact.on for fact in facts if fact.what == what and kind in (None, fact.kind))
    return next(days, None)


def _contract(fact: Fact) -> tuple[str, str]:
    """The contractor belongs to the notice on the works (F8); a person who builds is not named."""
    price = f"{ContractKind(fact.kind).label}，合同价{money.wan_exact(fact.amount)}万元"
    named = names_an_organization(fact.contractor)
    return "签订合同", f"{price}，承接单位：{fact.contractor}" if named else price


_TOLD: dict[str, Callable[[Fact], tuple[str, str]]] = {
    CONTRACT: _contract,
    STARTED: lambda _fact: ("开工", ""),
    FINISHED: lambda _fact: ("完工", ""),
    ACCEPTED: lambda fact: ("验收", f"{AcceptanceLevel(fact.kind).label}通过"),
    CHANGED: lambda fact: (ChangeKind(fact.kind).label, "领导小组批准"),
}
