"""What a project does not need any more (P3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.surplus import OVER, SurplusFacts, spread, surplus
from portal.rules.vocabulary import Phase

AMOUNTS = st.integers(0, 10**9)


def facts(phase=Phase.SETTLED, *, needs_contract=True, allocated=100, used=60, owed=80):
    return SurplusFacts(phase, needs_contract, allocated, used, owed)


@pytest.mark.parametrize(
    ("asked", "amount", "reason"),
    [
        (facts(), 20, "已结算，结算价以外的资金"),
        (facts(Phase.FINISHED), 20, "已完工，合同价以外的资金"),
        (facts(Phase.ACCEPTED, owed=100), 0, "没有结余"),
        (facts(used=90), 10, "已结算，结算价以外的资金"),
        (facts(owed=200), 0, "没有结余"),
        (facts(Phase.TERMINATED), 20, "已终止，合同价以外的资金"),
        (facts(Phase.TERMINATED, owed=None), 40, "已终止，没有用完"),
        (facts(Phase.FINISHED, owed=None), 0, "没有登记合同，补登以后再算"),
        (facts(Phase.FINISHED, owed=None, needs_contract=False), 40, "已完工，没有用完"),
        (facts(Phase.UNDER_WAY), 0, "实施中，完工或终止以后再算"),
        (facts(Phase.SUSPENDED), 0, "暂缓实施，完工或终止以后再算"),
    ],
)
def test_the_surplus_and_its_reason(asked, amount, reason):
    found = surplus(asked)
    assert (found.amount, found.reason) == (amount, reason)


@given(st.sampled_from(list(Phase)), st.booleans(), AMOUNTS, AMOUNTS, st.none() | AMOUNTS)
def test_a_surplus_leaves_what_is_used_and_what_is_owed(phase, needs, allocated, used, owed):
    found = surplus(SurplusFacts(phase, needs, allocated, used, owed))
    assert 0 <= found.amount <= max(0, allocated - used)
    assert not found.amount or allocated - found.amount >= (owed or 0)
    assert not found.amount or phase in OVER


@given(AMOUNTS, st.lists(AMOUNTS, max_size=6))
def test_what_is_spread_fills_the_sources_in_their_order(amount, rests):
    shares = spread(amount, rests)
    assert sum(shares) == min(amount, sum(rests))
    assert all(0 <= share <= rest for share, rest in zip(shares, rests, strict=True))
    partly = [n for n, (share, rest) in enumerate(zip(shares, rests, strict=True)) if share < rest]
    assert not any(shares[n + 1 :] and sum(shares[n + 1 :]) for n in partly)
