"""Tables: totals against their rows, shares against the total, score sheets against themselves."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from portal.rules.crosscheck import columns
from portal.rules.crosscheck.dates import Placed
from portal.rules.crosscheck.findings import Finding, Kind
from portal.rules.crosscheck.quantities import number, percents
from portal.rules.crosscheck.text import Table

_NUMBER = re.compile(r"[−-]?\d[\d,]*(\.\d+)?")
_SUBTOTAL = re.compile(r"小计|合计")
_TOTAL = re.compile(r"总计|总额|合计$|^合计")
_GROUP = re.compile(r"[（(][一二三四五六七八九十]+[)）]")
_POINTS = re.compile(r"(\d+(?:\.\d+)?)\s*分?")
_ADJUSTS = re.compile(r"加|扣|减")
_DAY_RULE = re.compile(r"[≤≦]\s*(\d+)\s*日.*?[>＞]\s*(\d+)\s*日")


@dataclass(frozen=True)
class ScoreRow:
    """A line of a score sheet: number, title, full points (None: adjusts), rule, points."""

    place: str
    no: str
    title: str
    full: Fraction | None
    rule: str
    points: Fraction | None


def check(table: Table, placed: Sequence[Placed]) -> Iterator[Finding]:
    """Contradictions inside one table; ``placed`` are the days that the report's text shows."""
    if is_score_sheet(table):
        yield from _check_scores(table, placed)
    else:
        yield from _check_sums(table)
        yield from columns.check(table)


def is_score_sheet(table: Table) -> bool:
    """A table with a column of full points and one of points."""
    head = "".join(table.rows[0]) if table.rows else ""
    return "得分" in head and ("分值" in head or "满分" in head)


def category_counts(table: Table) -> dict[str, int]:
    """How many rows stand under each name of the first column, in tables with merged first cells."""
    found: dict[str, int] = {}
    name = ""
    for row in _body(table):
        if _is_sum(row):
            name = ""
            continue
        name = row[0] or name
        if name and _amount(row) is not None:
            found[name] = found.get(name, 0) + 1
    return {name: count for name, count in found.items() if count > 1}


def _check_sums(table: Table) -> Iterator[Finding]:
    """Each row has one number that counts; a 合计 closes the rows since the last one."""
    open_rows, subtotals = list[Fraction](), list[Fraction]()
    for at, row in enumerate(_body(table), start=2):
        amount = _amount(row)
        if amount is None:
            continue
        if not _is_sum(row):
            open_rows.append(amount)
            continue
        is_total = bool(subtotals) and not open_rows
        parts = subtotals if is_total else open_rows
        if parts and sum(parts) != amount:
            yield _sum_finding(f"{table.place} 第 {at} 行", row, parts, amount)
        if not is_total:
            subtotals.append(amount)
            open_rows = []
    yield from _check_shares(table)


def _check_shares(table: Table) -> Iterator[Finding]:
    """A percentage in a group's first row is the group's share of the last total."""
    body = _body(table)
    sums = [(row, amount) for row in body if _is_sum(row) and (amount := _amount(row)) is not None]
    if len(sums) < 3:
        return
    total = sums[-1][1]
    shares = [
        (f"{table.place} 第 {at} 行", found[0])
        for at, row in enumerate(body, start=2)
        if (found := percents(" ".join(row))) and found[0].value != 100
    ]
    for (place, share), (_row, amount) in zip(shares, sums[:-1], strict=False):
        computed = amount / total * 100
        if len(shares) == len(sums) - 1 and not share.states(computed):
            yield Finding(
                place,
                Kind.SHARE,
                share.written,
                f"{number(computed, 2)}%",
                f"{number(amount)}÷{number(total)}×100 = {number(computed, 2)}，"
                f"写的是 {number(share.value)}",
            )


def _check_scores(table: Table, placed: Sequence[Placed]) -> Iterator[Finding]:
    rows = list(score_rows(table))
    yield from _check_groups(rows)
    for row in rows:
        if row.points is not None and row.full is not None and row.points > row.full:
            yield Finding(
                row.place,
                Kind.POINTS,
                f"{row.title} 得分 {number(row.points)}",
                f"最高 {number(row.full)}",
                f"{number(row.points)} > 满分 {number(row.full)}",
            )
        yield from _check_day_rule(row, placed)


def _check_groups(rows: Sequence[ScoreRow]) -> Iterator[Finding]:
    """Groups against their lines, the total against the groups and what is added or taken off.

    A group without full points is that of the adjustments; its lines count, not the group.
    """
    groups, total = _groups(rows), next((r for r in rows if _TOTAL.search(r.title)), None)
    for group, lines in groups:
        base = [line for line in lines if line.full is not None or group.full is None]
        parts = [line.points for line in base if line.points is not None]
        if group.points is not None and parts and sum(parts) != group.points:
            yield _points_finding(group, parts)
    if total and total.points is not None and groups:
        parts = [g.points for g, _lines in groups if g.points is not None and g.full is not None]
        parts += _adjustments(groups)
        if sum(parts) != total.points:
            yield _points_finding(total, parts)


