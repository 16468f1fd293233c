"""Indicators pasted from a sheet: the columns of the declaration, one indicator a line."""

import re
import unicodedata

from portal.rules.broken import RuleBroken
from portal.rules.indicators import Indicator, tidy
from portal.rules.vocabulary import Comparison, TargetGroup, TargetLevel

_SIGNS = {
    "≥": Comparison.AT_LEAST,
    ">=": Comparison.AT_LEAST,
    "≤": Comparison.AT_MOST,
    "<=": Comparison.AT_MOST,
    "=": Comparison.EXACTLY,
    "": Comparison.EXACTLY,
}
_VALUE = re.compile(r"(≥|>=|≤|<=|=|)\s*([0-9][0-9,]*(?:\.[0-9]+)?)\s*((?![0-9.,年月日]).*)")
_LONGEST = {"指标名称": 120, "指标值": 40, "单位": 20}


def read_pasted(text: str) -> list[Indicator]:
    """The lines as rows of a form: 二级指标, 三级指标, 指标值 with or without its unit, and 单位.

    A first column of 一级指标 is passed over; an empty 二级指标 is that of the line above, as merged cells
    are pasted; the line of titles is left out.

    Raises:
        RuleBroken: a line is no indicator; every such line is named.
    """
    found: list[Indicator] = []
    faults: list[str] = []
    level: TargetLevel | None = None
    for number, cells in enumerate(_table(text), start=1):
        if not any(cells) or "三级指标" in cells:
            continue
        level = _level(cells[0]) if cells[0] else level
        fault = _fault(cells, level)
        if level and not fault:
            found.append(_indicator(level, cells))
        else:
            faults.append(f"第 {number} 行{fault}")
    if faults:
        raise RuleBroken(f"粘贴的内容有误，都没有加入：{'；'.join(faults)}", "pasted")
    return found


def _table(text: str) -> list[list[str]]:
    """The cells of each line, four at least; a column of 一级指标 in front is taken away from all."""
    lines = [[cell.strip() for cell in line.split("\t")] for line in text.splitlines()]
    groups = {group.label for group in TargetGroup}
    first = 1 if any(cells[0] in groups for cells in lines) else 0
    return [cells[first:] + [""] * (4 + first - len(cells)) for cells in lines]


def _level(word: str) -> TargetLevel | None:
    return next(
        (
            level
            for level in TargetLevel
            if word and level.label.removesuffix("指标") == word.removesuffix("指标")
        ),
        None,
    )


def _fault(cells: list[str], level: TargetLevel | None) -> str:
    """What is wrong with a line; empty for nothing."""
    if level is None:
        words = "、".join(one.label for one in TargetLevel)
        return f"的指标类别“{cells[0]}”不认识，应是{words}之一"
    if not cells[1]:
        return "没有指标名称"
    long = [
        name
        for (name, most), cell in zip(_LONGEST.items(), cells[1:4], strict=True)
        if len(cell) > most
    ]
    return f"的{'、'.join(long)}太长" if long else ""


def _indicator(level: TargetLevel, cells: list[str]) -> Indicator:
    name, typed, unit = cells[1:4]
    found = _VALUE.fullmatch(unicodedata.normalize("NFKC", typed))
    if found is None:
        words = typed.lstrip("=＝").strip()
        return Indicator(level, name, Comparison.EXACTLY, words, unit)
    sign, value, rest = found.groups()
    return Indicator(level, name, _SIGNS[sign], tidy(value), unit or rest[:20])
