"""What money may not do: the limits of an allocation and of a public notice. Amounts in fen."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from portal.rules.broken import RuleBroken
from portal.rules.money import percent, wan_exact
from portal.rules.vocabulary import FundingTier, ProjectStatus


@dataclass(frozen=True)
class ManagementFee:
    """项目管理费: percent of a tier's yearly money that may pay for it; a tier not named has no cap."""

    project_type: str
    percent: Mapping[FundingTier, Decimal]
    basis: str


@dataclass(frozen=True)
class Ban:
    """One line of the negative list (负面清单): a purpose or a project's name must hold none of ``words``."""

    code: str
    label: str
    words: tuple[str, ...]
    basis: str


@dataclass(frozen=True)
class IndustryShare:
    """The share of a year's money that should go to industry (产业), in percent."""

    floor_percent: Decimal
    not_below_last_year: bool
    basis: str


@dataclass(frozen=True)
class Limits:
    """``limits.toml``."""

    management_fee: ManagementFee
    bans: tuple[Ban, ...]
    industry_share: IndustryShare


@dataclass(frozen=True)
class NoticeRule:
    """How many natural days a public notice (公示) hangs; the day of posting is not counted."""

    code: str
    label: str
    days: int
    basis: str


@dataclass(frozen=True)
class AllocationFacts:
    """One wished allocation and what the ledger says before it.

    ``document_rest``: not yet arranged of the document. ``project_gap``: budget not yet covered of the
    project's ``project_budget``. ``tier_received`` and ``tier_fee``: what this tier sent to the county
    in the year, and what of it already pays management fees.
    """

    amount: int
    purpose: str
    project_name: str
    project_status: ProjectStatus
    project_type: str
    project_budget: int
    project_gap: int
    document_rest: int
    tier: FundingTier
    tier_received: int
    tier_fee: int


def check_allocation(facts: AllocationFacts, limits: Limits) -> None:
    """Refuse an allocation that breaks a limit, naming the figures and the fix.

    Raises:
        RuleBroken: with the first limit that is broken and the form field it belongs to.
    """
    check_amount(facts.amount)
    check_in_library(facts.project_status)
    check_purpose(f"{facts.project_name} {facts.purpose}", limits.bans)
    check_document_rest(facts.amount, facts.document_rest)
    check_project_gap(facts.amount, facts.project_gap, facts.project_budget)
    if facts.project_type == limits.management_fee.project_type:
        check_management_fee(
            limits.management_fee, facts.tier, facts.amount, facts.tier_fee, facts.tier_received
        )


def check_amount(amount: int) -> None:
    """Refuse nothing and less than nothing."""
    if amount <= 0:
        raise RuleBroken("分配金额要大于 0，请填写金额，或删除这一行", "amount")


def check_in_library(status: ProjectStatus) -> None:
    """Refuse a project outside the library (项目库之外不得安排资金)."""
    if status is not ProjectStatus.ADMITTED:
        raise RuleBroken(
            f"不能分配：该项目“{status.label}”，只能给“{ProjectStatus.ADMITTED.label}”的项目安排资金。"
            "请先办完入库，或换一个项目",
            "project",
        )


def check_purpose(text: str, bans: tuple[Ban, ...]) -> None:
    """Refuse words of the negative list."""
    for ban in bans:
        for word in ban.words:
            if word in text:
                raise RuleBroken(
                    f"不能分配：“{word}”属于负面清单“{ban.label}”（{ban.basis}）。"
                    "请改正用途；确属允许的用途，请换用准确的说法",
                    "purpose",
                )


def check_document_rest(amount: int, rest: int) -> None:
    """Refuse more than the document still has."""
    if amount > rest:
        raise RuleBroken(
            f"不能分配：该文件剩余 {wan_exact(rest)} 万元，申请 {wan_exact(amount)} 万元。"
            f"请减少 {wan_exact(amount - rest)} 万元，或换一份文件",
            "amount",
        )


def check_project_gap(amount: int, gap: int, budget: int) -> None:
    """Refuse more than the project's budget still lacks."""
    gap = max(0, gap)
    if amount > gap:
        raise RuleBroken(
            f"不能分配：该项目资金规模 {wan_exact(budget)} 万元，还差 {wan_exact(gap)} 万元，"
            f"申请 {wan_exact(amount)} 万元。请减少 {wan_exact(amount - gap)} 万元，或换一个项目",
            "amount",
        )


def management_fee_cap(fee: ManagementFee, tier: FundingTier, received: int) -> int | None:
    """Return what of a tier's yearly money may pay management fees, rounded down; None: no cap."""
    share = fee.percent.get(tier)
    return None if share is None else math.floor(received * Fraction(share) / 100)


def check_management_fee(
    fee: ManagementFee, tier: FundingTier, amount: int, arranged: int, received: int
) -> None:
    """Refuse management fees above the tier's cap (黑财规〔2023〕34号: central 1 %, provincial 3 %)."""
    cap = management_fee_cap(fee, tier, received)
    if cap is None or arranged + amount <= cap:
        return
    rest = max(0, cap - arranged)
    raise RuleBroken(
        f"不能分配：{tier.label}资金本年到位 {wan_exact(received)} 万元，"
        f"项目管理费最多 {short_percent(fee.percent[tier])}，即 {wan_exact(cap)} 万元，"
        f"还可安排 {wan_exact(rest)} 万元，申请 {wan_exact(amount)} 万元。"
        f"请减少 {wan_exact(amount - rest)} 万元，或改用其他级次的资金",
        "amount",
    )


def industry_share_warning(
    limit: IndustryShare, industry: int, total: int, last_year: tuple[int, int] | None
) -> str | None:
    """Say what is missing to the share that should go to industry, or None where it is reached.

    ``last_year`` is last year's (industry, total). A warning and no refusal: the share is a matter of the
    whole year, and a single allocation cannot break it.
    """
    share = percent(industry, total)
    if share is None:
        return None
    floor, reason = (
        Fraction(limit.floor_percent) / 100,
        f"规定的 {short_percent(limit.floor_percent)}",
    )
    if limit.not_below_last_year and last_year is not None and last_year[1]:
        last_share = Fraction(last_year[0], last_year[1])
        if last_share > floor:
            floor, reason = last_share, f"上年的 {percent(*last_year)}%"
    missing = math.ceil(floor * total) - industry
    if missing <= 0:
        return None
    return (
        f"产业资金 {wan_exact(industry)} 万元，占 {share}%，低于{reason}。"
        f"总额不变时，还要给产业项目安排 {wan_exact(missing)} 万元"
    )


def notice_problem(from_on: date, to_on: date, today: date, minimum: int) -> str | None:
    """Say in plain Chinese what is wrong with a public notice, or None.

    The day of posting is not counted; ``to_on`` must be over (国开办发〔2018〕11号: 公示时间不少于 10 天).
    """
    hung, earliest_end = (to_on - from_on).days, from_on + timedelta(days=minimum)
    if hung < 0:
        return f"公示结束日期 {to_on} 早于开始日期 {from_on}，请更正"
    if hung < minimum:
        return f"公示只有 {hung} 天，不足 {minimum} 天。请公示到 {earliest_end} 或更晚"
    if today <= to_on:
        return f"公示到 {to_on} 才结束，请于 {to_on + timedelta(days=1)} 起提交"
    return None


def short_percent(value: Decimal) -> str:
    """Write a percentage without idle zeros: ``"1%"``."""
    return f"{value.normalize():f}%"
