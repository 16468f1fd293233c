"""Fund documents with clocks for tests: they arrive, are reported, placed and disclosed on given days."""

from dataclasses import replace
from datetime import date
from types import MappingProxyType

import sqlalchemy as sa
from flask import current_app

from portal.accounts.models import Organization
from portal.db import db, unit_of_work
from portal.disclosure.models import DisclosureItem
from portal.funds.models import Allocation, AllocationBatch, FundDocument
from portal.library.models import Project
from portal.rules.access import SYSTEM
from portal.rules.vocabulary import (
    BatchStatus,
    DisclosureForm,
    DisclosureKind,
    DisclosureStatus,
    FundingTier,
)

WAN = 1_000_000
DOC_6 = "哈财指(农)〔2023〕6号"


def arrive(
    number: str = DOC_6,
    received_on: date = date(2022, 12, 15),
    *,
    wan: int = 1976,
    county: str = "county",
    reported_on: date | None = None,
    registered_on: date | None = None,
) -> int:
    """Register a document as the finance office did on the day it came; reported that day by default.

    Its clocks run alone: what has to be disclosed of it is left out of the rule book.
    """
    book = current_app.extensions["book"]
    current_app.extensions["book"] = replace(book, duties=MappingProxyType({}))
    with unit_of_work(SYSTEM, "test"):
        document = FundDocument(
            county_id=_organization(county).id,
            code=f"doc-{number}",
            number=number,
            title="关于下达衔接资金的指标通知",
            received_on=received_on,
            reported_on=reported_on or received_on,
            registered_on=registered_on or received_on,
            registered_by_id=1,
            year=2023,
            tier=FundingTier.CENTRAL,
            amount=wan * WAN,
        )
        db.session.add(document)
        db.session.flush()
        return document.id


def approve(document_id: int, on: date, *, wan: int | None = None) -> None:
    """Place some of a document, or all of its rest, by a batch approved on a day."""
    with unit_of_work(SYSTEM, "test"):
        document = db.session.get_one(FundDocument, document_id)
        amount = document.rest if wan is None else wan * WAN
        document.arranged_amount += amount
        batch = AllocationBatch(
            county_id=document.county_id,
            title="第一批",
            status=BatchStatus.APPROVED,
            approved_on=on,
            drafted_by_id=1,
            decided_by_id=2,
        )
        db.session.add(
            Allocation(
                county_id=document.county_id,
                batch=batch,
                document=document,
                project=_project(document.county_id),
                amount=amount,
                entered_by_id=1,
            )
        )


def disclose(
    document_id: int, on: date, status: DisclosureStatus = DisclosureStatus.PUBLISHED
) -> None:
    """Publish the allocation result of a document."""
    with unit_of_work(SYSTEM, "test"):
        document = db.session.get_one(FundDocument, document_id)
        item = DisclosureItem(
            county_id=document.county_id,
            code=f"item-{document_id}",
            kind=DisclosureKind.FUND_ALLOCATION,
            form=DisclosureForm.ANNOUNCEMENT,
            status=status,
            year=2023,
            title="分配结果公告",
            drafted_by_id=1,
            drafted_on=on,
            decided_by_id=2,
            published_on=on,
            documents=[document],
        )
        db.session.add(item)


def _organization(code: str) -> Organization:
    return db.session.scalars(sa.select(Organization).filter_by(code=code)).one()


def _project(county_id: int) -> Project:
    project = Project(
        county_id=county_id,
        code=f"p-{db.session.scalar(sa.select(sa.func.count(Project.id)))}",
        year=2023,
        organization_id=county_id,
        created_by_id=1,
        created_on=date(2022, 12, 1),
    )
    db.session.add(project)
    db.session.flush()
    return project
