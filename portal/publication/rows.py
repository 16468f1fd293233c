"""A stored snapshot and the ledger's figures of the day, put together as what the public site shows."""

import json
from datetime import date
from typing import Any

from portal.rules.vocabulary import ProjectStatus
from public_site.schema import (
    Allocation,
    Correction,
    Event,
    FundDocument,
    Mention,
    Notice,
    Phone,
    Project,
    SourceAmount,
    Target,
)


def project_row(
    code: str,
    published_on: date,
    content: str,
    status: ProjectStatus,
    allocated: int,
    allocated_on: date | None,
) -> Project:
    """A project: texts and budget as approved, money and status of the day."""
    kept: dict[str, Any] = json.loads(content)
    admitted = Event("入库", _day(kept.pop("admitted_on")), kept.pop("minutes_number"))
    kept |= {
        "village_codes": tuple(kept["village_codes"]),
        "targets": tuple(Target(*target) for target in kept["targets"]),
        "budget_by_source": tuple(SourceAmount(*part) for part in kept["budget_by_source"]),
        "starts_on": _day(kept["starts_on"]),
        "finishes_on": _day(kept["finishes_on"]),
    }
    return Project(
        code=code,
        published_on=published_on,
        allocated=int(allocated),
        paid=None,
        status=_status_word(status, allocated),
        events=(admitted, Event("资金安排", allocated_on)),
        **kept,
    )


def fund_row(
    code: str, content: str, allocated: int, last_approval: date | None, limit_days: int
) -> FundDocument:
    """A fund document; it is placed on projects on the day whose approval leaves no rest."""
    kept: dict[str, Any] = json.loads(content)
    kept["received_on"] = received_on = _day(kept["received_on"])
    allocated_on = last_approval if int(allocated) >= kept["amount"] else None
    days = (allocated_on - received_on).days if allocated_on and received_on else None
    return FundDocument(
        code=code,
        allocated_on=allocated_on,
        days=days,
        limit_days=limit_days,
        allocated=int(allocated),
        **kept,
    )


def allocation_row(
    fund: str, project: str, amount: int, on: date | None, number: str, illustrative: str
) -> Allocation:
    """Money of one document on one project."""
    return Allocation(fund, project, amount, on, number or None, bool(illustrative))


def mention_row(project: str, notice: str, content: str, published_on: date) -> Mention:
    """A notice as a project's page names it."""
    kept = json.loads(content)
    return Mention(project, notice, kept["kind"], kept["title"], published_on)


def notice_row(
    code: str, published_on: date, content: str, covered: dict[str, tuple[str, ...]]
) -> Notice:
    """A notice as approved; ``covered``: folder -> codes that it is about."""
    kept: dict[str, Any] = json.loads(content)
    corrections = kept.pop("corrections")
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
        **kept,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _status_word(status: ProjectStatus, allocated: int) -> str:
    if status is ProjectStatus.ADMITTED and allocated:
        return "已安排资金"
    return status.label
