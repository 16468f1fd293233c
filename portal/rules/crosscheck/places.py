"""The same quantity in two places: parts of equal totals, rows of a table against the text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from portal.rules.crosscheck.findings import Finding, Kind
from portal.rules.crosscheck.quantities import Quantity, number
from portal.rules.crosscheck.sums import Breakdown

KEYS = (
    "产业", "基础设施", "就业", "易地搬迁", "乡村治理", "管理费", "雨露计划", "贴息", "其他",
    "中央", "省级", "市级", "区级", "县级",
)  # fmt: skip
"""Words that say which part of a total is meant, whatever stands around them (产业类项目, 产业发展)."""


@dataclass(frozen=True)
class Stated:
    """One part of one total as one place states it."""

    place: str
    key: str
    total: Fraction
    unit: str
    value: Fraction
    written: str


def check(
    breakdowns: Sequence[Breakdown], rows: Sequence[tuple[str, dict[str, int]]]
) -> Iterator[Finding]:
    """Parts of equal totals that differ; ``rows`` are counted rows by table."""
    stated = [one for breakdown in breakdowns for one in _stated(breakdown)]
    stated = [one for counted in rows for one in _counted(*counted)] + stated
    seen: dict[tuple[str, Fraction, str], Stated] = {}
    for one in stated:
        first = seen.setdefault((one.key, one.total, one.unit), one)
        if first.value != one.value:
            yield Finding(
                one.place,
                Kind.COUNT if one.unit == "个" else Kind.SUM,
                one.written,
                f"{_value(first)}{one.unit}",
                f"{first.place}“{first.written}”是 {_value(first)}{one.unit}，"
                f"这里写的是 {_value(one)}{one.unit}",
            )


def _stated(breakdown: Breakdown) -> Iterator[Stated]:
    for part in breakdown.parts:
        if key := _key(part):
            yield Stated(
                breakdown.place,
                key,
                breakdown.total.value,
                part.unit,
                part.value,
                f"{part.label}{part.written}",
            )


def _counted(place: str, rows: dict[str, int]) -> Iterator[Stated]:
    total = Fraction(sum(rows.values()))
    for name, count in rows.items():
        keys = [key for key in KEYS if key in name]
        if len(keys) == 1:
            yield Stated(place, keys[0], total, "个", Fraction(count), f"{name} {count} 行")


def _key(part: Quantity) -> str | None:
    """The one word that names a part; a label with two of them names something larger."""
    keys = [key for key in KEYS if re.search(key, part.label)]
    return keys[0] if len(keys) == 1 else None


def _value(one: Stated) -> str:
    return number(one.value / 10**4 if one.unit == "万元" else one.value)
