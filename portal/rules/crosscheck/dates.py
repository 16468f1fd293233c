"""Days between the receipt of money and its approval, held against what the report says of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from portal.rules.crosscheck.findings import Finding, Kind, Remark
from portal.rules.crosscheck.quantities import Day, amounts, days, span
from portal.rules.crosscheck.text import Paragraph

_CLAIM = re.compile(r"(?<![\d月])(?P<days>\d{1,3})\s*(?:个工作)?[日天](?P<within>内|以内|之内)?")
_RECEIVED = re.compile(r"收到|下达")
_APPROVED = re.compile(r"批复|批准|审定|落实到")


@dataclass(frozen=True)
class Placed:
    """Money that came on one day and was placed on another; ``amount`` is in yuan, None where unclear."""

    received_on: date
    approved_on: date
    amount: Fraction | None = None

    @property
    def days(self) -> int:
        """Natural days; the first one is not counted."""
        return span(self.received_on, self.approved_on)


def placements(paragraph: Paragraph) -> list[Placed]:
    """Each receipt with the next approval after it in the paragraph."""
    found, waiting = [], list[Day]()
    dates = days(paragraph.text)
    for at, day in enumerate(dates):
        words = _words_after(paragraph.text, day, dates[at + 1 :])
        if _APPROVED.search(words):
            amounts_of = _amounts(paragraph.text, waiting, day)
            found += [
                Placed(received.on, day.on, amount)
                for received, amount in zip(waiting, amounts_of, strict=True)
                if received.on <= day.on
            ]
            waiting = []
        elif _RECEIVED.search(words):
            waiting.append(day)
    return found


def _amounts(text: str, received: list[Day], approved: Day) -> list[Fraction | None]:
    """What each receipt brought: one amount for each of them, or all amounts for a single one."""
    if not received:
        return []
    named = amounts(text[received[0].end : approved.start])
    if len(received) == 1 and named:
        return [sum((one.value for one in named), Fraction(0))]
    if len(named) == len(received):
        return [one.value for one in named]
    return [None] * len(received)


def check(paragraph: Paragraph) -> Iterator[Finding | Remark]:
    """Claims of days against the dates of the same paragraph; without dates only a remark."""
    text, placed = paragraph.text, placements(paragraph)
    for claim in _claims(text):
        limit = int(claim["days"])
        if not placed:
            if claim["within"] and _RECEIVED.search(text):
                yield Remark(paragraph.place, f"“{claim.group()}”没有日期可以核对")
            continue
        if claim["within"]:
            wrong = [one for one in placed if one.days > limit]
        else:
            wrong = [] if any(one.days == limit for one in placed) else placed[-1:]
        yield from (_finding(paragraph.place, claim.group(), limit, one) for one in wrong)


def _claims(text: str) -> list[re.Match[str]]:
    """Numbers of days that are no part of a date and stand after the dates they speak of."""
    dates = days(text)
    inside = [(day.start, day.end) for day in dates]
    return [
        claim
        for claim in _CLAIM.finditer(text)
        if not any(start <= claim.start() < end for start, end in inside)
        and (not dates or claim.start() > dates[0].start)
        and "每" not in text[max(0, claim.start() - 2) : claim.start()]
    ]


def _words_after(text: str, day: Day, later: list[Day]) -> str:
    """What is said of a date: up to the next one, or of both where only a 、 parts them."""
    for following in later:
        between = text[day.end : following.start]
        if between.strip() not in {"、", "和", "及", "，"}:
            return between
        day = following
    return text[day.end :]


def _finding(place: str, claim: str, limit: int, one: Placed) -> Finding:
    sign = ">" if one.days > limit else "≠"
    return Finding(
        place,
        Kind.DAYS,
        claim,
        f"{one.days} 天",
        f"{one.received_on} 到 {one.approved_on} = {one.days} 天 {sign} {limit} 天",
    )
