"""The numbers of a sentence: amounts, shares, counts and days, each with the words before it."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

_NUMBER = r"(?P<number>\d[\d,]*(?:\.\d+)?)"
_AMOUNT = re.compile(_NUMBER + r"\s*(?P<unit>亿元|万元|元)(?!/)")
_PERCENT = re.compile(_NUMBER + r"\s*%(?P<about>以上|以下|以内|左右|上下)?")
_COUNT = re.compile(
    _NUMBER + r"\s*(?P<unit>个|户|人|项|处|份)(?!月|百分点|工作日|小时|部门|行政村)"
)
_DATE = re.compile(r"(?:(?P<year>\d{4})年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})日")
_SENTENCE = re.compile(r"[^。！？]+[。！？]?(?:(?:其中|包括)[^。！？]+[。！？]?)*")
_SCALE = {"亿元": 10**8, "万元": 10**4, "元": 1}
_LABEL_END = re.compile(r"[，。；：:（）()“”]|(?<=[元个户人项处份%])[、和及]|其中|包括")


@dataclass(frozen=True)
class Quantity:
    """A number as it is written. ``value`` is in yuan, percent or pieces; ``exact`` says to what step."""

    start: int
    end: int
    written: str
    value: Fraction
    exact: Fraction
    unit: str
    label: str

    def states(self, value: Fraction) -> bool:
        """Whether a computed value, rounded half up to the written step, is what is written."""
        steps = value / self.exact + Fraction(1, 2)
        return (steps.numerator // steps.denominator) * self.exact == self.value


@dataclass(frozen=True)
class Day:
    """A date in a text."""

    start: int
    end: int
    on: date


def amounts(text: str) -> list[Quantity]:
    """Amounts of money, in yuan; prices per piece are left out."""
    return [
        _quantity(text, found, Fraction(_SCALE[found["unit"]]), found["unit"])
        for found in _AMOUNT.finditer(text)
    ]


def percents(text: str) -> list[Quantity]:
    """Shares and rates in percent; vague ones (以上, 左右) are left out."""
    return [
        _quantity(text, found, Fraction(1), "%")
        for found in _PERCENT.finditer(text)
        if not found["about"]
    ]


def counts(text: str) -> list[Quantity]:
    """Counted things."""
    return [_quantity(text, found, Fraction(1), found["unit"]) for found in _COUNT.finditer(text)]


def days(text: str) -> list[Day]:
    """Dates; one without a year takes the year before it in the text."""
    found, year = [], None
    for match in _DATE.finditer(text):
        year = int(match["year"]) if match["year"] else year
        if year is None:
            continue
        try:
            on = date(year, int(match["month"]), int(match["day"]))
        except ValueError:
            continue
        found.append(Day(match.start(), match.end(), on))
    return found


def span(first: date, last: date) -> int:
    """Natural days between two dates; the first one is not counted."""
    return (last - first) // timedelta(days=1)


def sentences(text: str) -> list[tuple[int, str]]:
    """Sentences with the place at which they begin; one that begins with 其中 goes on in the one before."""
    return [(found.start(), found.group()) for found in _SENTENCE.finditer(text)]


def number(value: Fraction, places: int = 6) -> str:
    """A number without idle zeros, at most ``places`` decimals, half up."""
    scaled = value * 10**places + Fraction(1, 2)
    rounded = Decimal(scaled.numerator // scaled.denominator).scaleb(-places)
    text = f"{rounded:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _quantity(text: str, found: re.Match[str], scale: Fraction, unit: str) -> Quantity:
    digits = found["number"].replace(",", "")
    decimals = len(digits.partition(".")[2])
    before = text[: found.start()]
    label = _LABEL_END.split(before)[-1]
    return Quantity(
        start=found.start(),
        end=found.end(),
        written=found.group(),
        value=Fraction(digits) * scale,
        exact=scale / 10**decimals,
        unit=unit,
        label=label.strip(),
    )
