"""The whole cross-check of one report."""

import re
from collections.abc import Iterator
from itertools import pairwise

from portal.rules.crosscheck import dates, places, shares, sums, tables
from portal.rules.crosscheck.findings import Finding, Outcome, Remark
from portal.rules.crosscheck.text import Paragraph, Report

_HEADING = re.compile(r"(?P<mark>[一二三四五六七八九十]|\d{1,2})、")
LONGEST_HEADING = 40
_NUMERALS = "一二三四五六七八九十"


def crosscheck(report: Report) -> Outcome:
    """Find what contradicts what: amounts, shares, rests, counts, days and points of a report.

    Only contradictions of figures are findings; what cannot be verified, and matters of form, are remarks.
    """
    found = [*_texts(report), *_tables(report), *_places(report)]
    return Outcome(
        findings=tuple(dict.fromkeys(one for one in found if isinstance(one, Finding))),
        remarks=(
            *(one for one in found if isinstance(one, Remark)),
            *_headings(report.paragraphs),
        ),
    )


def _texts(report: Report) -> Iterator[Finding | Remark]:
    totals = shares.great_amounts(report.paragraphs)
    for paragraph in report.paragraphs:
        yield from sums.check(paragraph)
        yield from shares.check(paragraph, totals)
        yield from dates.check(paragraph)


def _tables(report: Report) -> Iterator[Finding]:
    placed = [one for paragraph in report.paragraphs for one in dates.placements(paragraph)]
    for table in report.tables:
        yield from tables.check(table, placed)


def _places(report: Report) -> Iterator[Finding]:
    breakdowns = [one for p in report.paragraphs for one in sums.breakdowns(p)]
    rows = [
        (table.place, tables.category_counts(table))
        for table in report.tables
        if not tables.is_score_sheet(table)
    ]
    return places.check(breakdowns, rows)


def _headings(paragraphs: list[Paragraph]) -> Iterator[Remark]:
    """Top headings that count wrongly, or that mix 一、 and 1、."""
    headings = [
        (paragraph, found["mark"])
        for paragraph in paragraphs
        if len(paragraph.text) <= LONGEST_HEADING and (found := _HEADING.match(paragraph.text))
    ]
    if any(mark in _NUMERALS for _paragraph, mark in headings):
        for paragraph, mark in headings:
            if mark.isdigit():
                yield Remark(paragraph.place, f"标题“{paragraph.text}”的序号写法与其他标题不一致")
    numbers = [
        (paragraph, int(mark) if mark.isdigit() else _NUMERALS.index(mark) + 1)
        for paragraph, mark in headings
    ]
    for (_earlier, before), (paragraph, number) in pairwise(numbers):
        if number != before + 1:
            yield Remark(paragraph.place, f"标题“{paragraph.text}”的序号不连续")
