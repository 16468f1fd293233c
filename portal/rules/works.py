"""What may be put on record of a project's works: days in order, contracts, acceptance, progress (P3)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from portal.rules.access import Action
from portal.rules.broken import RuleBroken
from portal.rules.money import wan_exact
from portal.rules.vocabulary import AcceptanceLevel

DATES: Mapping[str, str] = {
    "designed_on": "设计完成日期",
    "reviewed_on": "评审批复日期",
    "tendered_on": "招标（采购）日期",
    "started_on": "开工日期",
    "finished_on": "完工日期",
    "claimed_on": "报账日期",
}
"""The days of a project's works in their order, with the words of the form."""


ACCEPTS: Mapping[AcceptanceLevel, Action] = {
    AcceptanceLevel.SELF: Action.RECORD_EXECUTION,
    AcceptanceLevel.TOWNSHIP: Action.ACCEPT_AT_TOWN,
    AcceptanceLevel.COUNTY: Action.ACCEPT_AT_COUNTY,
}
"""Whose look each level of acceptance is, from below."""

REPORT_EVERY = 30
"""After how many natural days the village is asked for new photos of works under way [OWN]."""


@dataclass(frozen=True)
class ContractTerms:
    """What a contract says; amounts in fen."""

    amount: int
    signed_on: date
    expires_on: date | None
    retention_amount: int
    retention_due_on: date | None


@dataclass(frozen=True)
class Look:
    """A passed acceptance: at which level, when, by whom."""

    level: AcceptanceLevel
    on: date
    actor_id: int


def check_dates(dates: Mapping[str, date | None], today: date) -> None:
    """Refuse days that have not come and days that run backwards; missing days are passed over."""
    known = [(name, on) for name in DATES if (on := dates.get(name)) is not None]
    for name, on in known:
        refuse_future(on, today, word=DATES[name], field=name)
    for (before, earlier), (after, later) in pairwise(known):
        if later < earlier:
            raise RuleBroken(
                f"{DATES[after]} {later} 早于{DATES[before]} {earlier}，请更正其中一个", field=after
            )


def refuse_future(on: date, today: date, *, word: str, field: str) -> None:
    """Refuse a day that has not come: what is recorded has happened."""
    if on > today:
        raise RuleBroken(f"{word} {on} 还没有到，今天是 {today}，到了那天再登记", field=field)


def check_terms(terms: ContractTerms, today: date, *, paid: int) -> None:
    """Refuse terms that cannot be right; ``paid`` is what payments already took or asked of the contract."""
    if terms.amount <= 0:
        raise RuleBroken("合同价要大于 0，请填写合同价", field="amount")
    refuse_future(terms.signed_on, today, word="签订日期", field="signed_on")
    if terms.expires_on is not None and terms.expires_on < terms.signed_on:
        raise RuleBroken(
            f"到期日期 {terms.expires_on} 早于签订日期 {terms.signed_on}，请更正其中一个",
            field="expires_on",
        )
    _refuse_below_paid(terms.amount, paid, word="合同价", field="amount")
    _check_retention(terms.retention_amount, terms.retention_due_on, terms.amount)


def check_settlement(
    amount: int,
    settled_on: date,
    *,
    terms: ContractTerms,
    changed: bool,
    paid: int,
    today: date,
) -> None:
    """Refuse a settled price that cannot be right; ``terms`` bear the retention as it is from now on.

    A price above the contract needs an approved change of the project (``changed``): otherwise the
    settlement would spend what nobody decided.
    """
    refuse_future(settled_on, today, word="结算日期", field="settled_on")
    if settled_on < terms.signed_on:
        raise RuleBroken(
            f"结算日期 {settled_on} 早于合同签订日期 {terms.signed_on}，请更正", field="settled_on"
        )
    if amount > terms.amount and not changed:
        raise RuleBroken(
            f"结算价 {wan_exact(amount)} 万元高于合同价 {wan_exact(terms.amount)} 万元，"
            f"多 {wan_exact(amount - terms.amount)} 万元。请先办理变更审批，或核对结算价",
            field="amount",
        )
    _refuse_below_paid(amount, paid, word="结算价", field="amount")
    limit = min(amount, terms.amount)
    _check_retention(terms.retention_amount, terms.retention_due_on, limit)


def check_acceptance(
    level: AcceptanceLevel, on: date, *, finished_on: date | None, passed: Collection[Look]
) -> None:
    """Refuse an acceptance before the works are finished, twice, or before the level below has passed."""
    if finished_on is None:
        raise RuleBroken("还没有登记完工日期，请先登记完工，再验收")
    if on < finished_on:
        raise RuleBroken(f"验收日期 {on} 早于完工日期 {finished_on}，请更正", field="accepted_on")
    looks = {look.level: look for look in passed}
    if level in looks:
        raise RuleBroken(f"{level.label}已于 {looks[level].on} 通过，不用再登记")
    levels = list(AcceptanceLevel)
    for below in levels[: levels.index(level)]:
        if below not in looks:
            raise RuleBroken(f"{below.label}还没有通过，请先登记{below.label}，再登记{level.label}")
        if on < looks[below].on:
            raise RuleBroken(
                f"{level.label}日期 {on} 早于{below.label}日期 {looks[below].on}，请更正",
                field="accepted_on",
            )


def refuse_second_look(actor_id: int, passed: Collection[Look]) -> None:
    """Each level is looked at by another person (DOMAIN §2, separation of duty)."""
    for look in passed:
        if look.actor_id == actor_id:
            raise RuleBroken(f"您登记过本项目的{look.level.label}，这一级要由另一人登记")


def check_progress(percent: int, last: int | None, words: str) -> None:
    """Refuse a share outside 0 to 100, and one that falls without words that say why."""
    if not 0 <= percent <= 100:
        raise RuleBroken(f"进度要在 0 到 100 之间，您填的是 {percent}", field="percent")
    if last is not None and percent < last and not words.strip():
        raise RuleBroken(
            f"上次报的是 {last}%，这次是 {percent}%，比上次低。请在说明里写清原因", field="words"
        )


def _refuse_below_paid(amount: int, paid: int, *, word: str, field: str) -> None:
    if amount < paid:
        raise RuleBroken(
            f"{word} {wan_exact(amount)} 万元低于已付和在途的 {wan_exact(paid)} 万元，"
            f"差 {wan_exact(paid - amount)} 万元。请核对{word}，或先冲销多付的款",
            field=field,
        )


def _check_retention(retention: int, due_on: date | None, limit: int) -> None:
    if retention > limit:
        raise RuleBroken(
            f"质保金 {wan_exact(retention)} 万元超过合同（结算）价 {wan_exact(limit)} 万元，请更正",
            field="retention_amount",
        )
    if retention and due_on is None:
        raise RuleBroken("有质保金，请填写可以支付质保金的日期", field="retention_due_on")
    if due_on is not None and not retention:
        raise RuleBroken(
            "填了质保金支付日期，请填写质保金金额，或清空日期", field="retention_amount"
        )
