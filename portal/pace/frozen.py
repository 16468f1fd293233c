"""The content of a snapshot: a fund year's figures in one fixed form, and what differs between two of them.

The form is JSON with sorted keys and no idle space, amounts in fen: the same figures give the same bytes.
"""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.pace import queries
from portal.pace.models import Snapshot
from portal.payments.models import Posting

Content = dict[str, Any]

PARTS = {"documents": "资金文件", "tiers": "资金级次", "units": "责任单位", "projects": "项目"}
AMOUNTS = {"received": "到位", "allocated": "安排", "paid": "已付"}
MOST_POSTINGS = 200


@dataclass(frozen=True)
class Difference:
    """One figure (fen) that two contents state differently; None: the row is not there."""

    part: str
    code: str
    name: str
    amount: str
    before: int | None
    after: int | None

    @property
    def change(self) -> int:
        """By how much, in fen."""
        return (self.after or 0) - (self.before or 0)


def figures(county_id: int, fund_year: int, day: date) -> Content:
    """The figures at the end of ``day``, as the ledger tells them now."""
    whole = queries.year_figures(county_id, fund_year, day)
    documents = queries.document_figures(county_id, fund_year, day)
    return {
        "fund_year": fund_year,
        "day": day.isoformat(),
        **_amounts(whole),
        "documents": [{"code": one.code, "name": one.name, **_amounts(one)} for one in documents],
        "tiers": [
            {"code": tier.value, "name": tier.label, **_amounts(sums)}
            for tier, sums in queries.tiers_of(documents).items()
        ],
        "units": [
            {"code": one.code, "name": one.name, **_spent(one)}
            for one in queries.unit_figures(county_id, fund_year, day)
        ],
        "projects": [
            {"code": one.code, "name": one.name, **_spent(one)}
            for one in queries.project_figures(county_id, fund_year, day)
        ],
    }


def written(content: Content) -> str:
    """The content in its one fixed form."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def differences(before: Content, after: Content) -> list[Difference]:
    """Each figure that differs: the year's own first, then by part and row."""
    found = _row_differences("全年", before, after)
    for part, label in PARTS.items():
        old, new = ({row["code"]: row for row in content[part]} for content in (before, after))
        for code in sorted(old.keys() | new.keys()):
            found += _row_differences(label, old.get(code), new.get(code))
    return found


def last_posting(county_id: int, fund_year: int) -> int:
    """The latest posting of a fund year, 0 before the first: what comes later was not known yet."""
    of_year = (Posting.county_id == county_id, Posting.fund_year == fund_year)
    return db.session.scalar(sa.select(sa.func.max(Posting.id)).where(*of_year)) or 0


def posted_since(snapshot: Snapshot) -> list[Posting]:
    """Postings that were made after the snapshot and dated back to its day or before it."""
    statement = (
        sa.select(Posting)
        .where(
            Posting.county_id == snapshot.county_id,
            Posting.fund_year == snapshot.fund_year,
            Posting.paid_on <= snapshot.day,
            Posting.id > json.loads(snapshot.content)["last_posting"],
        )
        .options(joinedload(Posting.project), joinedload(Posting.document))
        .order_by(Posting.id)
        .limit(MOST_POSTINGS)
    )
    return list(db.session.scalars(statement))


def _row_differences(part: str, before: Content | None, after: Content | None) -> list[Difference]:
    row = after or before or {}
    found = [
        Difference(
            part,
            row.get("code", ""),
            row.get("name", ""),
            label,
            before[amount] if before else None,
            after[amount] if after else None,
        )
        for amount, label in AMOUNTS.items()
        if amount in row
    ]
    return [one for one in found if one.before != one.after]


def _amounts(one: queries.Figures) -> dict[str, int]:
    return {"received": one.received, "allocated": one.allocated, "paid": one.paid}


def _spent(one: queries.Spending) -> dict[str, int]:
    return {"allocated": one.allocated, "paid": one.paid}
