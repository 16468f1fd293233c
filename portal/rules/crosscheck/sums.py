"""Totals and their parts in a sentence: 「共计…万元，其中…、…」 and 「…万元（包括…、…）」."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from portal.rules.crosscheck.findings import Finding, Kind
from portal.rules.crosscheck.quantities import Quantity, amounts, counts, number, sentences
from portal.rules.crosscheck.text import Paragraph, brackets, without_brackets

_PARTS = re.compile(r"其中|包括")
BIG = {"亿元", "万元"}
CLOSE = Fraction(5, 100)
CLOSE_COUNT = Fraction(25, 100)
"""Parts that miss the total by no more than this share are meant to add up to it; counts are small."""
FAR_ABOVE = Fraction(30, 100)
"""Parts that overshoot by more than this are several divisions of one total, side by side."""


@dataclass(frozen=True)
class Breakdown:
    """A total and the parts that the sentence names for it."""

    place: str
    total: Quantity
    parts: tuple[Quantity, ...]


def breakdowns(paragraph: Paragraph) -> Iterator[Breakdown]:
    """Every total with parts: those in brackets first, then those of the sentence without its brackets."""
    for _start, sentence in sentences(paragraph.text):
        for read in (amounts, counts):
            yield from _in_brackets(paragraph.place, sentence, read)
            yield from _in_sentence(paragraph.place, without_brackets(sentence), read)


def check(paragraph: Paragraph) -> Iterator[Finding]:
    """Contradictions between totals and parts."""
    for breakdown in breakdowns(paragraph):
        if not fits(breakdown):
            yield _finding(breakdown)


def fits(breakdown: Breakdown) -> bool:
    """Whether the parts can belong to the total.

    One part is a part of it. Several add up to it; a few of them may (「总人数529人，其中…508人，…21人，
    公益性岗位…343人」), and parts that are far from it do not claim to be all.
    """
    total, parts = breakdown.total, [part.value for part in breakdown.parts]
    if len(parts) == 1:
        return parts[0] <= total.value
    if _some_add_up(total, parts):
        return True
    gap = sum(parts, Fraction(0)) - total.value
    if gap > 0:
        return max(parts) < total.value and gap > total.value * FAR_ABOVE
    return -gap > total.value * (CLOSE if total.unit.endswith("元") else CLOSE_COUNT)


def _some_add_up(total: Quantity, parts: list[Fraction]) -> bool:
    tried = parts[:12]
    return any(
        total.states(sum(chosen, Fraction(0)))
        for size in range(len(tried), 1, -1)
        for chosen in combinations(tried, size)
    )


def _in_brackets(
    place: str, sentence: str, read: Callable[[str], list[Quantity]]
) -> Iterator[Breakdown]:
    for start, end in brackets(sentence):
        inside = without_brackets(sentence[start + 1 : end - 1])
        before = read(sentence[:start])
        if _PARTS.search(inside) and before and before[-1].end == start:
            parts = _same_unit(before[-1], read(inside))
            if parts:
                yield Breakdown(place, before[-1], parts)


def _in_sentence(
    place: str, sentence: str, read: Callable[[str], list[Quantity]]
) -> Iterator[Breakdown]:
    marks = list(_PARTS.finditer(sentence))
    for position, mark in enumerate(marks):
        before = read(sentence[: mark.start()])
        stop = marks[position + 1].start() if position + 1 < len(marks) else len(sentence)
        after = [found for found in read(sentence[:stop]) if found.start >= mark.end()]
        if before and (parts := _same_unit(before[-1], after)):
            yield Breakdown(place, before[-1], parts)


def _same_unit(total: Quantity, found: list[Quantity]) -> tuple[Quantity, ...]:
    """What can be a part of the total; 亿元 has parts in 万元, and 元 is mostly a price."""
    return tuple(
        part for part in found if part.unit == total.unit or {part.unit, total.unit} == BIG
    )


def _finding(breakdown: Breakdown) -> Finding:
    scale = breakdown.total.value and _scale(breakdown.total)
    parts = [number(part.value / scale) for part in breakdown.parts]
    together = number(sum((part.value for part in breakdown.parts), Fraction(0)) / scale)
    total = breakdown.total
    return Finding(
        breakdown.place,
        Kind.SUM if total.unit.endswith("元") else Kind.COUNT,
        f"{total.label}{total.written}",
        f"{together}{total.unit}",
        f"{'＋'.join(parts)} = {together}，写的是 {number(total.value / scale)}",
    )


def _scale(quantity: Quantity) -> Fraction:
    return {"亿元": Fraction(10**8), "万元": Fraction(10**4)}.get(quantity.unit, Fraction(1))
