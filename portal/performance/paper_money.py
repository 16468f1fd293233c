"""资金 of the official papers: the rows of each kind of form, in 万元."""

from decimal import Decimal

from portal.performance.amounts import Amounts, SourceAmounts
from portal.performance.paper_rows import Row, row
from portal.rules.money import wan_exact
from portal.rules.performance_points import EXECUTION_WEIGHT, execution_score, points
from portal.rules.vocabulary import MoneySource


def declared_money(amounts: Amounts, other: int) -> list[Row]:
    """The plan of a declaration (F4): the whole, of it the fund, and other money."""
    money = [
        ("年度资金总额", amounts.initial),
        ("其中：财政拨款", amounts.initial - other),
        ("其他资金", other),
    ]
    return [row((name, 1), (wan_exact(amount), 2)) for name, amount in money]


def monitored_money(amounts: Amounts, months: str, expected: int) -> list[Row]:
    """The money of a monitoring (F5) over the 14 columns beside its label."""
    return [
        row(
            ("年初预算数", 1),
            ("全年预算数", 1),
            (f"{months}执行数", 2),
            ("执行率", 5),
            ("全年预计执行数", 5),
        ),
        row(
            (wan_exact(amounts.initial), 1),
            (wan_exact(amounts.budget), 1),
            (wan_exact(amounts.executed), 2),
            (_rate(amounts.rate), 5),
            (_wan(expected or None), 5),
        ),
    ]


def scored_money(amounts: Amounts) -> list[Row]:
    """The money of a project's self-evaluation (F6): the whole with its points, then each source."""
    titles = (
        "",
        "年初预算数",
        "全年预算数（A）",
        "全年执行数（B）",
        "分值",
        "执行率（B/A）",
        "得分",
    )
    values = (
        "年度资金总额",
        wan_exact(amounts.initial),
        wan_exact(amounts.budget),
        wan_exact(amounts.executed),
        points(EXECUTION_WEIGHT),
        _rate(amounts.rate),
        points(execution_score(amounts.budget, amounts.executed)),
    )
    return [list(titles), list(values), *map(_scored_source, amounts.sources)]


def _scored_source(one: SourceAmounts) -> Row:
    label = f"其中：{one.source.label}" if one.source is MoneySource.THIS_YEAR else one.source.label
    amounts = (_wan(one.initial), _wan(one.budget), _wan(one.executed))
    return [label, *amounts, "—", _percent(one.rate), "—"]


def invested_money(amounts: Amounts) -> list[Row]:
    """The county's money by the budget that it comes from, with the points of its execution."""

    def cells(name: str, budget: str, executed: str, rate: str, full: str, score: str) -> Row:
        return row((name, 1), (budget, 1), (executed, 1), (rate, 2), (full, 1), (score, 1))

    return [
        cells("", "全年预算数（A）", "全年执行数（B）", "执行率（B/A）", "分值", "得分"),
        cells(
            "年度资金总额",
            wan_exact(amounts.budget),
            wan_exact(amounts.executed),
            _rate(amounts.rate),
            points(EXECUTION_WEIGHT),
            points(execution_score(amounts.budget, amounts.executed)),
        ),
        *(
            cells(
                f"其中：{one.source.label}"
                if one.source is MoneySource.CENTRAL
                else one.source.label,
                _wan(one.budget),
                _wan(one.executed),
                _percent(one.rate),
                "—",
                "—",
            )
            for one in amounts.sources
        ),
    ]


def _wan(amount: int | None) -> str:
    return "" if amount is None else wan_exact(amount)


def _percent(rate: Decimal | None) -> str:
    return "" if rate is None else f"{rate}%"


def _rate(rate: Decimal | None) -> str:
    return "—" if rate is None else f"{rate}%"
