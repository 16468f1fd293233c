"""Facts that people entered, kept as JSON in the shape that a facts file has."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from portal.rules.scoring.facts import Fact
from portal.rules.scoring.scheme import Part, SchemeError
from portal.rules.tables import Row

Values = Mapping[str, Any]
"""A fact as its table in a facts file: names, numbers (int or Decimal), dates, texts, flags, lists."""


def written(values: Values) -> str:
    """The values as JSON; numbers keep the digits that were typed."""
    return json.dumps(values, ensure_ascii=False, sort_keys=True, default=_plain)


def values_of(text: str) -> dict[str, Any]:
    """The values that :func:`written` wrote."""
    values: dict[str, Any] = json.loads(text, parse_float=Decimal)
    if isinstance(values.get("day"), str):
        values["day"] = date.fromisoformat(values["day"])
    return values


def fact_of(part: Part, values: Values) -> Fact:
    """The fact that a part of a scheme asks for.

    Raises:
        SchemeError: the values have not the shape that the part's formula asks for.
    """
    problems: list[str] = []
    row = Row(part.fact, values, problems)
    fact: Fact = part.formula.fact.of(row)
    row.close()
    if problems:
        raise SchemeError(problems)
    return fact


def _plain(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else str(value)
