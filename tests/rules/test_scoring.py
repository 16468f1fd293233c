"""The assessment against the published sheet, its variants, and what holds for every formula."""

import dataclasses
import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.money import round2
from portal.rules.scoring import facts
from portal.rules.scoring.days import Aggregation, WithinDays
from portal.rules.scoring.entered import CappedDeductions, FlatDeduction, Manual
from portal.rules.scoring.formulas import FORMULAS
from portal.rules.scoring.rates import AgainstPace, Band, RateBand, RateUpTo
from portal.rules.scoring.scheme import (
    FOLDER,
    Normalization,
    Scheme,
    SchemeError,
    read_evidence,
    read_scheme,
)
from portal.rules.scoring.scorecard import MISSING, score
from portal.rules.scoring.shares import (
    Decrease,
    LevelOrGrowth,
    MeanShare,
    NotBelow,
    ShareDone,
)
from portal.rules.vocabulary import FundingTier, PaceMethod

FACTS = Path(__file__).parents[2] / "docs" / "schemes" / "acheng-2023-facts.toml"
ALL_TIERS = (FundingTier.CENTRAL, FundingTier.PROVINCIAL, FundingTier.MUNICIPAL)


@pytest.fixture(scope="module")
def heilongjiang() -> Scheme:
    return read_scheme(FOLDER / "heilongjiang-county-2023.toml")


def card_of(scheme: Scheme):
    return score(scheme, read_evidence(FACTS, scheme))


def with_part(scheme: Scheme, no: str, **parameters: object) -> Scheme:
    """The scheme with other parameters for one part."""
    indicators = tuple(
        dataclasses.replace(
            indicator,
            parts=tuple(
                dataclasses.replace(part, formula=dataclasses.replace(part.formula, **parameters))
                if part.no == no
                else part
                for part in indicator.parts
            ),
        )
        for indicator in scheme.indicators
    )
    return dataclasses.replace(scheme, indicators=indicators)


def line(card, no: str):
    return next(line for line in card.lines if line.no == no)


def test_the_published_sheet_line_by_line(heilongjiang):
    card = card_of(heilongjiang)
    published = [
        "4",
        "4",
        "5",
        "8",
        "4",
        "4",
        "4",
        "10",
        "8.34",
        "8",
        "20",
        "7",
        "0",
        "3",
        "0",
        "0",
        "0",
    ]
    assert [line.points for line in card.lines] == [
        Decimal(points).quantize(Decimal("0.01")) for points in published
    ]
    assert (card.total, card.applicable, card.normalized, card.grade) == (
        Decimal("89.34"), Decimal("88.00"), Decimal("101.52"), "优",
    )  # fmt: skip


def test_what_the_facts_compute_stands_beside_what_was_claimed(heilongjiang):
    card = card_of(heilongjiang)
    computed = {line.no: line.computed for line in card.lines}
    assert (computed["3"], line(card, "3").claimed) == (Decimal("3.79"), Decimal("5.00"))
    assert computed["1"] == computed["2"] == Decimal("4.00")
    assert (computed["8"], computed["9"], computed["12"]) == (
        Decimal("10.00"),
        Decimal("8.34"),
        Decimal("7.00"),
    )
    assert (computed["13"], computed["4"]) == (None, None)
    assert MISSING in line(card, "4").working
    assert card.computed_total == Decimal("44.13")


@pytest.mark.parametrize(
    ("aggregation", "tiers", "points"),
    [
        (Aggregation.WORST, ALL_TIERS, "2.33"),
        (Aggregation.MEAN, ALL_TIERS, "4.28"),
        (Aggregation.WEIGHTED, ALL_TIERS, "3.79"),
        (Aggregation.WEIGHTED, ALL_TIERS[:2], "3.82"),
    ],
)
def test_indicator_3_in_its_readings(heilongjiang, aggregation, tiers, points):
    scheme = with_part(heilongjiang, "3", aggregation=aggregation, tiers=tiers)
    assert line(card_of(scheme), "3").computed == Decimal(points)


@pytest.mark.parametrize(
    ("band", "rounded", "points"),
    [(Band.DIRECT, True, "8.34"), (Band.LINEAR, True, "7.62"), (Band.LINEAR, False, "7.63")],
)
def test_indicator_9_in_its_readings(heilongjiang, band, rounded, points):
    scheme = with_part(heilongjiang, "9.2", band=band, rounded=rounded)
    scheme = with_part(scheme, "9.1", rounded=rounded)
    assert line(card_of(scheme), "9").computed == Decimal(points)


def test_the_other_normalization_and_a_cap(heilongjiang):
    other = dataclasses.replace(heilongjiang, normalization=Normalization.BEFORE_ADJUSTMENTS)
    assert card_of(other).normalized == Decimal("101.11")
    assert card_of(dataclasses.replace(other, cap=Fraction(100))).normalized == Decimal("100.00")


