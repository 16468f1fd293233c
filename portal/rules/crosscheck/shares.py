"""Shares, rates, rests and growth: a percentage or a rest held against the amounts around it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from portal.rules.crosscheck.findings import Finding, Kind
from portal.rules.crosscheck.quantities import Quantity, amounts, number, percents, sentences
from portal.rules.crosscheck.text import Paragraph, without_brackets

_SHARE = re.compile(r"占|比例|比重")
_RATE = re.compile(r"支出率|执行率|支出进度|支付率|支出完成|支出.{0,4}完成")
_UP, _DOWN = re.compile(r"增长|增速|提高|增加"), re.compile(r"下降|减少|降低|缩减")
_PAID = re.compile(r"支出|支付|使用|完成")
_REST = re.compile(r"剩余|结余|结转|未支出|未支付")
_TOTAL = re.compile(r"共|总|合计|收到|到位|安排|资金")
_BEFORE = re.compile(r"较|比|上年|去年")
PLAUSIBLE = Fraction(12)
"""A share that is further than this many points from what was computed is a share of something else."""


@dataclass(frozen=True)
class Ratio:
    """Part and whole that a percentage may be about; in yuan."""

    part: Fraction
    whole: Fraction

    @property
    def percent(self) -> Fraction:
        """The share in percent."""
        return self.part / self.whole * 100


def check(paragraph: Paragraph, totals: Sequence[Fraction]) -> Iterator[Finding]:
    """Contradictions of percentages and rests in one paragraph.

    ``totals`` are the great amounts of the whole report: a share may be of one of them.
    """
    text = without_brackets(paragraph.text)
    money = amounts(text)
    for start, sentence in sentences(text):
        for found in percents(sentence):
            percent = _moved(found, start)
            words = _clause(text, percent.start)
            if _UP.search(words) or _DOWN.search(words):
                yield from _growth(paragraph.place, text, percent, money)
            elif _RATE.search(words):
                yield from _rate(paragraph.place, percent, money, totals)
            elif _SHARE.search(words):
                yield from _share(paragraph.place, text, percent, money, (start, totals))
    yield from _rests(paragraph.place, money)


def great_amounts(paragraphs: Iterable[Paragraph]) -> list[Fraction]:
    """Amounts that a report calls a total, in yuan."""
    return list(
        dict.fromkeys(
            found.value
            for paragraph in paragraphs
            for found in amounts(paragraph.text)
            if re.search(r"共|总|合计", found.label)
        )
    )


def _share(
    place: str,
    text: str,
    percent: Quantity,
    money: Sequence[Quantity],
    around: tuple[int, Sequence[Fraction]],
) -> Iterator[Finding]:
    begin, totals = around
    before = [found for found in money if begin <= found.start and found.end <= percent.start]
    named = _named_whole(text, percent, before)
    if named:
        yield from _compare(place, Kind.SHARE, percent, [named])
        return
    if not before:
        return
    part = before[-1]
    near = [f for f in before[:-1] if f.value > part.value and _TOTAL.search(f.label)]
    wholes = [found.value for found in near] or [whole for whole in totals if whole >= part.value]
    yield from _compare(
        place, Kind.SHARE, percent, [Ratio(part.value, whole) for whole in wholes if whole]
    )


def _named_whole(text: str, percent: Quantity, before: Sequence[Quantity]) -> Ratio | None:
    """「3050.9万元占…总额度5115.68万元的59.64%」: part and whole stand on both sides of 占."""
    if len(before) < 2:
        return None
    part, whole = before[-2:]
    between = text[part.end : whole.start]
    if "占" in between and not re.search("[；%]", between) and whole.value:
        return Ratio(part.value, whole.value)
    return None


def _rate(
    place: str, percent: Quantity, money: Sequence[Quantity], totals: Sequence[Fraction]
) -> Iterator[Finding]:
    """A rate is of the last money paid before it, or of what is left beside it."""
    paid = [m for m in money if m.end <= percent.start and _PAID.search(m.label)]
    rests = [m for m in money if m.start >= percent.end and _REST.search(m.label)]
    wholes = [
        m.value
        for m in money
        if m.end <= percent.start and not _PAID.search(m.label) and not _REST.search(m.label)
    ]
    last = paid[-1].value if paid else None
    candidates = wholes[::-1] or list(totals)
    if last is not None:
        ratios = [Ratio(last, whole) for whole in candidates if whole >= last > 0]
    else:
        ratios = [
            Ratio(whole - rest.value, whole)
            for rest in rests[:1]
            for whole in candidates
            if whole > rest.value
        ]
    yield from _compare(place, Kind.SHARE, percent, ratios)


def _growth(
    place: str, text: str, percent: Quantity, money: Sequence[Quantity]
) -> Iterator[Finding]:
    before = [found for found in money if found.end <= percent.start]
    if len(before) < 2 or not _BEFORE.search(text[before[-2].end : percent.start]):
        return
    now, then = before[-2].value, before[-1].value
    if not then:
        return
    change = (now - then) / then * 100
    computed = -change if _DOWN.search(_clause(text, percent.start)) else change
    if percent.states(computed):
        return
    yield Finding(
        place,
        Kind.GROWTH,
        f"{_clause(text, percent.start)}{percent.written}",
        f"{number(computed, 2)}%",
        f"（{_wan(now)}−{_wan(then)}）÷{_wan(then)}×100 = {number(computed, 2)}，"
        f"写的是 {number(percent.value)}",
    )


def _rests(place: str, money: Sequence[Quantity]) -> Iterator[Finding]:
    """「共收到…万元，累计支出…万元，剩余…万元」."""
    for at, rest in enumerate(money):
        if not _REST.search(rest.label):
            continue
        paid = [m for m in money[:at] if _PAID.search(m.label) and not _REST.search(m.label)]
        if not paid:
            continue
        wholes = [
            m
            for m in money[: money.index(paid[-1])]
            if m.value >= paid[-1].value and not _REST.search(m.label)
        ]
        if wholes and not any(rest.states(whole.value - paid[-1].value) for whole in wholes):
            whole = wholes[-1].value
            left = whole - paid[-1].value
            yield Finding(
                place,
                Kind.REST,
                f"{rest.label}{rest.written}",
                f"{_wan(left)}万元",
                f"{_wan(whole)}−{_wan(paid[-1].value)} = {_wan(left)}，写的是 {_wan(rest.value)}",
            )
        return


def _compare(
    place: str, kind: Kind, percent: Quantity, ratios: Sequence[Ratio]
) -> Iterator[Finding]:
    """Nothing where one pair gives the percentage; else the nearest pair, unless it is far from it."""
    if not ratios or any(_gives(ratio, percent) for ratio in ratios):
        return
    nearest = min(ratios, key=lambda ratio: abs(ratio.percent - percent.value))
    if abs(nearest.percent - percent.value) > PLAUSIBLE:
        return
    computed = number(nearest.percent, 2)
    yield Finding(
        place,
        kind,
        f"{percent.label}{percent.written}",
        f"{computed}%",
        f"{_wan(nearest.part)}÷{_wan(nearest.whole)}×100 = {computed}，写的是 {number(percent.value)}",
    )


def _gives(ratio: Ratio, percent: Quantity) -> bool:
    """100 % is all of it, and never a rounding."""
    if percent.value == 100:
        return ratio.part == ratio.whole
    return percent.states(ratio.percent)


def _clause(text: str, end: int) -> str:
    """The words since the last comma or stop."""
    return re.split(r"[，。；：]", text[:end])[-1]


def _moved(found: Quantity, by: int) -> Quantity:
    return Quantity(
        found.start + by,
        found.end + by,
        found.written,
        found.value,
        found.exact,
        found.unit,
        found.label,
    )


def _wan(yuan: Fraction) -> str:
    return number(yuan / 10**4)
