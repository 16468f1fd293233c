"""公开公示台账 (form F13) as Excel."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import BinaryIO

from portal.disclosure.models import DisclosureDuty
from portal.rules.duties import DutyRule, state_of
from portal.spreadsheets.columns import Column, Table
from portal.spreadsheets.kinds import DAY, INTEGER, text
from portal.spreadsheets.writing import Record, write_xlsx

LEDGER = Table(
    "公开公示台账",
    (
        Column("serial", "序号", INTEGER, width=6),
        Column("level", "级别", text(20), width=8),
        Column("category", "类别", text(80), width=22),
        Column("title", "标题", text(200), width=40),
        Column("arisen_on", "产生日期", DAY, width=12),
        Column("due_on", "应公开日期", DAY, width=12),
        Column("met_on", "实际公开日期", DAY, width=12),
        Column("until_on", "公示截止", DAY, width=12),
        Column("limit", "时限", text(40), width=14),
        Column("state", "状态", text(20), width=12),
        Column("channel", "渠道", text(20), width=10),
        Column("address", "网址、地点", text(300), width=40),
        Column("photo", "照片", text(160), width=16),
        Column("unit", "责任单位", text(80), width=20),
        Column("person", "责任人", text(40), width=10),
    ),
)


def write_ledger(
    duties: Sequence[DisclosureDuty],
    rules: Mapping[str, DutyRule],
    people: Mapping[int, str],
    today: date,
    target: BinaryIO,
) -> int:
    """Write the ledger as it stands on ``today``; return the number of rows."""
    return write_xlsx(LEDGER, _records(duties, rules, people, today), target)


def _records(
    duties: Sequence[DisclosureDuty],
    rules: Mapping[str, DutyRule],
    people: Mapping[int, str],
    today: date,
) -> Iterator[Record]:
    for serial, duty in enumerate(duties, start=1):
        rule = rules.get(duty.rule)
        told = duty.met_on is not None and duty.met_on <= today
        yield {
            "serial": serial,
            "level": duty.level.label,
            "category": rule.label if rule else duty.rule,
            "title": duty.title,
            "arisen_on": duty.arisen_on,
            "due_on": duty.due_on,
            "met_on": duty.met_on if told else None,
            "until_on": duty.until_on if told else None,
            "limit": rule.limit if rule else None,
            "state": state_of(duty.due_on, duty.met_on, today, duty.lapsed_on).label,
            "channel": duty.channel.label if told and duty.channel else None,
            "address": duty.address or None if told else None,
            "photo": duty.photo.name if told and duty.photo else None,
            "unit": duty.organization.name,
            "person": people.get(duty.met_by_id or 0) if told else None,
        }