def _adjustments(groups: Sequence[tuple[ScoreRow, list[ScoreRow]]]) -> list[Fraction]:
    """Points outside the full ones, wherever their lines stand."""
    return [
        line.points
        for group, lines in groups
        for line in lines
        if line.points and (line.full is None or group.full is None)
    ]


def score_rows(table: Table) -> Iterator[ScoreRow]:
    """The lines of a score sheet, with its group lines and its total."""
    for at, row in enumerate(table.rows[1:], start=2):
        cells = [cell for cell in row if cell]
        if len(cells) < 2:
            continue
        last = _NUMBER.fullmatch(row[-1]) if row[-1] else None
        full = cells[2] if len(cells) > 2 else ""
        numbered = bool(re.fullmatch(r"\d+|[（(].+[)）]", cells[0]))
        points = _POINTS.fullmatch(full.replace(" ", ""))
        yield ScoreRow(
            place=f"{table.place} 第 {at} 行",
            no=cells[0] if numbered else "",
            title=cells[1] if numbered else cells[0],
            full=Fraction(points[1]) if points and not _ADJUSTS.search(full) else None,
            rule=" ".join(cells[3:]),
            points=Fraction(last.group().replace(",", "")) if last else None,
        )


def _groups(rows: Sequence[ScoreRow]) -> list[tuple[ScoreRow, list[ScoreRow]]]:
    found: list[tuple[ScoreRow, list[ScoreRow]]] = []
    for row in rows:
        if _GROUP.fullmatch(row.no):
            found.append((row, []))
        elif found and row.no.isdigit():
            found[-1][1].append(row)
    return found


def _check_day_rule(row: ScoreRow, placed: Sequence[Placed]) -> Iterator[Finding]:
    """「≤45日为满分，>60日为0分」 against the days in the text: full points need every day within."""
    rule = _DAY_RULE.search(row.rule)
    if not rule or row.points is None or row.full is None or not placed:
        return
    full_days, zero_days = int(rule[1]), int(rule[2])
    each = [_day_points(row.full, one.days, full_days, zero_days) for one in placed]
    possible = _aggregated(each, [one.amount for one in placed])
    if min(each) >= row.points or number(row.points, 2) in possible:
        return
    worst = max(one.days for one in placed)
    yield Finding(
        row.place,
        Kind.POINTS,
        f"{row.title} 得分 {number(row.points)}",
        "，".join(f"{points}（{way}）" for points, way in possible.items()),
        f"{worst} 天 > {full_days} 天："
        f"{number(row.full)}×（{zero_days}−{worst}）÷{zero_days - full_days}"
        f" = {number(min(each), 2)}，写的是 {number(row.points)}",
    )


def _aggregated(each: Sequence[Fraction], amounts: Sequence[Fraction | None]) -> dict[str, str]:
    """The points that several documents can make together, with the way; schemes differ in it."""
    found = {number(sum(each, Fraction(0)) / len(each), 2): "平均"}
    weights = [amount for amount in amounts if amount]
    if len(weights) == len(each):
        weighted = sum((w * p for w, p in zip(weights, each, strict=True)), Fraction(0))
        found[number(weighted / sum(weights), 2)] = "按金额加权"
    return {number(min(each), 2): "取最差"} | found


def _day_points(full: Fraction, days: int, full_days: int, zero_days: int) -> Fraction:
    if days <= full_days:
        return full
    return max(Fraction(0), full * (zero_days - days) / (zero_days - full_days))


def _body(table: Table) -> tuple[tuple[str, ...], ...]:
    return table.rows[1:]


def _is_sum(row: Sequence[str]) -> bool:
    return bool(row) and any(_SUBTOTAL.search(cell) or _TOTAL.search(cell) for cell in row[:2])


def _amount(row: Sequence[str]) -> Fraction | None:
    """The number of a row that has exactly one beside its serial number."""
    found = [cell for cell in row if _NUMBER.fullmatch(cell)]
    if row and found and row[0] == found[0] and found[0].isdigit() and len(found) > 1:
        found = found[1:]
    return Fraction(found[0].replace(",", "").replace("−", "-")) if len(found) == 1 else None


def _sum_finding(
    place: str, row: Sequence[str], parts: Sequence[Fraction], amount: Fraction
) -> Finding:
    together = number(sum(parts, Fraction(0)))
    name = next(cell for cell in row if cell)
    return Finding(
        place,
        Kind.SUM,
        f"{name} {number(amount)}",
        together,
        f"{len(parts)} 项相加 = {together}，写的是 {number(amount)}",
    )


def _points_finding(row: ScoreRow, parts: Sequence[Fraction]) -> Finding:
    together = number(sum(parts, Fraction(0)))
    return Finding(
        row.place,
        Kind.POINTS,
        f"{row.title} {number(row.points or Fraction(0))}",
        together,
        f"{'＋'.join(number(part) for part in parts)} = {together}，"
        f"写的是 {number(row.points or Fraction(0))}",
    )
