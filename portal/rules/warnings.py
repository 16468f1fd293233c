"""预警: what is wrong with a project's money as it stands on a day, in words that name the figures."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from portal.rules.money import percent, wan
from portal.rules.tables import Row
from portal.rules.vocabulary import Role


@dataclass(frozen=True)
class WarningRule:
    """One row of ``warnings.toml``; ``limit`` is days or points, as the check of its code reads it."""

    code: str
    label: str
    limit: int
    advice: str
    recipients: tuple[Role, ...]
    basis: str


@dataclass(frozen=True)
class ContractFacts:
    """What is asked of a contract; ``retention_open`` is the retention (质保金) not paid yet, in fen."""

    id: int
    name: str
    expires_on: date | None
    retention_due_on: date | None
    retention_open: int


@dataclass(frozen=True)
class WorkFacts:
    """A project's money (fen) and works as they stand on ``day``.

    ``progress`` is the latest reported share of the works in percent, None before the first report;
    ``held`` the word of a suspension or termination that stands, with its day.
    """

    day: date
    allocated: int
    paid: int
    allocated_on: date | None
    progress: int | None
    held: str
    held_on: date | None
    needs_contract: bool
    finished_on: date | None
    contracts: tuple[ContractFacts, ...]
    late_milestones: tuple[tuple[str, int], ...]

    @property
    def paid_words(self) -> str:
        """已付 1000.00 万元（安排 1400.00 万元的 71.43%）."""
        share = percent(self.paid, self.allocated)
        return f"已付 {wan(self.paid)} 万元（安排 {wan(self.allocated)} 万元的 {share}%）"


@dataclass(frozen=True)
class Finding:
    """A rule that a project breaks; ``words`` say how, without the project's name."""

    rule: WarningRule
    words: str


def find(rules: Mapping[str, WarningRule], facts: WorkFacts) -> list[Finding]:
    """Return what is wrong, in the order of the table: the most important first."""
    return [
        Finding(rule, words)
        for rule in rules.values()
        for words in CHECKS[rule.code](facts, rule.limit)
    ]


def read_warning(row: Row) -> WarningRule:
    """Read one row of ``warnings.toml``."""
    rule = WarningRule(
        code=row.code(),
        label=row.text("label"),
        limit=row.whole("limit") if row.has("limit") else 0,
        advice=row.text("advice"),
        recipients=row.members("recipients", Role),
        basis=row.text("basis"),
    )
    if rule.code not in CHECKS:
        row.wrong(f"code 应是 {'、'.join(CHECKS)} 之一")
    elif (rule.code in LIMITED) != bool(rule.limit):
        row.wrong("缺少 limit" if rule.code in LIMITED else "这一项没有 limit，请删去")
    return rule


def _paid_on_hold(facts: WorkFacts, _limit: int) -> Iterator[str]:
    if facts.held and facts.paid > 0:
        yield f"{facts.paid_words}，项目已于 {facts.held_on} {facts.held}"


def _paid_without_contract(facts: WorkFacts, _limit: int) -> Iterator[str]:
    if facts.paid > 0 and facts.needs_contract and not facts.contracts:
        yield f"{facts.paid_words}，没有登记合同"


def _paid_ahead(facts: WorkFacts, points: int) -> Iterator[str]:
    """Subsidies and fees have no works whose progress could lag."""
    share, progress = percent(facts.paid, facts.allocated), facts.progress or 0
    if share is None or not facts.needs_contract or share - progress <= points:
        return
    done = "还没有报告形象进度" if facts.progress is None else f"形象进度 {progress}%"
    yield f"{facts.paid_words}，{done}，支付超前 {share - progress} 个百分点"


def _parked(facts: WorkFacts, days: int) -> Iterator[str]:
    if facts.allocated <= 0 or facts.paid > 0 or facts.allocated_on is None or facts.held:
        return
    waited = (facts.day - facts.allocated_on).days
    if waited > days:
        yield f"{facts.allocated_on} 安排的 {wan(facts.allocated)} 万元，{waited} 天还没有支付"


def _contract_expired(facts: WorkFacts, _limit: int) -> Iterator[str]:
    for contract in facts.contracts:
        if contract.expires_on and contract.expires_on < facts.day and not facts.finished_on:
            late = (facts.day - contract.expires_on).days
            yield f"“{contract.name}”{contract.expires_on} 到期，已过 {late} 天，还没有登记完工"


def _retention_due(facts: WorkFacts, days: int) -> Iterator[str]:
    for contract in facts.contracts:
        due_on = contract.retention_due_on
        if contract.retention_open <= 0 or due_on is None:
            continue
        if due_on <= facts.day + timedelta(days=days):
            when = f"{'已于' if due_on < facts.day else '将于'} {due_on} 到期"
            yield f"“{contract.name}”质保金 {wan(contract.retention_open)} 万元{when}，还没有支付"


def _milestone_late(facts: WorkFacts, _limit: int) -> Iterator[str]:
    if facts.late_milestones:
        late = "、".join(f"{label}逾期 {days} 天" for label, days in facts.late_milestones)
        yield f"实施节点没有按期完成：{late}"


CHECKS: Mapping[str, Callable[[WorkFacts, int], Iterator[str]]] = {
    "paid_on_hold": _paid_on_hold,
    "paid_without_contract": _paid_without_contract,
    "paid_ahead": _paid_ahead,
    "parked": _parked,
    "contract_expired": _contract_expired,
    "retention_due": _retention_due,
    "milestone_late": _milestone_late,
}
"""By the code of a row: the check; a county may leave rows out, not add codes."""

LIMITED = frozenset({"paid_ahead", "parked", "retention_due"})
"""The checks that read ``limit``."""
