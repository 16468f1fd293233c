"""Tables with several columns of numbers: sums downwards and across, rates between columns.

A table does not say which of its columns add up. A relation counts where most rows keep it; then the rows
that break it are contradictions.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations

from portal.rules.crosscheck.findings import Finding, Kind
from portal.rules.crosscheck.quantities import number
from portal.rules.crosscheck.text import Table

_NUMBER = re.compile(r"[−-]?\d[\d,]*(\.\d+)?%?")
_RATE = re.compile(r"率|占比|比例|进度|比重|%")
_NO_AMOUNT = re.compile(
    r"序号|编号|名次|排名|年度|年份|时间|日期|电话|单价|人均|户均|平均|标准|相比"
)
_SUM = re.compile(r"小计|合计|总计|总额")
MOST_COLUMNS = 12


@dataclass(frozen=True)
class Row:
    """A row of the body with its numbers by column."""

    place: str
    name: str
    is_sum: bool
    numbers: dict[int, Fraction]
    written: Sequence[str]


def check(table: Table) -> Iterator[Finding]:
    """Contradictions between the number columns of one table; nothing where it has fewer than two."""
    if not table.rows:
        return
    head, rows = table.rows[0], list(_rows(table))
    columns = [at for at in range(len(head)) if sum(at in row.numbers for row in rows) > 1]
    amounts = [
        at for at in columns if not _RATE.search(head[at]) and not _NO_AMOUNT.search(head[at])
    ]
    if not 2 <= len(amounts) <= MOST_COLUMNS:
        return
    yield from _down(head, rows, amounts)
    yield from _across(head, rows, amounts)
    for at in columns:
        if _RATE.search(head[at]):
            yield from _rates(head, rows, amounts, at)


def _rows(table: Table) -> Iterator[Row]:
    """The body; a cell that spans columns gives room to the right."""
    width = len(table.rows[0])
    for at, cells in enumerate(table.rows[1:], start=2):
        if not cells or len(cells) > width:
            continue
        padded = (cells[0], *("" for _ in range(width - len(cells))), *cells[1:])
        yield Row(
            f"{table.place} 第 {at} 行",
            next((cell for cell in padded if cell and not _NUMBER.fullmatch(cell)), ""),
            any(_SUM.search(cell) for cell in padded[:3]),
            {n: _value(cell) for n, cell in enumerate(padded) if _NUMBER.fullmatch(cell)},
            padded,
        )


def _down(head: Sequence[str], rows: Sequence[Row], amounts: Sequence[int]) -> Iterator[Finding]:
    """A 合计 is the sum of the rows since the last one; one of its columns must add up to prove it."""
    open_rows = list[Row]()
    subtotals = list[Row]()
    for row in rows:
        if not row.is_sum:
            open_rows.append(row)
            continue
        parts = open_rows or subtotals
        sums = {
            at: sum((one.numbers.get(at, Fraction(0)) for one in parts), Fraction(0))
            for at in amounts
        }
        right = [at for at in amounts if parts and row.numbers.get(at) == sums[at] and sums[at]]
        for at in amounts if right else ():
            if at in row.numbers and row.numbers[at] != sums[at]:
                yield _finding(Kind.SUM, row, head[at], at, sums[at], f"{len(parts)} 行相加")
        if open_rows:
            subtotals.append(row)
        open_rows = []


def _across(head: Sequence[str], rows: Sequence[Row], amounts: Sequence[int]) -> Iterator[Finding]:
    """A column is the sum of the ones that follow it: 计划投入资金 and its sources."""
    for first in range(len(amounts) - 2):
        total = amounts[first]
        full = [row for row in rows if row.numbers.get(total)]
        for last in range(len(amounts), first + 2, -1):
            parts = amounts[first + 1 : last]
            right = [row for row in full if row.numbers[total] == _together(row, parts)]
            if not _most(right, full):
                continue
            for row in full:
                if row not in right:
                    terms = "＋".join(number(row.numbers[at]) for at in parts if at in row.numbers)
                    computed = _together(row, parts)
                    yield _finding(Kind.SUM, row, head[total], total, computed, terms)
            return


def _together(row: Row, columns: Sequence[int]) -> Fraction:
    return sum((row.numbers.get(at, Fraction(0)) for at in columns), Fraction(0))


def _rates(
    head: Sequence[str], rows: Sequence[Row], amounts: Sequence[int], rate: int
) -> Iterator[Finding]:
    """A rate is one column by another: 支出进度 = 已支出 ÷ 安排资金."""
    for part, whole in permutations(amounts, 2):
        shares = [
            (row, row.numbers[part] / row.numbers[whole] * 100)
            for row in rows
            if {part, rate} <= row.numbers.keys() and row.numbers.get(whole)
        ]
        right = [row for row, share in shares if _states(row.written[rate], share)]
        if not _most(right, shares):
            continue
        for row, share in shares:
            if row not in right:
                terms = f"{number(row.numbers[part])}÷{number(row.numbers[whole])}×100"
                yield _finding(Kind.SHARE, row, head[rate], rate, share, terms)
        return


def _most(right: Sequence[object], whole: Sequence[object]) -> bool:
    """Whether a relation holds in more than half of the rows, and in two at least."""
    return len(right) >= 2 and len(right) * 2 > len(whole)


def _states(written: str, value: Fraction) -> bool:
    """Whether a value, rounded half up to the written decimals, is what is written."""
    decimals = len(written.rstrip("%").partition(".")[2])
    return number(value, decimals) == number(_value(written), decimals)


def _value(cell: str) -> Fraction:
    return Fraction(cell.rstrip("%").replace(",", "").replace("−", "-"))


def _finding(kind: Kind, row: Row, title: str, at: int, computed: Fraction, terms: str) -> Finding:
    places = 2 if kind is Kind.SHARE else 6
    heading = title.replace("\n", "")
    return Finding(
        row.place,
        kind,
        f"{row.name} {heading} {row.written[at]}",
        number(computed, places),
        f"{terms} = {number(computed, places)}，写的是 {row.written[at]}",
    )
