"""The limits of an allocation refuse with the figures and the fix."""

import csv
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import portal
from portal.rules import book
from portal.rules.broken import RuleBroken
from portal.rules.limits import (
    AllocationFacts,
    check_allocation,
    check_purpose,
    industry_share_warning,
    management_fee_cap,
    notice_problem,
)
from portal.rules.money import FEN_PER_WAN
from portal.rules.vocabulary import FundingTier, ProjectStatus

LIMITS = book.load().limits
WAN = FEN_PER_WAN
PROJECTS = Path(portal.__file__).parent / "demo" / "acheng-2023" / "projects.csv"

FITTING = AllocationFacts(
    amount=10 * WAN,
    purpose="修建烘干塔",
    project_name="小岭街西川村烘干塔续建项目",
    project_status=ProjectStatus.ADMITTED,
    project_type="processing_plant",
    project_budget=110 * WAN,
    project_gap=10 * WAN,
    document_rest=10 * WAN,
    tier=FundingTier.CENTRAL,
    tier_received=2399 * WAN,
    tier_fee=0,
)
FEE = replace(FITTING, project_type="management_fee", document_rest=99 * WAN, project_gap=99 * WAN)


def refusal(facts: AllocationFacts) -> RuleBroken:
    with pytest.raises(RuleBroken) as broken:
        check_allocation(facts, LIMITS)
    return broken.value


def test_what_fits_to_the_last_fen_is_let_through() -> None:
    check_allocation(FITTING, LIMITS)


def test_more_than_the_document_has_is_refused_with_the_figures() -> None:
    broken = refusal(
        replace(FITTING, amount=15 * WAN, document_rest=12_300_000, project_gap=99 * WAN)
    )
    assert broken.message == (
        "不能分配：该文件剩余 12.30 万元，申请 15.00 万元。请减少 2.70 万元，或换一份文件"
    )
    assert broken.field == "amount"


def test_one_fen_too_much_is_shown_as_one_fen() -> None:
    broken = refusal(replace(FITTING, amount=10 * WAN + 1, project_gap=99 * WAN))
    assert "请减少 0.000001 万元" in broken.message


def test_more_than_the_project_lacks_is_refused() -> None:
    broken = refusal(replace(FITTING, project_gap=4 * WAN))
    assert broken.message == (
        "不能分配：该项目资金规模 110.00 万元，还差 4.00 万元，申请 10.00 万元。"
        "请减少 6.00 万元，或换一个项目"
    )


def test_a_project_funded_above_its_budget_lacks_nothing() -> None:
    assert "还差 0.00 万元" in refusal(replace(FITTING, project_gap=-5 * WAN)).message


@pytest.mark.parametrize("status", [s for s in ProjectStatus if s is not ProjectStatus.ADMITTED])
def test_a_project_outside_the_library_gets_nothing(status: ProjectStatus) -> None:
    broken = refusal(replace(FITTING, project_status=status))
    assert status.label in broken.message
    assert broken.field == "project"


@pytest.mark.parametrize("amount", [0, -1])
def test_d1_an_amount_is_above_zero(amount: int) -> None:
    assert "大于 0" in refusal(replace(FITTING, amount=amount)).message


@pytest.mark.parametrize(
    ("purpose", "label"),
    [
        ("购置公务用车一辆", "交通工具及通讯设备"),
        ("修缮镇政府办公楼", "修建楼堂馆所"),
        ("补发年终奖金", "奖金、津贴和福利补助"),
        ("垫资款归还", "偿还债务和垫资"),
        ("弥补办公经费", "单位基本支出"),
    ],
)
def test_the_negative_list_is_refused_with_its_basis(purpose: str, label: str) -> None:
    broken = refusal(replace(FITTING, purpose=purpose))
    assert label in broken.message
    assert "负面清单" in broken.message
    assert broken.field == "purpose"


def test_the_negative_list_leaves_the_39_real_projects_alone() -> None:
    with PROJECTS.open(encoding="utf-8-sig", newline="") as file:
        names = [row["name"] for row in csv.DictReader(file)]
    assert len(names) == 39
    for name in names:
        check_purpose(name, LIMITS.bans)


