"""What an adjustment may take back of money that was approved. Amounts in fen."""

from dataclasses import dataclass

from portal.rules.broken import RuleBroken
from portal.rules.limits import AllocationFacts, Limits, check_management_fee
from portal.rules.money import wan_exact


@dataclass(frozen=True)
class TakeBackFacts:
    """One wished return and what the ledger says before it.

    ``line_amount`` and ``line_held``: the approved line as it was approved, and what it holds after all
    that was taken back of it. ``placed``, ``used`` and ``promised``: what the document gave the project
    in all, what of it is paid or asked for, and what other returns are to take.
    """

    amount: int
    is_adjustment: bool
    is_approved: bool
    line_amount: int
    line_held: int
    placed: int
    used: int
    promised: int


def check_take_back(facts: TakeBackFacts) -> None:
    """Refuse a return that has no ground or takes what is used, with the figures and the fix.

    Raises:
        RuleBroken: with the first limit that is broken.
    """
    if not facts.is_adjustment:
        raise RuleBroken("收回资金要写明理由，单独批复。请先新建“调整”，再在调整里收回", "batch_id")
    if not facts.is_approved:
        raise RuleBroken("只能收回已批复的安排。没有批复的，请在它的批次里改", "batch_id")
    if facts.amount <= 0:
        raise RuleBroken("收回金额要大于 0，请填写金额", "amount")
    if facts.amount > facts.line_held:
        _refuse(
            facts.amount,
            facts.line_held,
            f"这一行安排 {wan_exact(facts.line_amount)} 万元，"
            f"已收回 {wan_exact(facts.line_amount - facts.line_held)} 万元",
            "",
        )
    rest = facts.placed - facts.used - facts.promised
    if facts.amount > rest:
        promised = f"，另有 {wan_exact(facts.promised)} 万元正在收回" if facts.promised else ""
        _refuse(
            facts.amount,
            max(0, rest),
            f"该文件安排给该项目 {wan_exact(facts.placed)} 万元，"
            f"已付和在途 {wan_exact(facts.used)} 万元{promised}",
            "，或先冲销、退回支付",
        )


def check_undone(facts: AllocationFacts, limits: Limits) -> None:
    """Refuse to leave money with its project that the same batch has given away meanwhile."""
    rest = max(0, min(facts.document_rest, facts.project_gap))
    if facts.amount > rest:
        raise RuleBroken(
            f"不能去掉：收回的 {wan_exact(facts.amount)} 万元里，本批次已重新安排 "
            f"{wan_exact(facts.amount - rest)} 万元。请先减少本批次的安排",
        )
    if facts.project_type == limits.management_fee.project_type:
        check_management_fee(
            limits.management_fee, facts.tier, facts.amount, facts.tier_fee, facts.tier_received
        )


def _refuse(amount: int, most: int, reason: str, otherwise: str) -> None:
    raise RuleBroken(
        f"不能收回：{reason}，最多收回 {wan_exact(most)} 万元，要收回 {wan_exact(amount)} 万元。"
        f"请减少 {wan_exact(amount - most)} 万元{otherwise}",
        "amount",
    )