@pytest.mark.parametrize(
    ("normalized", "label"),
    [("90", "优"), ("89.99", "良"), ("80", "良"), ("79.99", "中"), ("60", "中"), ("59.99", "差")],
)
def test_grade_bands_have_no_gap(heilongjiang, normalized, label):
    reached = next(g.label for g in heilongjiang.grades if Decimal(normalized) >= g.above)
    assert reached == label


def test_a_scheme_without_published_points_adds_nothing_up():
    scheme = read_scheme(FOLDER / "shanxi-county-2024.toml")
    card = score(scheme, read_empty(scheme))
    assert len(card.lines) == 16
    assert {line.computed for line in card.lines} == {None}
    assert (card.normalized, card.grade) == (None, None)


def read_empty(scheme):
    return dataclasses.replace(read_evidence(FACTS, read_scheme(FOLDER / "heilongjiang-county-2023.toml")),
                               facts={}, not_applicable=frozenset(), claims={})  # fmt: skip


def test_the_score_is_of_the_sheets_own_sections(heilongjiang):
    sections: dict[str, Fraction] = {}
    for indicator in heilongjiang.indicators:
        sections[indicator.group] = sections.get(indicator.group, 0) + (indicator.full or 0)
    assert sections == {"资金保障": 8, "项目管理": 25, "使用成效": 67, "加减分": 3 - 30}


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (('formula = "decrease"', 'formula = "falling"'), "第 1 个 indicator：formula 应是"),
        (("full_days = 45", "full_days = 61"), "第 3 个 indicator：zero_days 应大于 full_days"),
        (
            ("per_point = 0.5", 'per_point = "half"'),
            "第 1 个 indicator：per_point 应填不小于 0 的数字",
        ),
        (('no = "2"', 'no = "1"'), 'no "1" 重复'),
        (
            ("points = 2                           #", "points = 3  #"),
            "第 2 个 indicator：各 part 的 points 合计是 5，应等于 points 4",
        ),
        (
            ('band = "direct"', 'band = "bent"'),
            "第 9 个 indicator，第 2 个 part：band 应是 linear、direct 之一",
        ),
        (
            ('fact = "county_budget"', 'fact = "county_budget"\nfakt = 1'),
            "第 1 个 indicator：不认识 fakt",
        ),
        (("above = 0", "above = 1"), "最后一档从 0 起"),
    ],
)
def test_a_wrong_scheme_stops_with_file_row_and_reason(tmp_path, change, complaint):
    text = (FOLDER / "heilongjiang-county-2023.toml").read_text()
    assert change[0] in text
    path = tmp_path / "own.toml"
    path.write_text(text.replace(change[0], change[1], 1))
    with pytest.raises(SchemeError) as stopped:
        read_scheme(path)
    assert any(
        problem.startswith("own.toml") and complaint in problem
        for problem in stopped.value.problems
    )


def test_facts_that_nobody_asks_for_are_refused(tmp_path, heilongjiang):
    path = tmp_path / "facts.toml"
    path.write_text('not_applicable = ["99"]\n[facts.weather]\nyes = true\n')
    with pytest.raises(SchemeError) as stopped:
        read_evidence(path, heilongjiang)
    assert stopped.value.problems == (
        "facts.toml：“黑龙江省县级 2023 年”里没有第 99 行",
        "facts.toml，[facts]：不认识 weather，请核对拼写，或删去这一项",
    )


def test_every_row_of_every_shipped_scheme_is_scored():
    """Every formula that a table names is exercised with a fact of its kind."""
    for path in sorted(FOLDER.glob("*.toml")):
        for indicator in read_scheme(path).indicators:
            for part in indicator.parts:
                outcome = part.formula.score(Fraction(5), EXAMPLES[part.formula.fact])
                assert -5 <= outcome.points <= 5
                assert outcome.working
    named = {
        type(p.formula)
        for path in FOLDER.glob("*.toml")
        for i in read_scheme(path).indicators
        for p in i.parts
    }
    assert named | {RateUpTo} == set(FORMULAS.values())


DAY = facts.Placed("甲", 53, Fraction(1976), FundingTier.CENTRAL)
EXAMPLES = {
    facts.Share: facts.Share(Fraction(1), Fraction(3)),
    facts.Shares: facts.Shares((facts.NamedShare("目标", facts.Share(Fraction(2), Fraction(3))),)),
    facts.PlacedDays: facts.PlacedDays((DAY,)),
    facts.Change: facts.Change(Fraction(80), Fraction(81)),
    facts.Progress: facts.Progress(Fraction(1), Fraction(4), date(2023, 7, 15)),
    facts.Answer: facts.Answer(True),
    facts.Entered: facts.Entered(Fraction(4), "抽查"),
    facts.Incidents: facts.Incidents((facts.Incident("甲", Fraction(2)),)),
    facts.Income: facts.Income(Fraction(9), Fraction(10), Fraction(3), Fraction(4)),
}


