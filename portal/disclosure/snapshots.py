"""What an item would put before the public: the content of each address, taken from the data as it is now.

Only what is named here leaves the portal. People responsible and their telephones are not named; units are.
"""

import json
import re
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from portal.db import db
from portal.disclosure.models import (
    FUNDS,
    NOTICES,
    PROJECTS,
    DisclosureAttachment,
    DisclosureItem,
    disclosure_project,
)
from portal.disclosure.results import told_by_forms
from portal.files.checks import ENDINGS
from portal.funds.models import Allocation, AllocationBatch, FundDocument
from portal.library.models import Project, Target
from portal.library.queries import type_label
from portal.rules.vocabulary import BatchStatus, DisclosureStatus
from public_site.names import checked_blob

_PHONE_LINE = re.compile(r"(.*?)[\s:：]*([0-9][0-9 +-]{2,24})")
_SOURCES = (
    ("中央衔接资金", "central_amount"),
    ("省级衔接资金", "provincial_amount"),
    ("省级财政资金", "provincial_other_amount"),
    ("市级资金", "municipal_amount"),
    ("区（县）级资金", "county_amount"),
    ("其他资金", "other_amount"),
)


class Snapshot(NamedTuple):
    """The content of one address. ``subject_id``: of the fund document, the project or the item."""

    folder: str
    code: str
    subject_id: int
    content: dict[str, Any]

    @property
    def json(self) -> str:
        """The content as it is stored."""
        return json.dumps(self.content, ensure_ascii=False, default=date.isoformat)


def snapshot(item: DisclosureItem) -> list[Snapshot]:
    """Everything that approving the item would publish, its notice first."""
    funds = [Snapshot(FUNDS, one.code, one.id, _fund(one)) for one in item.documents]
    covered = _covered_projects(item)
    told = told_by_forms(item.kind, item.year, [one.id for one in covered])
    projects = [
        Snapshot(
            PROJECTS,
            one.code,
            one.id,
            _project(one) | {"publisher": item.unit} | told.get(one.id, {}),
        )
        for one in covered
    ]
    return [Snapshot(NOTICES, item.code, item.id, _notice(item)), *funds, *projects]


def is_phone_line(line: str) -> bool:
    """Whether a line is a name and a number."""
    return _PHONE_LINE.fullmatch(line) is not None


def phones_of(text: str) -> list[tuple[str, str]]:
    """Duty telephones, one a line: (name, number); ``ValueError`` names a line that is not one."""
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        match = _PHONE_LINE.fullmatch(line)
        if match is None:
            raise ValueError(
                f"“{line[:40]}”不像电话。每行写一个：名称、空格、号码，如“监督电话 12317”。"
            )
        found.append((match[1], match[2].strip()))
    return found


def _covered_projects(item: DisclosureItem) -> list[Project]:
    statement = (
        sa.select(Project)
        .join(disclosure_project, disclosure_project.c.project_id == Project.id)
        .where(disclosure_project.c.item_id == item.id)
        .order_by(Project.id)
        .options(
            joinedload(Project.township),
            selectinload(Project.villages),
            selectinload(Project.targets),
        )
    )
    return list(db.session.scalars(statement))


def _notice(item: DisclosureItem) -> dict[str, Any]:
    return {
        "kind": item.form.label,
        "category": item.category,
        "title": item.title,
        "body": [line.strip() for line in item.body.splitlines() if line.strip()],
        "period_from": item.from_on,
        "period_to": item.to_on,
        "unit": item.unit,
        "phones": phones_of(item.phones),
        "address": item.address,
        "corrections": _corrections(item),
        "files": [_file(one) for one in item.attachments],
    }


def _file(attachment: DisclosureAttachment) -> dict[str, Any]:
    """A paper by the name that its bytes have on the public site."""
    file = attachment.file
    name = checked_blob(f"files/{file.sha256[:32]}.{ENDINGS[file.mime]}")
    return {"name": name, "title": attachment.title, "size": file.size}


def _corrections(item: DisclosureItem) -> list[tuple[date, str]]:
    """(day, reason) of the corrections that were published, the item's own being one when it is."""
    if not item.correction:
        return []
    earlier = db.session.execute(
        sa.select(DisclosureItem.published_on, DisclosureItem.correction)
        .where(
            DisclosureItem.county_id == item.county_id,
            DisclosureItem.code == item.code,
            DisclosureItem.edition < item.edition,
            DisclosureItem.correction != "",
            DisclosureItem.status == DisclosureStatus.SUPERSEDED,
        )
        .order_by(DisclosureItem.edition)
    )
    own = [(item.published_on, item.correction)] if item.published_on else []
    return [(on, reason) for on, reason in (*earlier.tuples(), *own) if on]


def _fund(document: FundDocument) -> dict[str, Any]:
    return {
        "number": document.number,
        "title": document.title,
        "tier": document.tier.label,
        "task": document.task.label if document.task else None,
        "year": document.year,
        "amount": document.amount,
        "received_on": document.received_on,
        "note": "；".join(_illustrative(document)),
    }


def _illustrative(document: FundDocument) -> list[str]:
    """What its approved batches say about figures that the source does not give."""
    statement = (
        sa.select(AllocationBatch.illustrative)
        .join(Allocation)
        .where(
            Allocation.document_id == document.id,
            Allocation.void.is_(False),
            AllocationBatch.status == BatchStatus.APPROVED,
            AllocationBatch.illustrative != "",
        )
        .distinct()
        .order_by(AllocationBatch.illustrative)
    )
    return list(db.session.scalars(statement))


def _project(project: Project) -> dict[str, Any]:
    villages = project.villages
    return {
        "name": project.name,
        "year": project.year,
        "category": project.report_class.label,
        "project_type": type_label(project.project_type),
        "township_code": project.township.code if project.township else None,
        "township": project.township.name if project.township else "",
        "village_codes": [village.code for village in villages],
        "village": "、".join(village.name for village in villages),
        "site": project.site,
        "construction_nature": project.nature.label if project.nature else "",
        "tasks": project.tasks,
        "starts_on": project.start_on,
        "finishes_on": project.finish_on,
        "responsible_unit": project.responsible_unit,
        "implementing_unit": project.implementing_unit,
        "beneficiaries": project.beneficiaries,
        "benefit_linkage": project.benefit_linkage,
        "goal": project.goal,
        "targets": [_target(target) for target in project.targets],
        "budget_by_source": [
            (source, amount) for source, field in _SOURCES if (amount := getattr(project, field))
        ],
        "budget": project.budget,
        "admitted_on": project.admitted_on,
        "minutes_number": project.minutes_number,
        "note": project.illustrative,
    }


def _target(target: Target) -> tuple[str, str, str]:
    return (
        target.level.label,
        target.name,
        f"{target.comparison.label}{target.value}{target.unit}",
    )
