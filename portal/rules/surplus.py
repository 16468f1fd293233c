"""结余: what of a project's money is not needed any more, and why. Amounts in fen."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.rules.phases import DONE
from portal.rules.vocabulary import Phase

OVER = DONE | {Phase.TERMINATED}
"""Phases in which nothing more is spent on the works."""


@dataclass(frozen=True)
class SurplusFacts:
    """One project: what it was given, what of it is paid or asked for, and what its contracts may cost.

    ``owed`` is the sum of the contracts' settled prices, before that of the agreed ones; retention that is
    still due is part of it. None stands for a project without a contract.
    """

    phase: Phase
    needs_contract: bool
    allocated: int
    used: int
    owed: int | None


@dataclass(frozen=True)
class Surplus:
    """What may go back, 0 where nothing does, and the reason either way."""

    amount: int
    reason: str


def surplus(facts: SurplusFacts) -> Surplus:
    """What is left when the works are done and everything that is due stays aside (P3).

    A contract that is not settled keeps its whole price aside, on a terminated project as well: what was
    built of it is known only after the settlement.
    """
    if facts.phase not in OVER:
        return Surplus(0, f"{facts.phase.label}，完工或终止以后再算")
    if facts.owed is None and facts.needs_contract and facts.phase is not Phase.TERMINATED:
        return Surplus(0, "没有登记合同，补登以后再算")
    amount = max(0, facts.allocated - max(facts.used, facts.owed or 0))
    return Surplus(amount, _reason(facts) if amount else "没有结余")


def _reason(facts: SurplusFacts) -> str:
    if facts.owed is None:
        return f"{facts.phase.label}，没有用完"
    price = "结算价" if facts.phase is Phase.SETTLED else "合同价"
    return f"{facts.phase.label}，{price}以外的资金"


def spread(amount: int, rests: Sequence[int]) -> list[int]:
    """Share an amount among the sources in their order, each up to its rest."""
    shares = []
    for rest in rests:
        shares.append(min(amount, rest))
        amount -= shares[-1]
    return shares
