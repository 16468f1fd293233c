"""A stored snapshot and the ledger's figures of the day, put together as what the public site shows."""

import json
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

from portal.publication.works import CONTRACT, SETTLED, Fact, events_of, phase_facts, total_of
from portal.rules.phases import DONE, phase
from portal.rules.vocabulary import DisclosureKind, PaymentKind, Phase, ProjectStatus
from public_site.schema import (
    Achieved,
    Allocation,
    Correction,
    Evaluation,
    Event,
    File,
    FundDocument,
    Mention,
    Notice,
    Payment,
    Phone,
    Photo,
    Project,
    SourceAmount,
    Target,
)

NOTHING_PAID, PAYING, PAID_OUT = "还没有支付", "支付中", "已付清"


class Ledger(NamedTuple):
    """What the ledger says of a project on the day; amounts in fen, ``progress`` in percent."""

    status: ProjectStatus
    allocated: int
    allocated_on: date | None
    paid: int
    progress: int | None


def with_results(content: str, results: Sequence[Any]) -> dict[str, Any]:
    """A project's latest content with the targets and the evaluation that standing notices tell.

    ``results``: (code, kind, content) of notices of performance, the latest last. What a withdrawn one told
    is not told by another: a later notice of any kind holds neither.
    """
    kept: dict[str, Any] = json.loads(content) | {"evaluation": None}
    for _code, kind, told in results:
        field = "targets" if kind is DisclosureKind.TARGETS else "evaluation"
        kept[field] = json.loads(told)[field]
    return kept


def project_row(
    code: str,
    published_on: date,
    content: dict[str, Any],
    ledger: Ledger,
    works: Sequence[Fact],
    photos: tuple[Photo, ...],
    subsidies: Collection[str],
) -> Project:
    """A project: texts and budget as approved, money, works, photos and status of the day.

    ``subsidies``: the project types without works of their own, as a published text calls them.
    """
    kept = dict(content)
    reached = phase(phase_facts(works, ledger.progress))
    is_subsidy = kept["project_type"] in subsidies and reached is Phase.NOT_STARTED
    status, finished = _paying(ledger) if is_subsidy else _working(ledger, reached)
    admitted = Event("入库", _day(kept.pop("admitted_on")), kept.pop("minutes_number"))
    kept |= {
        "village_codes": tuple(kept["village_codes"]),
        "targets": tuple(Target(*target) for target in kept["targets"]),
        "budget_by_source": tuple(SourceAmount(*part) for part in kept["budget_by_source"]),
        "starts_on": _day(kept["starts_on"]),
        "finishes_on": _day(kept["finishes_on"]),
        "evaluation": _evaluation(kept["evaluation"]),
    }
    return Project(
        code=code,
        photos=photos,
        published_on=published_on,
        allocated=int(ledger.allocated),
        paid=int(ledger.paid),
        status=status,
        finished=finished,
        progress=ledger.progress,
        contracted=total_of(works, CONTRACT),
        settled=total_of(works, SETTLED),
        events=(admitted, Event("安排资金", ledger.allocated_on), *events_of(works)),
        **kept,
    )


def fund_row(
    code: str,
    content: str,
    allocated: int,
    allocated_on: date | None,
    paid: int,
    *,
    limit_days: int,
) -> FundDocument:
    """A fund document; it is placed on projects on the day whose approval leaves no rest."""
    kept: dict[str, Any] = json.loads(content)
    kept["received_on"] = received_on = _day(kept["received_on"])
    days = (allocated_on - received_on).days if allocated_on and received_on else None
    return FundDocument(
        code=code,
        allocated_on=allocated_on,
        days=days,
        limit_days=limit_days,
        allocated=int(allocated),
        paid=int(paid),
        **kept,
    )


def allocation_row(
    fund: str, project: str, amount: int, on: date | None, number: str, illustrative: str
) -> Allocation:
    """Money of one document on one project."""
    return Allocation(fund, project, amount, on, number or None, bool(illustrative))


def payment_row(
    project: str, fund: str | None, paid_on: date, kind: PaymentKind, amount: int
) -> Payment:
    """Money of one document that was paid for one project, or came back."""
    return Payment(project, fund, paid_on, kind.label, amount)


def mention_row(project: str, notice: str, content: str, published_on: date) -> Mention:
    """A notice as a project's page names it."""
    kept = json.loads(content)
    return Mention(project, notice, kept["kind"], kept["title"], published_on, kept["category"])


def notice_row(
    code: str, published_on: date, content: str, covered: dict[str, tuple[str, ...]]
) -> Notice:
    """A notice as approved; ``covered``: folder -> codes that it is about."""
    kept: dict[str, Any] = json.loads(content)
    corrections = kept.pop("corrections")
    files = kept.pop("files", ())
    kept |= {
        "body": tuple(kept["body"]),
        "phones": tuple(Phone(*phone) for phone in kept["phones"]),
        "period_from": _day(kept["period_from"]),
        "period_to": _day(kept["period_to"]),
    }
    return Notice(
        code=code,
        published_on=published_on,
        project_codes=covered.get("projects", ()),
        fund_codes=covered.get("funds", ()),
        corrections=tuple(Correction(date.fromisoformat(on), why) for on, why in corrections),
        files=tuple(File(**one) for one in files),
        **kept,
    )


def _evaluation(kept: dict[str, Any] | None) -> Evaluation | None:
    if kept is None:
        return None
    results = tuple(Achieved(*line) for line in kept["results"])
    return Evaluation(kept["year"], kept["score"], kept["grade"], results)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _working(ledger: Ledger, reached: Phase) -> tuple[str, bool]:
    """How far the works are once there is money for them or they were stopped, and whether they are done."""
    works = ledger.allocated or reached in (Phase.SUSPENDED, Phase.TERMINATED)
    known = works and ledger.status is ProjectStatus.ADMITTED
    return (reached if known else ledger.status).label, reached in DONE


def _paying(ledger: Ledger) -> tuple[str, bool]:
    """How far the money of a subsidy is; it is done when all of it is paid."""
    if not ledger.paid:
        return (NOTHING_PAID if ledger.allocated else ledger.status.label), False
    done = ledger.paid >= ledger.allocated
    return (PAID_OUT if done else PAYING), done