def test_the_management_fee_has_a_cap_per_tier() -> None:
    fee = LIMITS.management_fee
    assert management_fee_cap(fee, FundingTier.CENTRAL, 2399 * WAN) == 23_990_000
    assert management_fee_cap(fee, FundingTier.PROVINCIAL, 2084 * WAN) == 62_520_000
    assert management_fee_cap(fee, FundingTier.COUNTY, 81 * WAN) is None


def test_the_real_fee_of_38_18_fits_provincial_money_and_not_central() -> None:
    amount = 38_180_000
    check_allocation(
        replace(FEE, amount=amount, tier=FundingTier.PROVINCIAL, tier_received=2084 * WAN), LIMITS
    )
    assert refusal(replace(FEE, amount=amount)).message == (
        "不能分配：中央资金本年到位 2399.00 万元，项目管理费最多 1%，即 23.99 万元，还可安排 23.99 万元，"
        "申请 38.18 万元。请减少 14.19 万元，或改用其他级次的资金"
    )


def test_the_fee_already_arranged_counts() -> None:
    check_allocation(replace(FEE, amount=3_990_000, tier_fee=20 * WAN), LIMITS)
    assert "还可安排 3.99 万元" in refusal(replace(FEE, amount=4 * WAN, tier_fee=20 * WAN)).message
    assert "还可安排 0.00 万元" in refusal(replace(FEE, tier_fee=30 * WAN)).message


def test_the_cap_is_for_fee_projects_only() -> None:
    check_allocation(replace(FITTING, tier_received=0, tier_fee=99 * WAN), LIMITS)


def test_the_industry_share_of_2023_is_above_floor_and_last_year() -> None:
    last = (3050_900_000, 5115_680_000)
    assert industry_share_warning(LIMITS.industry_share, 3082_700_000, 4950_680_000, last) is None


def test_a_share_below_the_floor_says_what_is_missing() -> None:
    assert industry_share_warning(LIMITS.industry_share, 52 * WAN, 100 * WAN, None) == (
        "产业资金 52.00 万元，占 52.00%，低于规定的 60%。总额不变时，还要给产业项目安排 8.00 万元"
    )


def test_a_share_below_last_year_is_warned_of_where_the_book_says_so() -> None:
    last = (70 * WAN, 100 * WAN)
    warning = industry_share_warning(LIMITS.industry_share, 65 * WAN, 100 * WAN, last)
    assert warning is not None
    assert "低于上年的 70.00%" in warning
    free = replace(LIMITS.industry_share, not_below_last_year=False, floor_percent=Decimal(55))
    assert industry_share_warning(free, 65 * WAN, 100 * WAN, last) is None


def test_a_year_without_money_has_no_share() -> None:
    assert industry_share_warning(LIMITS.industry_share, 0, 0, (0, 0)) is None


@given(st.integers(0, 10**12), st.integers(1, 10**12))
def test_what_is_missing_is_enough_and_not_a_fen_more(industry: int, total: int) -> None:
    industry = min(industry, total)
    missing = max(0, -(-total * 60 // 100) - industry)
    limit = LIMITS.industry_share
    assert industry_share_warning(limit, industry + missing, total, None) is None
    if missing:
        assert industry_share_warning(limit, industry + missing - 1, total, None) is not None


FROM = date(2023, 6, 9)


@pytest.mark.parametrize(
    ("to_on", "today", "problem"),
    [
        (date(2023, 6, 19), date(2023, 6, 20), None),
        (
            date(2023, 6, 18),
            date(2023, 7, 1),
            "公示只有 9 天，不足 10 天。请公示到 2023-06-19 或更晚",
        ),
        (date(2023, 6, 19), date(2023, 6, 19), "公示到 2023-06-19 才结束，请于 2023-06-20 起提交"),
        (
            date(2023, 6, 8),
            date(2023, 7, 1),
            "公示结束日期 2023-06-08 早于开始日期 2023-06-09，请更正",
        ),
    ],
)
def test_a_notice_hangs_ten_days_without_the_day_of_posting(
    to_on: date, today: date, problem: str | None
) -> None:
    assert notice_problem(FROM, to_on, today, 10) == problem