def _shares(shares):
    return facts.Shares(tuple(facts.NamedShare("甲", share) for share in shares))


def _incidents(amounts):
    return facts.Incidents(tuple(facts.Incident("甲", amount) for amount in amounts))


FULL = st.integers(1, 20).map(Fraction)
MONEY = st.integers(0, 10**9).map(lambda fen: Fraction(fen, 1_000_000))
SHARE = st.tuples(MONEY, MONEY).map(lambda pair: facts.Share(min(pair), max(pair)))
PLACED = st.builds(
    facts.Placed,
    name=st.just("甲"),
    days=st.integers(0, 90),
    amount=MONEY,
    tier=st.sampled_from(ALL_TIERS),
)
CASES = st.one_of(
    st.tuples(
        st.builds(WithinDays, st.just(45), st.just(60), st.sampled_from(Aggregation), st.just(ALL_TIERS)),
        st.lists(PLACED, max_size=5).map(lambda items: facts.PlacedDays(tuple(items))),
    ),
    st.tuples(st.builds(RateBand, st.just(Fraction(85)), st.sampled_from(Band), st.booleans()), SHARE),
    st.tuples(st.just(RateUpTo(Fraction(80))), SHARE),
    st.tuples(st.just(ShareDone()), SHARE),
    st.tuples(st.just(FORMULAS["sampled_share"]()), SHARE),
    st.tuples(
        st.just(MeanShare()),
        st.lists(SHARE, max_size=4).map(_shares),
    ),
    st.tuples(
        st.builds(AgainstPace, st.sampled_from(PaceMethod)),
        st.builds(
            lambda share, day: facts.Progress(share.done, share.whole, day),
            SHARE,
            st.dates(min_value=date(2023, 1, 1), max_value=date(2024, 12, 31)),
        ),
    ),
    st.tuples(st.just(Decrease(Fraction(1, 2))), st.builds(facts.Change, MONEY, MONEY)),
    st.tuples(st.just(NotBelow()), st.builds(facts.Change, MONEY, MONEY)),
    st.tuples(st.just(LevelOrGrowth()), st.builds(facts.Income, MONEY, MONEY, MONEY, MONEY)),
    st.tuples(st.just(Manual()), st.builds(facts.Entered, MONEY, st.just("抽查"))),
    st.tuples(st.just(FlatDeduction()), st.builds(facts.Answer, st.booleans())),
    st.tuples(
        st.just(CappedDeductions()),
        st.lists(MONEY, max_size=4).map(_incidents),
    ),
)  # fmt: skip
TAKES_OFF = (FlatDeduction, CappedDeductions)


@given(FULL, CASES)
def test_points_stay_between_nothing_and_the_full_ones(full, case):
    formula, fact = case
    points = formula.score(full, fact).points
    low, high = (-full, 0) if isinstance(formula, TAKES_OFF) else (0, full)
    assert low <= points <= high


@given(FULL, CASES)
def test_the_working_recomputes_to_the_points(full, case):
    formula, fact = case
    outcome = formula.score(full, fact)
    assert round2(recomputed(outcome.working)) == round2(outcome.points)


def recomputed(working: str) -> Fraction:
    """The value of the sum after the last colon: the left side of ``=``, or the number that stands alone."""
    left = working.rpartition("：")[2].partition(" = ")[0]
    plain = left.translate(str.maketrans("×÷−＋（）", "*/-+()"))
    exact = re.sub(r"[0-9]+(\.[0-9]+)?", lambda number: f"Fraction('{number[0]}')", plain)
    return eval(exact, {"Fraction": Fraction})


@given(FULL, st.integers(0, 90), st.integers(0, 90), st.sampled_from(Aggregation))
def test_more_days_never_earn_more(full, days, more, aggregation):
    formula = WithinDays(45, 60, aggregation, ALL_TIERS)
    sooner, later = (
        formula.score(full, facts.PlacedDays((dataclasses.replace(DAY, days=n),))).points
        for n in sorted((days, more))
    )
    assert later <= sooner


@given(FULL, st.sampled_from(Band), st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_higher_rate_never_earns_less(full, band, paid, more):
    formula = RateBand(Fraction(85), band, rounded=True)
    low, high = (
        formula.score(full, facts.Share(Fraction(n), Fraction(10**6))).points
        for n in sorted((paid, more))
    )
    assert low <= high


def test_the_documentation_names_every_formula():
    page = (FACTS.parent / "README.md").read_text()
    assert [name for name in FORMULAS if f"| `{name}` |" not in page] == []
